-- SPDX-License-Identifier: MIT
-- What the gate reads in the name of somebody who may see only what is shared (gate.h). These texts
-- run on a connection of the gate's own, which no foreign statement ever reaches.
--
-- nx_allowed(first, last) are the objects that the program's decision lets through (gate_shared.c), as
-- ranges: each id from the first to the last one is let through. Everything else is built upon it, by
-- the name of nx_range. It comes first in each FROM and CROSS JOIN keeps it there, so what is read, and
-- for how long, does not depend on what is not shared. nx_allows(id) asks of one object. nx_lead() is the program's link resolver.

-- The rows to decide on, by id. An id without an object is not shared.
-- name: permissions_ai
SELECT p.object_id, p.share_with_ai, p.share_with_cloud, p.read_only, p.expires_at
  FROM main.object_permissions p CROSS JOIN main.data_objects o ON o.id = p.object_id
 WHERE p.share_with_ai = 1 ORDER BY p.object_id;

-- name: permissions_cloud
SELECT p.object_id, p.share_with_ai, p.share_with_cloud, p.read_only, p.expires_at
  FROM main.object_permissions p CROSS JOIN main.data_objects o ON o.id = p.object_id
 WHERE p.share_with_cloud = 1 ORDER BY p.object_id;

-- name: by_path
SELECT id FROM main.data_objects WHERE file_path = ?1;

-- name: permission
SELECT p.object_id, p.share_with_ai, p.share_with_cloud, p.read_only, p.expires_at
  FROM main.object_permissions p CROSS JOIN main.data_objects o ON o.id = p.object_id
 WHERE p.object_id = ?1;

-- name: files
SELECT o.file_id
  FROM nx_allowed a CROSS JOIN main.data_objects o ON o.id BETWEEN a.first AND a.last
 WHERE o.item_key IS NULL AND o.file_id IS NOT NULL;

-- The files that are shared are those that are one shared object (nx_shares_file()). `files` and
-- `nx_name` hide the tables of these names from the link resolver, so that a link leads where it would
-- if nothing else were in the vault.
-- name: helpers
CREATE TEMP VIEW files AS
  SELECT f.id AS id, f.path AS path FROM main.files f WHERE nx_shares_file(f.id);
CREATE TEMP VIEW nx_name AS
  SELECT n.key AS key, n.alias AS alias, n.length AS length, n.folded AS folded, n.file_id AS file_id
    FROM main.nx_name n WHERE nx_shares_file(n.file_id);

-- What stands in front of each statement from `view` on: over all that is shared, or over the objects
-- that the program has found out are wanted, and lets through.
-- name: all
WITH nx_range AS NOT MATERIALIZED (SELECT first, last FROM nx_allowed),

-- name: wanted
WITH nx_range AS NOT MATERIALIZED (SELECT first, last FROM nx_allowed(?1)),

-- `lead` is the shared file that a link leads to, which is one object.
-- name: shared
nx_shared AS NOT MATERIALIZED (
  SELECT o.id AS id, o.file_path AS path, o.file_id AS file_id, o.item_key AS item_key,
         o.schema_id AS schema_id, o.uid AS uid, o.rev AS rev, o.created_at AS created_at,
         o.updated_at AS updated_at
    FROM nx_range r CROSS JOIN main.data_objects o ON o.id BETWEEN r.first AND r.last),
nx_shared_link AS NOT MATERIALIZED (
  SELECT s.id AS id, s.path AS path, s.file_id AS file_id, l.kind AS kind, l.whole AS raw,
         l.target AS target, l.alias AS alias, l.heading AS heading, l.block AS block,
         l.property AS property, l.line AS line, l.start AS start, l.end AS end, l.key AS key,
         CASE WHEN l.target_file IS NULL THEN NULL
              WHEN nx_shares_file(l.target_file) THEN l.target_file
              ELSE nx_lead(l.target, s.path) END AS lead
    FROM nx_shared s CROSS JOIN main.nx_link_raw l ON l.object_id = s.id)

-- The typed view of that name, if a shared object has its schema. What is shared is gone through
-- first, so a name that means nothing takes as long as that of a schema of hidden objects.
-- name: view
, shown AS MATERIALIZED (SELECT DISTINCT schema_id FROM nx_shared)
SELECT v.name FROM shown CROSS JOIN main.nx_view v ON v.schema_id = shown.schema_id
 WHERE v.name = ?1
   AND EXISTS(SELECT 1 FROM main.sqlite_schema m WHERE m.name = v.name AND m.type = 'view');

