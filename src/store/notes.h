// SPDX-License-Identifier: MIT
/* What is derived from a file: what its note contains, what search finds, what is wrong with it. */
#ifndef STORE_NOTES_H
#define STORE_NOTES_H

#include "model/lines.h"
#include "model/note.h"
#include "model/problem.h"
#include "model/tape.h"
#include "store/store.h"

/** Everything that is derived from one object. Rows that were there before are replaced. */
struct store_derived {
    struct str title;         /* `at` NULL: none */
    struct str body_property; /* the property whose text search finds; `at` NULL: every string */
    struct str body; /* exactly that text, when the caller has it at hand; else `at` NULL */

    /* For a note; else NULL. */
    const struct note *note;
    struct str source;            /* the file's bytes, into which the note's spans point */
    const struct line_map *lines; /* of `source` */
    const struct tape *front; /* the front matter, an object at index 0; NULL: none. A member named
                               * as `body_property` is the body and left out */
};

/** Call it whenever the file's bytes changed: spans move even where the content stays. In a first
 * index once for each object. */
enum nexus_status store_derived_put(struct store *store, int64_t object_id,
                                    const struct store_derived *derived, struct nexus_error *err);

/** Replaces the problems of the file (none: removes them). */
enum nexus_status store_problems_put(struct store *store, struct str path,
                                     const struct problem_list *problems, struct nexus_error *err);

/** Tells one more problem of the path, in place of an earlier one of its keyword. It stays until
 * the file is read again. */
enum nexus_status store_problem_tell(struct store *store, struct str path,
                                     const struct problem *problem, struct nexus_error *err);
/** There is no problem of that keyword (any more). */
enum nexus_status store_problem_drop(struct store *store, struct str path, const char *keyword,
                                     struct nexus_error *err);

/** The paths that have a problem of this keyword, copied into the arena. */
enum nexus_status store_problem_paths(struct store *store, const char *keyword, struct arena *arena,
                                      struct str **ret_paths, size_t *ret_count,
                                      struct nexus_error *err);
/** The paths below .nexus/schemas/ that have problems which a look at the files may clear: refused
 * edits are not among them. */
enum nexus_status store_schema_problem_paths(struct store *store, struct arena *arena,
                                             struct str **ret_paths, size_t *ret_count,
                                             struct nexus_error *err);

#endif
