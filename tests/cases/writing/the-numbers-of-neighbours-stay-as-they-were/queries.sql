SELECT path, op FROM history ORDER BY seq;
SELECT path, message FROM problems ORDER BY path;
