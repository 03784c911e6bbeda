// SPDX-License-Identifier: MIT
#include "validate/explainer.h"

#include <stdarg.h>
#include <stdio.h>

/** The bytes that the problem points at. */
static const struct node *node_at_place(const struct reading *reading, enum place place,
                                        uint32_t index)
{
    const struct node *nodes = reading->tape->nodes;
    bool is_member = index > 0 && nodes[index - 1].type == NODE_KEY;
    return &nodes[index - (place != PLACE_VALUE && is_member)];
}

/** The keyword's absolute location: the resource's URI and a pointer inside it. */
static struct str keyword_location(const struct reading *reading, enum keyword keyword)
{
    STRBUF_SCOPED root = {0}, pointer = {0};
    const struct resource *home = reading->rule->home;
    tape_add_pointer(reading->schema, home->root, &root);
    tape_add_pointer(reading->schema, reading->rule->node, &pointer);
    struct str inside = str_slice(strbuf_str(&pointer), root.length, pointer.length);
    bool is_named = keyword != KEYWORD_COUNT;
    return arena_format(reading->explainer->problems->arena, "%.*s#%.*s%s%s",
                        STR_ARG(home->uri.name), STR_ARG(inside), is_named ? "/" : "",
                        is_named ? keyword_name(keyword) : "");
}

bool explain_report(const struct reading *reading, enum keyword keyword, enum place place,
                    uint32_t index, const char *format, ...)
{
    /* Branches may be explained in great number only to be left aside: words have their price,
     * and finding the way to a value costs what stands before it. */
    enum { REPORT_COST = 100, NODES_PER_STEP = 16 };
    struct explainer *explainer = reading->explainer;
    explainer->run->work -= REPORT_COST + index / NODES_PER_STEP;
    STRBUF_SCOPED message = {0};
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    strbuf_add(&message, explainer->subject);
    char *room = length >= 0 ? strbuf_reserve(&message, (size_t)length) : NULL;
    if (room) {
        vsnprintf(room, (size_t)length + 1, format, again);
        message.length += (size_t)length;
    }
    va_end(again);
    strbuf_add(&message, explainer->remark);

    const struct node *node = node_at_place(reading, place, index);
    const char *name = keyword == KEYWORD_COUNT ? "false" : keyword_name(keyword);
    struct problem *problem = problem_add(explainer->problems, PROBLEM_ERROR, name, node->start,
                                          node->end, "%.*s", STR_ARG(strbuf_str(&message)));
    if (!problem)
        return false;
    STRBUF_SCOPED pointer = {0};
    tape_add_pointer(reading->tape, index, &pointer);
    problem->pointer = arena_copy(explainer->problems->arena, strbuf_str(&pointer));
    problem->schema_uri = keyword_location(reading, keyword);
    return false;
}

static bool explain_false(const struct reading *reading)
{
    const struct node *nodes = reading->tape->nodes;
    uint32_t index = reading->index;
    if (index > 0 && nodes[index - 1].type == NODE_KEY) {
        STRBUF_SCOPED name = {0};
        word_text(&name, node_text(&nodes[index - 1]));
        return explain_report(reading, KEYWORD_COUNT, PLACE_KEY, index,
                              "the property %s is not allowed here", strbuf_str(&name).at);
    }
    return explain_report(reading, KEYWORD_COUNT, PLACE_VALUE, index, "nothing is allowed here");
}

static bool explain_own(const struct reading *reading)
{
    switch ((enum node_type)value_of(reading)->type) {
    case NODE_KEY:
    case NODE_STRING: return explain_string(reading);
    case NODE_NUMBER: return explain_number(reading);
    case NODE_ARRAY: return explain_array(reading);
    case NODE_OBJECT: return explain_object(reading);
    case NODE_NULL:
    case NODE_FALSE:
    case NODE_TRUE: break;
    }
    return true;
}

/** All keywords. A value of the wrong type is told so and nothing else: the rest would follow. */
static bool explain_keywords(struct reading *reading)
{
    const struct rule *rule = reading->rule;
    keywords_find(&rule->home->dialect, reading->schema, rule->node, reading->found);
    if (!explain_type(reading))
        return false;
    bool is_good = explain_values(reading);
    is_good &= explain_own(reading);
    for (uint32_t i = 0; i < rule->step_count; i++)
        is_good &= explain_step(reading, &rule->steps[i]);
    return is_good && explain_unevaluated(reading);
}

/** Enough has been said: the verdict will do. */
static bool count_only(struct explainer *explainer, const struct rule *rule, uint32_t index)
{
    if (accept(explainer->run, rule, index))
        return true;
    explainer->problems->dropped++;
    return false;
}

bool explain_rule(struct explainer *explainer, const struct rule *rule, uint32_t index)
{
    struct schema_run *run = explainer->run;
    if (run->depth >= RUN_DEPTH_LIMIT)
        run->is_limited = true;
    run->work--;
    if (run_is_over(run))
        return false;
    if (explainer->problems->count >= PROBLEM_LIMIT)
        return count_only(explainer, rule, index);
    struct reading reading = {.explainer = explainer,
                              .rule = rule,
                              .schema = &rule->home->document->tape,
                              .tape = run->tape,
                              .index = index};
    enum node_type type = reading.schema->nodes[rule->node].type;
    if (type != NODE_OBJECT)
        return type == NODE_TRUE || explain_false(&reading);
    run->depth++;
    uint32_t scope = run_enter(run, rule);
    bool is_good = explain_keywords(&reading);
    run_leave(run, scope);
    run->depth--;
    return is_good;
}

/** A limit stopped the explaining, which costs more than the judging: that has the last word. */
static bool give_up(const struct schema *schema, const struct tape *tape, uint32_t index,
                    struct schema_run *run, struct problem_list *problems, size_t before)
{
    if (schema_accepts(schema, tape, index, run)) {
        problems->count = before;
        problems->has_error = false;
        for (size_t i = 0; i < before; i++)
            problems->has_error |= problems->items[i].severity == PROBLEM_ERROR;
        return true;
    }
    const struct node *node = &tape->nodes[index];
    /* Where one text is too expensive to match, that was told at the text. */
    if (run->work <= 0 || problems->count == before)
        problem_add(problems, PROBLEM_ERROR, "limit", node->start, node->end,
                    "too expensive to check by this schema");
    return false;
}

bool schema_explain(const struct schema *schema, const struct tape *tape, uint32_t index,
                    struct schema_run *run, struct problem_list *problems)
{
    size_t before = problems->count;
    struct explainer explainer = {.run = run, .problems = problems};
    run_begin(run, schema, tape, index);
    bool is_good = explain_rule(&explainer, schema->root, index);
    if (run_is_over(run))
        return give_up(schema, tape, index, run, problems, before);
    return is_good;
}
