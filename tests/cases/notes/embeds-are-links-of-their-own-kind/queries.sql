SELECT kind, target, target_path, target_id IS NULL AS no_object, heading, block, alias FROM links ORDER BY start;
SELECT path, state, lines, words FROM files WHERE path LIKE 'pics/%';
