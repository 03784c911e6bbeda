-- SPDX-License-Identifier: MIT
-- Which objects are meant: '' asks for nothing. A tag is folded as tags are.

-- name: selected
SELECT o.id, o.path FROM objects o
 WHERE (:schema = '' OR o.schema = :schema)
   AND (:tag = '' OR o.id IN (SELECT t.object_id FROM tags t
          WHERE t.folded = :tag OR substr(t.folded, 1, length(:tag) + 1) = :tag || '/'))
 ORDER BY o.id;

-- Of the objects whose ids stand in a JSON list: those whose sharing has ended already; the first one,
-- and how many they are.
-- name: ended
SELECT p.path, p.expires_at, count(*) OVER () FROM permissions p
 WHERE p.is_expired AND (p.share_with_ai OR p.share_with_cloud)
   AND p.object_id IN (SELECT value FROM json_each(:text))
 ORDER BY p.path LIMIT 1;
