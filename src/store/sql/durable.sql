-- SPDX-License-Identifier: MIT
-- The durable half of the database: what the files cannot tell again. It is created once and then
-- only changed by numbered upgrades (PRAGMA user_version). Whatever a file says about itself lives
-- in derived.sql, which may be dropped and rebuilt at any time.
--
-- Anybody may open this database with a stock sqlite3 shell: nothing here needs a function that
-- only Nexus defines. Names that begin with nx_ are nobody's business and may change.
--
-- A CHECK of a table that triggers write has no IN with a list: SQLite makes a temporary table of it
-- for each row, which makes a large UPDATE ten times as slow.
--
-- Times are ISO 8601 in UTC with milliseconds, '2026-01-15T10:30:00.000Z'. Paths are relative to
-- the vault's root and hold the bytes of the file system, which need not be UTF-8. Hashes are
-- XXH3-128 in 32 lower-case hexadecimal digits.

-- Facts about the database itself, one row each.
CREATE TABLE nx_meta(
  key TEXT PRIMARY KEY,             -- 'vault_id', 'host_id', 'created_at', 'derived', …
  value TEXT NOT NULL
) WITHOUT ROWID;

-- The registry: which kinds of objects there are.
CREATE TABLE schemas(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  schema_name TEXT NOT NULL UNIQUE, -- 'core.todo'
  definition_json TEXT NOT NULL,    -- the JSON Schema, byte for byte as it was registered
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL          -- when this version was registered
);

-- Every version that a schema ever had, the current one included.
CREATE TABLE schema_history(
  schema_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition_json TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY(schema_name, version)
);

-- Which typed view belongs to which schema, so that two cannot claim one name.
CREATE TABLE nx_view(
  schema_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE
);

-- The properties that schemas want indexed (x-nexus.index). Two schemas may share an index.
CREATE TABLE nx_index(
  schema_id INTEGER NOT NULL,
  property TEXT NOT NULL,
  name TEXT NOT NULL,               -- of the index on object_content
  PRIMARY KEY(schema_id, property)
) WITHOUT ROWID;

-- Every file seen that no rule leaves alone: notes, JSON, and attachments, so that embeds resolve.
CREATE TABLE files(
  id INTEGER PRIMARY KEY,           -- follows the file through a move
  path TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL DEFAULT 0,  -- bytes
  mtime_ns INTEGER NOT NULL DEFAULT 0,
  hash TEXT,                        -- of the bytes both sides agreed on; NULL: not read (attachments)
  state TEXT NOT NULL               -- how file and row stand to each other
    CHECK(state IN ('synced', 'pending', 'invalid', 'conflict', 'ignored', 'unreadable')),
  indexed_at TEXT,                  -- when the derived rows were made; NULL: they have to be made
  lines INTEGER,                    -- NULL where they were not counted
  words INTEGER,                    -- of a note's body, as a reader sees it
  ctime_ns INTEGER NOT NULL DEFAULT 0, -- with inode: tells versions apart without reading
  inode INTEGER NOT NULL DEFAULT 0,
  birth_ns INTEGER NOT NULL DEFAULT 0, -- with inode: tells the file itself, whatever its name; 0: unknown
  racy BOOLEAN NOT NULL DEFAULT FALSE  -- looked at within the clock tick of its last change: hash again
    CHECK(racy IN (0, 1))
);

CREATE INDEX files_inode ON files(inode);

