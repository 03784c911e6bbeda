// SPDX-License-Identifier: MIT
/*
 * Reads a regular expression (ECMA-262, 22.2.1, with the flag "u") into a tree.
 *
 * A plain recursive descent: disjunction, alternative, term, atom. What is only allowed without the
 * flag (Annex B.1.2) is taken in lenient mode, and the first such place is remembered. How many
 * groups there are must be known before the first back reference is judged, so the text is skimmed
 * once before.
 */
#include "base/error.h"
#include "base/utf8.h"
#include "validate/pattern_reader.h"

bool reader_accept_text(struct pattern_reader *reader, const char *text)
{
    struct str rest = str_slice(reader->source, reader->at, reader->source.length);
    if (!str_starts_with(rest, str_of(text)))
        return false;
    reader->at += strlen(text);
    return true;
}

uint32_t reader_next(struct pattern_reader *reader)
{
    return utf8_next(reader->source, &reader->at);
}

bool reader_fail(struct pattern_reader *reader, size_t at, const char *problem)
{
    if (!reader->problem) {
        reader->problem = problem;
        reader->problem_at = at;
        reader->status = NEXUS_ERROR_INVALID;
    }
    return false;
}

bool reader_tolerate(struct pattern_reader *reader, size_t at, const char *what)
{
    if (reader->mode == PATTERN_STRICT)
        return reader_fail(reader, at, what);
    if (!reader->tree->leniency) {
        reader->tree->leniency = what;
        reader->tree->leniency_at = at;
    }
    return true;
}

struct pattern_node *reader_node(struct pattern_reader *reader, enum pattern_kind kind, size_t at)
{
    struct pattern_node *node = arena_alloc(reader->arena, sizeof *node);
    if (node) {
        node->kind = kind;
        node->at = at;
    }
    return node;
}

bool reader_number(struct pattern_reader *reader, uint32_t *number)
{
    int digit = reader_peek(reader, 0);
    if (digit < '0' || digit > '9')
        return false;
    uint64_t value = 0;
    for (; digit >= '0' && digit <= '9'; digit = reader_peek(reader, 0)) {
        value = value * 10 + (uint64_t)(digit - '0');
        if (value >= REPEAT_UNBOUNDED)
            value = REPEAT_UNBOUNDED - 1;
        reader->at++;
    }
    *number = (uint32_t)value;
    return true;
}

bool reader_braces(struct pattern_reader *reader, uint32_t *min, uint32_t *max)
{
    size_t start = reader->at;
    if (reader_accept(reader, '{') && reader_number(reader, min)) {
        *max = *min;
        if (reader_accept(reader, ',') && !reader_number(reader, max))
            *max = REPEAT_UNBOUNDED;
        if (reader_accept(reader, '}'))
            return true;
    }
    reader->at = start;
    return false;
}

static bool take_quantifier(struct pattern_reader *reader, uint32_t *min, uint32_t *max, bool *lazy)
{
    bool found = true;
    *min = 0;
    *max = REPEAT_UNBOUNDED;
    if (reader_accept(reader, '+'))
        *min = 1;
    else if (reader_accept(reader, '?'))
        *max = 1;
    else if (!reader_accept(reader, '*'))
        found = reader_braces(reader, min, max);
    *lazy = found && reader_accept(reader, '?');
    return found;
}

static bool may_be_repeated(struct pattern_reader *reader, const struct pattern_node *atom,
                            size_t at)
{
    switch (atom->kind) {
    case PATTERN_START:
    case PATTERN_END:
    case PATTERN_WORD_EDGE:
    case PATTERN_NOT_WORD_EDGE:
    case PATTERN_BEHIND:
    case PATTERN_NOT_BEHIND: return reader_fail(reader, at, "nothing to repeat");
    case PATTERN_AHEAD:
    case PATTERN_NOT_AHEAD: return reader_tolerate(reader, at, "a repeated look-ahead");
    case PATTERN_EMPTY:
    case PATTERN_CHARACTER:
    case PATTERN_CLASS:
    case PATTERN_GROUP:
    case PATTERN_BACKREFERENCE:
    case PATTERN_SEQUENCE:
    case PATTERN_CHOICE:
    case PATTERN_REPEAT: return true;
    }
    return true;
}

