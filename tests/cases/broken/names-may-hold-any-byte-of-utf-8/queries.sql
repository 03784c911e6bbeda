SELECT replace(replace(substr(path, 1, 30), char(10), '\n'), char(27), '\e') AS path, state FROM files ORDER BY 1;
SELECT count(*) AS tagged FROM tags WHERE tag = 'tag';
