SELECT _path, id, typeof(id) AS type, text, completed, due, priority, tags FROM core_todo ORDER BY _path;
SELECT name FROM pragma_table_info('core_todo');
SELECT count(*) AS open FROM core_todo WHERE NOT coalesce(completed, 0);
SELECT _created_at, _updated_at FROM core_todo LIMIT 1;