-- name: clock_mark
SELECT value FROM main.nx_meta WHERE key = 'clock_mark';

-- From here on: one statement a table. Each ends with a condition, behind which more may follow, and
-- its last column is the object that a row belongs to.

-- name: objects
SELECT s.id AS id, s.uid AS uid, m.schema_name AS schema, s.path AS path, t.title AS title,
       s.created_at AS created_at, s.updated_at AS updated_at, p.share_with_ai AS share_with_ai,
       p.share_with_cloud AS share_with_cloud, p.read_only AS read_only,
       p.expires_at AS expires_at,
       -- an item's file may be as it is because of other items
       CASE WHEN s.item_key IS NULL THEN coalesce(f.state, 'pending') ELSE 'synced' END AS state,
       s.id AS nx_id
  FROM nx_shared s
  LEFT JOIN main.schemas m ON m.id = s.schema_id
  LEFT JOIN main.object_permissions p ON p.object_id = s.id
  LEFT JOIN main.nx_text t ON t.object_id = s.id
  LEFT JOIN main.files f ON f.id = s.file_id
 WHERE TRUE

-- name: data_objects
SELECT s.id AS id, s.schema_id AS schema_id, s.path AS file_path, s.updated_at AS updated_at,
       s.created_at AS created_at, s.uid AS uid, s.rev AS rev, s.id AS nx_id
  FROM nx_shared s WHERE TRUE

-- name: object_content
SELECT c.object_id AS object_id, c.content_json AS content_json, c.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.object_content c ON c.object_id BETWEEN s.first AND s.last
 WHERE TRUE

-- name: object_permissions
SELECT p.object_id AS object_id, p.share_with_ai AS share_with_ai,
       p.share_with_cloud AS share_with_cloud, p.read_only AS read_only, p.expires_at AS expires_at,
       p.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.object_permissions p ON p.object_id BETWEEN s.first AND s.last
 WHERE TRUE

-- name: schemas
SELECT s.id AS id, s.schema_name AS schema_name, s.definition_json AS definition_json,
       s.version AS version, s.created_at AS created_at, s.id AS nx_id
  FROM (SELECT DISTINCT schema_id FROM nx_shared) k CROSS JOIN main.schemas s ON s.id = k.schema_id
 WHERE TRUE

-- name: tags
SELECT o.file_path AS path, t.object_id AS object_id, t.tag AS tag,
       coalesce(t.folded, lower(t.tag)) AS folded, t.line AS line, t.start AS start, t.end AS end,
       t.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.nx_tag t ON t.object_id BETWEEN s.first AND s.last
  LEFT JOIN main.data_objects o ON o.id = t.object_id WHERE TRUE

-- name: aliases
SELECT o.file_path AS path, a.object_id AS object_id, a.alias AS alias, a.line AS line, a.start AS start,
       a.end AS end, a.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.nx_alias a ON a.object_id BETWEEN s.first AND s.last
  LEFT JOIN main.data_objects o ON o.id = a.object_id WHERE TRUE

-- name: headings
SELECT o.file_path AS path, h.object_id AS object_id, h.level AS level, h.text AS text, h.line AS line,
       h.start AS start, h.end AS end, h.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.nx_heading h ON h.object_id BETWEEN s.first AND s.last
  LEFT JOIN main.data_objects o ON o.id = h.object_id WHERE TRUE

-- name: tasks
SELECT o.file_path AS path, t.object_id AS object_id, t.status AS status, t.done AS done, t.text AS text,
       t.due AS due, t.completed AS completed, t.created AS created, t.starts AS starts,
       t.scheduled AS scheduled, t.cancelled AS cancelled, t.priority AS priority,
       t.recurrence AS recurrence, t.heading AS heading, t.block AS block, t.depth AS depth,
       t.line AS line, t.start AS start, t.end AS end, t.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.nx_task t ON t.object_id BETWEEN s.first AND s.last
  LEFT JOIN main.data_objects o ON o.id = t.object_id WHERE TRUE

-- name: properties
SELECT o.file_path AS path, p.object_id AS object_id, p.key AS key, p.value AS value, p.type AS type,
       p.source AS source, p.line AS line, p.start AS start, p.end AS end, p.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.nx_property_named p ON p.object_id BETWEEN s.first AND s.last
  LEFT JOIN main.data_objects o ON o.id = p.object_id WHERE TRUE

