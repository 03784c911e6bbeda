-- SPDX-License-Identifier: MIT

-- name: list
SELECT s.schema_name AS name, s.version,
       (SELECT count(*) FROM data_objects d WHERE d.schema_id = s.id) AS objects,
       replace(replace(s.schema_name, '.', '_'), '-', '_') AS "view", s.created_at
  FROM schemas s ORDER BY s.schema_name;

-- name: one
SELECT s.schema_name AS name, s.version,
       (SELECT count(*) FROM data_objects d WHERE d.schema_id = s.id) AS objects,
       replace(replace(s.schema_name, '.', '_'), '-', '_') AS "view", s.created_at, s.definition_json
  FROM schemas s WHERE s.schema_name = :text;

-- name: versions
SELECT version, created_at FROM schema_history WHERE schema_name = :text ORDER BY version;
