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

-- Locks that are not as they should be, or may not be.
-- name: locks_due
SELECT w.file_id, f.path, w.is_wanted, w.mode_bits
  FROM (SELECT k.file_id AS file_id, k.mode_bits AS mode_bits, k.is_due AS is_due,
               EXISTS(SELECT 1 FROM data_objects o JOIN object_permissions p ON p.object_id = o.id
                       WHERE o.file_id = k.file_id AND p.read_only <> 0) AS is_wanted
          FROM nx_lock k
        UNION ALL
        SELECT DISTINCT o.file_id, NULL, 1, 1
          FROM object_permissions p CROSS JOIN data_objects o ON o.id = p.object_id
         WHERE p.read_only <> 0 AND o.file_id IS NOT NULL
           AND NOT EXISTS(SELECT 1 FROM nx_lock k WHERE k.file_id = o.file_id)) w
  LEFT JOIN files f ON f.id = w.file_id
 WHERE w.is_due OR NOT w.is_wanted OR f.id IS NULL;

-- name: lock_put
INSERT INTO nx_lock(file_id, mode_bits) VALUES(?1, ?2)
  ON CONFLICT(file_id) DO UPDATE SET is_due = 1, mode_bits = coalesce(mode_bits, excluded.mode_bits);

-- name: lock_settle
UPDATE nx_lock SET is_due = 0 WHERE file_id = ?1 AND is_due;

-- name: lock_touch
UPDATE nx_lock SET is_due = 1 WHERE file_id = ?1 AND NOT is_due;

-- name: lock_drop
DELETE FROM nx_lock WHERE file_id = ?1;

-- name: lock_get
SELECT is_broken FROM nx_lock WHERE file_id = ?1;

-- name: lock_is_wanted
SELECT 1 FROM object_permissions WHERE object_id = ?1 AND read_only <> 0;

-- name: lock_break
INSERT INTO nx_lock(file_id, is_broken) VALUES(?1, 1)
  ON CONFLICT(file_id) DO UPDATE SET is_broken = 1, is_due = 1;

-- name: file_is_read_only
SELECT 1 FROM data_objects o JOIN object_permissions p ON p.object_id = o.id
 WHERE o.file_id = ?1 AND p.read_only <> 0 LIMIT 1;
