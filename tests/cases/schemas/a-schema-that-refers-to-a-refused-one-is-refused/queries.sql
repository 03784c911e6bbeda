SELECT schema_name FROM schemas WHERE schema_name LIKE 'plugin.%';
