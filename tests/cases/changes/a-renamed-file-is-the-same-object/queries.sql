SELECT raw, target_path FROM links ORDER BY start;
SELECT path, tag FROM tags;
SELECT path FROM files ORDER BY path;
