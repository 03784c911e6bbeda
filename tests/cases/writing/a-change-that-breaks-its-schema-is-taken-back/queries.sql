SELECT _path, text, due FROM core_todo;
SELECT op, refused FROM history;
