-- SPDX-License-Identifier: MIT
-- name: problems
SELECT path, line, column, severity, pointer, keyword, message, schema_uri, start, end
  FROM problems ORDER BY path, line, column, id;

-- A file or folder that the vault knows; '' is the vault itself.
-- name: is_known
SELECT :text = ''
    OR EXISTS(SELECT 1 FROM files WHERE path = :text)
    OR EXISTS(SELECT 1 FROM files WHERE path >= :text || '/' AND path < :text || '0')
    OR EXISTS(SELECT 1 FROM problems WHERE path = :text);
