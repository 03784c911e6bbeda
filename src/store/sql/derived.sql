-- SPDX-License-Identifier: MIT
-- The derived half of the database: all of it is made from the files again when this text changes
-- (nx_meta keeps the hash of the text it was made by). A name that is given up stays in the list of
-- what is dropped.
--
-- What a note contains lives in nx_ tables that hold ids instead of paths and numbers instead of the
-- few words of `kind`, `type` and `source`, each clustered by its object: (object_id, n) with n
-- counting from 0 in the order of the file. The public views add the path and say the words. In all
-- of them `line` counts from 1, and `start` and `end` are byte offsets in the file.

DROP VIEW IF EXISTS objects;
DROP VIEW IF EXISTS tags;
DROP VIEW IF EXISTS aliases;
DROP VIEW IF EXISTS links;
DROP VIEW IF EXISTS headings;
DROP VIEW IF EXISTS tasks;
DROP VIEW IF EXISTS properties;
DROP VIEW IF EXISTS blocks;
DROP VIEW IF EXISTS backlinks;
DROP VIEW IF EXISTS unresolved_links;
DROP VIEW IF EXISTS orphans;
DROP VIEW IF EXISTS permission_stats;
DROP VIEW IF EXISTS permissions;
DROP TABLE IF EXISTS search;
DROP VIEW IF EXISTS nx_search_content;
DROP VIEW IF EXISTS nx_link_raw;
DROP VIEW IF EXISTS nx_property_named;
DROP TABLE IF EXISTS nx_text;
DROP TABLE IF EXISTS nx_name;
DROP TABLE IF EXISTS nx_tag;
DROP TABLE IF EXISTS nx_alias;
DROP TABLE IF EXISTS nx_link;
DROP TABLE IF EXISTS nx_heading;
DROP TABLE IF EXISTS nx_task;
DROP TABLE IF EXISTS nx_property;
DROP TABLE IF EXISTS nx_block;

-- Title and full text of each object that search knows: exactly these rows have an entry in it. A
-- note's text is read from its content; that of other objects is all their strings, kept here.
CREATE TABLE nx_text(
  object_id INTEGER PRIMARY KEY,
  title TEXT,                       -- property, first heading or file name; NULL if there is none
  body_path TEXT,                   -- JSON path of the text within the content; NULL: '$."content"'
  body TEXT                         -- where the content has no such text: all strings of it
);

-- Whatever a link may call a file by, in the order in which candidates win: a link's target is the
-- first row of its key that fits. Folded means NFC and case-folded, as Obsidian compares names.
CREATE TABLE nx_name(
  key TEXT NOT NULL,                -- the last component, folded, without '.md'
  alias TEXT NOT NULL,              -- folded alias of the note; '' for the file's own name
  length INTEGER NOT NULL,          -- of `folded`, in bytes: the shortest path wins
  folded TEXT NOT NULL,             -- the file's path, folded
  file_id INTEGER NOT NULL,
  PRIMARY KEY(key, alias, length, folded, file_id)
) WITHOUT ROWID;

CREATE TABLE nx_tag(
  object_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  tag TEXT NOT NULL COLLATE NOCASE, -- without '#', as written
  folded TEXT,                      -- folded, where ASCII case alone does not tell equal tags
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(object_id, n)
) WITHOUT ROWID;

CREATE TABLE nx_alias(
  object_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  alias TEXT NOT NULL,
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(object_id, n)
) WITHOUT ROWID;

CREATE TABLE nx_link(
  object_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind INTEGER NOT NULL,            -- as nx_link_raw names them
  raw TEXT,                         -- the bytes of the span, NULL or marked: as nx_link_raw makes them
  target TEXT NOT NULL,             -- path or URL, decoded, without heading and block
  alias TEXT,
  heading TEXT,
  block TEXT,
  property TEXT,                    -- JSON Pointer of the property, for 'frontmatter'
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  key TEXT,                         -- as in nx_name; NULL: nothing to look up (external, this note)
  target_file INTEGER,              -- files.id; NULL: external, or nothing fits
  PRIMARY KEY(object_id, n)
) WITHOUT ROWID;

