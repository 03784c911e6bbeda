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

-- All that differ from the default, as permissions.json has them, a read-only one with the write bits
-- that its file is to get back. What a rule shares, the rule will share again; what somebody decided
-- is written while there are rules, also where it is the default.
-- name: permissions_lines
SELECT p.object_id,
       json_patch(
         json_object('share_with_ai', json(iif(p.share_with_ai = 1, 'true', 'false')),
                     'share_with_cloud', json(iif(p.share_with_cloud = 1, 'true', 'false')),
                     'read_only', json(iif(p.read_only = 0, 'false', 'true')),
                     'expires_at', p.expires_at, 'uid', o.uid, 'file_path', o.file_path,
                     'hash', o.base_hash),
         iif(p.read_only = 0 OR k.mode_bits IS NULL, '{}',
             json_object('write_bits', printf('%03o', k.mode_bits))))
  FROM object_permissions p JOIN data_objects o ON o.id = p.object_id
  LEFT JOIN nx_lock k ON k.file_id = o.file_id
 WHERE (p.share_with_ai <> 0 OR p.share_with_cloud <> 0 OR p.read_only <> 0
        OR p.expires_at IS NOT NULL
        OR (EXISTS(SELECT 1 FROM nx_meta WHERE key = 'default_rules')
            AND EXISTS(SELECT 1 FROM nx_decided d WHERE d.object_id = p.object_id)))
   AND NOT EXISTS(SELECT 1 FROM nx_default r WHERE r.object_id = p.object_id)
 ORDER BY p.object_id;

-- Edits with SQL, the oldest first. The object may be gone.
-- name: permission_edit_next
SELECT id, object_id, uid, old_ai, old_cloud, old_read_only, old_expires_at, new_ai, new_cloud,
       new_read_only, new_expires_at
  FROM nx_permission_edit ORDER BY id LIMIT 1;

-- name: permission_edit_drop
DELETE FROM nx_permission_edit WHERE id = ?1;

-- name: permission_edit_of
SELECT old_ai, old_cloud, old_read_only, old_expires_at FROM nx_permission_edit
 WHERE object_id = ?1 ORDER BY id LIMIT 1;

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

-- name: decided_put
INSERT OR IGNORE INTO nx_decided(object_id) VALUES(?1);

-- Objects that the rules may say something about, by id. A row that is neither the default nor what
-- a rule made of it is somebody's decision, of which nobody has told yet. ?2: only those that the
-- feed tells of behind this place; NULL: all.
-- name: undecided
SELECT o.id, o.uid, o.file_path, s.schema_name, p.share_with_ai, p.share_with_cloud, r.ai_rule,
       r.cloud_rule
  FROM data_objects o
  JOIN schemas s ON s.id = o.schema_id
  JOIN object_permissions p ON p.object_id = o.id
  LEFT JOIN nx_default r ON r.object_id = o.id
 WHERE o.id > ?1
   AND (?2 IS NULL OR o.id IN (SELECT c.object_id FROM changes c WHERE c.seq > ?2 AND c.op <> 'permission'))
   AND NOT EXISTS(SELECT 1 FROM nx_decided d WHERE d.object_id = o.id)
   AND p.share_with_ai = (r.ai_rule IS NOT NULL) AND p.share_with_cloud = (r.cloud_rule IS NOT NULL)
   AND p.read_only = 0 AND p.expires_at IS NULL
 ORDER BY o.id LIMIT ?3;

-- name: tags_folded
SELECT coalesce(folded, lower(tag)) FROM nx_tag WHERE object_id = ?1;

-- name: default_put
INSERT INTO nx_default(object_id, ai_rule, cloud_rule) VALUES(?1, ?2, ?3)
  ON CONFLICT(object_id) DO UPDATE SET ai_rule = excluded.ai_rule, cloud_rule = excluded.cloud_rule;

-- name: default_drop
DELETE FROM nx_default WHERE object_id = ?1;

-- name: default_share
UPDATE object_permissions SET share_with_ai = ?2, share_with_cloud = ?3 WHERE object_id = ?1;

-- Where the feed stands, and whether a schema has changed since: that changes anything.
-- name: feed_since
SELECT coalesce(max(seq), 0), coalesce(sum(op = 'schema'), 0) FROM changes
 WHERE seq > ?1 AND op <> 'permission';
