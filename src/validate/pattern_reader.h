// SPDX-License-Identifier: MIT
/* What the files that read a pattern share: the place in the text, and the first thing wrong. */
#ifndef VALIDATE_PATTERN_READER_H
#define VALIDATE_PATTERN_READER_H

#include "validate/pattern_tree.h"

struct pattern_reader {
    struct str source;
    size_t at;
    enum pattern_mode mode;
    struct arena *arena;
    struct pattern_tree *tree;
    bool has_names;        /* there is a (?<name>…) somewhere, so \k is always a reference */
    uint32_t groups_total; /* in the whole text; tree->group_count are read already */
    unsigned depth;
    const char *problem; /* the first thing wrong, or NULL. Static */
    size_t problem_at;
    enum nexus_status status;
};

/** The byte `ahead` places on, or -1 behind the end. */
static inline int reader_peek(const struct pattern_reader *reader, size_t ahead)
{
    size_t at = reader->at + ahead;
    return at < reader->source.length ? (unsigned char)reader->source.at[at] : -1;
}

static inline bool reader_accept(struct pattern_reader *reader, char c)
{
    if (reader_peek(reader, 0) != c)
        return false;
    reader->at++;
    return true;
}

bool reader_accept_text(struct pattern_reader *reader, const char *text);

/** Takes one whole character. */
uint32_t reader_next(struct pattern_reader *reader);

/** Remembers the first problem; always false. */
bool reader_fail(struct pattern_reader *reader, size_t at, const char *problem);

/** For what only Annex B allows: true, and remembered, in lenient mode; else a problem. */
bool reader_tolerate(struct pattern_reader *reader, size_t at, const char *what);

struct pattern_node *reader_node(struct pattern_reader *reader, enum pattern_kind kind, size_t at);

bool reader_number(struct pattern_reader *reader, uint32_t *number);

/** `{2}`, `{2,}` or `{2,5}`; nothing is taken when it is not that. */
bool reader_braces(struct pattern_reader *reader, uint32_t *min, uint32_t *max);

/* Each returns NULL after a problem, or when memory is out. */
struct pattern_node *reader_disjunction(struct pattern_reader *reader);
struct pattern_node *reader_atom(struct pattern_reader *reader);

/** Looks at the whole tree once more, see pattern_resolve.c. False after a problem. */
bool reader_resolve(struct pattern_reader *reader);

/* What stands behind a backslash. */
enum escape_place { ESCAPE_OUTSIDE, ESCAPE_IN_CLASS };
enum escape_kind { ESCAPE_FAILED, ESCAPE_CHARACTER, ESCAPE_SET };

/** Reads an escape that stands for one character or a set of them; the backslash is taken already.
 *  For a set, its members are added to `set`. */
enum escape_kind reader_escape(struct pattern_reader *reader, enum escape_place place,
                               struct pattern_set *set, uint32_t *code_point);

/** Reads `\u` and what follows; the backslash and the `u` are taken already. */
bool reader_unicode_escape(struct pattern_reader *reader, uint32_t *code_point);

/** Reads up to the `]`; the `[` is taken already. NULL on failure. */
struct pattern_set *reader_class(struct pattern_reader *reader);

/** Reads a group's name up to its `>`; the `<` is taken already. */
bool reader_group_name(struct pattern_reader *reader, struct str *name);

#endif