-- The links with their raw text. Most are written in one way, and are a third smaller without it. Of
-- the others, those that begin with the character 1 have 2 for the target and 3 for the alias.
CREATE VIEW nx_link_raw AS
  SELECT object_id, n, target, alias, heading, block, property, line, start, end, key, target_file,
         CASE kind WHEN 0 THEN 'wiki' WHEN 1 THEN 'markdown' WHEN 2 THEN 'embed'
                   WHEN 3 THEN 'external' ELSE 'frontmatter' END AS kind, CASE
      WHEN raw >= char(1) AND raw < char(2) THEN
        replace(replace(substr(raw, 2), char(3), coalesce(alias, '')), char(2), target)
      WHEN raw IS NOT NULL THEN raw
      WHEN kind IN (1, 3) THEN
        CASE WHEN alias IS NULL THEN target
             ELSE '[' || alias || '](' || target || coalesce('#' || heading, '') || ')' END
      ELSE
        CASE kind WHEN 2 THEN '![[' ELSE '[[' END || target || coalesce('#' || heading, '')
          || coalesce('#^' || block, '') || coalesce('|' || alias, '') || ']]'
      END AS whole
    FROM nx_link;

CREATE TABLE nx_heading(
  object_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  level INTEGER NOT NULL,           -- 1 to 6
  text TEXT NOT NULL,               -- without markup
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(object_id, n)
) WITHOUT ROWID;

CREATE TABLE nx_task(
  object_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  status TEXT NOT NULL,             -- the character between the brackets
  status_at INTEGER,                -- how many characters of the body stand before it; NULL: unknown
  done BOOLEAN NOT NULL,            -- status is x or X
  text TEXT NOT NULL,               -- behind the box, dates included
  due TEXT,                         -- dates are YYYY-MM-DD
  completed TEXT,
  created TEXT,
  starts TEXT,                      -- not before this day (`start` is a byte offset everywhere)
  scheduled TEXT,
  cancelled TEXT,
  priority TEXT,                    -- 'highest', 'high', 'medium', 'low', 'lowest'
  recurrence TEXT,                  -- 'every week'
  heading TEXT,                     -- the nearest one above
  block TEXT,                       -- its block id
  depth INTEGER NOT NULL,           -- 0 for a top-level item
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(object_id, n)
) WITHOUT ROWID;

CREATE TABLE nx_property(
  object_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  key TEXT NOT NULL COLLATE NOCASE, -- as written; case does not tell two apart
  value BLOB,                       -- as in the typed views: 0/1, number, text, JSON text, NULL
  type INTEGER NOT NULL,            -- this and the next as nx_property_named names them
  source INTEGER NOT NULL,
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(object_id, n)
) WITHOUT ROWID;

-- The properties with their words.
CREATE VIEW nx_property_named AS
  SELECT object_id, n, key, value,
         CASE type WHEN 0 THEN 'text' WHEN 1 THEN 'number' WHEN 2 THEN 'boolean' WHEN 3 THEN 'list'
                   WHEN 4 THEN 'object' ELSE 'null' END AS type,
         CASE source WHEN 0 THEN 'frontmatter' ELSE 'inline' END AS source, line, start, end
    FROM nx_property;

CREATE TABLE nx_block(
  object_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  block TEXT NOT NULL,              -- without '^'
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  PRIMARY KEY(object_id, n)
) WITHOUT ROWID;

-- What full text search indexes. A deleted or changed text is taken out of the index by these very
-- values, so they must not change while an object is in nx_text: what SQL changed counts here once
-- it has left the outbox. FTS5 reads it with virtual tables forbidden: no json_each() here.
CREATE VIEW nx_search_content AS
  SELECT t.object_id AS id, coalesce(o.file_path, b.file_path) AS path, t.title AS title,
         CASE WHEN t.body IS NOT NULL THEN t.body
              WHEN json_valid(coalesce(b.content_json, c.content_json))
              THEN json_extract(coalesce(b.content_json, c.content_json),
                                coalesce(t.body_path, '$."content"'))
         END AS body,
         (SELECT group_concat(tag, ' ')
            FROM (SELECT tag FROM nx_tag WHERE object_id = t.object_id ORDER BY n)) AS tags
    FROM nx_text t
    LEFT JOIN data_objects o ON o.id = t.object_id
    LEFT JOIN object_content c ON c.object_id = t.object_id
    LEFT JOIN nx_outbox b ON b.object_id = t.object_id;

