// SPDX-License-Identifier: MIT
/*
 * What a Markdown note contains beside its properties: the noun between the Markdown reader and the
 * index. All texts are borrowed, from the file's bytes or from the arena; spans are byte offsets in
 * the file.
 */
#ifndef MODEL_NOTE_H
#define MODEL_NOTE_H

#include "base/arena.h"

struct span {
    uint32_t start, end;
};

enum link_kind { LINK_WIKI, LINK_MARKDOWN, LINK_EMBED, LINK_EXTERNAL, LINK_FRONTMATTER };

/** [[target#heading|alias]], [[target#^block]], ![[target]], [alias](target#heading), <https://…>.
 */
struct note_link {
    enum link_kind kind;
    struct span span;    /* from the first bracket to the last */
    struct str raw;      /* the bytes of the span, as written */
    struct str target;   /* decoded path or URL, without heading and block; empty: this very note */
    struct str alias;    /* the text shown, when it is not the target */
    struct str heading;  /* without '#'; nested ones keep theirs: "A#B" */
    struct str block;    /* without '#^' */
    struct str property; /* LINK_FRONTMATTER: the property it stands in, as a JSON Pointer */
};

struct note_tag {
    struct span span;
    struct str name; /* without '#', as written: "project/nexus" */
};

struct note_alias {
    struct span span;
    struct str name;
};

struct note_heading {
    struct span span; /* the whole heading, marks included */
    unsigned level;   /* 1 to 6 */
    struct str text;  /* as a reader sees it: no markup */
};

struct note_task {
    struct span span;   /* from the list mark to the end of its own first paragraph */
    struct span status; /* the one character between the brackets */
    struct str text;    /* the source text behind the box, dates included */
    struct str heading; /* the nearest heading above, empty if none */
    unsigned depth;     /* 0 for a top-level item */
    bool done;          /* status is x or X */
    struct str due, done_on, created, start, scheduled, cancelled; /* YYYY-MM-DD, empty if none */
    struct str priority; /* "highest", "high", "medium", "low", "lowest" or empty */
    struct str recurrence;
    struct str block; /* its block id, empty if none */
};

/** `key:: value`, `[key:: value]`, `(key:: value)`. */
struct note_property {
    struct span span;
    struct str key;   /* as written, trimmed, without emphasis marks */
    struct str value; /* trimmed */
};

struct note_block {
    struct span span; /* the `^id` itself */
    struct str id;    /* without '^' */
};

struct note {
    struct note_link *links;
    struct note_tag *tags;
    struct note_alias *aliases;
    struct note_heading *headings;
    struct note_task *tasks;
    struct note_property *properties;
    struct note_block *blocks;
    size_t link_count, tag_count, alias_count, heading_count, task_count, property_count,
        block_count;
    struct str
        lead; /* the first paragraph as a reader sees it, at most 500 bytes, whole characters */
    uint32_t words; /* of the body, as a reader sees it */
    bool truncated; /* a limit was reached: the file holds more than is listed here */
};

#endif
