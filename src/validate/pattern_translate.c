// SPDX-License-Identifier: MIT
/*
 * The tree, said in PCRE2's language.
 *
 * Nothing of the source is copied: what PCRE2 reads differently (\d, \s, \v, `.`, `$`, names of
 * properties, surrogate pairs, empty classes) is spelled out as code points, and what only PCRE2
 * knows
 * (\A, \Q, (?i), possessive repeats) cannot appear. Groups keep their numbers and lose their names.
 */
#include "validate/pattern_translate.h"
#include "base/error.h"

#include "validate/pattern_backreference.h"

/* PCRE2 counts repeats in 16 bits. */
#define REPEAT_MAX 65535u

/* Surrogates are no characters of a UTF-8 text, and PCRE2 takes none. */
#define SURROGATE_FIRST 0xD800u
#define SURROGATE_LAST 0xDFFFu

static bool is_surrogate(uint32_t c)
{
    return c >= SURROGATE_FIRST && c <= SURROGATE_LAST;
}

static void add_character(struct strbuf *out, uint32_t c)
{
    bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_surrogate(c))
        strbuf_add_text(out, "(?!)");
    else if (plain)
        strbuf_add_char(out, (char)c);
    else
        strbuf_addf(out, "\\x{%x}", c);
}

static void add_range(struct strbuf *out, uint32_t first, uint32_t last)
{
    if (is_surrogate(first))
        first = SURROGATE_LAST + 1;
    if (is_surrogate(last))
        last = SURROGATE_FIRST - 1;
    if (first > last)
        return;
    add_character(out, first);
    if (last == first)
        return;
    if (last > first + 1)
        strbuf_add_char(out, '-');
    add_character(out, last);
}

static void add_gaps(struct strbuf *out, const struct pattern_set *set)
{
    uint32_t next = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (set->ranges[i].first > next)
            add_range(out, next, set->ranges[i].first - 1);
        next = set->ranges[i].last + 1;
    }
}

static void add_properties(struct strbuf *out, const struct pattern_set *set)
{
    for (const struct pattern_property *p = set->properties; p; p = p->next)
        strbuf_addf(out, "\\%c{%s%s}", p->meaning.negated ? 'P' : 'p', p->meaning.prefix,
                    p->meaning.name);
}

static bool holds_everything(const struct pattern_set *set)
{
    return set->count == 1 && set->ranges[0].first == 0 && set->ranges[0].last == CODE_POINT_LAST;
}

/** Does the class hold only surrogates, and so nothing? */
static bool holds_nothing(const struct pattern_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (!is_surrogate(set->ranges[i].first) || !is_surrogate(set->ranges[i].last))
            return false;
    return !set->properties;
}

static void add_class(struct strbuf *out, const struct pattern_set *set)
{
    bool open_end = set->count && set->ranges[set->count - 1].last == CODE_POINT_LAST;
    if (holds_nothing(set)) {
        strbuf_add_text(out, "(?!)");
    } else if (!set->properties && holds_everything(set)) {
        strbuf_add_text(out, "(?s:.)");
    } else if (!set->properties && open_end) {
        /* Nearly always a complement, and shorter and faster said as one. */
        strbuf_add_text(out, "[^");
        add_gaps(out, set);
        strbuf_add_char(out, ']');
    } else {
        strbuf_add_text(out, set->negated ? "[^" : "[");
        for (size_t i = 0; i < set->count; i++)
            add_range(out, set->ranges[i].first, set->ranges[i].last);
        add_properties(out, set);
        strbuf_add_char(out, ']');
    }
}

static enum nexus_status add_node(const struct pattern_tree *tree, const struct pattern_node *node,
                                  struct strbuf *out, struct nexus_error *err);

static enum nexus_status add_children(const struct pattern_tree *tree,
                                      const struct pattern_node *node, const char *between,
                                      struct strbuf *out, struct nexus_error *err)
{
    for (const struct pattern_node *child = node->child; child; child = child->next) {
        if (child != node->child)
            strbuf_add_text(out, between);
        TRY(add_node(tree, child, out, err));
    }
    return NEXUS_OK;
}

/** In parentheses. A choice that fills them needs none of its own: PCRE2 lets the branches of a
 *  look-behind differ in length only when they are its very own. */