-- name: blocks
SELECT o.file_path AS path, b.object_id AS object_id, b.block AS block, b.line AS line, b.start AS start,
       b.end AS end, b.object_id AS nx_id
  FROM nx_range s CROSS JOIN main.nx_block b ON b.object_id BETWEEN s.first AND s.last
  LEFT JOIN main.data_objects o ON o.id = b.object_id WHERE TRUE

-- name: links
SELECT s.path AS path, s.id AS object_id, s.kind AS kind, s.raw AS raw, s.target AS target,
       (SELECT t.file_path FROM main.data_objects t
         WHERE t.file_id = s.lead AND t.item_key IS NULL) AS target_path,
       (SELECT t.id FROM main.data_objects t
         WHERE t.file_id = s.lead AND t.item_key IS NULL) AS target_id,
       s.alias AS alias, s.heading AS heading, s.block AS block, s.property AS property,
       s.line AS line, s.start AS start, s.end AS end, s.id AS nx_id
  FROM nx_shared_link s WHERE TRUE

-- name: backlinks
SELECT t.file_path AS path, t.id AS object_id, s.path AS source_path, s.id AS source_id,
       s.kind AS kind, s.raw AS raw, s.alias AS alias, s.heading AS heading, s.block AS block,
       s.line AS line, s.start AS start, s.end AS end, s.id AS nx_id
  FROM nx_shared_link s
  CROSS JOIN main.data_objects t ON t.file_id = s.lead AND t.item_key IS NULL
 WHERE t.file_id IS NOT s.file_id

-- A link to what is not shared and one to what is not there are the same.
-- name: unresolved_links
SELECT s.path AS path, s.id AS object_id, s.kind AS kind, s.raw AS raw, s.target AS target,
       s.alias AS alias, s.heading AS heading, s.block AS block, s.property AS property,
       s.line AS line, s.start AS start, s.end AS end, s.id AS nx_id
  FROM nx_shared_link s WHERE s.key IS NOT NULL AND s.lead IS NULL

-- name: orphans
SELECT s.path AS path, s.id AS object_id, t.title AS title, s.id AS nx_id
  FROM nx_shared s LEFT JOIN main.nx_text t ON t.object_id = s.id
 WHERE s.item_key IS NULL AND s.path LIKE '%.md'
   AND s.file_id NOT IN (SELECT k.lead FROM nx_shared_link k
                          WHERE k.lead IS NOT NULL AND k.lead IS NOT k.file_id)

-- Of files that are one object: a collection's problems tell of all its items.
-- name: problems
SELECT NULL AS id, p.path AS path, p.line AS line, p.column AS column, p.pointer AS pointer,
       p.keyword AS keyword, p.severity AS severity, p.message AS message,
       p.schema_uri AS schema_uri, p.start AS start, p.end AS end, s.id AS nx_id
  FROM nx_shared s CROSS JOIN main.problems p ON p.path = s.path
 WHERE s.item_key IS NULL

-- Nothing of the time before the object was shared as it is now.
-- name: changes
SELECT c.seq AS seq, c.at AS at, c.op AS op, c.origin AS origin, c.object_id AS object_id,
       c.uid AS uid, c.path AS path, c.old_path AS old_path, c.object_id AS nx_id
  FROM main.changes c
 WHERE nx_allows(c.object_id)
   AND c.seq >= (SELECT max(q.seq) FROM main.changes q
                  WHERE q.object_id = c.object_id AND q.op = 'permission')

-- name: search
SELECT c.body AS body, c.title AS title, c.tags AS tags, c.path AS path, NULL AS search,
       NULL AS rank, c.id AS nx_id
  FROM nx_range s CROSS JOIN main.nx_search_content c ON c.id BETWEEN s.first AND s.last
 WHERE TRUE

-- What matches. The parameters are the columns' weights; nx_rank() knows of nothing but the row itself.
-- name: search_match
SELECT c.body AS body, c.title AS title, c.tags AS tags, c.path AS path, NULL AS search,
       nx_rank(search, ?101, ?102, ?103, ?104) AS rank, c.id AS nx_id
  FROM main.search CROSS JOIN main.nx_search_content c ON c.id = search.rowid
 WHERE nx_allows(search.rowid)
