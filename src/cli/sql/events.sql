-- SPDX-License-Identifier: MIT
-- name: since
SELECT seq, at, op, origin, object_id, uid, path, old_path
  FROM changes WHERE seq > :id ORDER BY seq;

-- name: last
SELECT coalesce(max(seq), 0) FROM changes;
