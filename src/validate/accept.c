// SPDX-License-Identifier: MIT
/* One rule and one value. What stops at the first no. */
#include "validate/run.h"

#include "validate/document.h"
#include "validate/equal.h"

bool accept_values(struct schema_run *run, const struct rule *rule, uint32_t index)
{
    for (uint32_t i = 0; i < rule->value_count; i++)
        if (value_equal(run->tape, index, &rule->home->document->tape, rule->values[i], &run->work))
            return true;
    return false;
}

static inline bool accept_children(struct schema_run *run, const struct rule *rule, uint32_t index,
                                   marks_offset marks)
{
    if (run->nodes[index].type == NODE_OBJECT)
        return !rule->object || accept_object(run, rule->object, index, marks);
    return !rule->array || accept_array(run, rule->array, index, marks);
}

/* The rare ones are functions of their own: without them accept_own() needs no stack. */
#define RARE __attribute__((noinline))

RARE static bool accept_listed(struct schema_run *run, const struct rule *rule, uint32_t index,
                               marks_offset marks)
{
    return accept_values(run, rule, index) && accept_children(run, rule, index, marks);
}

/** What the rule itself asks of the value, by its type. */
static inline bool accept_own(struct schema_run *run, const struct rule *rule, uint32_t index,
                              marks_offset marks)
{
    const struct node *node = &run->nodes[index];
    switch ((enum node_type)node->type) {
    case NODE_KEY:
    case NODE_STRING: return !rule->string || accept_string(run, rule->string, node);
    case NODE_NUMBER: return !rule->number || accept_number(rule->number, node);
    case NODE_ARRAY:
    case NODE_OBJECT:
        if (rule->value_count)
            return accept_listed(run, rule, index, marks);
        return accept_children(run, rule, index, marks);
    case NODE_NULL:
    case NODE_FALSE:
    case NODE_TRUE: break;
    }
    return true;
}

bool accept_parts(struct schema_run *run, const struct rule *rule, uint32_t index,
                  marks_offset marks)
{
    if (!accept_own(run, rule, index, marks))
        return false;
    unsigned kind = kind_of(&run->nodes[index]);
    for (uint32_t i = 0; i < rule->step_count; i++)
        if ((marks || rule->steps[i].kinds & kind) &&
            !accept_step(run, &rule->steps[i], index, marks))
            return false;
    return true;
}

static bool accept_unmarked(struct schema_run *run, const struct rule *rule, uint32_t index,
                            marks_offset marks)
{
    bool is_object = run->nodes[index].type == NODE_OBJECT;
    const struct rule *rest = is_object ? rule->unevaluated_properties : rule->unevaluated_items;
    uint32_t position = 0;
    for (uint32_t child = index + 1; child < run->nodes[index].next; child = run->nodes[child].next)
        if (!marks_has(run, marks, position++) && !accept(run, rest, child + is_object))
            return false;
    return true;
}

/** For a rule with unevaluatedX: gathers marks of its own, judges what is left, and has then looked
 *  at everything. */
static bool accept_tracking(struct schema_run *run, const struct rule *rule, uint32_t index,
                            marks_offset marks)
{
    uint32_t count = run->nodes[index].count;
    marks_offset own = marks_push(run, count);
    bool passed =
        own && accept_parts(run, rule, index, own) && accept_unmarked(run, rule, index, own);
    if (passed && marks)
        for (uint32_t i = 0; i < count; i++)
            marks_set(run, marks, i);
    marks_pop(run, own);
    return passed;
}

RARE static bool accept_general(struct schema_run *run, const struct rule *rule, uint32_t index,
                                marks_offset marks)
{
    if (--run->work <= 0 || run->depth >= RUN_DEPTH_LIMIT) {
        run->is_limited = true;
        return false;
    }
    run->depth++;
    uint32_t scope = run_enter(run, rule);
    uint8_t type = run->nodes[index].type;
    bool is_tracking = (type == NODE_OBJECT && rule->unevaluated_properties) ||
                       (type == NODE_ARRAY && rule->unevaluated_items);
    bool passed = is_tracking ? accept_tracking(run, rule, index, marks)
                              : accept_parts(run, rule, index, marks);
    run_leave(run, scope);
    run->depth--;
    return passed;
}

bool accept_more(struct schema_run *run, const struct rule *rule, uint32_t index,
                 marks_offset marks)
{
    return rule->is_plain ? accept_own(run, rule, index, marks)
                          : accept_general(run, rule, index, marks);
}
