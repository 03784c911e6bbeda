// SPDX-License-Identifier: MIT
/* Private to this folder: one object whose derived rows are being written. */
#ifndef STORE_DERIVED_H
#define STORE_DERIVED_H

#include "store/internal.h"
#include "store/notes.h"

struct derived_target {
    struct store *store;
    int64_t object_id;
    const struct store_derived *derived;
    int64_t file_id; /* 0: the object has no file */
    struct str path; /* of the file: what its links start from */
    bool is_whole_file;
};

/** rows.c: everything that the note holds. There must be no rows of the object. */
enum nexus_status derived_put_rows(const struct derived_target *target, const struct note *note,
                                   struct nexus_error *err);

#endif