static enum nexus_status add_wrapped(const struct pattern_tree *tree, const char *opening,
                                     const struct pattern_node *node, const char *between,
                                     struct strbuf *out, struct nexus_error *err)
{
    strbuf_add_text(out, opening);
    const struct pattern_node *only = node->child;
    while (only && !only->next && only->kind == PATTERN_SEQUENCE)
        only = only->child;
    if (only && !only->next && only->kind == PATTERN_CHOICE)
        TRY(add_children(tree, only, "|", out, err));
    else
        TRY(add_children(tree, node, between, out, err));
    strbuf_add_char(out, ')');
    return NEXUS_OK;
}

/** Is it said so that a repeat behind it means all of it, and it may be repeated? */
static bool is_one_item(const struct pattern_node *node)
{
    return node->kind == PATTERN_CHARACTER || node->kind == PATTERN_CLASS ||
           node->kind == PATTERN_GROUP || node->kind == PATTERN_CHOICE;
}

static enum nexus_status add_repeat(const struct pattern_tree *tree,
                                    const struct pattern_node *node, struct strbuf *out,
                                    struct nexus_error *err)
{
    bool bounded = node->max != REPEAT_UNBOUNDED;
    if (node->min > REPEAT_MAX || (bounded && node->max > REPEAT_MAX))
        return fail(err, NEXUS_ERROR_INVALID, "unsupported: a repeat of more than %u times",
                    REPEAT_MAX);
    bool wrapped = !is_one_item(node->child);
    strbuf_add_text(out, wrapped ? "(?:" : "");
    TRY(add_node(tree, node->child, out, err));
    strbuf_add_text(out, wrapped ? ")" : "");
    if (bounded)
        strbuf_addf(out, "{%u,%u}", node->min, node->max);
    else
        strbuf_addf(out, "{%u,}", node->min);
    /* Which of the two comes first matters only to what a look-around leaves in its groups. */
    strbuf_add_text(out, node->lazy ? "?" : "");
    return NEXUS_OK;
}

static enum nexus_status add_reference(const struct pattern_tree *tree,
                                       const struct pattern_node *node, struct strbuf *out,
                                       struct nexus_error *err)
{
    uint32_t group = tree->groups[node->group]->group;
    if (!group)
        return NEXUS_OK;
    TRY(pattern_backreference_check(tree, node, err));
    strbuf_addf(out, "\\g{%u}", group);
    return NEXUS_OK;
}

static enum nexus_status add_node(const struct pattern_tree *tree, const struct pattern_node *node,
                                  struct strbuf *out, struct nexus_error *err)
{
    switch (node->kind) {
    case PATTERN_EMPTY: return NEXUS_OK;
    case PATTERN_CHARACTER: add_character(out, node->code_point); return NEXUS_OK;
    case PATTERN_CLASS: add_class(out, node->set); return NEXUS_OK;
    case PATTERN_START: strbuf_add_text(out, "\\A"); return NEXUS_OK;
    case PATTERN_END: strbuf_add_text(out, "\\z"); return NEXUS_OK;
    case PATTERN_WORD_EDGE: strbuf_add_text(out, "\\b"); return NEXUS_OK;
    case PATTERN_NOT_WORD_EDGE: strbuf_add_text(out, "\\B"); return NEXUS_OK;
    case PATTERN_AHEAD: return add_wrapped(tree, "(?=", node, "", out, err);
    case PATTERN_NOT_AHEAD: return add_wrapped(tree, "(?!", node, "", out, err);
    case PATTERN_BEHIND: return add_wrapped(tree, "(?<=", node, "", out, err);
    case PATTERN_NOT_BEHIND: return add_wrapped(tree, "(?<!", node, "", out, err);
    case PATTERN_GROUP: return add_wrapped(tree, "(", node, "", out, err);
    case PATTERN_BACKREFERENCE: return add_reference(tree, node, out, err);
    case PATTERN_SEQUENCE: return add_children(tree, node, "", out, err);
    case PATTERN_CHOICE: return add_wrapped(tree, "(?:", node, "|", out, err);
    case PATTERN_REPEAT: return add_repeat(tree, node, out, err);
    }
    return NEXUS_OK;
}

enum nexus_status pattern_translate(const struct pattern_tree *tree, struct strbuf *out,
                                    struct nexus_error *err)
{
    TRY(add_node(tree, tree->root, out, err));
    return out->failed ? fail_no_memory(err) : NEXUS_OK;
}
