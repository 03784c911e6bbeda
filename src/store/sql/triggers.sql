-- SPDX-License-Identifier: MIT
-- What happens when somebody writes with SQL, in whatever program: the stock sqlite3 shell fires
-- these triggers, with foreign keys off as it has them. Nexus itself writes with triggers off.
--
-- Before a change, what the object was goes into nx_outbox, unless it stands there already: the
-- first change counts. After it, the row is stamped and the feed told. A refusal (RAISE) comes
-- before anything is written; SQLite takes a fixed text there, so it cannot name the file.
--
-- REPLACE removes a row without firing a DELETE trigger. So a BEFORE INSERT trigger looks for the
-- content that is about to be replaced, and an object cannot be replaced at all: it would be another
-- one then, with another id and without its permissions. These also run for an INSERT OR IGNORE that
-- does nothing in the end; an outbox entry whose object is as it was before is harmless.
--
-- The triggers of the typed views are made in view_triggers.c; those of all views end up here.

-- An object as it is, with everything that is needed to bring it back.
DROP VIEW IF EXISTS nx_whole;
CREATE VIEW nx_whole AS
  SELECT o.id AS object_id, o.uid AS uid, o.schema_id AS schema_id, o.file_id AS file_id,
         o.file_path AS file_path, o.item_key AS item_key, c.content_json AS content_json,
         o.base_hash AS base_hash, o.created_at AS created_at, o.rev AS rev,
         coalesce(p.share_with_ai, 0) AS share_with_ai,
         coalesce(p.share_with_cloud, 0) AS share_with_cloud,
         coalesce(p.read_only, 0) AS read_only, p.expires_at AS expires_at
    FROM data_objects o
    LEFT JOIN object_content c ON c.object_id = o.id
    LEFT JOIN object_permissions p ON p.object_id = o.id;

-- An outbox entry, with what its object is now.
DROP VIEW IF EXISTS nx_outbox_entry;
CREATE VIEW nx_outbox_entry AS
  SELECT b.object_id AS object_id, b.is_new AS is_new, o.id IS NOT NULL AS is_there,
         b.state AS state, coalesce(o.uid, b.uid) AS uid,
         b.schema_id AS old_schema_id, b.file_id AS file_id, b.file_path AS old_path,
         b.item_key AS old_key, b.content_json AS old_content,
         o.schema_id AS new_schema_id, o.file_id AS new_file_id, o.file_path AS new_path,
         o.item_key AS new_key, c.content_json AS new_content,
         CASE WHEN o.id IS NULL THEN b.base_hash ELSE o.base_hash END AS base_hash,
         CASE WHEN o.id IS NULL THEN b.changed_at ELSE o.updated_at END AS changed_at,
         b.tries AS tries, b.retry_at_ns AS retry_at_ns,
         coalesce(p.read_only, b.read_only) AS read_only
    FROM nx_outbox b
    LEFT JOIN data_objects o ON o.id = b.object_id
    LEFT JOIN object_content c ON c.object_id = b.object_id
    LEFT JOIN object_permissions p ON p.object_id = b.object_id;

-- One more change of an object whose entry stands: it is tried again at once, and what a person
-- approved was something else.
DROP TRIGGER IF EXISTS nx_outbox_again;
CREATE TRIGGER nx_outbox_again AFTER UPDATE OF changed_at ON nx_outbox
BEGIN
  UPDATE nx_outbox
     SET tries = 0, retry_at_ns = 0, state = CASE state WHEN 'approved' THEN 'waiting' ELSE state END
   WHERE object_id = new.object_id;
END;

-- An object ------------------------------------------------------------------------------------

DROP TRIGGER IF EXISTS nx_object_insert_check;
CREATE TRIGGER nx_object_insert_check BEFORE INSERT ON data_objects
BEGIN
  SELECT RAISE(ABORT, 'there is an object of this id, uid or path already: UPDATE it')
   WHERE EXISTS(SELECT 1 FROM data_objects
                 WHERE id = new.id OR file_path = new.file_path OR uid = new.uid);
  SELECT RAISE(ABORT, 'there is no such schema: schema_id is the id of a row of schemas')
   WHERE NOT EXISTS(SELECT 1 FROM schemas WHERE id = new.schema_id);
END;

