-- SPDX-License-Identifier: MIT
-- What a note contains: inserts in one group, deletes of all rows of an object in the other.

-- name: tag_insert
INSERT INTO nx_tag(object_id, n, tag, folded, line, start, end) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: alias_insert
INSERT INTO nx_alias(object_id, n, alias, line, start, end) VALUES(?1, ?2, ?3, ?4, ?5, ?6);

-- name: link_insert
INSERT INTO nx_link(object_id, n, kind, raw, target, alias, heading, block, property, line, start, end,
                    key, target_file)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14);

-- name: heading_insert
INSERT INTO nx_heading(object_id, n, level, text, line, start, end) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: task_insert
INSERT INTO nx_task(object_id, n, status, done, text, due, completed, created, starts, scheduled,
                    cancelled, priority, recurrence, heading, block, depth, line, start, end, status_at)
  VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20);

-- A value comes as text; what is a number (type 1) or a boolean (2, as '0' or '1') becomes one.
-- name: property_insert
INSERT INTO nx_property(object_id, n, key, value, type, source, line, start, end)
  VALUES(?1, ?2, ?3, CASE WHEN ?5 IN (1, 2) THEN CAST(?4 AS NUMERIC) ELSE ?4 END,
         ?5, ?6, ?7, ?8, ?9);

-- name: block_insert
INSERT INTO nx_block(object_id, n, block, line, start, end) VALUES(?1, ?2, ?3, ?4, ?5, ?6);

-- name: tags_delete
DELETE FROM nx_tag WHERE object_id = ?1;

-- name: aliases_delete
DELETE FROM nx_alias WHERE object_id = ?1;

-- name: links_delete
DELETE FROM nx_link WHERE object_id = ?1;

-- name: headings_delete
DELETE FROM nx_heading WHERE object_id = ?1;

-- name: tasks_delete
DELETE FROM nx_task WHERE object_id = ?1;

-- name: properties_delete
DELETE FROM nx_property WHERE object_id = ?1;

-- name: blocks_delete
DELETE FROM nx_block WHERE object_id = ?1;

-- The file that an object is in; one that SQL deleted: was in.
-- name: object_file
SELECT o.file_id, f.path, o.item_key IS NULL
  FROM data_objects o JOIN files f ON f.id = o.file_id WHERE o.id = ?1
UNION ALL
SELECT b.file_id, f.path, b.item_key IS NULL
  FROM nx_outbox b JOIN files f ON f.id = b.file_id
 WHERE b.object_id = ?1 AND NOT EXISTS(SELECT 1 FROM data_objects WHERE id = ?1);

-- name: aliases_of
SELECT alias FROM nx_alias WHERE object_id = ?1 ORDER BY n;

-- The aliases that lead to a file.
-- name: aliases_of_file
SELECT a.alias FROM nx_alias a JOIN data_objects o ON o.id = a.object_id WHERE o.file_id = ?1;

-- An object that was deleted in the same transaction is left out.
-- name: text_insert
INSERT INTO nx_text(object_id, title, body_path, body)
  SELECT c.object_id, ?2, nullif(?3, '$."content"'),
         CASE WHEN ?3 IS NULL THEN (SELECT coalesce(group_concat(atom, char(10)), '')
           FROM json_tree(coalesce(b.content_json, c.content_json)) WHERE type = 'text') END
    FROM object_content c LEFT JOIN nx_outbox b ON b.object_id = c.object_id
   WHERE c.object_id = ?1;

-- The same with a text that its content has at that path, without what would make SQLite open a
-- savepoint (see search.c): any function, and a constraint that may ABORT.
-- name: text_insert_path
INSERT OR FAIL INTO nx_text(object_id, title, body_path)
  SELECT object_id, ?2, ?3 FROM object_content WHERE object_id = ?1;

-- name: text_delete
DELETE FROM nx_text WHERE object_id = ?1;

-- What the index holds of an object, while its content is still what was indexed; and where that has
-- its body, unless it was put together from all its texts.
-- name: search_content
SELECT c.title, c.body, c.tags,
       CASE WHEN t.body IS NULL THEN coalesce(t.body_path, '$."content"') END
  FROM nx_text t JOIN nx_search_content c ON c.id = t.object_id
 WHERE t.object_id = ?1;

-- Whether that is what the index should hold: exactly this.
-- name: search_has
SELECT 1 FROM nx_text t JOIN nx_search_content c ON c.id = t.object_id
 WHERE t.object_id = ?1 AND t.body IS NULL AND t.body_path IS nullif(?2, '$."content"') AND c.title IS ?3 AND c.body IS ?4 AND c.tags IS ?5;

-- Each as VALUES of one row: a SELECT would make SQLite open a savepoint (see search.c).
-- name: search_insert
INSERT INTO search(rowid, title, body, tags) VALUES(?1, ?2, ?3, ?4);

-- name: search_delete
INSERT INTO search(search, rowid, title, body, tags) VALUES('delete', ?1, ?2, ?3, ?4);

-- Merges some pieces of the index, that many pages of it.
-- name: search_merge
INSERT INTO search(search, rank) VALUES('merge', ?1);
