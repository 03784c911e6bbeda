// SPDX-License-Identifier: MIT
/*
 * The second look at a pattern, when all of it is a tree: names become numbers, every node learns
 * its parent and whether it may be empty, and what can never take part in a match is cut off.
 *
 * Cut off are the bodies of a{0} and, by Annex B, (?=a)*: ECMA-262 undoes an optional turn that
 * takes nothing, so an optional look-ahead does nothing at all. A reference to a group in there
 * matches the empty text, as one to any group that is not set.
 */
#include "validate/pattern_reader.h"

#include <assert.h>
#include <stdlib.h>

static int compare_names(const void *a, const void *b)
{
    const struct pattern_node *const *left = a, *const *right = b;
    return str_compare((*left)->name, (*right)->name);
}

/* The groups that have a name, sorted by it. */
struct name_index {
    struct pattern_node **groups;
    size_t count;
};

static bool index_names(struct pattern_reader *reader, struct name_index *names)
{
    struct pattern_tree *tree = reader->tree;
    names->count = 0;
    names->groups = arena_alloc_array(reader->arena, tree->group_count + 1, sizeof(void *));
    for (uint32_t i = 1; names->groups && i <= tree->group_count; i++)
        if (tree->groups[i]->name.length)
            names->groups[names->count++] = tree->groups[i];
    if (!names->groups || !names->count)
        return names->groups != NULL;
    qsort(names->groups, names->count, sizeof(void *), compare_names);
    for (size_t i = 1; i < names->count; i++)
        if (str_equal(names->groups[i - 1]->name, names->groups[i]->name))
            return reader_fail(reader, names->groups[i]->at, "two groups with the same name");
    return true;
}

static bool may_be_empty(const struct pattern_node *node)
{
    bool any = false, all = true;
    for (const struct pattern_node *child = node->child; child; child = child->next) {
        any = any || child->may_be_empty;
        all = all && child->may_be_empty;
    }
    switch (node->kind) {
    case PATTERN_CHARACTER:
    case PATTERN_CLASS: return false;
    case PATTERN_CHOICE: return any;
    case PATTERN_REPEAT: return node->min == 0 || all;
    case PATTERN_GROUP:
    case PATTERN_SEQUENCE: return all;
    case PATTERN_EMPTY:
    case PATTERN_START:
    case PATTERN_END:
    case PATTERN_WORD_EDGE:
    case PATTERN_NOT_WORD_EDGE:
    case PATTERN_AHEAD:
    case PATTERN_NOT_AHEAD:
    case PATTERN_BEHIND:
    case PATTERN_NOT_BEHIND:
    case PATTERN_BACKREFERENCE: return true;
    }
    return true;
}

static bool is_idle(const struct pattern_node *node)
{
    if (node->kind != PATTERN_REPEAT)
        return false;
    assert(node->child);
    enum pattern_kind kind = node->child->kind;
    return node->max == 0 ||
           (node->min == 0 && (kind == PATTERN_AHEAD || kind == PATTERN_NOT_AHEAD));
}

static void cut_off(struct pattern_node *node)
{
    node->kind = PATTERN_EMPTY;
    node->child = NULL;
}

/** Gives the groups that are left the numbers that they have without the others, and the others 0.
 */
static void renumber_groups(struct pattern_tree *tree)
{
    uint32_t left = 0;
    for (uint32_t i = 1; i <= tree->group_count; i++) {
        const struct pattern_node *node = tree->groups[i];
        while (node->parent && node->kind != PATTERN_EMPTY)
            node = node->parent;
        tree->groups[i]->group = node->kind == PATTERN_EMPTY ? 0 : ++left;
    }
}

static bool find_group(struct pattern_reader *reader, const struct name_index *names,
                       struct pattern_node *reference)
{
    struct pattern_node **found = NULL;
    if (names->count)
        found = bsearch(&reference, names->groups, names->count, sizeof(void *), compare_names);
    if (!found)
        return reader_fail(reader, reference->at, "a reference to a group that is not there");
    reference->group = (*found)->group;
    return true;
}

static bool resolve_node(struct pattern_reader *reader, const struct name_index *names,
                         struct pattern_node *node)
{
    if (node->kind == PATTERN_BACKREFERENCE && node->name.length &&
        !find_group(reader, names, node))
        return false;
    for (struct pattern_node *child = node->child; child; child = child->next) {
        child->parent = node;
        if (!resolve_node(reader, names, child))
            return false;
    }
    if (is_idle(node))
        cut_off(node);
    node->may_be_empty = may_be_empty(node);
    return true;
}

bool reader_resolve(struct pattern_reader *reader)
{
    struct name_index names;
    if (!index_names(reader, &names) || !resolve_node(reader, &names, reader->tree->root))
        return false;
    renumber_groups(reader->tree);
    return true;
}
