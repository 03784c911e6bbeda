SELECT path FROM files ORDER BY path;
SELECT path, raw, target_path FROM links;
SELECT op, path, old_path, origin FROM changes WHERE op = 'move' ORDER BY seq LIMIT 2;
