// SPDX-License-Identifier: MIT
#include "validate/compiler.h"
#include "validate/equal.h"

unsigned kinds_of_type(struct str name, enum schema_draft draft)
{
    static const struct {
        const char *name;
        unsigned kinds;
    } types[] = {
        {"null", KIND_NULL},       {"boolean", KINDS_BOOLEAN}, {"string", KINDS_TEXT},
        {"number", KINDS_NUMERIC}, {"array", KIND_ARRAY},      {"object", KIND_OBJECT},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_is(name, types[i].name))
            return types[i].kinds;
    if (str_is(name, "integer")) /* 1.0 became one with draft 6 */
        return draft == DRAFT_4 ? KIND_INTEGER : KINDS_NUMERIC;
    return 0;
}

static unsigned add_type(const struct site *site, uint32_t node, bool *only_integers)
{
    const struct node *name = &site->tape->nodes[node];
    unsigned kinds = name->type == NODE_STRING ? kinds_of_type(node_text(name), site->draft) : 0;
    if (!kinds)
        site_complain(site, KEYWORD_TYPE,
                      "must be one of \"null\", \"boolean\", \"integer\", "
                      "\"number\", \"string\", \"array\", \"object\"");
    if (str_is(node_text(name), "number"))
        *only_integers = false;
    return kinds;
}

static struct number_checks *number_checks(const struct site *site)
{
    if (!site->rule->number)
        site->rule->number = site_alloc(site, 1, sizeof *site->rule->number);
    return site->rule->number;
}

static struct string_checks *string_checks(const struct site *site)
{
    if (!site->rule->string) {
        site->rule->string = site_alloc(site, 1, sizeof *site->rule->string);
        if (site->rule->string)
            site->rule->string->max = UINT32_MAX;
    }
    return site->rule->string;
}

void compile_types(const struct site *site)
{
    if (!site->found[KEYWORD_TYPE])
        return;
    bool only_integers = true;
    unsigned kinds = 0;
    if (site_node(site, KEYWORD_TYPE)->type == NODE_ARRAY) {
        tape_for_each_item (site->tape, site->found[KEYWORD_TYPE], item)
            kinds |= add_type(site, item, &only_integers);
    } else {
        kinds = add_type(site, site->found[KEYWORD_TYPE], &only_integers);
    }
    site->rule->types &= (uint16_t)kinds;
    if (kinds & KIND_NUMBER && only_integers && number_checks(site))
        site->rule->number->is_integer = true;
}

/** Reads one bound, and keeps the stricter one where there is one already. */
static void read_bound(const struct site *site, struct number_bound *bound, enum keyword keyword,
                       enum bound_kind kind)
{
    const struct node *node = site_value(site, keyword, NODE_NUMBER);
    if (!node)
        return;
    bool is_exclusive = kind == BOUND_ABOVE || kind == BOUND_BELOW;
    struct decimal value = decimal_of_node(node);
    if (bound->is_set) {
        int order = decimal_compare(&value, &bound->value);
        if (kind == BOUND_AT_MOST || kind == BOUND_BELOW)
            order = -order;
        if (order < 0 || (order == 0 && !is_exclusive))
            return;
    }
    bool is_small = node->flags & NODE_SMALL;
    *bound =
        (struct number_bound){true, is_exclusive, is_small, is_small ? node->integer : 0, value};
}

static bool has_flag(const struct site *site, enum keyword keyword)
{
    return site->draft == DRAFT_4 && site->found[keyword] &&
           site_node(site, keyword)->type == NODE_TRUE;
}

/** Minimum and maximum, with what makes them exclusive: a flag in draft 4, a bound of its own
 * later. */
