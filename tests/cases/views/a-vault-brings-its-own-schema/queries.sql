SELECT _path, title, mood, content FROM plugin_journal_entry ORDER BY _path;
SELECT path, schema FROM objects ORDER BY path;
SELECT version FROM schemas WHERE schema_name = 'plugin.journal.entry';
