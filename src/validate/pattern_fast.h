// SPDX-License-Identifier: MIT
/*
 * Patterns that need no regex engine.
 *
 * Most patterns of real schemas say a prefix, a list of words, or a few classes in a row, and at
 * each character there is one way to go on only. Those are matched by a straight walk, without
 * backtracking: no limit is needed, and none can be hit. What is decided when, pattern_fast_build.c
 * tells.
 */
#ifndef VALIDATE_PATTERN_FAST_H
#define VALIDATE_PATTERN_FAST_H

#include "validate/pattern_tree.h"

/* What the first byte of a character tells about it. */
enum byte_verdict {
    BYTE_OUT, /* not in the set */
    BYTE_IN,  /* in the set; so is a continuation byte, if anything beyond ASCII may be */
    BYTE_ASK, /* look at the ranges */
};

struct fast_set {
    uint8_t bytes[256]; /* enum byte_verdict */
    bool ascii_only;
    const struct code_range *ranges; /* the whole set, sorted */
    size_t range_count;
};

enum fast_kind {
    FAST_TEXT,   /* these very bytes */
    FAST_PLACES, /* as many ASCII characters as there are `places`, each of the class that stands
                    there */
    FAST_RUN,    /* `min` to `max` characters of `set` */
    FAST_REST,   /* the same, and all of the text but what the FAST_TEXT behind it takes */
    FAST_LOOP,   /* `children`, `min` to `max` times; a turn starts with one of `set` */
    FAST_CHOICE, /* each of `children` is a FAST_BRANCH */
    FAST_BRANCH, /* `children`, taken when the next character is one of `set` */
};

struct fast_item {
    enum fast_kind kind;
    bool may_be_empty; /* of a choice */
    uint32_t min, max;
    struct str text;
    const uint16_t *places; /* one bit of pattern_fast.classes each */
    size_t place_count;
    struct fast_set *set;
    struct fast_item *children;
    struct fast_item *next;
    const struct pattern_set *members; /* of a run, for the builder */
};

enum fast_shape {
    FAST_WORDS,   /* one of `words`, sorted, is the text, its start, its end or inside */
    FAST_HOLDS,   /* some character is in items->set */
    FAST_PROGRAM, /* `items` from the start */
};

struct pattern_fast {
    enum fast_shape shape;
    bool from_start, to_end; /* what must coincide: ^ and $ */
    const struct str *words;
    size_t word_count;
    const struct fast_item *items;
    const uint16_t
        *classes; /* by byte: in which of up to 16 classes it is; NULL without FAST_PLACES */
};

/** The pattern's fast form, in `arena`; NULL when it needs the engine (or memory is out). */
struct pattern_fast *pattern_fast_build(const struct pattern_tree *tree, struct arena *arena);

/** The same in one block of `arena`, which is empty, without what only the builder needed. NULL
 * when memory is out. */
struct pattern_fast *pattern_fast_copy(const struct pattern_fast *fast, struct arena *scratch,
                                       struct arena *arena);

bool pattern_fast_match(const struct pattern_fast *fast, struct str subject);

#endif
