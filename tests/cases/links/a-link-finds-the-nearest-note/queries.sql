SELECT path, raw, target_path FROM links ORDER BY path, start;