static void compile_bounds(const struct site *site)
{
    static const enum keyword all[] = {KEYWORD_MINIMUM, KEYWORD_EXCLUSIVE_MINIMUM, KEYWORD_MAXIMUM,
                                       KEYWORD_EXCLUSIVE_MAXIMUM};
    bool is_any = false;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        is_any |= site->found[all[i]] != 0;
    struct number_checks *checks = is_any ? number_checks(site) : NULL;
    if (!checks)
        return;
    read_bound(site, &checks->min, KEYWORD_MINIMUM,
               has_flag(site, KEYWORD_EXCLUSIVE_MINIMUM) ? BOUND_ABOVE : BOUND_AT_LEAST);
    read_bound(site, &checks->max, KEYWORD_MAXIMUM,
               has_flag(site, KEYWORD_EXCLUSIVE_MAXIMUM) ? BOUND_BELOW : BOUND_AT_MOST);
    if (site->draft == DRAFT_4)
        return;
    read_bound(site, &checks->min, KEYWORD_EXCLUSIVE_MINIMUM, BOUND_ABOVE);
    read_bound(site, &checks->max, KEYWORD_EXCLUSIVE_MAXIMUM, BOUND_BELOW);
}

static void compile_divisor(const struct site *site)
{
    const struct node *node = site_value(site, KEYWORD_MULTIPLE_OF, NODE_NUMBER);
    struct number_checks *checks = node ? number_checks(site) : NULL;
    if (!checks)
        return;
    checks->divisor = decimal_of_node(node);
    checks->has_divisor = true;
    if (checks->divisor.negative || !checks->divisor.count)
        site_complain(site, KEYWORD_MULTIPLE_OF, "must be above 0");
    else if (checks->divisor.count > NUMBER_DIGITS_LIMIT)
        site_complain(site, KEYWORD_MULTIPLE_OF, "must not have more than %d digits",
                      NUMBER_DIGITS_LIMIT);
    else if (node->flags & NODE_SMALL)
        checks->small_divisor = node->integer;
}

void compile_number(const struct site *site)
{
    compile_bounds(site);
    compile_divisor(site);
}

const struct compiled_pattern *compile_pattern(const struct site *site, uint32_t node,
                                               struct str source)
{
    struct compiler *compiler = site->compiler;
    struct compiled_pattern *pattern =
        (struct compiled_pattern *)(uintptr_t)name_map_get(&compiler->patterns, source);
    if (pattern)
        return pattern;
    struct nexus_error error;
    pattern = arena_alloc(compiler->arena, sizeof *pattern);
    struct pattern *compiled = pattern ? pattern_new(source, PATTERN_LENIENT, &error) : NULL;
    if (!compiled) {
        if (pattern && error.status != NEXUS_ERROR_NO_MEMORY)
            compiler_complain(compiler, site->rule->home, node, "pattern", "%s", error.message);
        else
            compiler->out_of_memory = true;
        return NULL;
    }
    *pattern = (struct compiled_pattern){
        .source.name = source, .pattern = compiled, .next = compiler->schema->patterns};
    compiler->schema->patterns = pattern;
    if (pattern_warning(compiled))
        compiler_warn(compiler, site->rule->home, node, "pattern", "%s", pattern_warning(compiled));
    name_map_add(&compiler->patterns, compiler->arena, &pattern->source);
    return pattern;
}

static void compile_format(const struct site *site)
{
    unsigned vocabularies = site->rule->home->dialect.vocabularies;
    bool is_asserted = !(site->compiler->options & SCHEMA_FORMAT_ANNOTATES) ||
                       (vocabularies & VOCABULARY_FORMAT_ASSERTION);
    const struct node *node = site_value(site, KEYWORD_FORMAT, NODE_STRING);
    enum format_id format = node && is_asserted ? format_find(node_text(node)) : FORMAT_UNKNOWN;
    if (format != FORMAT_UNKNOWN && string_checks(site))
        site->rule->string->format = format;
    else if (node && is_asserted)
        compiler_warn(site->compiler, site->rule->home, site->found[KEYWORD_FORMAT], "format",
                      "the format '%.*s' is not known, and nothing is checked",
                      STR_ARG(node_text(node)));
}

