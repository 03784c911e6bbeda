-- SPDX-License-Identifier: MIT

-- Tasks in the order of their files; with a range of days, by day. :all 0 leaves out what is done or
-- cancelled; :from and :until are days, and '' when no day is asked for.
-- name: tasks
SELECT path, line, status, done, text, due, scheduled, starts, created, completed, cancelled,
       priority, recurrence, heading, block, object_id, start, end
  FROM tasks
 WHERE (:all OR (NOT done AND status <> '-' AND cancelled IS NULL))
   AND (:until = '' OR due BETWEEN :from AND :until)
 ORDER BY CASE WHEN :until = '' THEN '' ELSE due END, path, start;
