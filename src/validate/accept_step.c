// SPDX-License-Identifier: MIT
#include "validate/run.h"

static bool accept_all(struct schema_run *run, const struct step *step, uint32_t index,
                       marks_offset marks)
{
    for (uint32_t i = 0; i < step->count; i++)
        if (!accept_marking(run, step->rules[i], index, marks))
            return false;
    return true;
}

/** A branch may fail: its marks count only when it passes. */
static bool accept_branch(struct schema_run *run, const struct rule *rule, uint32_t index,
                          marks_offset marks)
{
    if (!marks || !rule->is_marking)
        return accept(run, rule, index);
    uint32_t count = run->nodes[index].count;
    marks_offset own = marks_push(run, count);
    bool passed = own && accept_marking(run, rule, index, own);
    if (passed)
        marks_add_all(run, marks, own, count);
    marks_pop(run, own);
    return passed;
}

const struct choice *chooser_find(const struct chooser *chooser, const struct node *value)
{
    const struct named *found = NULL;
    if (value->type == NODE_STRING)
        found = name_map_get(&chooser->texts, node_text(value));
    else if (value->type == NODE_NUMBER && !(value->flags & NODE_SMALL))
        return NULL; /* 1.0 is 1, too */
    else if (value->type == NODE_NUMBER)
        found = name_map_get(&chooser->integers,
                             (struct str){(const char *)&value->integer, sizeof value->integer});
    return found ? (const struct choice *)found : &chooser->open;
}

/* Branches worth asking. */
struct branches {
    const struct rule *const *rules;
    uint32_t count;
};

/** Those that the value of the telling property leaves; all, where there is no such thing. */
static struct branches branches_for(struct schema_run *run, const struct step *step, uint32_t index)
{
    const struct branches all = {step->rules, step->count};
    if (!step->chooser || run->nodes[index].type != NODE_OBJECT)
        return all;
    uint32_t value = find_member(run, index, &step->chooser->property);
    const struct choice *choice =
        value == TAPE_NONE ? NULL : chooser_find(step->chooser, &run->nodes[value]);
    return choice ? (struct branches){choice->rules, choice->count} : all;
}

/** With marks wanted each branch is asked, for each that passes adds its own. */
static bool accept_any(struct schema_run *run, const struct step *step, uint32_t index,
                       marks_offset marks)
{
    struct branches branches = branches_for(run, step, index);
    bool passed = false;
    for (uint32_t i = 0; i < branches.count; i++) {
        if (!accept_branch(run, branches.rules[i], index, marks))
            continue;
        if (!marks)
            return true;
        passed = true;
    }
    return passed;
}

static bool accept_one(struct schema_run *run, const struct step *step, uint32_t index,
                       marks_offset marks)
{
    struct branches branches = branches_for(run, step, index);
    uint32_t passed = 0;
    for (uint32_t i = 0; i < branches.count && passed < 2; i++)
        passed += accept_branch(run, branches.rules[i], index, marks);
    return passed == 1;
}

static bool accept_if(struct schema_run *run, const struct step *step, uint32_t index,
                      marks_offset marks)
{
    bool holds = accept_branch(run, step->rules[0], index, marks);
    const struct rule *next = step->rules[holds ? 1 : 2];
    return !next || accept_marking(run, next, index, marks);
}

bool accept_step(struct schema_run *run, const struct step *step, uint32_t index,
                 marks_offset marks)
{
    switch (step->kind) {
    case STEP_REF: return accept_marking(run, step->rules[0], index, marks);
    case STEP_DYNAMIC: return accept_marking(run, dynamic_rule(run, step), index, marks);
    case STEP_ALL: return accept_all(run, step, index, marks);
    case STEP_ANY: return accept_any(run, step, index, marks);
    case STEP_ONE: return accept_one(run, step, index, marks);
    case STEP_NOT: return !accept(run, step->rules[0], index);
    case STEP_IF: return accept_if(run, step, index, marks);
    case STEP_DEPENDENT:
        return run->nodes[index].type != NODE_OBJECT ||
               find_member(run, index, step->trigger) == TAPE_NONE ||
               accept_marking(run, step->rules[0], index, marks);
    }
    return false;
}
