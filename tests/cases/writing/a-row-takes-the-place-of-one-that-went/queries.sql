SELECT path FROM objects ORDER BY path;
SELECT op, path, old_path, origin FROM changes WHERE op = 'move' ORDER BY path;
SELECT count(*) AS waiting FROM nx_outbox;
