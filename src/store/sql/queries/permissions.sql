-- SPDX-License-Identifier: MIT
-- What an object's permissions are; all NULL when it has no row.
-- name: permission_get
SELECT o.uid, o.file_path, p.share_with_ai, p.share_with_cloud, p.read_only, p.expires_at
  FROM data_objects o LEFT JOIN object_permissions p ON p.object_id = o.id
 WHERE o.id = ?1;

-- name: permission_put
INSERT INTO object_permissions(object_id, share_with_ai, share_with_cloud, read_only, expires_at)
  VALUES(?1, ?2, ?3, ?4, ?5)
  ON CONFLICT(object_id) DO UPDATE SET share_with_ai = excluded.share_with_ai,
    share_with_cloud = excluded.share_with_cloud, read_only = excluded.read_only,
    expires_at = excluded.expires_at;

-- Shared, and to an end. What is no time sorts anywhere: it is not shared, and is left as it is.
-- name: permissions_ending
SELECT p.object_id, p.expires_at
  FROM object_permissions p JOIN data_objects o ON o.id = p.object_id
 WHERE p.expires_at IS NOT NULL AND (p.share_with_ai = 1 OR p.share_with_cloud = 1);

-- All that differ from the default, as permissions.json has them.
-- name: permissions_lines
SELECT p.object_id,
       json_object('share_with_ai', json(iif(p.share_with_ai = 1, 'true', 'false')),
                   'share_with_cloud', json(iif(p.share_with_cloud = 1, 'true', 'false')),
                   'read_only', json(iif(p.read_only = 0, 'false', 'true')),
                   'expires_at', p.expires_at, 'uid', o.uid, 'file_path', o.file_path,
                   'hash', o.base_hash)
  FROM object_permissions p JOIN data_objects o ON o.id = p.object_id
 WHERE p.share_with_ai <> 0 OR p.share_with_cloud <> 0 OR p.read_only <> 0
    OR p.expires_at IS NOT NULL
 ORDER BY p.object_id;

-- Edits with SQL, the oldest first. The object may be gone.
-- name: permission_edit_next
SELECT e.id, e.object_id, o.uid, o.file_path, e.old_ai, e.old_cloud, e.old_read_only,
       e.old_expires_at, e.new_ai, e.new_cloud, e.new_read_only, e.new_expires_at
  FROM nx_permission_edit e LEFT JOIN data_objects o ON o.id = e.object_id
 ORDER BY e.id LIMIT 1;

-- name: permission_edit_drop
DELETE FROM nx_permission_edit WHERE id = ?1;

-- name: permission_edit_of
SELECT 1 FROM nx_permission_edit WHERE object_id = ?1;
