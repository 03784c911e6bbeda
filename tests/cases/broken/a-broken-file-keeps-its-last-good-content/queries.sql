SELECT path, state, title FROM objects;
