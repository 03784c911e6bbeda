-- SPDX-License-Identifier: MIT
-- What Nexus wrote into files, what lost a conflict, and what a person asked for.

-- name: history_add
INSERT INTO history(at, path, object_id, op, origin, before, before_hash, after_hash, refused, undoes,
                    batch, moved_from, temporary)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);

-- name: history_finish
UPDATE history SET temporary = NULL WHERE seq = ?1;

-- name: history_drop
DELETE FROM history WHERE seq = ?1;

-- name: history_get
SELECT seq, at, path, object_id, op, origin, before, before_hash, after_hash, undoes, batch, moved_from,
       temporary
  FROM history WHERE seq = ?1;

-- name: history_unfinished
SELECT seq, at, path, object_id, op, origin, before, before_hash, after_hash, undoes, batch, moved_from,
       temporary
  FROM history WHERE temporary IS NOT NULL ORDER BY seq;

-- name: history_last_batch
SELECT coalesce(max(batch), 0) FROM history;

-- name: history_expire
DELETE FROM history WHERE at < ?1 AND temporary IS NULL;

-- One that is listed already is not listed twice: it may be met again after a crash. Where the file
-- won, it is the same one when the same row lost: the file may say by now what both say together.
-- name: conflict_add
INSERT INTO conflicts(at, path, object_id, uid, state, winner, base_hash, file_version, database_version,
                      copy_path, file_time, database_time, why)
  SELECT ?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
   WHERE NOT EXISTS(SELECT 1 FROM conflicts
                     WHERE state = 'open' AND path = ?2 AND object_id IS ?3 AND winner = ?5
                       AND base_hash IS ?6 AND database_version IS ?8
                       AND (file_version IS ?7 OR (winner = 'file' AND database_version IS NOT NULL)));

-- name: conflict_drop
DELETE FROM conflicts WHERE id = ?1;

-- name: conflict_get
SELECT id, path, object_id, uid, state, winner, file_version, database_version, copy_path
  FROM conflicts WHERE id = ?1;

-- name: conflict_settle
UPDATE conflicts SET state = 'settled', settled_at = ?2, resolution = ?3 WHERE id = ?1;

-- name: request_next
SELECT id, kind, argument, choice FROM nx_request WHERE answer IS NULL AND id > ?1 ORDER BY id LIMIT 1;

-- name: request_answer
UPDATE nx_request SET answer = ?2, done = ?3 WHERE id = ?1;

-- name: requests_expire
DELETE FROM nx_request WHERE at < ?1 AND answer IS NOT NULL;

-- The problems of one keyword, before a new one is told.
-- name: problem_drop
DELETE FROM problems WHERE path = ?1 AND keyword = ?2;

-- Where a row that SQL made lies from now on.
-- name: object_place
UPDATE data_objects SET file_id = ?2, file_path = ?3, item_key = ?4 WHERE id = ?1;

-- A refusal is told until the file is read again, a person discards it, or history forgets what was
-- refused.
-- name: refusals_expire
DELETE FROM problems
 WHERE keyword = 'refused'
   AND NOT EXISTS(SELECT 1 FROM history h WHERE h.op = 'refused'
                     AND (h.path = problems.path
                          OR substr(h.path, 1, length(problems.path) + 1) = problems.path || '#'));

-- name: refusals_drop
DELETE FROM problems WHERE keyword = 'refused';
