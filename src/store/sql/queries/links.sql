-- SPDX-License-Identifier: MIT
-- Names, and which file a link's name leads to.

-- name: name_insert
INSERT INTO nx_name(key, alias, length, folded, file_id) VALUES(?1, ?2, ?3, ?4, ?5)
  ON CONFLICT DO NOTHING;

-- name: name_delete
DELETE FROM nx_name WHERE key = ?1 AND alias = ?2 AND length = ?3 AND folded = ?4 AND file_id = ?5;

-- Whether any file or alias has the name.
-- name: name_key
SELECT 1 FROM nx_name WHERE key = ?1 LIMIT 1;

-- The file at exactly this path; several when they differ in case alone.
-- name: name_exact
SELECT f.id, f.path FROM nx_name n JOIN files f ON f.id = n.file_id
 WHERE n.key = ?1 AND n.alias = '' AND n.length = ?2 AND n.folded = ?3;

-- Every file of that name, best candidate first.
-- name: name_candidates
SELECT file_id, folded FROM nx_name WHERE key = ?1 AND alias = '' ORDER BY length, folded, file_id;

-- The notes that call themselves so, best candidate first.
-- name: name_alias
SELECT file_id, folded FROM nx_name WHERE key = ?1 AND alias = ?2 ORDER BY length, folded, file_id;

-- The links that mention a name.
-- name: links_by_key
SELECT l.object_id, l.n, l.target, l.target_file, f.path, f.id
  FROM nx_link l JOIN data_objects o ON o.id = l.object_id JOIN files f ON f.id = o.file_id
 WHERE l.key = ?1;

-- name: links_of_object
SELECT l.object_id, l.n, l.target, l.target_file, f.path, f.id
  FROM nx_link l JOIN data_objects o ON o.id = l.object_id JOIN files f ON f.id = o.file_id
 WHERE l.object_id = ?1 AND l.key IS NOT NULL;

-- name: links_all
SELECT l.object_id, l.n, l.target, l.target_file, f.path, f.id
  FROM nx_link l JOIN data_objects o ON o.id = l.object_id JOIN files f ON f.id = o.file_id
 WHERE l.key IS NOT NULL;

-- name: links_open
SELECT l.object_id, l.n, l.target, l.target_file, f.path, f.id
  FROM nx_link l JOIN data_objects o ON o.id = l.object_id JOIN files f ON f.id = o.file_id
 WHERE l.key IS NOT NULL AND l.target_file IS NULL;

-- name: link_set_target
UPDATE nx_link SET target_file = ?3 WHERE object_id = ?1 AND n = ?2;
