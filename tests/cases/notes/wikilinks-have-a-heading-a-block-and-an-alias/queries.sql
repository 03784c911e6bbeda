SELECT raw, target, target_path, heading, block, alias FROM links ORDER BY start;
