SELECT file_path AS path FROM data_objects ORDER BY 1;
SELECT op, path, old_path, origin FROM changes WHERE op <> 'schema' ORDER BY seq;
