SELECT path FROM files ORDER BY path;
