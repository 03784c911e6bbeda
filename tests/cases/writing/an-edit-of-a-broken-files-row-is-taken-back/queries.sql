SELECT path, state FROM files;
SELECT content_json FROM object_content;
