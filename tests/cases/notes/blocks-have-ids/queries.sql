SELECT block, line FROM blocks ORDER BY start;
