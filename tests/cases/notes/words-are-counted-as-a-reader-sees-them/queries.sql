SELECT path, lines, words, size FROM files ORDER BY path;
