SELECT file_path, content_json FROM data_objects o JOIN object_content c ON c.object_id = o.id ORDER BY 1;
