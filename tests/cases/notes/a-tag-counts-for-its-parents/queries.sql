SELECT path, tag, line FROM tags ORDER BY path, start;
SELECT DISTINCT path FROM tags WHERE tag = 'garden' OR tag LIKE 'garden/%' ORDER BY path;
