SELECT o.file_path, c.content_json FROM data_objects o JOIN object_content c ON c.object_id = o.id ORDER BY file_path;
SELECT path, winner, database_version FROM conflicts ORDER BY path;
SELECT count(*) FROM nx_outbox;
