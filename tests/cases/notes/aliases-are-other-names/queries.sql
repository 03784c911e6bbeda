SELECT path, alias, line FROM aliases ORDER BY path, start;
