-- SPDX-License-Identifier: MIT
-- What only the files cannot tell, read out of a database that is about to be replaced, perhaps a
-- damaged one. The reading statements run there: each is one table in the order of its key, from
-- above ?1 on. The writing ones put what they read into the new database, and leave what it has.

-- name: facts
SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'data_objects'), 0),
           coalesce((SELECT max(id) FROM data_objects), 0),
           coalesce((SELECT max(object_id) FROM nx_tombstone), 0)),
       max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0),
           coalesce((SELECT max(seq) FROM changes), 0)),
       (SELECT value FROM nx_meta WHERE key = 'host_id'),
       (SELECT value FROM nx_meta WHERE key = 'backup_at'),
       (SELECT value FROM nx_meta WHERE key = 'created_at'),
       (SELECT value FROM nx_meta WHERE key = 'salvage');

-- Objects that are there, as the tombstones that they become. A uid that its index does not have is
-- damaged: whose it was cannot be told.
-- name: salvage_objects
SELECT o.id, (SELECT i.uid FROM data_objects i WHERE i.uid = o.uid), o.schema_id, o.file_path, o.item_key, o.created_at, o.rev, o.base_hash, f.hash,
       f.inode, f.birth_ns, coalesce(p.share_with_ai, 0) = 1, coalesce(p.share_with_cloud, 0) = 1,
       coalesce(p.read_only, 0) <> 0, p.expires_at, ?2
  FROM data_objects o
  LEFT JOIN files f ON f.id = o.file_id
  LEFT JOIN object_permissions p ON p.object_id = o.id
 WHERE o.id > ?1 ORDER BY o.id;

-- The same without the tables that may be damaged beside it.
-- name: salvage_objects_bare
SELECT id, uid, schema_id, file_path, item_key, created_at, rev, base_hash, NULL, NULL, NULL, 0, 0, 0,
       NULL, ?2
  FROM data_objects WHERE id > ?1 ORDER BY id;

-- name: salvage_tombstones
SELECT object_id, uid, schema_id, path, item_key, created_at, rev, base_hash, file_hash, inode,
       birth_ns, share_with_ai = 1, share_with_cloud = 1, read_only <> 0, expires_at, deleted_at
  FROM nx_tombstone WHERE object_id > ?1 ORDER BY object_id;

-- An id is given once: one that is there already is another's, or its own.
-- name: salvage_tombstone_put
INSERT OR IGNORE INTO nx_tombstone(object_id, uid, schema_id, path, item_key, created_at, rev, base_hash,
    file_hash, inode, birth_ns, share_with_ai, share_with_cloud, read_only, expires_at, deleted_at)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16
   WHERE typeof(?2) = 'text' AND length(?2) = 36
     AND NOT EXISTS(SELECT 1 FROM data_objects WHERE id = ?1 OR uid = ?2)
     AND NOT EXISTS(SELECT 1 FROM nx_tombstone WHERE uid = ?2);

-- Whom rules of the settings say nothing about.
-- name: salvage_decided
SELECT object_id FROM nx_decided WHERE object_id > ?1 ORDER BY object_id;

-- name: salvage_history_start
SELECT coalesce(max(seq), 0) FROM history;

-- name: salvage_history
SELECT seq, at, path, object_id, op, origin, before, before_hash, after_hash, refused, undoes, batch,
       moved_from, temporary
  FROM history WHERE seq > ?1 ORDER BY seq;

-- name: salvage_history_put
INSERT OR IGNORE INTO history(seq, at, path, object_id, op, origin, before, before_hash, after_hash,
    refused, undoes, batch, moved_from, temporary)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14);

-- name: salvage_conflicts_start
SELECT coalesce(max(id), 0) FROM conflicts;

-- name: salvage_conflicts
SELECT id, at, path, object_id, uid, state, winner, base_hash, file_version, database_version,
       copy_path, file_time, database_time, why, settled_at, resolution
  FROM conflicts WHERE id > ?1 ORDER BY id;

-- name: salvage_conflict_put
INSERT OR IGNORE INTO conflicts(id, at, path, object_id, uid, state, winner, base_hash, file_version,
    database_version, copy_path, file_time, database_time, why, settled_at, resolution)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16);

-- name: salvage_changes_start
SELECT coalesce(max(seq), 0) FROM changes;

-- name: salvage_changes
SELECT seq, at, op, origin, object_id, uid, path, old_path FROM changes WHERE seq > ?1 ORDER BY seq;

-- name: salvage_change_put
INSERT OR IGNORE INTO changes(seq, at, op, origin, object_id, uid, path, old_path)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: salvage_audit_start
SELECT coalesce(max(id), 0) FROM audit_log;

-- name: salvage_audit
SELECT id, at, actor, action, origin, object_id, uid, detail_json, previous_hash, hash
  FROM audit_log WHERE id > ?1 ORDER BY id;