DROP TRIGGER IF EXISTS nx_object_insert;
CREATE TRIGGER nx_object_insert AFTER INSERT ON data_objects
BEGIN
  -- One that comes back after its deletion is who it was and lies where it lay.
  UPDATE data_objects
     SET (uid, file_id, item_key, base_hash, created_at, rev, file_path) = (
           SELECT uid, file_id, item_key, base_hash, created_at, rev + 1,
                  coalesce(new.file_path, file_path)
             FROM nx_outbox WHERE object_id = new.id)
   WHERE id = new.id AND EXISTS(SELECT 1 FROM nx_outbox WHERE object_id = new.id);
  INSERT INTO nx_outbox(object_id, is_new, changed_at, uid, schema_id, file_path, created_at, rev)
    SELECT id, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), uid, schema_id, file_path, created_at, rev
      FROM data_objects WHERE id = new.id
    ON CONFLICT(object_id) DO UPDATE SET changed_at = excluded.changed_at;
  INSERT INTO object_permissions(object_id, share_with_ai, share_with_cloud, read_only, expires_at)
    SELECT object_id, share_with_ai, share_with_cloud, read_only, expires_at
      FROM nx_outbox WHERE object_id = new.id
    ON CONFLICT(object_id) DO NOTHING;
  INSERT INTO changes(at, op, origin, object_id, uid, path)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'create', 'sql', id, uid, file_path
      FROM data_objects WHERE id = new.id;
END;

DROP TRIGGER IF EXISTS nx_object_identity;
CREATE TRIGGER nx_object_identity
  BEFORE UPDATE OF id, uid, file_id, item_key, base_hash ON data_objects
  WHEN (new.id IS NOT old.id OR new.uid IS NOT old.uid OR new.file_id IS NOT old.file_id
        OR new.item_key IS NOT old.item_key OR new.base_hash IS NOT old.base_hash)
   AND NOT EXISTS(SELECT 1 FROM nx_outbox
                   WHERE object_id = old.id AND object_id = new.id AND uid = new.uid AND NOT is_new
                     AND file_id IS new.file_id AND item_key IS new.item_key
                     AND base_hash IS new.base_hash)
BEGIN
  SELECT RAISE(ABORT,
    'who an object is cannot be changed: only file_path and schema_id can (and its content)');
END;

DROP TRIGGER IF EXISTS nx_object_update_check;
CREATE TRIGGER nx_object_update_check BEFORE UPDATE OF file_path, schema_id ON data_objects
  WHEN new.file_path IS NOT old.file_path OR new.schema_id IS NOT old.schema_id
BEGIN
  SELECT RAISE(ABORT, 'this object is read-only (nexus permit --read-only off)')
    FROM object_permissions WHERE object_id = old.id AND read_only;
  SELECT RAISE(ABORT, 'there is no such schema: schema_id is the id of a row of schemas')
   WHERE NOT EXISTS(SELECT 1 FROM schemas WHERE id = new.schema_id);
  SELECT RAISE(ABORT, 'there is an object at this path already')
   WHERE EXISTS(SELECT 1 FROM data_objects WHERE file_path = new.file_path AND id <> old.id);
  INSERT INTO nx_outbox(changed_at, object_id, uid, schema_id, file_id, file_path, item_key,
      content_json, base_hash, created_at, rev, share_with_ai, share_with_cloud, read_only,
      expires_at)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), * FROM nx_whole WHERE object_id = old.id
    ON CONFLICT(object_id) DO UPDATE SET changed_at = excluded.changed_at;
END;

DROP TRIGGER IF EXISTS nx_object_update;
CREATE TRIGGER nx_object_update AFTER UPDATE OF file_path, schema_id ON data_objects
  WHEN new.file_path IS NOT old.file_path OR new.schema_id IS NOT old.schema_id
BEGIN
  UPDATE data_objects
     SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), rev = old.rev + 1
   WHERE id = new.id;
  INSERT INTO changes(at, op, origin, object_id, uid, path, old_path)
    VALUES(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
           CASE WHEN new.file_path IS NOT old.file_path THEN 'move' ELSE 'update' END,
           'sql', new.id, new.uid, new.file_path,
           CASE WHEN new.file_path IS NOT old.file_path THEN old.file_path END);
END;

DROP TRIGGER IF EXISTS nx_object_delete_check;
CREATE TRIGGER nx_object_delete_check BEFORE DELETE ON data_objects
BEGIN
  SELECT RAISE(ABORT, 'this object is read-only (nexus permit --read-only off)')
    FROM object_permissions WHERE object_id = old.id AND read_only;
  INSERT INTO nx_outbox(changed_at, object_id, uid, schema_id, file_id, file_path, item_key,
      content_json, base_hash, created_at, rev, share_with_ai, share_with_cloud, read_only,
      expires_at)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), * FROM nx_whole WHERE object_id = old.id
    ON CONFLICT(object_id) DO UPDATE SET changed_at = excluded.changed_at;
END;

-- What the shell, without foreign keys, would leave behind goes with it.
DROP TRIGGER IF EXISTS nx_object_delete;
CREATE TRIGGER nx_object_delete AFTER DELETE ON data_objects
BEGIN
  DELETE FROM object_content WHERE object_id = old.id;
  DELETE FROM object_permissions WHERE object_id = old.id;
  DELETE FROM nx_outbox WHERE object_id = old.id AND is_new;
  INSERT INTO changes(at, op, origin, object_id, uid, path)
    VALUES(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'delete', 'sql', old.id, old.uid, old.file_path);
