-- SPDX-License-Identifier: MIT
-- Statements are found by the name in front of them. Parameters are bound in their order.

-- name: begin
BEGIN IMMEDIATE;

-- name: begin_reading
BEGIN;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: meta_get
SELECT value FROM nx_meta WHERE key = ?1;

-- name: meta_set
INSERT INTO nx_meta(key, value) VALUES(?1, ?2)
  ON CONFLICT(key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value;

-- name: count_files
SELECT state, count(*) FROM files GROUP BY state;

-- name: count_objects
SELECT count(*) FROM data_objects;

-- name: count_open_conflicts
SELECT count(*) FROM conflicts WHERE state = 'open';

-- name: change_add
INSERT INTO changes(at, op, origin, object_id, uid, path, old_path)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: changes_since
SELECT seq, at, op, origin, object_id, uid, path, old_path FROM changes WHERE seq > ?1 ORDER BY seq;

-- name: change_last
SELECT coalesce(max(seq), 0) FROM changes;

-- name: change_paths_since
SELECT DISTINCT path FROM changes
 WHERE seq > ?1 AND origin = 'file' AND op IN ('create', 'update', 'delete', 'move') LIMIT ?2;