static struct pattern_node *read_repeat(struct pattern_reader *reader, struct pattern_node *atom)
{
    size_t at = reader->at;
    uint32_t min, max;
    bool lazy;
    if (!take_quantifier(reader, &min, &max, &lazy))
        return atom;
    if (!may_be_repeated(reader, atom, at))
        return NULL;
    if (min > max) {
        reader_fail(reader, at, "a repeat whose end comes before its start");
        return NULL;
    }
    struct pattern_node *node = reader_node(reader, PATTERN_REPEAT, atom->at);
    if (node) {
        node->min = min;
        node->max = max;
        node->lazy = lazy;
        node->child = atom;
        node->end = reader->at;
    }
    return node;
}

/** Wraps a list of children: none is PATTERN_EMPTY, one is itself. */
static struct pattern_node *wrap(struct pattern_reader *reader, enum pattern_kind kind,
                                 struct pattern_node *first, size_t at)
{
    if (first && !first->next)
        return first;
    struct pattern_node *node = reader_node(reader, first ? kind : PATTERN_EMPTY, at);
    if (node)
        node->child = first;
    return node;
}

static struct pattern_node *read_alternative(struct pattern_reader *reader)
{
    size_t start = reader->at;
    struct pattern_node *first = NULL, **end = &first;
    for (int c = reader_peek(reader, 0); c >= 0 && c != '|' && c != ')';
         c = reader_peek(reader, 0)) {
        struct pattern_node *atom = reader_atom(reader);
        struct pattern_node *term = atom ? read_repeat(reader, atom) : NULL;
        if (!term)
            return NULL;
        *end = term;
        end = &term->next;
    }
    return wrap(reader, PATTERN_SEQUENCE, first, start);
}

struct pattern_node *reader_disjunction(struct pattern_reader *reader)
{
    size_t start = reader->at;
    struct pattern_node *first = NULL, **end = &first;
    do {
        struct pattern_node *alternative = read_alternative(reader);
        if (!alternative)
            return NULL;
        *end = alternative;
        end = &alternative->next;
    } while (reader_accept(reader, '|'));
    return wrap(reader, PATTERN_CHOICE, first, start);
}

/** `rest` is what stands behind a parenthesis. */
static void count_group(struct pattern_reader *reader, struct str rest)
{
    bool named = str_starts_with(rest, STR("?<")) && !str_starts_with(rest, STR("?<=")) &&
                 !str_starts_with(rest, STR("?<!"));
    if (named)
        reader->has_names = true;
    if (named || !str_starts_with(rest, STR("?")))
        reader->groups_total++;
}

/** Counts the capturing groups ahead of everything else, and sees whether any has a name. */
static void skim(struct pattern_reader *reader)
{
    bool in_class = false;
    struct str s = reader->source;
    for (size_t i = 0; i < s.length; i++) {
        char c = s.at[i];
        if (c == '\\')
            i++;
        else if (in_class || c == '[')
            in_class = c != ']';
        else if (c == '(')
            count_group(reader, str_slice(s, i + 1, s.length));
    }
}

static bool read_all(struct pattern_reader *reader)
{
    struct pattern_tree *tree = reader->tree;
    tree->groups = arena_alloc_array(reader->arena, reader->groups_total + 1, sizeof(void *));
    tree->root = tree->groups ? reader_disjunction(reader) : NULL;
    if (!tree->root)
        return false;
    if (reader->at < reader->source.length)
        return reader_fail(reader, reader->at, "a ) without its (");
    return reader_resolve(reader);
}

enum nexus_status pattern_parse(struct str source, enum pattern_mode mode, struct arena *arena,
                                struct pattern_tree *tree, struct nexus_error *err)
{
    if (source.length > PATTERN_LENGTH_MAX)
        return fail(err, NEXUS_ERROR_LIMIT, "the pattern is longer than %u bytes",
                    PATTERN_LENGTH_MAX);
    *tree = (struct pattern_tree){0};
    struct pattern_reader reader = {.source = source, .mode = mode, .arena = arena, .tree = tree};
    size_t broken = utf8_find_invalid(source);
    if (broken != STR_NONE)
        return fail(err, NEXUS_ERROR_INVALID, "the pattern is not UTF-8 at byte %zu", broken + 1);
    skim(&reader);
    if (read_all(&reader) && !arena->failed)
        return NEXUS_OK;
    if (arena->failed || !reader.problem)
        return fail_no_memory(err);
    struct str before = str_slice(source, 0, reader.problem_at);
    return fail(err, reader.status, "bad pattern '%.*s': %s (at character %zu)",
                STR_ARG(str_slice(source, 0, PATTERN_QUOTE_MAX)), reader.problem,
                utf8_count(before) + 1);
}
