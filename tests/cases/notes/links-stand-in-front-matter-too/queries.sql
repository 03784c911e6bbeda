SELECT kind, property, raw, target_path, heading, alias, line FROM links ORDER BY start;
SELECT path, source_path FROM backlinks ORDER BY path, start;
