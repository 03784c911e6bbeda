-- SPDX-License-Identifier: MIT
-- When somebody writes permissions with SQL: a time is checked and brought to UTC, and what the row
-- was and is goes into nx_permission_edit, because SQL alone cannot continue the audit log's chain.
-- What goes there is what the feed is told of, so that both say the same. Permissions that go with
-- their object are no change of their own: the feed has the deletion.

-- RFC 3339 with its zone. SQLite takes 30 February for 2 March: the day must come out as it went in.
DROP TRIGGER IF EXISTS nx_permission_check_update;
CREATE TRIGGER nx_permission_check_update BEFORE UPDATE OF expires_at ON object_permissions
  WHEN new.expires_at IS NOT NULL AND new.expires_at IS NOT old.expires_at
   AND coalesce(typeof(new.expires_at) <> 'text'
     OR NOT (new.expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
     OR NOT (new.expires_at GLOB '*[Zz]' OR new.expires_at GLOB '*[-+][0-9][0-9]:[0-9][0-9]')
     OR date(substr(new.expires_at, 1, 10), '+0 days') IS NOT substr(new.expires_at, 1, 10)
     OR time(substr(new.expires_at, 12, 8)) IS NULL OR substr(new.expires_at, 12, 2) > '23'
     OR strftime('%Y', new.expires_at) NOT BETWEEN '1700' AND '2261', TRUE)
BEGIN
  SELECT RAISE(ABORT, 'object_permissions: expires_at must be NULL or a time with its zone, such as 2026-01-15T10:30:00Z');
END;

DROP TRIGGER IF EXISTS nx_permission_check_insert;
CREATE TRIGGER nx_permission_check_insert BEFORE INSERT ON object_permissions
  WHEN new.expires_at IS NOT NULL
   AND coalesce(typeof(new.expires_at) <> 'text'
     OR NOT (new.expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]*')
     OR NOT (new.expires_at GLOB '*[Zz]' OR new.expires_at GLOB '*[-+][0-9][0-9]:[0-9][0-9]')
     OR date(substr(new.expires_at, 1, 10), '+0 days') IS NOT substr(new.expires_at, 1, 10)
     OR time(substr(new.expires_at, 12, 8)) IS NULL OR substr(new.expires_at, 12, 2) > '23'
     OR strftime('%Y', new.expires_at) NOT BETWEEN '1700' AND '2261', TRUE)
BEGIN
  SELECT RAISE(ABORT, 'object_permissions: expires_at must be NULL or a time with its zone, such as 2026-01-15T10:30:00Z');
END;

DROP TRIGGER IF EXISTS nx_permission_edit_tell;
CREATE TRIGGER nx_permission_edit_tell AFTER INSERT ON nx_permission_edit
BEGIN
  INSERT INTO changes(at, op, origin, object_id, uid, path)
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'permission', 'sql', id, uid, file_path
      FROM data_objects WHERE id = new.object_id;
END;

DROP TRIGGER IF EXISTS nx_permission_edit_update;
CREATE TRIGGER nx_permission_edit_update AFTER UPDATE ON object_permissions
  WHEN new.share_with_ai IS NOT old.share_with_ai
    OR new.share_with_cloud IS NOT old.share_with_cloud
    OR new.read_only IS NOT old.read_only
    OR strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at)
       IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', old.expires_at)
BEGIN
  INSERT INTO nx_permission_edit(object_id, uid, old_ai, old_cloud, old_read_only, old_expires_at,
      new_ai, new_cloud, new_read_only, new_expires_at)
    SELECT id, uid, old.share_with_ai, old.share_with_cloud, old.read_only, old.expires_at,
           new.share_with_ai, new.share_with_cloud, new.read_only,
           strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at)
      FROM data_objects WHERE id = new.object_id;
END;

-- REPLACE removes the row before without a word, so it is looked at first; what then comes of it,
-- nothing (OR IGNORE), an update (an upsert) or a row, is known after.
DROP TRIGGER IF EXISTS nx_permission_was_insert;
CREATE TRIGGER nx_permission_was_insert BEFORE INSERT ON object_permissions
BEGIN
  SELECT RAISE(ABORT, 'there is no such object: insert into data_objects before object_permissions')
   WHERE NOT EXISTS(SELECT 1 FROM data_objects WHERE id = new.object_id);
  DELETE FROM nx_permission_was;
  INSERT INTO nx_permission_was(object_id, share_with_ai, share_with_cloud, read_only, expires_at)
    SELECT object_id, share_with_ai, share_with_cloud, read_only, expires_at
      FROM object_permissions WHERE object_id = new.object_id;
END;

DROP TRIGGER IF EXISTS nx_permission_edit_insert;
CREATE TRIGGER nx_permission_edit_insert AFTER INSERT ON object_permissions
BEGIN
  INSERT INTO nx_permission_edit(object_id, uid, old_ai, old_cloud, old_read_only, old_expires_at,
      new_ai, new_cloud, new_read_only, new_expires_at)
    SELECT o.id, o.uid, coalesce(p.share_with_ai, 0), coalesce(p.share_with_cloud, 0),
           coalesce(p.read_only, 0), p.expires_at, new.share_with_ai, new.share_with_cloud,
           new.read_only, strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at)
      FROM data_objects o LEFT JOIN nx_permission_was p ON p.object_id = o.id
     WHERE o.id = new.object_id
       AND (coalesce(p.share_with_ai, 0) IS NOT new.share_with_ai
         OR coalesce(p.share_with_cloud, 0) IS NOT new.share_with_cloud
         OR coalesce(p.read_only, 0) IS NOT new.read_only
         OR strftime('%Y-%m-%dT%H:%M:%fZ', p.expires_at)
            IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at));
  DELETE FROM nx_permission_was;
END;

DROP TRIGGER IF EXISTS nx_permission_edit_delete;
CREATE TRIGGER nx_permission_edit_delete AFTER DELETE ON object_permissions
  WHEN old.share_with_ai OR old.share_with_cloud OR old.read_only OR old.expires_at IS NOT NULL
BEGIN
  INSERT INTO nx_permission_edit(object_id, uid, old_ai, old_cloud, old_read_only, old_expires_at,
      new_ai, new_cloud, new_read_only, new_expires_at)
    SELECT id, uid, old.share_with_ai, old.share_with_cloud, old.read_only, old.expires_at,
           0, 0, 0, NULL
      FROM data_objects WHERE id = old.object_id;
END;

-- Any zone comes in; UTC is kept.
DROP TRIGGER IF EXISTS nx_permission_utc_update;
CREATE TRIGGER nx_permission_utc_update AFTER UPDATE OF expires_at ON object_permissions
  WHEN new.expires_at IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at)
BEGIN
  UPDATE object_permissions SET expires_at = strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at)
   WHERE object_id = new.object_id;
END;

DROP TRIGGER IF EXISTS nx_permission_utc_insert;
CREATE TRIGGER nx_permission_utc_insert AFTER INSERT ON object_permissions
  WHEN new.expires_at IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at)
BEGIN
  UPDATE object_permissions SET expires_at = strftime('%Y-%m-%dT%H:%M:%fZ', new.expires_at)
   WHERE object_id = new.object_id;
END;
