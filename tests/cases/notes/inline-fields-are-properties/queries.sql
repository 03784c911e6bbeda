SELECT key, value, typeof(value) AS sql_type, type, source, line FROM properties ORDER BY start;
