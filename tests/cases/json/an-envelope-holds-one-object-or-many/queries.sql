SELECT path, schema FROM objects ORDER BY path;
SELECT file_path, content_json FROM object_content JOIN data_objects ON id = object_id ORDER BY file_path;