-- The objects that files hold. A note is one object; a JSON collection has one for each item.
CREATE TABLE data_objects(
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: no new note inherits an old permission
  schema_id INTEGER NOT NULL REFERENCES schemas(id),
  file_path TEXT UNIQUE,            -- 'notes/a.md', 'todos.json#1' for an item; NULL: no file yet
  updated_at TEXT NOT NULL,         -- when this row last changed, by either side
  created_at TEXT NOT NULL,         -- when the object was first seen
  uid TEXT NOT NULL UNIQUE          -- UUIDv7 (RFC 9562): names the object across databases
    DEFAULT (printf('%08x-%04x-7%03x-%04x-%012x',
      CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) >> 16,
      CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) & 65535,
      random() & 4095, 32768 | (random() & 16383), random() & 281474976710655)),
  rev INTEGER NOT NULL DEFAULT 1,   -- counts the changes of content, schema or path
  file_id INTEGER REFERENCES files(id), -- NULL: no file yet
  item_key TEXT,                    -- the item's key within its collection; NULL for a whole file
  base_hash TEXT                    -- of the content_json both sides agreed on; NULL: never agreed
);
CREATE INDEX data_objects_schema ON data_objects(schema_id);
CREATE INDEX data_objects_updated ON data_objects(updated_at);
CREATE INDEX data_objects_file ON data_objects(file_id, item_key);

-- What each object says: exactly the file's words, nothing derived.
CREATE TABLE object_content(
  object_id INTEGER PRIMARY KEY REFERENCES data_objects(id) ON DELETE CASCADE,
  content_json TEXT NOT NULL CHECK(json_valid(content_json))
);

-- Who may see and write each object. One row an object, so that a plain UPDATE grants and revokes.
CREATE TABLE object_permissions(
  object_id INTEGER PRIMARY KEY REFERENCES data_objects(id) ON DELETE CASCADE,
  share_with_ai BOOLEAN NOT NULL DEFAULT FALSE CHECK(share_with_ai IN (0, 1)),
  share_with_cloud BOOLEAN NOT NULL DEFAULT FALSE CHECK(share_with_cloud IN (0, 1)),
  read_only BOOLEAN NOT NULL DEFAULT FALSE CHECK(read_only IN (0, 1)),
  expires_at TEXT NULL              -- sharing ends then; NULL: never
);
CREATE INDEX object_permissions_ai ON object_permissions(share_with_ai);
CREATE INDEX object_permissions_cloud ON object_permissions(share_with_cloud);
-- The few that are read-only.
CREATE INDEX object_permissions_read_only ON object_permissions(object_id) WHERE read_only <> 0;

-- The objects whose permissions somebody has decided on: rules of the settings say nothing about them.
CREATE TABLE nx_decided(
  object_id INTEGER PRIMARY KEY     -- stays when the object is deleted: it may come back
);

-- What rules of the settings share of the others, and which rule it was.
CREATE TABLE nx_default(
  object_id INTEGER PRIMARY KEY,
  ai_rule TEXT,                     -- NULL: not shared with an AI by a rule
  cloud_rule TEXT
);

-- Files whose write bits are taken away because an object of theirs is read-only.
CREATE TABLE nx_lock(
  file_id INTEGER PRIMARY KEY,
  mode_bits INTEGER,                -- the write bits it had, to be given back; NULL: not looked at yet
  is_due BOOLEAN NOT NULL DEFAULT TRUE CHECK(is_due IN (0, 1)), -- the file is to be looked at
  is_broken BOOLEAN NOT NULL DEFAULT FALSE CHECK(is_broken IN (0, 1)) -- it was changed all the same
);

-- What was changed in permissions with SQL, and waits to be recorded in the audit log.
CREATE TABLE nx_permission_edit(
  id INTEGER PRIMARY KEY,
  object_id INTEGER NOT NULL,
  uid TEXT NOT NULL,                -- the object may be gone when it is recorded
  old_ai, old_cloud, old_read_only, old_expires_at, -- the row's columns before, 0 for no row …
  new_ai, new_cloud, new_read_only, new_expires_at  -- … and after
);

-- The row that an INSERT into object_permissions met, from before it until after it.
CREATE TABLE nx_permission_was(
  object_id INTEGER PRIMARY KEY,
  share_with_ai, share_with_cloud, read_only, expires_at
);

