SELECT file_path, content_json FROM data_objects o JOIN object_content c ON c.object_id = o.id ORDER BY o.id;
SELECT path, state, winner, file_version, database_version FROM conflicts;
SELECT count(*) AS waiting FROM nx_outbox;
SELECT op, origin, old_path, path FROM changes WHERE op IN ('create', 'move', 'delete') ORDER BY seq;
