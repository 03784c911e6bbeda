-- SPDX-License-Identifier: MIT

-- name: file_by_path
SELECT id, path, size, mtime_ns, ctime_ns, inode, birth_ns, racy, hash, indexed_at, lines, words, state
  FROM files WHERE path = ?1;

-- The file itself, whatever its name.
-- name: file_by_incarnation
SELECT id, path, size, mtime_ns, ctime_ns, inode, birth_ns, racy, hash, indexed_at, lines, words, state
  FROM files WHERE inode = ?1 AND birth_ns = ?2 LIMIT 1;

-- name: file_by_next_name
SELECT id, path, size, mtime_ns, ctime_ns, inode, birth_ns, racy, hash, indexed_at, lines, words, state
  FROM files WHERE inode = ?1 AND birth_ns = ?2 AND path > ?3 ORDER BY path LIMIT 1;

-- name: file_by_id
SELECT id, path, size, mtime_ns, ctime_ns, inode, birth_ns, racy, hash, indexed_at, lines, words, state
  FROM files WHERE id = ?1;

-- The next page of the walk in the order of the paths. Without an end: any blob is above all texts.
-- name: files_after
SELECT id, path, size, mtime_ns, ctime_ns, inode, birth_ns, racy, hash, indexed_at, lines, words, state
  FROM files WHERE path > ?1 AND path < coalesce(?3, x'') ORDER BY path LIMIT ?2;

-- name: file_insert
INSERT INTO files(id, path, size, mtime_ns, ctime_ns, inode, birth_ns, racy, hash, indexed_at, lines,
                  words, state)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);

-- name: file_update
UPDATE files
   SET size = ?2, mtime_ns = ?3, ctime_ns = ?4, inode = ?5, birth_ns = ?6, racy = ?7, hash = ?8,
       indexed_at = ?9, lines = ?10, words = ?11, state = ?12
 WHERE id = ?1;

-- name: file_set_state
UPDATE files SET state = ?2 WHERE id = ?1 AND state <> ?2;

-- name: file_set_path
UPDATE files SET path = ?2 WHERE id = ?1;

-- name: file_delete
DELETE FROM files WHERE id = ?1;

-- name: file_has_objects
SELECT 1 FROM data_objects WHERE file_id = ?1 LIMIT 1;

-- The objects follow their file, but for those that SQL moved elsewhere.
-- name: file_move_objects
UPDATE data_objects
   SET file_path = CASE WHEN item_key IS NULL THEN ?2 ELSE ?2 || '#' || item_key END, rev = rev + 1
 WHERE file_id = ?1 AND NOT EXISTS(
   SELECT 1 FROM nx_outbox b WHERE b.object_id = id AND b.file_path IS NOT data_objects.file_path)
RETURNING id, uid, file_path, item_key;

-- The same for a name that is never on the disk: nobody is told.
-- name: file_displace_objects
UPDATE data_objects
   SET file_path = CASE WHEN item_key IS NULL THEN ?2 ELSE ?2 || '#' || item_key END
 WHERE file_id = ?1 AND NOT EXISTS(
   SELECT 1 FROM nx_outbox b WHERE b.object_id = id AND b.file_path IS NOT data_objects.file_path);

-- What they were before a change by SQL follows, too: after the statement above.
-- name: file_move_outbox
UPDATE nx_outbox
   SET file_path = CASE WHEN item_key IS NULL THEN ?2 ELSE ?2 || '#' || item_key END
 WHERE file_id = ?1 AND file_path IS NOT NULL;

-- name: problems_of
SELECT line, column, pointer, keyword, severity, message, schema_uri, start, end
  FROM problems WHERE path = ?1 ORDER BY id;

-- name: problems_delete
DELETE FROM problems WHERE path = ?1;

-- name: problems_move
UPDATE problems SET path = ?2 WHERE path = ?1;

-- name: problem_insert
INSERT INTO problems(path, line, column, pointer, keyword, severity, message, schema_uri, start, end)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- The next page of a schema's objects (0: of all) with what they say.
-- name: contents_after
SELECT o.id, o.file_id, f.path, f.state, c.content_json
  FROM data_objects o
  JOIN object_content c ON c.object_id = o.id
  LEFT JOIN files f ON f.id = o.file_id
 WHERE (?1 = 0 OR o.schema_id = ?1) AND o.id > ?2 ORDER BY o.id LIMIT ?3;

-- name: file_unindex
UPDATE files SET indexed_at = NULL WHERE id = ?1 AND indexed_at IS NOT NULL;

-- name: files_unindex_by_problem
UPDATE files SET indexed_at = NULL
 WHERE indexed_at IS NOT NULL AND path IN (SELECT path FROM problems WHERE keyword = ?1);

-- name: files_unindex_violating
UPDATE files SET indexed_at = NULL
 WHERE indexed_at IS NOT NULL AND state = 'invalid'
   AND path IN (SELECT path FROM problems WHERE schema_uri IS NOT NULL);

-- name: files_unindex_invalid
UPDATE files SET indexed_at = NULL WHERE indexed_at IS NOT NULL AND state = 'invalid';
