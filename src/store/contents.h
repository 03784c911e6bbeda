// SPDX-License-Identifier: MIT
/* The objects of one schema with what they say: for judging them again when the schema changes. */
#ifndef STORE_CONTENTS_H
#define STORE_CONTENTS_H

#include "store/store.h"

struct store_content {
    int64_t object_id, file_id; /* file_id 0: it has no file yet */
    struct str path;            /* of its file */
    enum file_state file_state;
    struct str content_json;
};

struct store_contents;

/** Reads ahead in pages, so rows may be written while it runs. Schema id 0: of all schemas. */
enum nexus_status store_contents_open(struct store *store, int64_t schema_id,
                                      struct store_contents **ret_contents,
                                      struct nexus_error *err);
/** The next object, or NULL behind the last. Borrowed until the next step. */
enum nexus_status store_contents_next(struct store_contents *contents,
                                      const struct store_content **ret_content,
                                      struct nexus_error *err);
void store_contents_close(struct store_contents *contents);

/** What the file contains has to be derived again: it loses its `is_indexed`. */
enum nexus_status store_file_unindex(struct store *store, int64_t file_id, struct nexus_error *err);

/** The same for every file whose problems' keyword is this one. */
enum nexus_status store_files_unindex_by_problem(struct store *store, const char *keyword,
                                                 struct nexus_error *err);

/** The same for every file that breaks a schema. */
enum nexus_status store_files_unindex_violating(struct store *store, struct nexus_error *err);

/** The same for every file that is invalid. */
enum nexus_status store_files_unindex_invalid(struct store *store, struct nexus_error *err);

#endif
