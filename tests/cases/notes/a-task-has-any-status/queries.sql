SELECT line, status, done, depth, heading, text FROM tasks ORDER BY start;
