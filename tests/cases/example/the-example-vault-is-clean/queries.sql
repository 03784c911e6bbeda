SELECT schema, count(*) AS objects FROM objects GROUP BY schema ORDER BY schema;
SELECT path, raw FROM unresolved_links ORDER BY path;
SELECT count(*) > 20 AS tags, (SELECT count(*) > 50 FROM links) AS links, (SELECT count(*) > 20 FROM tasks) AS tasks FROM tags;
