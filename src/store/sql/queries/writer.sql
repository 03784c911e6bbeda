-- SPDX-License-Identifier: MIT
-- What a person writes by a command: as plain as from a shell, since the triggers do the rest.

-- name: writer_mark
SELECT (SELECT coalesce(max(seq), 0) FROM history), (SELECT coalesce(max(id), 0) FROM conflicts);

-- name: writer_get
SELECT o.schema_id, o.file_path, c.content_json
  FROM data_objects o JOIN object_content c ON c.object_id = o.id WHERE o.id = ?1;

-- name: writer_find
SELECT id FROM data_objects
 WHERE id = CASE WHEN ?1 NOT GLOB '*[^0-9]*' THEN CAST(?1 AS INTEGER) END
    OR uid = lower(?1) OR file_path = ?1
 ORDER BY file_path = ?1 LIMIT 1;

-- Sixteen digits and more are nobody's count.
-- name: writer_next_key
SELECT coalesce(max(CAST(item_key AS INTEGER)), 0) + 1 FROM data_objects
 WHERE schema_id = ?1 AND item_key NOT GLOB '*[^0-9]*' AND length(item_key) < 16;

-- name: writer_create
INSERT INTO data_objects(schema_id, file_path, created_at, updated_at)
  VALUES(?1, ?2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));

-- name: writer_create_content
INSERT INTO object_content(object_id, content_json) VALUES(?1, ?2);

-- name: writer_set_content
UPDATE object_content SET content_json = ?2 WHERE object_id = ?1;

-- name: writer_set_path
UPDATE data_objects SET file_path = ?2 WHERE id = ?1;

-- name: writer_remove
DELETE FROM data_objects WHERE id = ?1;

-- What became of a write of an object, of all that history and conflicts have since.
-- name: writer_fate
WITH refused(path) AS (
  SELECT path FROM history WHERE object_id = ?1 AND seq > ?2 AND op = 'refused'
   ORDER BY seq DESC LIMIT 1)
SELECT EXISTS(SELECT 1 FROM data_objects WHERE id = ?1),
       (SELECT file_path FROM data_objects WHERE id = ?1),
       (SELECT state FROM nx_outbox WHERE object_id = ?1),
       (SELECT p.message FROM nx_outbox b
          LEFT JOIN files f ON f.id = b.file_id
          JOIN problems p ON p.keyword = 'pending' AND p.path = coalesce(f.path, b.file_path, '')
         WHERE b.object_id = ?1 ORDER BY p.id DESC LIMIT 1),
       EXISTS(SELECT 1 FROM refused),
       (SELECT p.message FROM refused r JOIN problems p ON p.keyword = 'refused'
           AND (p.path = r.path OR substr(r.path, 1, length(p.path) + 1) = p.path || '#')
         ORDER BY p.id DESC LIMIT 1),
       (SELECT max(id) FROM conflicts WHERE object_id = ?1 AND id > ?3),
       (SELECT winner = 'file' FROM conflicts WHERE object_id = ?1 AND id > ?3
         ORDER BY id DESC LIMIT 1),
       EXISTS(SELECT 1 FROM history h
               WHERE h.seq > ?2 AND h.op <> 'refused'
                 AND (h.object_id = ?1 OR h.path = (
                   SELECT f.path FROM data_objects o JOIN files f ON f.id = o.file_id
                    WHERE o.id = ?1)));

-- name: writer_count
SELECT count(DISTINCT coalesce(file_id, -object_id)) FILTER(WHERE state = 'held'),
       count(DISTINCT coalesce(file_id, -object_id)) FILTER(WHERE state <> 'held')
  FROM nx_outbox;

-- name: writer_ask
INSERT INTO nx_request(at, kind, argument, choice)
  VALUES(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?1, ?2, ?3);

-- name: writer_answer
SELECT answer, done FROM nx_request WHERE id = ?1;
