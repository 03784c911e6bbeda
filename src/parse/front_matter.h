// SPDX-License-Identifier: MIT
/*
 * Where a Markdown file's front matter ends and its body starts. The cut is by lines alone, as
 * every tool does it: a `---` in column 0 closes the front matter even inside quotes.
 */
#ifndef PARSE_FRONT_MATTER_H
#define PARSE_FRONT_MATTER_H

#include "model/note.h"
#include "model/problem.h"

enum front_matter_kind {
    FRONT_MATTER_NONE,
    FRONT_MATTER_YAML, /* --- … --- or --- … ... */
    FRONT_MATTER_JSON, /* ---json … --- or ;;; … ;;; */
    FRONT_MATTER_TOML, /* +++ … +++ */
};

struct front_matter {
    enum front_matter_kind kind;
    struct span block; /* from the opening line to the end of the closing one, its line break too */
    struct span
        content; /* the lines between; both are empty, at the body's start, when there is none */
    uint32_t body_start; /* behind the block, or behind the byte order mark */
};

/** Finds the front matter of a file (under 4 GiB). One that is opened and never closed is no front
 *  matter; where it looks as if it was meant as one, `problems` (NULL allowed) gets a warning. */
struct front_matter front_matter_cut(struct str source, struct problem_list *problems);

#endif
