SELECT _path, title, pages FROM book;
