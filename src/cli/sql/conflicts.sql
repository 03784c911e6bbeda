-- SPDX-License-Identifier: MIT

-- name: list
SELECT id, state, at, path, object_id, uid, winner, copy_path, settled_at, resolution,
       file_time, database_time, why
  FROM conflicts WHERE :all OR state = 'open' ORDER BY id;

-- name: one
SELECT path FROM conflicts WHERE id = :id;
