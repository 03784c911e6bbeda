SELECT file_path FROM data_objects; SELECT count(*) AS waiting FROM nx_outbox;
