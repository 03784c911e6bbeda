SELECT level, text, line FROM headings ORDER BY start;
