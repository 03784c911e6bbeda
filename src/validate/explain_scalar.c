// SPDX-License-Identifier: MIT
#include "validate/explainer.h"

#include "base/utf8.h"
#include "validate/equal.h"

static unsigned kinds_asked(const struct reading *reading, bool *only_integers)
{
    enum schema_draft draft = reading->rule->home->dialect.draft;
    const struct node *type = asked(reading, KEYWORD_TYPE);
    unsigned kinds = 0;
    *only_integers = true;
    if (type->type == NODE_STRING) {
        *only_integers = !str_is(node_text(type), "number");
        return kinds_of_type(node_text(type), draft);
    }
    tape_for_each_item (reading->schema, reading->found[KEYWORD_TYPE], item) {
        struct str name = node_text(&reading->schema->nodes[item]);
        kinds |= kinds_of_type(name, draft);
        *only_integers &= !str_is(name, "number");
    }
    return kinds;
}

bool explain_type(const struct reading *reading)
{
    if (!is_asked(reading, KEYWORD_TYPE))
        return true;
    bool only_integers;
    unsigned kinds = kinds_asked(reading, &only_integers), kind = kind_of(value_of(reading));
    bool is_good = kinds & kind;
    if (is_good && kind == KIND_NUMBER && only_integers) {
        struct decimal number = decimal_of_node(value_of(reading));
        is_good = decimal_is_integer(&number);
    }
    if (is_good)
        return true;
    STRBUF_SCOPED message = {0};
    word_kinds(&message, only_integers ? kinds & ~(unsigned)KIND_NUMBER : kinds);
    strbuf_add_text(&message, " (got ");
    word_value(&message, reading->tape, reading->index);
    return explain_report(reading, KEYWORD_TYPE, PLACE_VALUE, reading->index, "must be %s)",
                          strbuf_str(&message).at);
}

void word_choices(struct strbuf *out, const struct tape *schema, const uint32_t *values,
                  uint32_t count)
{
    enum { SHOWN_LIMIT = 20 };
    if (count != 1)
        strbuf_add_text(out, "one of ");
    for (uint32_t i = 0; i < count && i < SHOWN_LIMIT; i++) {
        if (i > 0)
            strbuf_add_text(out, ", ");
        const struct node *node = &schema->nodes[values[i]];
        if (node->type == NODE_ARRAY || node->type == NODE_OBJECT)
            tape_add_json(schema, values[i], out);
        else
            word_value(out, schema, values[i]);
    }
    if (count > SHOWN_LIMIT)
        strbuf_addf(out, ", … (%u in all)", count);
}

static bool is_equal(const struct reading *reading, uint32_t wanted)
{
    const struct node *value = value_of(reading), *node = &reading->schema->nodes[wanted];
    if (value->type == NODE_KEY)
        return node->type == NODE_STRING && str_equal(node_text(node), node_text(value));
    return value_equal(reading->schema, wanted, reading->tape, reading->index,
                       &reading->explainer->run->work);
}

void word_got(struct strbuf *out, const struct reading *reading, uint32_t index,
              const uint32_t *values, uint32_t count)
{
    strbuf_add_text(out, " (got ");
    word_value(out, reading->tape, index);
    const struct node *value = &reading->tape->nodes[index];
    if (value->type == NODE_STRING && count > 1) {
        struct nearest nearest = nearest_to(node_text(value));
        for (uint32_t i = 0; i < count; i++)
            if (reading->schema->nodes[values[i]].type == NODE_STRING)
                nearest_offer(&nearest, node_text(&reading->schema->nodes[values[i]]));
        if (nearest_is_found(&nearest)) {
            strbuf_add_text(out, "; did you mean ");
            word_text(out, nearest.best);
            strbuf_add_char(out, '?');
        }
    }
    strbuf_add_char(out, ')');
}

