// SPDX-License-Identifier: MIT
#include "validate/pattern_backreference.h"
#include "base/error.h"

static bool contains(const struct pattern_node *outer, const struct pattern_node *node)
{
    return outer->at <= node->at && node->at < outer->end;
}

/** Can a match pass by this node without entering its child? */
static bool may_be_passed(const struct pattern_node *node)
{
    return node->kind == PATTERN_CHOICE || node->kind == PATTERN_NOT_AHEAD ||
           node->kind == PATTERN_NOT_BEHIND || (node->kind == PATTERN_REPEAT && node->min == 0);
}

/** In every turn of `repeat`, is the group set before the reference looks? `skippable`: a turn may
 *  leave the group out. */
static bool is_safe_in(const struct pattern_node *repeat, const struct pattern_node *group,
                       bool skippable, const struct pattern_node *reference)
{
    if (repeat->max > repeat->min && repeat->child->may_be_empty)
        return false;
    if (repeat->max <= 1)
        return true;
    if (contains(repeat, reference) && reference->at < group->end)
        return false;
    return !skippable;
}

enum nexus_status pattern_backreference_check(const struct pattern_tree *tree,
                                              const struct pattern_node *reference,
                                              struct nexus_error *err)
{
    const struct pattern_node *group = tree->groups[reference->group];
    bool skippable = false;
    for (const struct pattern_node *node = group->parent; node; node = node->parent) {
        if (node->kind == PATTERN_REPEAT && !is_safe_in(node, group, skippable, reference))
            return fail(err, NEXUS_ERROR_INVALID,
                        "unsupported: a back reference to a group that a repeat may set anew");
        skippable = skippable || may_be_passed(node);
    }
    return NEXUS_OK;
}
