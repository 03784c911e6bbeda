-- SPDX-License-Identifier: MIT

-- What differs from the default. `is_expired`: it is not shared any more, also when the clock was
-- set back since.
-- name: list
SELECT path, id AS object_id, share_with_ai, share_with_cloud, read_only, expires_at,
       expires_at IS NOT NULL AND expires_at <= max(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
         coalesce((SELECT value FROM nx_meta WHERE key = 'clock_mark'), '')) AS is_expired,
       (SELECT coalesce(r.ai_rule, r.cloud_rule) FROM nx_default r WHERE r.object_id = objects.id)
         AS rule
  FROM objects
 WHERE share_with_ai OR share_with_cloud OR read_only OR expires_at IS NOT NULL
 ORDER BY path, id;
