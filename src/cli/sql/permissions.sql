-- SPDX-License-Identifier: MIT

-- What differs from the default. `is_expired`: it is not shared any more.
-- name: list
SELECT path, id AS object_id, share_with_ai, share_with_cloud, read_only, expires_at,
       expires_at IS NOT NULL AND expires_at <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS is_expired
  FROM objects
 WHERE share_with_ai OR share_with_cloud OR read_only OR expires_at IS NOT NULL
 ORDER BY path, id;
