-- SPDX-License-Identifier: MIT
-- What SQL changed and no file says yet. Retry times are in nanoseconds.

-- name: outbox_files
SELECT DISTINCT file_id FROM nx_outbox
 WHERE file_id > ?3 AND state = ?1 AND retry_at_ns <= ?2 ORDER BY file_id LIMIT ?4;

-- A new object that is gone again without its trigger is nothing.
-- name: outbox_of_file
SELECT * FROM nx_outbox_entry WHERE file_id = ?1 AND is_there + NOT is_new ORDER BY object_id;

-- name: outbox_fileless
SELECT * FROM nx_outbox_entry
 WHERE file_id IS NULL AND object_id > ?3 AND state = ?1 AND retry_at_ns <= ?2
   AND is_there + NOT is_new
 ORDER BY object_id LIMIT ?4;

-- name: outbox_get
SELECT * FROM nx_outbox_entry WHERE object_id = ?1 AND is_there + NOT is_new;

-- name: outbox_has_file
SELECT 1 FROM nx_outbox WHERE file_id = ?1 LIMIT 1;

-- entries, waiting and held files, files that a delete would remove, the next retry
-- name: outbox_count
SELECT count(*),
       count(DISTINCT CASE state WHEN 'held' THEN NULL ELSE coalesce(file_id, -object_id) END)
         FILTER(WHERE state = 'waiting'),
       count(DISTINCT coalesce(file_id, -object_id)) FILTER(WHERE state = 'held'),
       count(DISTINCT file_id) FILTER(WHERE state = 'waiting' AND NOT is_new AND item_key IS NULL
         AND NOT EXISTS(SELECT 1 FROM data_objects o WHERE o.id = object_id)),
       coalesce(min(retry_at_ns) FILTER(WHERE retry_at_ns > ?1), 0)
  FROM nx_outbox;

-- name: outbox_mark
UPDATE nx_outbox SET state = ?2 WHERE state = ?1;

-- name: outbox_delay_file
UPDATE nx_outbox SET tries = tries + 1, retry_at_ns = ?2 WHERE file_id = ?1;

-- name: outbox_delay_object
UPDATE nx_outbox SET tries = tries + 1, retry_at_ns = ?2 WHERE object_id = ?1;

-- name: outbox_hurry
UPDATE nx_outbox SET retry_at_ns = 0 WHERE retry_at_ns > 0;

-- name: outbox_hurry_file
UPDATE nx_outbox SET retry_at_ns = 0 WHERE file_id = ?1 AND retry_at_ns > 0;

-- name: outbox_know
UPDATE nx_outbox SET content_json = ?2 WHERE object_id = ?1 AND content_json IS NULL AND NOT is_new;

-- name: outbox_drop
DELETE FROM nx_outbox WHERE object_id = ?1;

-- A new object has a file now.
-- name: outbox_place
UPDATE nx_outbox SET file_id = ?2, file_path = ?3, item_key = ?4 WHERE object_id = ?1 AND is_new;

-- What the file says now is what was before the change that came meanwhile.
-- name: outbox_rebase
UPDATE nx_outbox
   SET is_new = 0, schema_id = ?2, file_path = ?3, content_json = ?4, state = 'waiting', tries = 0,
       retry_at_ns = 0,
       file_id = coalesce((SELECT file_id FROM data_objects WHERE id = ?1), file_id),
       item_key = coalesce((SELECT item_key FROM data_objects WHERE id = ?1), item_key),
       base_hash = coalesce((SELECT base_hash FROM data_objects WHERE id = ?1), base_hash)
 WHERE object_id = ?1;

-- A new object was deleted while its file was made.
-- name: outbox_add_deleted
INSERT INTO nx_outbox(object_id, changed_at, uid, schema_id, file_id, file_path, item_key, content_json,
                      created_at, rev)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?2, 1
   WHERE NOT EXISTS(SELECT 1 FROM data_objects WHERE id = ?1);

-- A deleted object was made again while its file was removed: there is nothing before it.
-- name: outbox_renew
UPDATE nx_outbox
   SET is_new = 1, file_id = NULL, item_key = NULL, content_json = NULL, base_hash = NULL,
       state = 'waiting', tries = 0, retry_at_ns = 0
 WHERE object_id = ?1;

-- Its file is gone and another one has its path: a new object, which has to find a place.
-- name: outbox_detach
UPDATE data_objects SET file_id = NULL, item_key = NULL, base_hash = NULL,
       file_path = CASE WHEN file_path = ?2 THEN NULL ELSE file_path END
 WHERE id = ?1;

-- name: object_unplace
UPDATE data_objects SET file_id = NULL, item_key = NULL, base_hash = NULL WHERE id = ?1;

-- name: tombstone_of_outbox
INSERT OR REPLACE INTO nx_tombstone(object_id, uid, schema_id, path, item_key, created_at, rev,
    base_hash, file_hash, inode, birth_ns, share_with_ai, share_with_cloud, read_only, expires_at,
    deleted_at)
  SELECT b.object_id, b.uid, b.schema_id, b.file_path, b.item_key, b.created_at, b.rev, b.base_hash,
         f.hash, f.inode, f.birth_ns, b.share_with_ai, b.share_with_cloud, b.read_only, b.expires_at,
         ?2
    FROM nx_outbox b LEFT JOIN files f ON f.id = b.file_id
   WHERE b.object_id = ?1;

