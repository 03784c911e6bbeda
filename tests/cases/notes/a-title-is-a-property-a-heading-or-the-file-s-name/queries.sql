SELECT path, title FROM objects ORDER BY path;
