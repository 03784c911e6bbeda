// SPDX-License-Identifier: MIT
/* The tree as a list of items; what the walk has no item for makes an end of it. */
#include "base/utf8.h"
#include "validate/pattern_fast_build.h"

/* Where the next item of a list goes. */
struct item_list {
    struct fast_item **end;
};

static bool collect(struct arena *arena, const struct pattern_node *node, struct item_list *list);

static struct fast_item *append(struct arena *arena, struct item_list *list, enum fast_kind kind)
{
    struct fast_item *item = arena_alloc(arena, sizeof *item);
    if (!item)
        return NULL;
    item->kind = kind;
    item->min = item->max = 1;
    *list->end = item;
    list->end = &item->next;
    return item;
}

static bool collect_character(struct arena *arena, const struct pattern_node *node,
                              struct item_list *list)
{
    char *bytes = arena_alloc(arena, 4);
    struct fast_item *item = append(arena, list, FAST_TEXT);
    if (!bytes || !item || (node->code_point >= 0xD800 && node->code_point <= 0xDFFF))
        return false;
    item->text = (struct str){bytes, utf8_encode(node->code_point, bytes)};
    return true;
}

static bool collect_class(struct arena *arena, const struct pattern_node *node,
                          struct item_list *list)
{
    struct fast_item *item = node->set->properties ? NULL : append(arena, list, FAST_RUN);
    if (item)
        item->members = node->set;
    return item;
}
/** The one thing in any parentheses around it. */
static const struct pattern_node *peel(const struct pattern_node *node)
{
    while ((node->kind == PATTERN_GROUP || node->kind == PATTERN_SEQUENCE) && !node->child->next)
        node = node->child;
    return node;
}

/** a{2,5} and [a-z]*: a run. */
static bool collect_run(struct arena *arena, const struct pattern_node *repeat,
                        const struct pattern_node *body, struct item_list *list)
{
    struct pattern_set *set = body->set;
    if (body->kind == PATTERN_CHARACTER && (set = pattern_set_new(arena)))
        pattern_set_add(arena, set, body->code_point, body->code_point);
    struct fast_item *item = set && !set->properties ? append(arena, list, FAST_RUN) : NULL;
    if (!item)
        return false;
    item->members = set;
    item->min = repeat->min;
    item->max = repeat->max;
    return true;
}

static bool collect_repeat(struct arena *arena, const struct pattern_node *repeat,
                           struct item_list *list)
{
    const struct pattern_node *body = peel(repeat->child);
    if (body->kind == PATTERN_CHARACTER || body->kind == PATTERN_CLASS)
        return collect_run(arena, repeat, body, list);
    if (repeat->min == 1 && repeat->max == 1)
        return collect(arena, body, list);
    struct fast_item *item = body->may_be_empty ? NULL : append(arena, list, FAST_LOOP);
    if (!item)
        return false;
    item->min = repeat->min;
    item->max = repeat->max;
    struct item_list children = {&item->children};
    return collect(arena, body, &children);
}

static bool collect_choice(struct arena *arena, const struct pattern_node *choice,
                           struct item_list *list)
{
    struct fast_item *item = append(arena, list, FAST_CHOICE);
    if (!item)
        return false;
    item->may_be_empty = choice->may_be_empty;
    struct item_list branches = {&item->children};
    for (const struct pattern_node *node = choice->child; node; node = node->next) {
        struct fast_item *branch = append(arena, &branches, FAST_BRANCH);
        struct item_list children = {branch ? &branch->children : NULL};
        if (!branch || !collect(arena, node, &children))
            return false;
    }
    return true;
}

static bool collect(struct arena *arena, const struct pattern_node *node, struct item_list *list)
{
    switch (node->kind) {
    case PATTERN_EMPTY: return true;
    case PATTERN_CHARACTER: return collect_character(arena, node, list);
    case PATTERN_CLASS: return collect_class(arena, node, list);
    case PATTERN_REPEAT: return collect_repeat(arena, node, list);
    case PATTERN_CHOICE: return collect_choice(arena, node, list);
    case PATTERN_GROUP:
    case PATTERN_SEQUENCE:
        for (const struct pattern_node *child = node->child; child; child = child->next)
            if (!collect(arena, child, list))
                return false;
        return true;
    case PATTERN_START:
    case PATTERN_END:
    case PATTERN_WORD_EDGE:
    case PATTERN_NOT_WORD_EDGE:
    case PATTERN_AHEAD:
    case PATTERN_NOT_AHEAD:
    case PATTERN_BEHIND:
    case PATTERN_NOT_BEHIND:
    case PATTERN_BACKREFERENCE: return false;
    }
    return false;
}

/** One alternative of the whole pattern: notes and leaves out its ^ and $. */
static bool collect_alternative(struct arena *arena, const struct pattern_node *node,
                                struct pattern_fast *fast, struct item_list *list)
{
    node = peel(node);
    bool several = node->kind == PATTERN_SEQUENCE || node->kind == PATTERN_GROUP;
    const struct pattern_node *first = several ? node->child : node;
    fast->from_start = fast->to_end = false;
    for (const struct pattern_node *child = first; child; child = several ? child->next : NULL) {
        bool last = !several || !child->next;
        if (child == first && child->kind == PATTERN_START)
            fast->from_start = true;
        else if (last && child->kind == PATTERN_END)
            fast->to_end = true;
        else if (!collect(arena, child, list))
            return false;
    }
    return true;
}

/** All alternatives have to be tied to the same ends: ^a$|^b$ is ^(a|b)$. */
static bool collect_alternatives(struct arena *arena, const struct pattern_node *choice,
                                 struct pattern_fast *fast, struct item_list *list)
{
    struct fast_item *item = append(arena, list, FAST_CHOICE);
    if (!item)
        return false;
    item->may_be_empty = choice->may_be_empty;
    struct item_list branches = {&item->children};
    struct pattern_fast before = {0};
    for (const struct pattern_node *node = choice->child; node; node = node->next) {
        struct fast_item *branch = append(arena, &branches, FAST_BRANCH);
        struct item_list children = {branch ? &branch->children : NULL};
        if (!branch || !collect_alternative(arena, node, fast, &children))
            return false;
        if (node != choice->child &&
            (fast->from_start != before.from_start || fast->to_end != before.to_end))
            return false;
        before = *fast;
    }
    return true;
}

bool pattern_fast_collect(struct arena *arena, const struct pattern_node *root,
                          struct pattern_fast *fast, struct fast_item **ret_items)
{
    struct item_list list = {ret_items};
    root = peel(root);
    return root->kind == PATTERN_CHOICE ? collect_alternatives(arena, root, fast, &list)
                                        : collect_alternative(arena, root, fast, &list);
}
