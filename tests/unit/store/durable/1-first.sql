-- SPDX-License-Identifier: MIT
-- The durable half of the database: what the files cannot tell again. It is created once and then
-- only changed by numbered upgrades (PRAGMA user_version). Whatever a file says about itself lives
-- in derived.sql, which may be dropped and rebuilt at any time.
--
-- Anybody may open this database with a stock sqlite3 shell: nothing here needs a function that
-- only Nexus defines. Names that begin with nx_ are nobody's business and may change.
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
  ctime_ns INTEGER NOT NULL DEFAULT 0, -- with inode and device: tells versions apart without reading
  inode INTEGER NOT NULL DEFAULT 0,
  device INTEGER NOT NULL DEFAULT 0,
  racy BOOLEAN NOT NULL DEFAULT FALSE  -- looked at within the clock tick of its last change: hash again
    CHECK(racy IN (0, 1))
);

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
  device INTEGER,
  share_with_ai BOOLEAN NOT NULL,
  share_with_cloud BOOLEAN NOT NULL,
  read_only BOOLEAN NOT NULL,
  expires_at TEXT,
  deleted_at TEXT NOT NULL
);
CREATE INDEX nx_tombstone_path ON nx_tombstone(path);
CREATE INDEX nx_tombstone_file_hash ON nx_tombstone(file_hash);
CREATE INDEX nx_tombstone_deleted ON nx_tombstone(deleted_at);

-- The feed: append-only, each row written in the transaction of the change it tells of.
CREATE TABLE changes(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, -- only ever grows
  at TEXT NOT NULL,
  op TEXT NOT NULL CHECK(op IN ('create', 'update', 'delete', 'move', 'permission', 'schema')),
  origin TEXT NOT NULL CHECK(origin IN ('file', 'sql', 'api', 'nexus')), -- who caused it
  object_id INTEGER,                -- NULL for 'schema'
  uid TEXT,                         -- NULL for 'schema'
  path TEXT,                        -- after the change; the schema's name for 'schema'
  old_path TEXT                     -- where a 'move' came from
);

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
  settled_at TEXT,
  resolution TEXT CHECK(resolution IN ('file', 'database', 'both'))
);

-- Every file that Nexus wrote: the bytes before, so that undo can put them back.
CREATE TABLE history(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  path TEXT NOT NULL,
  object_id INTEGER,
  op TEXT NOT NULL CHECK(op IN ('create', 'update', 'delete', 'move', 'refused')),
  origin TEXT NOT NULL,             -- as in changes
  before BLOB,                      -- the file's bytes; NULL: there was no file
  before_hash TEXT,
  after_hash TEXT,                  -- what stood there afterwards; NULL: no file
  refused TEXT,                     -- for 'refused': the content that was taken back
  undoes INTEGER                    -- the seq that this write put back
);
CREATE INDEX history_path ON history(path);
CREATE INDEX history_at ON history(at);

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
