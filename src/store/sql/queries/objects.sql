-- SPDX-License-Identifier: MIT

-- name: object_by_id
SELECT o.id, o.schema_id, o.file_id, o.file_path, o.item_key, o.base_hash, o.rev, o.updated_at, o.uid,
       c.content_json
  FROM data_objects o LEFT JOIN object_content c ON c.object_id = o.id WHERE o.id = ?1;

-- name: object_by_path
SELECT o.id, o.schema_id, o.file_id, o.file_path, o.item_key, o.base_hash, o.rev, o.updated_at, o.uid,
       c.content_json
  FROM data_objects o LEFT JOIN object_content c ON c.object_id = o.id WHERE o.file_path = ?1;

-- name: objects_of_file
SELECT id, schema_id, file_id, file_path, item_key, base_hash, rev, updated_at, uid, NULL
  FROM data_objects WHERE file_id = ?1 ORDER BY item_key;

-- name: object_insert
INSERT INTO data_objects(id, schema_id, file_path, updated_at, created_at, uid, rev, file_id, item_key,
                         base_hash)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: object_update
UPDATE data_objects
   SET schema_id = ?2, file_path = ?3, updated_at = ?4, rev = rev + 1, file_id = ?5, item_key = ?6,
       base_hash = ?7
 WHERE id = ?1;

-- name: object_set_base
UPDATE data_objects SET base_hash = ?2, file_id = ?3, item_key = ?4 WHERE id = ?1;

-- name: content_insert
INSERT INTO object_content(object_id, content_json) VALUES(?1, ?2);

-- name: content_update
INSERT INTO object_content(object_id, content_json) VALUES(?1, ?2)
  ON CONFLICT(object_id) DO UPDATE SET content_json = excluded.content_json;

-- name: permission_insert
INSERT INTO object_permissions(object_id, share_with_ai, share_with_cloud, read_only, expires_at)
  VALUES(?1, 0, 0, 0, NULL);

-- name: permission_revive
INSERT INTO object_permissions(object_id, share_with_ai, share_with_cloud, read_only, expires_at)
  SELECT object_id, share_with_ai, share_with_cloud, read_only, expires_at
    FROM nx_tombstone WHERE object_id = ?1;

-- name: object_delete
DELETE FROM data_objects WHERE id = ?1;

-- name: content_delete
DELETE FROM object_content WHERE object_id = ?1;

-- name: permission_delete
DELETE FROM object_permissions WHERE object_id = ?1;

-- name: tombstone_insert
INSERT OR REPLACE INTO nx_tombstone(object_id, uid, schema_id, path, item_key, created_at, rev,
    base_hash, file_hash, inode, birth_ns, share_with_ai, share_with_cloud, read_only, expires_at,
    deleted_at)
  SELECT o.id, o.uid, o.schema_id, o.file_path, o.item_key, o.created_at, o.rev, o.base_hash, f.hash,
         f.inode, f.birth_ns, coalesce(p.share_with_ai, 0), coalesce(p.share_with_cloud, 0),
         coalesce(p.read_only, 0), p.expires_at, ?2
    FROM data_objects o
    LEFT JOIN files f ON f.id = o.file_id
    LEFT JOIN object_permissions p ON p.object_id = o.id
   WHERE o.id = ?1;

-- name: tombstone_get
SELECT uid, created_at, rev FROM nx_tombstone WHERE object_id = ?1;

-- name: tombstone_delete
DELETE FROM nx_tombstone WHERE object_id = ?1;

-- name: tombstones_by_path
SELECT object_id, schema_id, path, item_key, base_hash, file_hash, birth_ns, inode, deleted_at
  FROM nx_tombstone WHERE path = ?1 ORDER BY deleted_at DESC, object_id DESC;

-- name: tombstones_by_file_hash
SELECT object_id, schema_id, path, item_key, base_hash, file_hash, birth_ns, inode, deleted_at
  FROM nx_tombstone WHERE file_hash = ?1 ORDER BY deleted_at DESC, object_id DESC;

-- name: tombstones_by_incarnation
SELECT object_id, schema_id, path, item_key, base_hash, file_hash, birth_ns, inode, deleted_at
  FROM nx_tombstone WHERE inode = ?1 AND birth_ns = ?2 ORDER BY deleted_at DESC, object_id DESC;

-- name: tombstones_expire
DELETE FROM nx_tombstone WHERE deleted_at < ?1;
