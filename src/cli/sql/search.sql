-- SPDX-License-Identifier: MIT

-- The best first: a word in the title or among the tags says more than one in the text. What was
-- found stands between the characters 1 and 2.
--
-- A rank costs a microsecond, and some words are in every note. Where there are more hits than 1,500,
-- the newest are ranked, and before them comes what has all words in title and tags, the shortest
-- title first, looked for among the newest 20,000. A snippet costs a reading of the note, so only what
-- is shown has one.
-- name: search
WITH newest(ranked, titled) AS MATERIALIZED (
  SELECT coalesce((SELECT rowid FROM search WHERE search MATCH :text
                    ORDER BY rowid DESC LIMIT 1 OFFSET max(1500, :limit)), 0),
         coalesce((SELECT rowid FROM search WHERE search MATCH :text
                    ORDER BY rowid DESC LIMIT 1 OFFSET max(20000, :limit)), 0)),
named(id) AS MATERIALIZED (
  SELECT o.id
    FROM (SELECT rowid AS id FROM search
           WHERE (SELECT ranked FROM newest) > 0
             AND search MATCH '{title tags} : (' || :text || ')'
             AND rowid >= (SELECT titled FROM newest)
           ORDER BY rowid DESC LIMIT 200) n
   CROSS JOIN objects o ON o.id = n.id
   ORDER BY length(o.title), o.id DESC LIMIT :limit)
SELECT path, title, snippet, object_id FROM (
  SELECT * FROM (
    SELECT path, title, snippet(search, -1, char(1), char(2), '…', 16) AS snippet,
           rowid AS object_id, rank AS place
      FROM search
     WHERE search MATCH :text AND rank MATCH 'bm25(1.0, 8.0, 4.0)'
       AND rowid >= (SELECT ranked FROM newest)
     ORDER BY rank LIMIT :limit)
  UNION ALL
  SELECT path, title, snippet(search, -1, char(1), char(2), '…', 16), rowid, length(title) - 1e9
    FROM search
   WHERE search MATCH '{title tags} : (' || :text || ')'
     AND rowid >= (SELECT min(id) FROM named) AND +rowid IN (SELECT id FROM named))
 GROUP BY object_id ORDER BY min(place) LIMIT :limit;
