SELECT line, priority, due, scheduled, starts, created, completed, cancelled, recurrence, block FROM tasks ORDER BY start;
SELECT text FROM tasks WHERE line IN (2, 4);