END;

-- Its content ----------------------------------------------------------------------------------

DROP TRIGGER IF EXISTS nx_content_insert_check;
CREATE TRIGGER nx_content_insert_check BEFORE INSERT ON object_content
BEGIN
  SELECT RAISE(ABORT, 'this object is read-only (nexus permit --read-only off)')
    FROM object_permissions WHERE object_id = new.object_id AND read_only;
  SELECT RAISE(ABORT, 'there is no such object: insert into data_objects before object_content')
   WHERE NOT EXISTS(SELECT 1 FROM data_objects WHERE id = new.object_id);
  SELECT RAISE(ABORT, 'content_json is over 256 MiB')
   WHERE length(new.content_json) > 268435456;
  SELECT RAISE(ABORT, 'content_json must be valid JSON')
   WHERE typeof(new.content_json) <> 'text' OR NOT json_valid(new.content_json)
      OR instr(CAST(new.content_json AS BLOB), x'00');
  SELECT RAISE(ABORT, 'content_json must be a JSON object')
   WHERE json_type(new.content_json) <> 'object'
     AND NOT EXISTS(SELECT 1 FROM data_objects o JOIN schemas s ON s.id = o.schema_id
                     WHERE o.id = new.object_id AND s.schema_name = 'core.json');
  INSERT INTO nx_outbox(changed_at, object_id, uid, schema_id, file_id, file_path, item_key,
      content_json, base_hash, created_at, rev, share_with_ai, share_with_cloud, read_only,
      expires_at)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), * FROM nx_whole WHERE object_id = new.object_id
    ON CONFLICT(object_id) DO UPDATE SET changed_at = excluded.changed_at;
END;

-- The content of a new object is part of its creation.
DROP TRIGGER IF EXISTS nx_content_insert;
CREATE TRIGGER nx_content_insert AFTER INSERT ON object_content
  WHEN NOT EXISTS(SELECT 1 FROM nx_outbox WHERE object_id = new.object_id AND is_new)
BEGIN
  UPDATE data_objects
     SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), rev = rev + 1
   WHERE id = new.object_id;
  INSERT INTO changes(at, op, origin, object_id, uid, path)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'update', 'sql', id, uid, file_path
      FROM data_objects WHERE id = new.object_id;
END;

DROP TRIGGER IF EXISTS nx_content_update_check;
CREATE TRIGGER nx_content_update_check BEFORE UPDATE ON object_content
  WHEN new.content_json IS NOT old.content_json OR new.object_id IS NOT old.object_id
BEGIN
  SELECT RAISE(ABORT, 'the object that a content belongs to cannot be changed')
   WHERE new.object_id IS NOT old.object_id;
  SELECT RAISE(ABORT, 'this object is read-only (nexus permit --read-only off)')
    FROM object_permissions WHERE object_id = old.object_id AND read_only;
  SELECT RAISE(ABORT, 'content_json is over 256 MiB')
   WHERE length(new.content_json) > 268435456;
  SELECT RAISE(ABORT, 'content_json must be valid JSON')
   WHERE typeof(new.content_json) <> 'text' OR NOT json_valid(new.content_json)
      OR instr(CAST(new.content_json AS BLOB), x'00');
  SELECT RAISE(ABORT, 'content_json must be a JSON object')
   WHERE json_type(new.content_json) <> 'object'
     AND NOT EXISTS(SELECT 1 FROM data_objects o JOIN schemas s ON s.id = o.schema_id
                     WHERE o.id = new.object_id AND s.schema_name = 'core.json');
  INSERT INTO nx_outbox(changed_at, object_id, uid, schema_id, file_id, file_path, item_key,
      content_json, base_hash, created_at, rev, share_with_ai, share_with_cloud, read_only,
      expires_at)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), * FROM nx_whole WHERE object_id = old.object_id
    ON CONFLICT(object_id) DO UPDATE SET changed_at = excluded.changed_at;
END;

DROP TRIGGER IF EXISTS nx_content_update;
CREATE TRIGGER nx_content_update AFTER UPDATE OF content_json ON object_content
  WHEN new.content_json IS NOT old.content_json
BEGIN
  UPDATE data_objects
     SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), rev = rev + 1
   WHERE id = new.object_id;
  INSERT INTO changes(at, op, origin, object_id, uid, path)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'update', 'sql', id, uid, file_path
      FROM data_objects WHERE id = new.object_id;
END;

-- An object without content is none.
DROP TRIGGER IF EXISTS nx_content_delete_check;
CREATE TRIGGER nx_content_delete_check BEFORE DELETE ON object_content
  WHEN EXISTS(SELECT 1 FROM data_objects WHERE id = old.object_id)
