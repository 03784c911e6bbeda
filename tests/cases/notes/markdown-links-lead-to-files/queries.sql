SELECT kind, alias, target, heading, target_path FROM links ORDER BY start;
