-- SPDX-License-Identifier: MIT
-- Which objects are meant: '' asks for nothing. A tag is folded as tags are.

-- name: selected
SELECT o.id, o.path FROM objects o
 WHERE (:schema = '' OR o.schema = :schema)
   AND (:tag = '' OR o.id IN (SELECT t.object_id FROM tags t
          WHERE t.folded = :tag OR substr(t.folded, 1, length(:tag) + 1) = :tag || '/'))
 ORDER BY o.id;
