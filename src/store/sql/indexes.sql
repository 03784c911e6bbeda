-- SPDX-License-Identifier: MIT
-- Indexes of the derived tables. The first index of a vault makes them last, from sorted rows,
-- which takes a third of the time; IF NOT EXISTS makes that step repeatable.

-- `tag = 'a'` and `tag LIKE 'a/%'`.
CREATE INDEX IF NOT EXISTS nx_tag_tag ON nx_tag(tag);
CREATE INDEX IF NOT EXISTS nx_tag_folded ON nx_tag(folded) WHERE folded IS NOT NULL;
-- The links that mention a name: what a new or vanished file may change.
CREATE INDEX IF NOT EXISTS nx_link_key ON nx_link(key) WHERE key IS NOT NULL;
-- Backlinks.
CREATE INDEX IF NOT EXISTS nx_link_target ON nx_link(target_file) WHERE target_file IS NOT NULL;
-- `due BETWEEN …`.
CREATE INDEX IF NOT EXISTS nx_task_due ON nx_task(due) WHERE due IS NOT NULL;
-- `key = 'status' AND value = 'done'`.
CREATE INDEX IF NOT EXISTS nx_property_key ON nx_property(key, value);
