SELECT count(*) AS files FROM files;
SELECT schema_name FROM schemas ORDER BY schema_name;
