SELECT path, done, text FROM tasks ORDER BY line;
SELECT path, op, origin FROM history;
SELECT op, origin, path FROM changes;
