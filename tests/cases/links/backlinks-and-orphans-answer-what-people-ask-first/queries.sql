SELECT path, source_path, heading FROM backlinks ORDER BY path, source_path, start;
SELECT path FROM orphans ORDER BY path;
