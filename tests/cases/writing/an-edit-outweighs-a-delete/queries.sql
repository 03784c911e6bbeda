SELECT path, share_with_ai, state FROM objects ORDER BY path;
SELECT path, winner, file_version IS NULL AS no_file, database_version IS NULL AS no_row FROM conflicts ORDER BY path;