-- SELECT path, snippet(search, -1, '[', ']', '…', 10) FROM search WHERE search MATCH 'word'. The
-- text itself is not stored again. The body comes first because FTS5 writes the number of a column
-- beside each word of a note, unless it is the first: that was nearly a third of the index.
-- unicode61 cuts words at spaces and punctuation, so in Chinese and Japanese a run of characters is
-- one word: search it by its beginning ('词*').
CREATE VIRTUAL TABLE search USING fts5(
  body, title, tags, path UNINDEXED,
  content='nx_search_content', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2'
);
-- Merged between bursts of work instead of within them.
INSERT INTO search(search, rank) VALUES('automerge', 0);
-- How many bytes of words FTS5 gathers before it writes them out as one more piece of the index: six
-- times its own measure, for a first index. That is made in little more than half of the time, and of
-- 100,000 notes are not the 16 pieces that FTS5 merges there and then.
INSERT INTO search(search, rank) VALUES('hashsize', 6291456);

-- One row an object, readable.
CREATE VIEW objects AS
  SELECT o.id AS id, o.uid AS uid, s.schema_name AS schema, o.file_path AS path, t.title AS title,
         o.created_at AS created_at, o.updated_at AS updated_at,
         coalesce(p.share_with_ai, 0) AS share_with_ai,
         coalesce(p.share_with_cloud, 0) AS share_with_cloud,
         coalesce(p.read_only, 0) AS read_only, p.expires_at AS expires_at,
         coalesce(f.state, 'pending') AS state
    FROM data_objects o
    JOIN schemas s ON s.id = o.schema_id
    LEFT JOIN nx_text t ON t.object_id = o.id
    LEFT JOIN object_permissions p ON p.object_id = o.id
    LEFT JOIN files f ON f.id = o.file_id;

-- A tag and all below it: WHERE tag = 'project' OR tag LIKE 'project/%' (both use the index, and
-- neither minds the case of ASCII letters; `folded` does it for all letters).
CREATE VIEW tags AS
  SELECT o.file_path AS path, t.object_id AS object_id, t.tag AS tag,
         coalesce(t.folded, lower(t.tag)) AS folded,
         t.line AS line, t.start AS start, t.end AS end
    FROM nx_tag t JOIN data_objects o ON o.id = t.object_id;

CREATE VIEW aliases AS
  SELECT o.file_path AS path, a.object_id AS object_id, a.alias AS alias,
         a.line AS line, a.start AS start, a.end AS end
    FROM nx_alias a JOIN data_objects o ON o.id = a.object_id;

-- target_path is the file a link leads to, note or attachment; target_id is its object, if it is
-- one. Both are NULL for an external or unresolved link.
CREATE VIEW links AS
  SELECT o.file_path AS path, l.object_id AS object_id, l.kind AS kind, l.whole AS raw,
         l.target AS target, f.path AS target_path, t.id AS target_id,
         l.alias AS alias, l.heading AS heading, l.block AS block, l.property AS property,
         l.line AS line, l.start AS start, l.end AS end
    FROM nx_link_raw l
    JOIN data_objects o ON o.id = l.object_id
    LEFT JOIN files f ON f.id = l.target_file
    LEFT JOIN data_objects t ON t.file_id = l.target_file AND t.item_key IS NULL;

CREATE VIEW headings AS
  SELECT o.file_path AS path, h.object_id AS object_id, h.level AS level, h.text AS text,
         h.line AS line, h.start AS start, h.end AS end
    FROM nx_heading h JOIN data_objects o ON o.id = h.object_id;

CREATE VIEW tasks AS
  SELECT o.file_path AS path, t.object_id AS object_id, t.status AS status, t.done AS done,
         t.text AS text, t.due AS due, t.completed AS completed, t.created AS created,
         t.starts AS starts, t.scheduled AS scheduled, t.cancelled AS cancelled,
         t.priority AS priority, t.recurrence AS recurrence, t.heading AS heading,
         t.block AS block, t.depth AS depth, t.line AS line, t.start AS start, t.end AS end
    FROM nx_task t JOIN data_objects o ON o.id = t.object_id;

