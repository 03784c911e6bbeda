// SPDX-License-Identifier: MIT
/* Files that were compiled in: SQL, the built-in schemas, the texts of the help. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/str.h"

struct embedded_file {
    const char *path; /* below the project's top, such as "schemas/core.note.json" */
    struct str text;  /* NUL-terminated behind its length */
};

/** Ends with an entry whose path is NULL; sorted by path. */
extern const struct embedded_file embedded_files[];

/** The file's text. The path must be one that was compiled in (anything else is a bug). */
struct str embedded_text(const char *path);

#endif