-- Deleted objects, kept for 90 days so that one that comes back keeps its id and permissions.
CREATE TABLE nx_tombstone(
  object_id INTEGER PRIMARY KEY,    -- columns as in data_objects and object_permissions
  uid TEXT NOT NULL,
  schema_id INTEGER NOT NULL,
  path TEXT,
  item_key TEXT,
  created_at TEXT NOT NULL,
  rev INTEGER NOT NULL,
  base_hash TEXT,
  file_hash TEXT,                   -- of its file when it was last seen, as are the next two
  inode INTEGER,
  birth_ns INTEGER,
  share_with_ai BOOLEAN NOT NULL,
  share_with_cloud BOOLEAN NOT NULL,
  read_only BOOLEAN NOT NULL,
  expires_at TEXT,
  deleted_at TEXT NOT NULL
);
CREATE INDEX nx_tombstone_path ON nx_tombstone(path);
CREATE INDEX nx_tombstone_file_hash ON nx_tombstone(file_hash);
CREATE INDEX nx_tombstone_inode ON nx_tombstone(inode);
CREATE INDEX nx_tombstone_deleted ON nx_tombstone(deleted_at);

-- What was changed with SQL and no file says yet. Triggers fill it (triggers.sql). Each row is an
-- object as it was before its first change; what it is now, its own row says, and that it was
-- deleted, the lack of one.
CREATE TABLE nx_outbox(
  object_id INTEGER PRIMARY KEY,
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK(state = 'waiting' OR state = 'held' OR state = 'approved'),
  is_new BOOLEAN NOT NULL DEFAULT FALSE CHECK(is_new IN (0, 1)), -- there was nothing before
  changed_at TEXT NOT NULL,         -- the last change
  tries INTEGER NOT NULL DEFAULT 0, -- how often carrying it out failed for a passing cause
  retry_at_ns INTEGER NOT NULL DEFAULT 0, -- not before that time
  uid TEXT NOT NULL,                -- from here on as in data_objects …
  schema_id INTEGER NOT NULL,
  file_id INTEGER,                  -- of a new object: once it has a file
  file_path TEXT,
  item_key TEXT,
  content_json TEXT,                -- … object_content (NULL: not known) …
  base_hash TEXT,
  created_at TEXT NOT NULL,
  rev INTEGER NOT NULL,
  share_with_ai BOOLEAN NOT NULL DEFAULT FALSE, -- … and object_permissions
  share_with_cloud BOOLEAN NOT NULL DEFAULT FALSE,
  read_only BOOLEAN NOT NULL DEFAULT FALSE,
  expires_at TEXT
);
CREATE INDEX nx_outbox_file ON nx_outbox(file_id);

-- The next number for a collection's item that comes without its key, so that a long INSERT need not
-- look through all items for each row. It counts while the feed stands where it stood.
CREATE TABLE nx_next_key(
  schema_id INTEGER PRIMARY KEY,
  key INTEGER NOT NULL,
  seq INTEGER NOT NULL              -- of the last row of changes
);

-- The feed: append-only, each row written in the transaction of the change it tells of.
CREATE TABLE changes(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, -- only ever grows
  at TEXT NOT NULL,
  op TEXT NOT NULL CHECK(op = 'create' OR op = 'update' OR op = 'delete' OR op = 'move'
    OR op = 'permission' OR op = 'schema' OR op = 'recovery'),
  origin TEXT NOT NULL CHECK(origin = 'file' OR origin = 'sql' OR origin = 'api'
    OR origin = 'nexus'),           -- who caused it
  object_id INTEGER,                -- NULL for 'schema' and 'recovery' (another database is in place)
  uid TEXT,                         -- NULL for these, too
  path TEXT,                        -- after the change; the schema's name for 'schema'
  old_path TEXT                     -- where a 'move' came from
);

-- Since when an object is as it is shared now: what happened before is not told to others.
CREATE INDEX changes_permission ON changes(object_id, seq) WHERE op = 'permission';

