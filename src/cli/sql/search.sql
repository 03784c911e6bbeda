-- SPDX-License-Identifier: MIT

-- The best first: a word in the title or among the tags says more than one in the text. What was
-- found stands between the characters 1 and 2.
-- name: search
SELECT path, title, snippet(search, -1, char(1), char(2), '…', 16) AS snippet, rowid AS object_id
  FROM search
 WHERE search MATCH :text AND rank MATCH 'bm25(0.0, 8.0, 1.0, 4.0)'
 ORDER BY rank LIMIT :limit;
