-- SPDX-License-Identifier: MIT

-- What Nexus registered last for each id, whatever somebody did to the rows of `schemas` since: the
-- newest version of a schema with that view; of two that had it in turn, the one that the row names.
-- name: schemas_list
SELECT v.schema_id, h.schema_name, h.definition_json, h.version
  FROM nx_view v LEFT JOIN schemas s ON s.id = v.schema_id
  JOIN schema_history h ON h.rowid = (
    SELECT max((k.schema_name IS s.schema_name) << 40 | k.rowid) & (1 << 40) - 1
      FROM schema_history k
     WHERE replace(replace(k.schema_name, '.', '_'), '-', '_') = v.name COLLATE NOCASE)
 ORDER BY h.schema_name;

-- The rows that say something else than what was registered, those that nobody registered (no
-- registered name), and those that are missing (no name, no definition).
-- name: schema_edits
WITH registered(id, name, definition_json, version) AS (
  SELECT v.schema_id, h.schema_name, h.definition_json, h.version
    FROM nx_view v LEFT JOIN schemas s ON s.id = v.schema_id
    JOIN schema_history h ON h.rowid = (
      SELECT max((k.schema_name IS s.schema_name) << 40 | k.rowid) & (1 << 40) - 1
        FROM schema_history k
       WHERE replace(replace(k.schema_name, '.', '_'), '-', '_') = v.name COLLATE NOCASE))
SELECT s.id, s.schema_name, s.definition_json, r.name
  FROM schemas s LEFT JOIN registered r ON r.id = s.id
 WHERE r.id IS NULL OR s.schema_name <> r.name OR s.definition_json <> r.definition_json
    OR s.version <> r.version
UNION ALL
SELECT r.id, NULL, NULL, r.name FROM registered r WHERE r.id NOT IN (SELECT id FROM schemas);

-- name: schema_restore
INSERT OR REPLACE INTO schemas(id, schema_name, definition_json, version, created_at)
SELECT ?1, schema_name, definition_json, version, created_at FROM schema_history
 WHERE schema_name = ?2 ORDER BY rowid DESC LIMIT 1;

-- name: schema_registered
SELECT version, definition_json FROM schema_history WHERE schema_name = ?1
 ORDER BY rowid DESC LIMIT 1;

-- name: schema_reword
UPDATE schemas SET definition_json = ?2, version = ?3 WHERE id = ?1;

-- name: schema_history_reword
UPDATE schema_history SET definition_json = ?3 WHERE schema_name = ?1 AND version = ?2;

-- name: schema_refused
INSERT INTO history(at, path, op, origin, refused) VALUES(?1, ?2, 'refused', 'sql', ?3);

-- Where problems of schemas are told that may have been mended; a refused edit stays told until the
-- schema is registered again.
-- name: schema_problem_paths
SELECT DISTINCT path FROM problems
 WHERE path GLOB '.nexus/schemas/*' AND keyword <> 'refused' ORDER BY path;

-- name: problem_paths
SELECT DISTINCT path FROM problems WHERE keyword = ?1 ORDER BY path;

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

-- name: schema_count_objects
SELECT count(*) FROM data_objects WHERE schema_id = ?1;

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

-- A view's or trigger's text, whatever the case of its name.
-- name: shape_sql
SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2 COLLATE NOCASE;

-- Everything that the database is made of, in an order that does not depend on when it was made.
-- name: shape_all
SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name;

-- What no statement makes: a table of two names, of which SQLite reads one here and the other there.
-- name: shape_two_names
SELECT name FROM sqlite_schema WHERE (type = 'table' OR type = 'view') AND tbl_name <> name LIMIT 1;

-- name: shape_column
SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2;

-- name: shape_triggers
SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger';

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
