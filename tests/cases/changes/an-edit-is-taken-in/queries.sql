SELECT path, tag FROM tags ORDER BY path;
SELECT path, source_path FROM backlinks;
SELECT path FROM search WHERE search MATCH 'one';
SELECT path FROM search WHERE search MATCH 'changed';