static bool explain_const(const struct reading *reading)
{
    const uint32_t *constant = &reading->found[KEYWORD_CONST];
    if (!is_asked(reading, KEYWORD_CONST) || is_equal(reading, *constant))
        return true;
    STRBUF_SCOPED message = {0};
    word_choices(&message, reading->schema, constant, 1);
    word_got(&message, reading, reading->index, constant, 1);
    return explain_report(reading, KEYWORD_CONST, PLACE_VALUE, reading->index, "must be %s",
                          strbuf_str(&message).at);
}

static bool explain_enum(const struct reading *reading)
{
    enum { COMPARED_LIMIT = 256 };
    uint32_t values[COMPARED_LIMIT], count = 0, total = 0;
    if (!is_asked(reading, KEYWORD_ENUM))
        return true;
    tape_for_each_item (reading->schema, reading->found[KEYWORD_ENUM], item) {
        if (is_equal(reading, item))
            return true;
        if (count < COMPARED_LIMIT)
            values[count++] = item;
        total++;
    }
    STRBUF_SCOPED message = {0};
    word_choices(&message, reading->schema, values, total);
    word_got(&message, reading, reading->index, values, count);
    return explain_report(reading, KEYWORD_ENUM, PLACE_VALUE, reading->index, "must be %s",
                          strbuf_str(&message).at);
}

bool explain_values(const struct reading *reading)
{
    bool is_good = explain_const(reading);
    return explain_enum(reading) && is_good;
}

static bool explain_length(const struct reading *reading)
{
    const struct string_checks *checks = reading->rule->string;
    struct str text = node_text(value_of(reading));
    if (text_has_length(text, checks->min, checks->max))
        return true;
    uint32_t count = (uint32_t)utf8_count(text);
    bool is_short = count < checks->min;
    enum keyword keyword = is_short ? KEYWORD_MIN_LENGTH : KEYWORD_MAX_LENGTH;
    if (is_short && checks->min == 1)
        return explain_report(reading, keyword, PLACE_VALUE, reading->index, "must not be empty");
    STRBUF_SCOPED wanted = {0};
    if (is_short)
        word_least(&wanted, checks->min, "character");
    else
        word_most(&wanted, checks->max, "character");
    return explain_report(reading, keyword, PLACE_VALUE, reading->index, "must have %s (got %u)",
                          strbuf_str(&wanted).at, count);
}

static bool explain_pattern(const struct reading *reading)
{
    const struct compiled_pattern *pattern = reading->rule->string->pattern;
    struct str text = node_text(value_of(reading));
    if (!pattern || text_matches(reading->explainer->run, pattern, text))
        return true;
    STRBUF_SCOPED got = {0};
    word_text(&got, text);
    if (reading->explainer->run->is_limited)
        return explain_report(reading, KEYWORD_PATTERN, PLACE_VALUE, reading->index,
                              "the pattern %.*s is too expensive to match here (got %s)",
                              STR_ARG(pattern->source.name), got.at);
    return explain_report(reading, KEYWORD_PATTERN, PLACE_VALUE, reading->index,
                          "must match %.*s (got %s)", STR_ARG(pattern->source.name),
                          strbuf_str(&got).at);
}

static bool explain_format(const struct reading *reading)
{
    enum format_id format = reading->rule->string->format;
    struct str text = node_text(value_of(reading));
    if (format == FORMAT_UNKNOWN || format_matches(format, text))
        return true;
    STRBUF_SCOPED got = {0};
    word_text(&got, text);
    return explain_report(reading, KEYWORD_FORMAT, PLACE_VALUE, reading->index,
                          "must be %s such as %s (got %s)", format_description(format),
                          format_example(format), strbuf_str(&got).at);
}

static bool explain_content(const struct reading *reading)
{
    const struct string_checks *checks = reading->rule->string;
    if (!checks->is_base64 && !checks->is_json)
        return true;
    if (content_matches(reading->explainer->run, checks, node_text(value_of(reading))))
        return true;
    return explain_report(reading,
                          checks->is_base64 ? KEYWORD_CONTENT_ENCODING : KEYWORD_CONTENT_MEDIA_TYPE,
                          PLACE_VALUE, reading->index, "must hold %s",
                          checks->is_base64 && checks->is_json ? "JSON in base64"
                          : checks->is_base64                  ? "base64"
                                                               : "JSON");
}

