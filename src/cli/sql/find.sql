-- SPDX-License-Identifier: MIT
-- Which object somebody means by a word: id, path and title of all that fit.

-- name: by_id
SELECT id, path, title FROM objects WHERE id = CAST(:text AS INTEGER);

-- name: by_uid
SELECT id, path, title FROM objects WHERE uid = lower(:text);

-- name: by_path
SELECT id, path, title FROM objects WHERE path = :text;

-- Title, alias, or the file's name without its folder, with or without '.md'.
-- name: by_name
SELECT id, path, title FROM objects
 WHERE title = :text COLLATE NOCASE
    OR substr('/' || path, -length(:text) - 1) = '/' || :text COLLATE NOCASE
    OR substr('/' || path, -length(:text) - 4) = '/' || :text || '.md' COLLATE NOCASE
    OR id IN (SELECT object_id FROM aliases WHERE alias = :text COLLATE NOCASE)
 ORDER BY path;

-- What holds the word somewhere in its name, the shortest first.
-- name: by_part
SELECT id, path, title FROM objects
 WHERE instr(lower(path), lower(:text)) OR instr(lower(title), lower(:text))
 ORDER BY length(path), path;
