// SPDX-License-Identifier: MIT
#include "validate/explainer.h"

/** Explains by another rule, with a remark behind each of its messages. */
static bool explain_with(const struct reading *reading, const struct rule *rule, struct str remark)
{
    struct explainer *explainer = reading->explainer;
    STRBUF_SCOPED both = {0};
    strbuf_add(&both, remark);
    strbuf_add(&both, explainer->remark);
    struct str before = explainer->remark;
    explainer->remark = strbuf_str(&both);
    bool is_good = explain_rule(explainer, rule, reading->index);
    explainer->remark = before;
    return is_good;
}

void word_reason(struct strbuf *out, const struct reading *reading, uint32_t condition)
{
    uint32_t properties = tape_member(reading->schema, condition, STR("properties"));
    if (value_of(reading)->type != NODE_OBJECT || properties == TAPE_NONE ||
        reading->schema->nodes[properties].type != NODE_OBJECT)
        return;
    int said = 0;
    tape_for_each_member (reading->schema, properties, key) {
        struct str name = node_text(&reading->schema->nodes[key]);
        uint32_t value = tape_member(reading->tape, reading->index, name);
        if (said == 2)
            return;
        strbuf_addf(out, "%s%.*s ", said++ ? " and " : ", because ", STR_ARG(name));
        if (value == TAPE_NONE) {
            strbuf_add_text(out, "is not there");
        } else {
            strbuf_add_text(out, "is ");
            word_value(out, reading->tape, value);
        }
    }
}

static bool explain_if(const struct reading *reading, const struct step *step)
{
    bool holds = accept(reading->explainer->run, step->rules[0], reading->index);
    const struct rule *next = step->rules[holds ? 1 : 2];
    if (!next)
        return true;
    STRBUF_SCOPED reason = {0};
    word_reason(&reason, reading, reading->found[KEYWORD_IF]);
    return explain_with(reading, next, strbuf_str(&reason));
}

static bool explain_dependent(const struct reading *reading, const struct step *step)
{
    if (value_of(reading)->type != NODE_OBJECT ||
        tape_member(reading->tape, reading->index, step->trigger->name) == TAPE_NONE)
        return true;
    STRBUF_SCOPED reason = {0};
    strbuf_add_text(&reason, ", because it has ");
    word_text(&reason, step->trigger->name);
    return explain_with(reading, step->rules[0], strbuf_str(&reason));
}

/** What a simple schema under `not` forbids; nothing when it is not simple. */
static void word_forbidden(struct strbuf *out, const struct reading *reading)
{
    const struct tape *schema = reading->schema;
    uint32_t inner = reading->found[KEYWORD_NOT];
    if (schema->nodes[inner].type != NODE_OBJECT || schema->nodes[inner].count != 1)
        return;
    struct str keyword = node_text(&schema->nodes[inner + 1]);
    uint32_t value = inner + 2;
    if (str_is(keyword, "const") || str_is(keyword, "enum")) {
        strbuf_add_text(out, "be ");
        word_value(out, reading->tape, reading->index);
    } else if (str_is(keyword, "type")) {
        strbuf_add_text(out, "be ");
        bool is_one = schema->nodes[value].type == NODE_STRING;
        enum schema_draft draft = reading->rule->home->dialect.draft;
        word_kinds(out, is_one ? kinds_of_type(node_text(&schema->nodes[value]), draft)
                               : kind_of(value_of(reading)));
    } else if (str_is(keyword, "required") && schema->nodes[value].count == 1) {
        strbuf_add_text(out, "have the property ");
        word_text(out, node_text(&schema->nodes[value + 1]));
    }
}

static bool explain_not(const struct reading *reading, const struct step *step)
{
    if (!accept(reading->explainer->run, step->rules[0], reading->index))
        return true;
    STRBUF_SCOPED forbidden = {0};
    word_forbidden(&forbidden, reading);
    return explain_report(reading, KEYWORD_NOT, PLACE_VALUE, reading->index, "must not %s",
                          forbidden.length ? forbidden.at : "match what \"not\" describes");
}

static bool explain_any(const struct reading *reading, const struct step *step)
{
    for (uint32_t i = 0; i < step->count; i++)
        if (accept(reading->explainer->run, step->rules[i], reading->index))
            return true;
    return explain_branches(reading, step);
}

static bool explain_one(const struct reading *reading, const struct step *step)
{
    enum { NAMED_LIMIT = 5 };
    STRBUF_SCOPED which = {0};
    uint32_t passed = 0;
    for (uint32_t i = 0; i < step->count; i++) {
        if (!accept(reading->explainer->run, step->rules[i], reading->index))
            continue;
        if (passed++ < NAMED_LIMIT)
            strbuf_addf(&which, "%s%u", passed > 1 ? ", " : "", i + 1);
    }
    if (passed == 1)
        return true;
    if (passed == 0)
        return explain_branches(reading, step);
    return explain_report(reading, KEYWORD_ONE_OF, PLACE_VALUE, reading->index,
                          "must match one of %u alternatives only (matches number %s%s)",
                          step->count, strbuf_str(&which).at, passed > NAMED_LIMIT ? ", …" : "");
}

bool explain_step(const struct reading *reading, const struct step *step)
{
    struct explainer *explainer = reading->explainer;
    bool is_good = true;
    switch (step->kind) {
    case STEP_REF: return explain_rule(explainer, step->rules[0], reading->index);
    case STEP_DYNAMIC:
        return explain_rule(explainer, dynamic_rule(explainer->run, step), reading->index);
    case STEP_ALL:
        for (uint32_t i = 0; i < step->count; i++)
            is_good &= explain_rule(explainer, step->rules[i], reading->index);
        return is_good;
    case STEP_ANY: return explain_any(reading, step);
    case STEP_ONE: return explain_one(reading, step);
    case STEP_NOT: return explain_not(reading, step);
    case STEP_IF: return explain_if(reading, step);
    case STEP_DEPENDENT: return explain_dependent(reading, step);
    }
    return false;
}
