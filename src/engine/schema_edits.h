// SPDX-License-Identifier: MIT
/*
 * Edits of the rows of `schemas` by SQL. A row that was inserted or whose definition was changed is
 * a candidate like a file that somebody dropped in; a good one becomes the file
 * `.nexus/schemas/NAME.json`, which is where a vault keeps its schemas. A bad one is taken back and
 * told. Where the file was changed as well, the file counts. Rows cannot be renamed or deleted
 * (`nexus schema remove` looks whether somebody uses it).
 */
#ifndef ENGINE_SCHEMA_EDITS_H
#define ENGINE_SCHEMA_EDITS_H

#include "engine/candidates.h"

/** Reads the edits, and makes candidates of those that may count. The registered rows are read. */
enum nexus_status schema_edits_enter(struct candidates *candidates, struct store *store,
                                     struct nexus_error *err);

/** Writes the files of the good ones. No transaction must be open. */
enum nexus_status schema_edits_write_files(const struct candidates *candidates, int nexus_fd,
                                           struct nexus_error *err);

/** Inside a transaction, before any candidate is put: brings back what is renamed or missing. */
enum nexus_status schema_edits_bring_back(struct store *store, const struct candidates *candidates,
                                          struct nexus_error *err);

/** Inside a transaction, after all good candidates are put: takes back the rows that do not count,
 *  and tells why. */
enum nexus_status schema_edits_take_back(struct store *store, struct candidates *candidates,
                                         struct nexus_error *err);

/** Puts a schema's text into its file below `.nexus/schemas/`. */
enum nexus_status schema_file_write(int nexus_fd, struct str name, struct str text,
                                    struct nexus_error *err);

#endif
