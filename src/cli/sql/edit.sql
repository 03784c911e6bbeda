-- SPDX-License-Identifier: MIT

-- Where an object is, and whether as an item of a file that has others.
-- name: place
SELECT file_path, item_key IS NOT NULL FROM data_objects WHERE id = :id;