BEGIN
  SELECT RAISE(ABORT, 'this object is read-only (nexus permit --read-only off)')
    FROM object_permissions WHERE object_id = old.object_id AND read_only;
  INSERT INTO nx_outbox(changed_at, object_id, uid, schema_id, file_id, file_path, item_key,
      content_json, base_hash, created_at, rev, share_with_ai, share_with_cloud, read_only,
      expires_at)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), * FROM nx_whole WHERE object_id = old.object_id
    ON CONFLICT(object_id) DO UPDATE SET changed_at = excluded.changed_at;
END;

DROP TRIGGER IF EXISTS nx_content_delete;
CREATE TRIGGER nx_content_delete AFTER DELETE ON object_content
BEGIN
  DELETE FROM data_objects WHERE id = old.object_id;
END;

-- Tasks: the box of a task is one character of its note's body ----------------------------------

DROP TRIGGER IF EXISTS nx_task_update;
CREATE TRIGGER nx_task_update INSTEAD OF UPDATE ON tasks
BEGIN
  SELECT RAISE(ABORT, 'tasks: only done and status can be changed here')
   WHERE new.path IS NOT old.path OR new.object_id IS NOT old.object_id
      OR new.text IS NOT old.text OR new.due IS NOT old.due
      OR new.completed IS NOT old.completed OR new.created IS NOT old.created
      OR new.starts IS NOT old.starts OR new.scheduled IS NOT old.scheduled
      OR new.cancelled IS NOT old.cancelled OR new.priority IS NOT old.priority
      OR new.recurrence IS NOT old.recurrence OR new.heading IS NOT old.heading
      OR new.block IS NOT old.block OR new.depth IS NOT old.depth OR new.line IS NOT old.line
      OR new.start IS NOT old.start OR new.end IS NOT old.end;
  SELECT RAISE(ABORT, 'tasks: done must be true or false')
   WHERE new.done IS NOT old.done
     AND NOT (typeof(new.done) = 'integer' AND new.done IN (0, 1));
  SELECT RAISE(ABORT, 'tasks: status must be one character, no bracket and no line break')
   WHERE new.status IS NOT old.status
     AND NOT (typeof(new.status) = 'text' AND length(new.status) = 1
              AND new.status NOT IN ('[', ']', char(9), char(10), char(13)));
  SELECT RAISE(ABORT, 'tasks: done and status say different things')
   WHERE new.done IS NOT old.done AND new.status IS NOT old.status
     AND new.done <> (new.status IN ('x', 'X'));
  SELECT RAISE(ABORT, 'tasks: the note was changed since, and the box is somewhere else')
   WHERE (new.done IS NOT old.done OR new.status IS NOT old.status)
     AND NOT EXISTS(
       SELECT 1
         FROM nx_task t JOIN nx_text x ON x.object_id = t.object_id
         JOIN object_content c ON c.object_id = t.object_id
        WHERE t.object_id = old.object_id AND t.start = old.start AND t.status = old.status
          AND json_valid(c.content_json)
          AND substr(json_extract(c.content_json, coalesce(x.body_path, '$."content"')),
                     t.status_at, 3)
              = '[' || old.status || ']');
  UPDATE object_content
     SET content_json = (
       SELECT json_set(content_json, x.path, substr(json_extract(content_json, x.path), 1, t.status_at)
                || CASE WHEN new.status IS NOT old.status THEN new.status
                        WHEN new.done THEN 'x' ELSE ' ' END
                || substr(json_extract(content_json, x.path), t.status_at + 2))
         FROM nx_task t
         JOIN (SELECT object_id, coalesce(body_path, '$."content"') AS path FROM nx_text) x
              ON x.object_id = t.object_id
        WHERE t.object_id = old.object_id AND t.start = old.start)
   WHERE object_id = old.object_id AND (new.done IS NOT old.done OR new.status IS NOT old.status);
  UPDATE nx_task
     SET status = CASE WHEN new.status IS NOT old.status THEN new.status
                       WHEN new.done THEN 'x' ELSE ' ' END,
         done = CASE WHEN new.status IS NOT old.status THEN new.status IN ('x', 'X')
                     ELSE new.done END
   WHERE object_id = old.object_id AND start = old.start
     AND (new.done IS NOT old.done OR new.status IS NOT old.status);
END;

DROP TRIGGER IF EXISTS nx_task_insert;
CREATE TRIGGER nx_task_insert INSTEAD OF INSERT ON tasks
BEGIN
  SELECT RAISE(ABORT, 'tasks: a new task is a line of its note: write it there');
END;

DROP TRIGGER IF EXISTS nx_task_delete;
CREATE TRIGGER nx_task_delete INSTEAD OF DELETE ON tasks
BEGIN
  SELECT RAISE(ABORT, 'tasks: a task is a line of its note: take it out there');
END;
