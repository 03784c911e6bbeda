SELECT path FROM files ORDER BY path;
SELECT path FROM objects ORDER BY path;
SELECT (SELECT count(*) FROM tags) AS tags, (SELECT count(*) FROM links) AS links, (SELECT count(*) FROM problems) AS problems;
SELECT path FROM search WHERE search MATCH 'one';
