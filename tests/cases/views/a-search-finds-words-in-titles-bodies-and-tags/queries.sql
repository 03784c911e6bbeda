SELECT path, snippet(search, -1, '[', ']', '…', 8) AS found FROM search WHERE search MATCH 'tomato' ORDER BY path;
SELECT path FROM search WHERE search MATCH 'deja';
SELECT path FROM search WHERE search MATCH 'tomato*' ORDER BY path;
