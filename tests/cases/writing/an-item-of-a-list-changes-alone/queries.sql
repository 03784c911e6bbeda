SELECT _path, text, completed FROM core_todo ORDER BY id;
SELECT count(*) FROM nx_outbox;
