-- SPDX-License-Identifier: MIT
-- The audit log, and the latest time that was ever seen.

-- A value that is no time stays: then what ends some day has ended.
-- name: clock_raise
INSERT INTO nx_meta(key, value) VALUES('clock_mark', ?1)
  ON CONFLICT(key) DO UPDATE SET value = excluded.value WHERE value < excluded.value;

-- name: clock_get
SELECT value FROM nx_meta WHERE key = 'clock_mark';

-- The clock was wrong when it was later than now.
-- name: clock_set
INSERT INTO nx_meta(key, value) VALUES('clock_mark', ?1)
  ON CONFLICT(key) DO UPDATE SET value = excluded.value;

-- The next id, which no row ever had, and the hash of the row before.
-- name: audit_next
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'), 0) + 1,
       (SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1);

-- name: audit_add
INSERT INTO audit_log(id, at, actor, action, origin, object_id, uid, detail_json, previous_hash, hash)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: audit_rows
SELECT id, at, actor, action, origin, object_id, uid, detail_json, previous_hash, hash
  FROM audit_log ORDER BY id;

-- The lines of the log's copy. A detail that a flipped bit made no JSON of is told as a text.
-- name: audit_lines
SELECT id, json_object('id', id, 'at', at, 'actor', actor, 'action', action, 'origin', origin,
                       'object_id', object_id, 'uid', uid,
                       'detail', json(iif(json_valid(detail_json), detail_json, json_quote(detail_json))),
                       'previous_hash', previous_hash, 'hash', hash)
  FROM audit_log WHERE id > ?1 ORDER BY id;

-- name: audit_line
SELECT json_object('id', id, 'at', at, 'actor', actor, 'action', action, 'origin', origin,
                   'object_id', object_id, 'uid', uid,
                   'detail', json(iif(json_valid(detail_json), detail_json, json_quote(detail_json))),
                   'previous_hash', previous_hash, 'hash', hash)
  FROM audit_log WHERE id = ?1;