-- What is wrong with files and refused writes: one row a finding, replaced when the file is read.
CREATE TABLE problems(
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  line INTEGER,                     -- from 1; NULL when it is about the file as a whole
  column INTEGER,                   -- from 1, in code points
  pointer TEXT NOT NULL DEFAULT '', -- JSON Pointer (RFC 6901) of the value
  keyword TEXT NOT NULL,            -- the rule: 'enum', 'yaml', 'duplicate-key', …
  severity TEXT NOT NULL CHECK(severity IN ('error', 'warning')),
  message TEXT NOT NULL,            -- one line
  schema_uri TEXT,                  -- of the schema's keyword
  start INTEGER,                    -- bytes of the file
  end INTEGER
);
CREATE INDEX problems_path ON problems(path);

-- Both sides changed the same object: who won, and all of what lost.
CREATE TABLE conflicts(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  path TEXT NOT NULL,
  object_id INTEGER,
  uid TEXT,
  state TEXT NOT NULL CHECK(state IN ('open', 'settled')),
  winner TEXT NOT NULL CHECK(winner IN ('file', 'database')),
  base_hash TEXT,                   -- of the content both sides came from
  file_version BLOB,                -- the file's bytes; NULL: the file was deleted
  database_version TEXT,            -- the row's content_json; NULL: the row was deleted
  copy_path TEXT,                   -- the losing version as a file, below .nexus/conflicts/
  file_time TEXT,                   -- when the file was changed; NULL: it was deleted
  database_time TEXT,               -- when the row was changed or deleted; NULL: not by SQL
  why TEXT NOT NULL DEFAULT '',     -- what decided: 'the file is newer by 3 s'
  settled_at TEXT,
  resolution TEXT CHECK(resolution IN ('file', 'database', 'both'))
);

-- Every file that Nexus wrote: the bytes before, so that undo can put them back. The row is there
-- before the file is touched, so that a crash in between can be told and mended.
CREATE TABLE history(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  path TEXT NOT NULL,
  object_id INTEGER,                -- NULL where several objects of the file were written
  op TEXT NOT NULL CHECK(op IN ('create', 'update', 'delete', 'move', 'refused')),
  origin TEXT NOT NULL,             -- as in changes
  before BLOB,                      -- the file's bytes; NULL: there was no file
  before_hash TEXT,
  after_hash TEXT,                  -- what stood there afterwards; NULL: no file
  refused TEXT,                     -- for 'refused': the content that was taken back
  undoes INTEGER,                   -- the seq that this write put back
  batch INTEGER,                    -- what was written in one go is undone in one go
  moved_from TEXT,                  -- for 'move': the path before
  temporary TEXT                    -- while the write is under way: the name beside the file
);
CREATE INDEX history_path ON history(path);
CREATE INDEX history_at ON history(at);
CREATE INDEX history_batch ON history(batch);
CREATE INDEX history_temporary ON history(temporary) WHERE temporary IS NOT NULL;

-- What a person asked for by a command: carried out, and answered, by whoever keeps both sides in
-- step, be it the daemon or the command itself.
CREATE TABLE nx_request(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('apply', 'discard', 'undo', 'resolve')),
  argument INTEGER,                 -- of 'undo': a seq of history; of 'resolve': a conflict's id
  choice TEXT,                      -- of 'resolve': 'file', 'database', 'both'
  answer TEXT,                      -- NULL until it is carried out; then '' or what went wrong
  done INTEGER NOT NULL DEFAULT 0   -- how many files it wrote
);

-- Permission changes, and each access through a gate. It holds no content.
CREATE TABLE audit_log(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,              -- 'ai', 'cloud', 'owner', 'unknown'
  action TEXT NOT NULL,             -- 'permission', 'read', 'search', …
  origin TEXT NOT NULL,             -- as in changes
  object_id INTEGER,
  uid TEXT,
  detail_json TEXT,                 -- what changed or was asked for
  previous_hash TEXT,               -- the row before: the chain shows a missing or altered row
  hash TEXT NOT NULL
);

-- What ANALYZE would find in a vault of some size, said beforehand so that plans do not depend on when
-- it ran: a schema has many objects, so a property's index is the better way into a typed view.
ANALYZE nx_meta;
INSERT INTO sqlite_stat1(tbl, idx, stat)
  VALUES('data_objects', 'data_objects_schema', '100000 20000');
ANALYZE sqlite_schema;
