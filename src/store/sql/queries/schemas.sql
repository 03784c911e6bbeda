-- SPDX-License-Identifier: MIT

-- name: schemas_list
SELECT id, schema_name, definition_json, version FROM schemas ORDER BY schema_name;

-- name: schema_by_name
SELECT id, schema_name, definition_json, version FROM schemas WHERE schema_name = ?1;

-- name: schema_by_id
SELECT id, schema_name, definition_json, version FROM schemas WHERE id = ?1;

-- name: schema_insert
INSERT INTO schemas(schema_name, definition_json, version, created_at) VALUES(?1, ?2, ?3, ?4);

-- name: schema_update
UPDATE schemas SET definition_json = ?2, version = ?3, created_at = ?4 WHERE id = ?1;

-- name: schema_delete
DELETE FROM schemas WHERE id = ?1;

-- name: schema_is_used
SELECT 1 FROM data_objects WHERE schema_id = ?1 LIMIT 1;

-- name: schema_history_add
INSERT OR REPLACE INTO schema_history(schema_name, version, definition_json, created_at)
  VALUES(?1, ?2, ?3, ?4);

-- name: view_owner
SELECT v.schema_id, s.schema_name FROM nx_view v JOIN schemas s ON s.id = v.schema_id
 WHERE v.name = ?1;

-- Something in the database that is no typed view has the name, or SQLite itself gives it a meaning.
-- name: view_is_taken
SELECT 1 FROM sqlite_schema
 WHERE name = ?1 COLLATE NOCASE AND name COLLATE NOCASE NOT IN (SELECT name FROM nx_view)
UNION ALL
SELECT 1 FROM pragma_module_list WHERE name = ?1 COLLATE NOCASE;

-- name: view_add
INSERT INTO nx_view(schema_id, name) VALUES(?1, ?2)
  ON CONFLICT(schema_id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name;

-- name: view_delete
DELETE FROM nx_view WHERE schema_id = ?1;

-- name: view_sql
SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?1 COLLATE NOCASE;

-- name: index_of_schema
SELECT property FROM nx_index WHERE schema_id = ?1;

-- The wanted indexes that do not exist.
-- name: index_missing
SELECT DISTINCT property FROM nx_index WHERE name NOT IN (SELECT name FROM sqlite_schema);

-- name: index_add
INSERT INTO nx_index(schema_id, property, name) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: index_delete
DELETE FROM nx_index WHERE schema_id = ?1 AND property = ?2;

-- name: index_unused
SELECT name FROM sqlite_schema
 WHERE type = 'index' AND name GLOB 'nx_index_*' AND name NOT IN (SELECT name FROM nx_index);
