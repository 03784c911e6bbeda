-- SPDX-License-Identifier: MIT
-- What is in the vault, counted.

-- name: counts
SELECT (SELECT count(*) FROM files) AS files,
       (SELECT count(*) FROM data_objects) AS objects,
       (SELECT count(*) FROM problems WHERE severity = 'error') AS errors,
       (SELECT count(*) FROM problems WHERE severity = 'warning') AS warnings,
       (SELECT count(DISTINCT path) FROM problems) AS files_with_problems,
       (SELECT count(*) FROM conflicts WHERE state = 'open') AS open_conflicts,
       (SELECT at FROM changes ORDER BY seq DESC LIMIT 1) AS last_change_at;

-- Only what there is.
-- name: objects_by_schema
SELECT s.schema_name, count(*)
  FROM data_objects o JOIN schemas s ON s.id = o.schema_id
 GROUP BY s.id ORDER BY count(*) DESC, s.schema_name;

-- name: files_by_state
SELECT state, count(*) FROM files GROUP BY state ORDER BY count(*) DESC, state;

-- Why a change waits, where a failure is known.
-- name: pending_reasons
SELECT path, message FROM problems WHERE keyword = 'pending' ORDER BY path;
