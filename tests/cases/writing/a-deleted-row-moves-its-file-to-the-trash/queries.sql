SELECT path FROM files;
SELECT path, op, before FROM history;
SELECT count(*) FROM data_objects;
