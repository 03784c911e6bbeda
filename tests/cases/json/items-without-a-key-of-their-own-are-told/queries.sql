SELECT path FROM objects ORDER BY path;
SELECT line, pointer, keyword FROM problems ORDER BY line;
SELECT path, state FROM files;
