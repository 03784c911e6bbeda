-- SPDX-License-Identifier: MIT
-- Everything about one object.

-- name: object
SELECT o.id, o.uid, o.schema, o.path, o.title, o.created_at, o.updated_at, o.expires_at, o.state,
       o.share_with_ai, o.share_with_cloud, o.read_only,
       CASE WHEN json_valid(c.content_json) THEN c.content_json END AS content,
       coalesce(json_extract(s.definition_json, '$."x-nexus".body'), 'content') AS body_key
  FROM objects o
  JOIN schemas s ON s.schema_name = o.schema
  LEFT JOIN object_content c ON c.object_id = o.id
 WHERE o.id = :id;

-- The content's properties in their order; arrays and objects as JSON text, numbers as they are
-- written.
-- name: properties
SELECT j.key, CASE WHEN j.type = 'text' THEN j.value
                   WHEN j.type IN ('true', 'false', 'null') THEN j.type
                   ELSE coalesce(c.content_json -> j.fullkey, j.value) END AS value
  FROM object_content c, json_each(c.content_json) j
 WHERE c.object_id = :id AND json_valid(c.content_json);

-- name: tags
SELECT min(tag) AS tag FROM tags WHERE object_id = :id GROUP BY folded ORDER BY min(start);

-- name: aliases
SELECT alias FROM aliases WHERE object_id = :id ORDER BY start;

-- name: counts
SELECT (SELECT count(*) FROM links WHERE object_id = :id) AS links,
       (SELECT count(*) FROM backlinks WHERE object_id = :id) AS backlinks,
       (SELECT count(*) FROM tasks WHERE object_id = :id) AS tasks,
       (SELECT count(*) FROM tasks WHERE object_id = :id
          AND NOT done AND status <> '-' AND cancelled IS NULL) AS open_tasks;

-- Those of the object's file, which for an item 'todos.json#1' is 'todos.json'.
-- name: problems
SELECT p.path, p.line, p.column, p.severity, p.pointer, p.keyword, p.message
  FROM problems p, objects o
 WHERE o.id = :id
   AND (p.path = o.path OR substr(o.path, 1, length(p.path) + 1) = p.path || '#')
 ORDER BY p.line, p.column, p.id;
