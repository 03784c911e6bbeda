// SPDX-License-Identifier: MIT
/*
 * A regular expression as a tree: what the reader makes and the translator and the fast matcher
 * use.
 */
#ifndef VALIDATE_PATTERN_TREE_H
#define VALIDATE_PATTERN_TREE_H

#include "nexus/error.h"
#include "validate/pattern.h"
#include "validate/pattern_set.h"

/* A schema is written by hand: 64 KiB is far beyond any real pattern, and bounds what follows. */
#define PATTERN_LENGTH_MAX 65536u
/* Parentheses in parentheses; bounds every recursion over the tree. */
#define PATTERN_DEPTH_MAX 200u
#define REPEAT_UNBOUNDED UINT32_MAX
/* How many of a pattern's bytes an error message shows. */
#define PATTERN_QUOTE_MAX 80u

enum pattern_kind {
    PATTERN_EMPTY,         /* matches, and takes nothing */
    PATTERN_CHARACTER,     /* `code_point` */
    PATTERN_CLASS,         /* one of `set` */
    PATTERN_START,         /* ^ */
    PATTERN_END,           /* $ */
    PATTERN_WORD_EDGE,     /* \b */
    PATTERN_NOT_WORD_EDGE, /* \B */
    PATTERN_AHEAD,         /* (?=child) */
    PATTERN_NOT_AHEAD,     /* (?!child) */
    PATTERN_BEHIND,        /* (?<=child) */
    PATTERN_NOT_BEHIND,    /* (?<!child) */
    PATTERN_GROUP,         /* (child): capturing, numbered `group` */
    PATTERN_BACKREFERENCE, /* \1 or \k<name>: `group` */
    PATTERN_SEQUENCE,      /* the children, one behind the other */
    PATTERN_CHOICE,        /* one of the children */
    PATTERN_REPEAT,        /* the child, `min` to `max` times */
};

struct pattern_node {
    enum pattern_kind kind;
    struct pattern_node *parent;
    struct pattern_node *child; /* the first one */
    struct pattern_node *next;  /* the next child of the same parent */
    size_t at, end;             /* its bytes in the source; `end` for groups and repeats only */
    uint32_t code_point, min, max;
    uint32_t group; /* of a reference: an index of tree->groups; of a group: how many groups that a
                       match can enter open up to here, or 0 if this is none of them */
    bool lazy;      /* a repeat that would rather stop */
    bool may_be_empty; /* can match without taking a character */
    struct str name;   /* a group's name, or the name that a back reference asks for */
    struct pattern_set *set;
};

struct pattern_tree {
    struct pattern_node *root;
    struct pattern_node **groups; /* groups[1] … groups[group_count] */
    uint32_t group_count;
    const char *leniency; /* the first thing that only Annex B takes, or NULL. Static */
    size_t leniency_at;   /* byte offset in the source */
};

/** Reads a pattern into `arena`; the names point into it. NEXUS_ERROR_INVALID, NEXUS_ERROR_LIMIT or
 *  NEXUS_ERROR_NO_MEMORY. */
enum nexus_status pattern_parse(struct str source, enum pattern_mode mode, struct arena *arena,
                                struct pattern_tree *tree, struct nexus_error *err);

#endif
