-- SPDX-License-Identifier: MIT

-- Every tag, and every tag above one: 'a/b/c' counts for 'a/b' and 'a', too. `count` is the objects
-- that have the tag itself, `total` those that have it or one below it. rtrim() takes the last
-- segment off: first what is no slash, then the slash.
-- name: tree
WITH RECURSIVE
  every(tag, folded, object_id, own) AS (
    SELECT tag, folded, object_id, 1 FROM tags
    UNION
    SELECT rtrim(rtrim(tag, replace(tag, '/', '')), '/'),
           rtrim(rtrim(folded, replace(folded, '/', '')), '/'), object_id, 0
      FROM every WHERE folded LIKE '%_/_%'
  )
SELECT min(tag) AS tag,
       count(DISTINCT CASE WHEN own THEN object_id END) AS count,
       count(DISTINCT object_id) AS total
  FROM every WHERE folded <> ''
 GROUP BY folded ORDER BY replace(folded, '/', char(1));

-- The notes below a tag. The parameter is folded as tags are.
-- name: notes
SELECT DISTINCT t.path, t.object_id, o.title
  FROM tags t JOIN objects o ON o.id = t.object_id
 WHERE t.folded = :text OR substr(t.folded, 1, length(:text) + 1) = :text || '/'
 ORDER BY t.path;
