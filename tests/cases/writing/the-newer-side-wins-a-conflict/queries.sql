SELECT path, winner, file_version, database_version, copy_path IS NOT NULL AS kept FROM conflicts ORDER BY path;
SELECT path, count(*) FROM changes WHERE op = 'update' GROUP BY path;