static void compile_content(const struct site *site)
{
    if (!(site->compiler->options & SCHEMA_CONTENT_ASSERTED) || site->draft != DRAFT_7)
        return;
    const struct node *encoding = site_value(site, KEYWORD_CONTENT_ENCODING, NODE_STRING);
    const struct node *media = site_value(site, KEYWORD_CONTENT_MEDIA_TYPE, NODE_STRING);
    bool is_base64 = encoding && str_is(node_text(encoding), "base64");
    bool is_json = media && str_is(node_text(media), "application/json");
    if ((is_base64 || is_json) && string_checks(site)) {
        site->rule->string->is_base64 = is_base64;
        site->rule->string->is_json = is_json && (is_base64 || !encoding);
    }
}

void compile_string(const struct site *site)
{
    uint32_t count;
    if (site_count(site, KEYWORD_MIN_LENGTH, &count) && string_checks(site))
        site->rule->string->min = count;
    if (site_count(site, KEYWORD_MAX_LENGTH, &count) && string_checks(site))
        site->rule->string->max = count;
    const struct node *source = site_value(site, KEYWORD_PATTERN, NODE_STRING);
    if (source && string_checks(site))
        site->rule->string->pattern =
            compile_pattern(site, site->found[KEYWORD_PATTERN], node_text(source));
    compile_format(site);
    compile_content(site);
}

/* The values that `enum` and `const` leave, by type. */
struct values {
    struct text_set *texts;
    struct decimal *numbers;
    uint32_t *containers;
    uint32_t number_count, container_count;
    unsigned kinds;
};

static void add_text(const struct site *site, struct values *values, struct str text)
{
    struct named *named = site_alloc(site, 1, sizeof *named);
    if (!values->texts)
        values->texts = site_alloc(site, 1, sizeof *values->texts);
    struct text_set *set = values->texts;
    if (!named || !set)
        return;
    named->name = text;
    if (!set->names.count || text.length < set->shortest)
        set->shortest = text.length;
    if (text.length > set->longest)
        set->longest = text.length;
    name_map_add(&set->names, site->compiler->arena, named);
    values->kinds |= KINDS_TEXT;
}

static void add_value(const struct site *site, struct values *values, uint32_t node)
{
    const struct node *value = &site->tape->nodes[node];
    if (value->type == NODE_STRING) {
        add_text(site, values, node_text(value));
    } else if (value->type == NODE_NUMBER) {
        values->numbers[values->number_count++] = decimal_of_node(value);
        values->kinds |= KINDS_NUMERIC;
    } else {
        if (value->type == NODE_ARRAY || value->type == NODE_OBJECT)
            values->containers[values->container_count++] = node;
        values->kinds |= kind_of(value);
    }
}

static void gather_values(const struct site *site, struct values *values)
{
    uint32_t constant = site->found[KEYWORD_CONST], list = site->found[KEYWORD_ENUM];
    uint32_t count = list ? site->tape->nodes[list].count : 1;
    int64_t work = INT64_MAX;
    values->numbers = site_alloc(site, count, sizeof *values->numbers);
    values->containers = site_alloc(site, count, sizeof *values->containers);
    if (!values->numbers || !values->containers)
        return;
    if (!list) {
        add_value(site, values, constant);
        return;
    }
    tape_for_each_item (site->tape, list, item)
        if (!constant || value_equal(site->tape, item, site->tape, constant, &work))
            add_value(site, values, item);
}

void compile_values(const struct site *site)
{
    struct values values = {0};
    if (site->found[KEYWORD_ENUM] && !site_value(site, KEYWORD_ENUM, NODE_ARRAY))
        return;
    if (!site->found[KEYWORD_ENUM] && !site->found[KEYWORD_CONST])
        return;
    gather_values(site, &values);
    struct rule *rule = site->rule;
    rule->types &= (uint16_t)values.kinds;
    if (values.texts && string_checks(site))
        rule->string->one_of = values.texts;
    if (values.number_count && number_checks(site)) {
        rule->number->one_of = values.numbers;
        rule->number->one_of_count = values.number_count;
    }
    rule->values = values.containers;
    rule->value_count = values.container_count;
}
