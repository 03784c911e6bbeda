-- SPDX-License-Identifier: MIT
-- What Nexus wrote into files. A row with `temporary` is under way.

-- name: all
SELECT seq, at, op, origin, path, moved_from, batch, object_id, undoes
  FROM history WHERE temporary IS NULL ORDER BY seq DESC;

-- Of one file, its items, and under its former names.
-- name: of_path
WITH RECURSIVE names(path) AS (
  SELECT :text
  UNION
  SELECT h.moved_from FROM history h JOIN names n ON h.path = n.path AND h.op = 'move'
)
SELECT seq, at, op, origin, path, moved_from, batch, object_id, undoes
  FROM history h
 WHERE temporary IS NULL
   AND EXISTS(SELECT 1 FROM names n WHERE h.path = n.path
                  OR substr(h.path, 1, length(n.path) + 1) = n.path || '#')
 ORDER BY seq DESC;

-- What can be put back: the columns are seq, op, path and moved_from, the newest first.

-- name: undo_one
SELECT seq, op, path, moved_from FROM history WHERE seq = :id;

-- name: undo_last
SELECT seq, op, path, moved_from FROM history
 WHERE op <> 'refused' AND temporary IS NULL
   AND batch IN (SELECT DISTINCT batch FROM history
                  WHERE op <> 'refused' AND temporary IS NULL ORDER BY batch DESC LIMIT :id)
 ORDER BY seq DESC;

-- name: undo_since
SELECT seq, op, path, moved_from FROM history
 WHERE op <> 'refused' AND temporary IS NULL AND at >= :text ORDER BY seq DESC;

-- name: mark
SELECT (SELECT coalesce(max(seq), 0) FROM history), (SELECT coalesce(max(id), 0) FROM conflicts);

-- name: aftermath
SELECT (SELECT count(DISTINCT path) FROM history
         WHERE seq > :seq AND op <> 'refused' AND temporary IS NULL),
       (SELECT count(*) FROM history WHERE seq > :seq AND op = 'refused'),
       (SELECT count(*) FROM conflicts WHERE id > :conflict);

-- name: conflicts_since
SELECT id, path, copy_path FROM conflicts WHERE id > :id ORDER BY id;
