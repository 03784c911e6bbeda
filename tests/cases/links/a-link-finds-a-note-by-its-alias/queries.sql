SELECT raw, target_path FROM links ORDER BY start;
SELECT path, raw, line FROM unresolved_links;