-- The front matter's top-level keys, and inline fields (key:: value).
CREATE VIEW properties AS
  SELECT o.file_path AS path, p.object_id AS object_id, p.key AS key, p.value AS value,
         p.type AS type, p.source AS source, p.line AS line, p.start AS start, p.end AS end
    FROM nx_property_named p JOIN data_objects o ON o.id = p.object_id;

CREATE VIEW blocks AS
  SELECT o.file_path AS path, b.object_id AS object_id, b.block AS block,
         b.line AS line, b.start AS start, b.end AS end
    FROM nx_block b JOIN data_objects o ON o.id = b.object_id;

-- Who links to a file: WHERE path = 'notes/a.md' is the file that is linked to. A note's links to
-- itself are not among them.
CREATE VIEW backlinks AS
  SELECT f.path AS path, t.id AS object_id, o.file_path AS source_path, o.id AS source_id,
         l.kind AS kind, l.whole AS raw, l.alias AS alias, l.heading AS heading, l.block AS block,
         l.line AS line, l.start AS start, l.end AS end
    FROM files f
    JOIN nx_link_raw l ON l.target_file = f.id
    JOIN data_objects o ON o.id = l.object_id AND o.file_id IS NOT f.id
    LEFT JOIN data_objects t ON t.file_id = f.id AND t.item_key IS NULL;

-- Links into the vault that lead nowhere.
CREATE VIEW unresolved_links AS
  SELECT o.file_path AS path, l.object_id AS object_id, l.kind AS kind, l.whole AS raw,
         l.target AS target, l.alias AS alias, l.heading AS heading, l.block AS block,
         l.property AS property, l.line AS line, l.start AS start, l.end AS end
    FROM nx_link_raw l JOIN data_objects o ON o.id = l.object_id
   WHERE l.key IS NOT NULL AND l.target_file IS NULL;

-- Notes that no other note links to.
CREATE VIEW orphans AS
  SELECT o.file_path AS path, o.id AS object_id, x.title AS title
    FROM data_objects o
    JOIN files f ON f.id = o.file_id
    LEFT JOIN nx_text x ON x.object_id = o.id
   WHERE o.item_key IS NULL AND f.path LIKE '%.md'
     AND NOT EXISTS(SELECT 1 FROM nx_link l WHERE l.target_file = f.id AND l.object_id <> o.id);

-- What differs from the default. `is_expired`: it is not shared any more, also when the clock was set
-- back since. `rule`: that of the settings which decided, where nobody did.
CREATE VIEW permissions AS
  SELECT id AS object_id, path, share_with_ai, share_with_cloud, read_only, expires_at,
         expires_at IS NOT NULL AND expires_at <= max(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
           coalesce((SELECT value FROM nx_meta WHERE key = 'clock_mark'), '')) AS is_expired,
         (SELECT coalesce(r.ai_rule, r.cloud_rule) FROM nx_default r WHERE r.object_id = objects.id) AS rule
    FROM objects
   WHERE share_with_ai OR share_with_cloud OR read_only OR expires_at IS NOT NULL;

-- What is shared now, counted; `expiring` is what is shared until some day.
CREATE VIEW permission_stats AS
  SELECT count(*) AS total,
         coalesce(sum(p.share_with_ai AND is_on), 0) AS shared_with_ai,
         coalesce(sum(p.share_with_cloud AND is_on), 0) AS shared_with_cloud,
         coalesce(sum(p.read_only), 0) AS read_only,
         coalesce(sum((p.share_with_ai OR p.share_with_cloud) AND is_on
                      AND p.expires_at IS NOT NULL), 0) AS expiring
    FROM data_objects o
    LEFT JOIN (SELECT *, expires_at IS NULL
                      OR expires_at > max(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
                           coalesce((SELECT value FROM nx_meta WHERE key = 'clock_mark'), ''))
                 AS is_on FROM object_permissions) p ON p.object_id = o.id;
