SELECT tag, line FROM tags ORDER BY start;
SELECT count(*) AS links FROM links;
SELECT count(*) AS tasks FROM tasks;
SELECT count(*) AS properties FROM properties;