-- Only what follows the log that is there: a chain with a gap would not be one.
-- name: salvage_audit_put
INSERT OR IGNORE INTO audit_log(id, at, actor, action, origin, object_id, uid, detail_json, previous_hash,
    hash)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
   WHERE ?1 = 1 + (SELECT coalesce(max(id), 0) FROM audit_log)
     AND ?9 IS (SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1);

-- name: edits_forget_deleted
INSERT OR IGNORE INTO nx_tombstone(object_id, uid, schema_id, path, item_key, created_at, rev, base_hash,
    file_hash, inode, birth_ns, share_with_ai, share_with_cloud, read_only, expires_at, deleted_at)
  SELECT x.object_id, x.uid, x.schema_id, x.file_path, x.item_key, x.created_at, x.rev, x.base_hash, f.hash,
         f.inode, f.birth_ns, x.share_with_ai, x.share_with_cloud, x.read_only, x.expires_at, ?1
    FROM nx_outbox x LEFT JOIN files f ON f.id = x.file_id
   WHERE NOT EXISTS(SELECT 1 FROM data_objects WHERE id = x.object_id);

-- name: edits_forget
DELETE FROM nx_outbox;

-- What SQL had changed and no file says yet: the object as it was agreed, and what the row says.
-- name: salvage_edits
SELECT x.object_id, x.uid, x.base_hash, c.content_json, x.state, o.updated_at,
       coalesce(o.file_path, x.file_path), o.id IS NULL
  FROM nx_outbox x
  LEFT JOIN data_objects o ON o.id = x.object_id
  LEFT JOIN object_content c ON c.object_id = x.object_id
 WHERE x.object_id > ?1 ORDER BY x.object_id;

-- The object that was edited, if both sides still agree on what they agreed on then.
-- name: salvage_edit_object
SELECT c.content_json FROM data_objects o JOIN object_content c ON c.object_id = o.id
 WHERE o.id = ?1 AND o.uid = ?2 AND o.base_hash = ?3 AND c.content_json <> ?4 AND json_valid(?4)
   AND NOT EXISTS(SELECT 1 FROM nx_outbox WHERE object_id = ?1);

-- A state that is no word any more may have been 'held'.
-- name: salvage_edit_outbox
INSERT INTO nx_outbox(object_id, state, is_new, changed_at, uid, schema_id, file_id, file_path, item_key,
    content_json, base_hash, created_at, rev, share_with_ai, share_with_cloud, read_only, expires_at)
  SELECT object_id, iif(?2 = 'waiting' OR ?2 = 'approved', ?2, 'held'), 0, ?3, uid, schema_id, file_id,
         file_path, item_key, content_json, base_hash, created_at, rev, share_with_ai, share_with_cloud,
         read_only, expires_at
    FROM nx_whole WHERE object_id = ?1;

-- name: salvage_edit_content
UPDATE object_content SET content_json = ?2 WHERE object_id = ?1;

-- name: salvage_edit_stamp
UPDATE data_objects SET updated_at = ?2, rev = rev + 1 WHERE id = ?1;

-- Ids are never given twice: not in a database that was made anew, either.
-- name: sequence_begin
INSERT INTO sqlite_sequence(name, seq)
  SELECT ?1, 0 WHERE NOT EXISTS(SELECT 1 FROM sqlite_sequence WHERE name = ?1);

-- name: sequence_raise
UPDATE sqlite_sequence SET seq = ?2 WHERE name = ?1 AND seq < ?2;

-- name: meta_drop
DELETE FROM nx_meta WHERE key = ?1;

-- An object that permissions.json tells of, as a tombstone; with what is known of it already, the
-- stricter of both counts.
-- name: plant_is_known
SELECT 1 FROM nx_tombstone WHERE object_id = ?1 AND uid = ?2;

-- name: plant
INSERT INTO nx_tombstone(object_id, uid, schema_id, path, created_at, rev, base_hash, share_with_ai,
    share_with_cloud, read_only, expires_at, deleted_at)
  SELECT ?1, ?2, 0, ?3, ?9, 1, ?4, ?5, ?6, ?7, ?8, ?9
   WHERE NOT EXISTS(SELECT 1 FROM nx_tombstone WHERE uid = ?2 AND object_id <> ?1)
  ON CONFLICT(object_id) DO UPDATE SET
    share_with_ai = min(share_with_ai, excluded.share_with_ai),
    share_with_cloud = min(share_with_cloud, excluded.share_with_cloud),
    read_only = max(read_only, excluded.read_only),
    expires_at = coalesce(min(expires_at, excluded.expires_at), expires_at, excluded.expires_at)
   WHERE uid = excluded.uid;

-- What permissions.json does not tell of is not shared.
-- name: plant_close_others
UPDATE nx_tombstone SET share_with_ai = 0, share_with_cloud = 0
 WHERE (share_with_ai <> 0 OR share_with_cloud <> 0)
   AND object_id NOT IN (SELECT value FROM json_each(?1));
