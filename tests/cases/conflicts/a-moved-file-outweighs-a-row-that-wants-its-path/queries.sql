SELECT path, state FROM files;