-- Taking back, one statement a table.
-- name: restore_object
INSERT INTO data_objects(id, schema_id, file_path, updated_at, created_at, uid, rev, file_id, item_key,
                         base_hash)
  SELECT object_id, schema_id, file_path, ?2, created_at, uid, rev + 1, file_id, item_key, base_hash
    FROM nx_outbox WHERE object_id = ?1
  ON CONFLICT(id) DO UPDATE
  SET schema_id = excluded.schema_id, file_path = excluded.file_path, updated_at = excluded.updated_at,
      rev = data_objects.rev + 1;

-- name: restore_content
INSERT INTO object_content(object_id, content_json)
  SELECT object_id, content_json FROM nx_outbox WHERE object_id = ?1
  ON CONFLICT(object_id) DO UPDATE SET content_json = excluded.content_json;

-- Those of an object that was there all along are its own.
-- name: restore_permissions
INSERT INTO object_permissions(object_id, share_with_ai, share_with_cloud, read_only, expires_at)
  SELECT object_id, share_with_ai, share_with_cloud, read_only, expires_at
    FROM nx_outbox WHERE object_id = ?1
  ON CONFLICT(object_id) DO NOTHING;

-- The boxes as the body has them: `tasks` changes both.
-- name: restore_tasks
UPDATE nx_task
   SET status = substr(b.body, status_at + 1, 1), done = substr(b.body, status_at + 1, 1) IN ('x', 'X')
  FROM (SELECT json_extract(c.content_json, coalesce(x.body_path, '$."content"')) AS body
          FROM object_content c JOIN nx_text x ON x.object_id = c.object_id
         WHERE c.object_id = ?1 AND x.body IS NULL) b
 WHERE object_id = ?1 AND status_at IS NOT NULL AND status <> substr(b.body, status_at + 1, 1);

-- The sweep. Rows that the outbox does not have, a page at a time.
-- name: sweep_contents
SELECT o.id, o.base_hash, c.content_json, o.file_id
  FROM data_objects o LEFT JOIN object_content c ON c.object_id = o.id
 WHERE o.id > ?1 AND NOT EXISTS(SELECT 1 FROM nx_outbox WHERE object_id = o.id)
 ORDER BY o.id LIMIT ?2;

-- name: sweep_add
INSERT INTO nx_outbox(object_id, is_new, changed_at, uid, schema_id, file_id, file_path, item_key,
                      base_hash, created_at, rev, share_with_ai, share_with_cloud, read_only, expires_at)
  SELECT object_id, file_id IS NULL, ?2, uid, schema_id, file_id, file_path, item_key, base_hash,
         created_at, rev, share_with_ai, share_with_cloud, read_only, expires_at
    FROM nx_whole WHERE object_id = ?1;

-- What a damaged row said.
-- name: sweep_keep
INSERT INTO history(at, path, object_id, op, origin, refused)
  SELECT ?2, coalesce(o.file_path, ''), o.id, 'refused', 'nexus', c.content_json
    FROM data_objects o JOIN object_content c ON c.object_id = o.id WHERE o.id = ?1;

-- name: sweep_stamp
UPDATE data_objects SET updated_at = ?2, rev = rev + 1 WHERE id = ?1
RETURNING uid, file_path;

-- name: sweep_vanished
DELETE FROM nx_outbox
 WHERE is_new AND NOT EXISTS(SELECT 1 FROM data_objects WHERE id = object_id);

-- What triggers did not take away with its object; one that the outbox has is still to be derived.
-- name: sweep_orphans
SELECT object_id FROM object_content c
 WHERE NOT EXISTS(SELECT 1 FROM data_objects WHERE id = c.object_id)
UNION
SELECT object_id FROM object_permissions p
 WHERE NOT EXISTS(SELECT 1 FROM data_objects WHERE id = p.object_id)
UNION
SELECT object_id FROM nx_text t
 WHERE NOT EXISTS(SELECT 1 FROM data_objects WHERE id = t.object_id)
   AND NOT EXISTS(SELECT 1 FROM nx_outbox WHERE object_id = t.object_id);

-- Files that lost an object without a trace are read again.
-- name: sweep_unindex
UPDATE files SET indexed_at = NULL
 WHERE indexed_at IS NOT NULL AND hash IS NOT NULL
   AND NOT EXISTS(SELECT 1 FROM data_objects WHERE file_id = files.id AND item_key IS NULL);

-- name: content_drop_broken
DELETE FROM object_content WHERE NOT json_valid(content_json);

-- name: search_rebuild
INSERT INTO search(search) VALUES('rebuild');

-- Fails when the index is not well-formed, or does not say what the texts say.
-- name: search_check
INSERT INTO search(search) VALUES('integrity-check');
