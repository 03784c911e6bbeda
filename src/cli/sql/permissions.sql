-- SPDX-License-Identifier: MIT

-- name: list
SELECT path, object_id, share_with_ai, share_with_cloud, read_only, expires_at, is_expired, rule
  FROM permissions ORDER BY path, object_id;
