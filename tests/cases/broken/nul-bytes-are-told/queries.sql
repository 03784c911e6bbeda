SELECT path, state FROM files ORDER BY path;
SELECT path FROM objects ORDER BY path;
SELECT path, line, column, pointer, keyword, severity FROM problems ORDER BY path, line, column;