bool explain_string(const struct reading *reading)
{
    if (!reading->rule->string)
        return true;
    bool is_good = explain_length(reading);
    is_good &= explain_pattern(reading);
    is_good &= explain_format(reading);
    return explain_content(reading) && is_good;
}

static bool is_within(int order, enum bound_kind kind)
{
    switch (kind) {
    case BOUND_AT_LEAST: return order >= 0;
    case BOUND_ABOVE: return order > 0;
    case BOUND_AT_MOST: return order <= 0;
    case BOUND_BELOW: return order < 0;
    }
    return false;
}

/** One bound as its keyword says it. */
static bool explain_bound(const struct reading *reading, const struct decimal *number,
                          enum keyword keyword, enum bound_kind kind)
{
    static const char *const words[] = {
        [BOUND_AT_LEAST] = "at least",
        [BOUND_ABOVE] = "above",
        [BOUND_AT_MOST] = "at most",
        [BOUND_BELOW] = "below",
    };
    if (!is_asked(reading, keyword) || asked(reading, keyword)->type != NODE_NUMBER)
        return true;
    struct decimal bound = decimal_of_node(asked(reading, keyword));
    if (is_within(decimal_compare(number, &bound), kind))
        return true;
    STRBUF_SCOPED message = {0};
    word_value(&message, reading->schema, reading->found[keyword]);
    strbuf_add_text(&message, " (got ");
    word_value(&message, reading->tape, reading->index);
    return explain_report(reading, keyword, PLACE_VALUE, reading->index, "must be %s %s)",
                          words[kind], strbuf_str(&message).at);
}

/** Draft 4 has a flag beside the bound. */
static bool has_flag(const struct reading *reading, enum keyword keyword)
{
    return reading->rule->home->dialect.draft == DRAFT_4 && is_asked(reading, keyword) &&
           asked(reading, keyword)->type == NODE_TRUE;
}

static bool explain_multiple(const struct reading *reading, const struct decimal *number)
{
    if (!is_asked(reading, KEYWORD_MULTIPLE_OF))
        return true;
    struct decimal divisor = decimal_of_node(asked(reading, KEYWORD_MULTIPLE_OF));
    enum multiple_outcome outcome = decimal_multiple(number, &divisor);
    if (outcome == MULTIPLE_YES)
        return true;
    if (outcome == MULTIPLE_TOO_LONG)
        return explain_report(reading, KEYWORD_MULTIPLE_OF, PLACE_VALUE, reading->index,
                              "must not have more than %d digits", NUMBER_DIGITS_LIMIT);
    STRBUF_SCOPED message = {0};
    word_value(&message, reading->schema, reading->found[KEYWORD_MULTIPLE_OF]);
    strbuf_add_text(&message, " (got ");
    word_value(&message, reading->tape, reading->index);
    return explain_report(reading, KEYWORD_MULTIPLE_OF, PLACE_VALUE, reading->index,
                          "must be a multiple of %s)", strbuf_str(&message).at);
}

bool explain_number(const struct reading *reading)
{
    struct decimal number = decimal_of_node(value_of(reading));
    bool is_good =
        explain_bound(reading, &number, KEYWORD_MINIMUM,
                      has_flag(reading, KEYWORD_EXCLUSIVE_MINIMUM) ? BOUND_ABOVE : BOUND_AT_LEAST);
    is_good &=
        explain_bound(reading, &number, KEYWORD_MAXIMUM,
                      has_flag(reading, KEYWORD_EXCLUSIVE_MAXIMUM) ? BOUND_BELOW : BOUND_AT_MOST);
    if (reading->rule->home->dialect.draft > DRAFT_4) {
        is_good &= explain_bound(reading, &number, KEYWORD_EXCLUSIVE_MINIMUM, BOUND_ABOVE);
        is_good &= explain_bound(reading, &number, KEYWORD_EXCLUSIVE_MAXIMUM, BOUND_BELOW);
    }
    return explain_multiple(reading, &number) && is_good;
}
