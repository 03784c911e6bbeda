-- SPDX-License-Identifier: MIT
-- The columns of the first four are the same, and are those of the JSON output.

-- name: all
SELECT path, line, kind, raw, target, target_path, target_id, alias, heading, block, property,
       start, end
  FROM links ORDER BY path, start;

-- name: from
SELECT path, line, kind, raw, target, target_path, target_id, alias, heading, block, property,
       start, end
  FROM links WHERE object_id = :id ORDER BY start;

-- As in backlinks, a note's links to itself are not among them.
-- name: to
SELECT path, line, kind, raw, target, target_path, target_id, alias, heading, block, property,
       start, end
  FROM links WHERE target_id = :id AND object_id <> :id ORDER BY path, start;

-- To a file that is no object: an attachment.
-- name: to_file
SELECT path, line, kind, raw, target, target_path, target_id, alias, heading, block, property,
       start, end
  FROM links WHERE target_path = :text ORDER BY path, start;

-- name: unresolved
SELECT path, line, kind, raw, target, NULL AS target_path, NULL AS target_id, alias, heading, block,
       property, start, end
  FROM unresolved_links ORDER BY path, start;

-- name: unresolved_from
SELECT path, line, kind, raw, target, NULL AS target_path, NULL AS target_id, alias, heading, block,
       property, start, end
  FROM unresolved_links WHERE object_id = :id ORDER BY start;

-- name: orphans
SELECT path, object_id, title FROM orphans ORDER BY path;

-- name: is_attachment
SELECT path FROM files
 WHERE path = :text AND NOT EXISTS(SELECT 1 FROM data_objects WHERE file_path = :text);
