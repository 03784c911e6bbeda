// SPDX-License-Identifier: MIT
#include "parse/yaml_resolve.h"

#include "parse/yaml_scalar.h"
#include "parse/yaml_span.h"

struct str yaml_scalar_text(const struct yaml_event *event, struct tape *tape, struct node *node)
{
    uint32_t quote = event->style == STYLE_SINGLE || event->style == STYLE_DOUBLE;
    struct str raw = str_slice(tape->source, node->start + quote, node->end - quote);
    if (str_equal(raw, event->value))
        return raw;
    node->flags |= NODE_DECODED;
    return arena_copy(&tape->text, event->value);
}

/* The core schema's tags, as libyaml spells them out. */
#define TAG(name) "tag:yaml.org,2002:" name

static const struct core_tag {
    const char *tag, *name;
    unsigned kinds; /* one bit for each enum yaml_scalar that it allows */
} core_tags[] = {
    {TAG("str"), "a text", ~0u},
    {TAG("int"), "an integer", 1u << YAML_INTEGER},
    {TAG("float"), "a number", 1u << YAML_INTEGER | 1u << YAML_FLOAT | 1u << YAML_NOT_FINITE},
    {TAG("bool"), "true or false", 1u << YAML_TRUE | 1u << YAML_FALSE},
    {TAG("null"), "null", 1u << YAML_NULL},
    {TAG("seq"), "a list", 0},
    {TAG("map"), "a mapping", 0},
};

static const struct core_tag *find_core_tag(struct str tag)
{
    for (size_t i = 0; i < sizeof core_tags / sizeof core_tags[0]; i++)
        if (str_is(tag, core_tags[i].tag))
            return &core_tags[i];
    return NULL;
}

static void warn_tag(const struct yaml_event *event, struct problem_list *problems)
{
    problem_add(problems, PROBLEM_WARNING, "yaml-tag", event->start, event->end,
                "the unknown tag '%s' is ignored", problem_excerpt(problems, event->tag));
}

bool yaml_check_collection_tag(const struct yaml_event *event, enum node_type type,
                               struct problem_list *problems)
{
    const struct core_tag *core = find_core_tag(event->tag);
    bool is_array = type == NODE_ARRAY;
    if (!event->tag.length || (core && str_is(event->tag, is_array ? TAG("seq") : TAG("map"))))
        return true;
    if (!core) {
        warn_tag(event, problems);
        return true;
    }
    problem_add(problems, PROBLEM_ERROR, "yaml", event->start, event->end,
                "this is a %s, not %s, as its tag says", is_array ? "list" : "mapping", core->name);
    return false;
}

static bool kind_by_tag(const struct yaml_event *event, struct problem_list *problems,
                        enum yaml_scalar *ret_kind)
{
    const struct core_tag *core = find_core_tag(event->tag);
    *ret_kind = YAML_STRING;
    if (!core)
        warn_tag(event, problems);
    if (!core || str_is(event->tag, TAG("str")))
        return true;
    *ret_kind = yaml_scalar_of(event->value);
    if (core->kinds >> *ret_kind & 1)
        return true;
    problem_add(problems, PROBLEM_ERROR, "yaml", event->start, event->end,
                "'%s' is not %s, as its tag says", problem_excerpt(problems, event->value),
                core->name);
    return false;
}

static bool kind_of(const struct yaml_event *event, struct str source,
                    struct problem_list *problems, enum yaml_scalar *ret_kind)
{
    if (event->tag.length)
        return kind_by_tag(event, problems, ret_kind);
    bool is_string =
        event->style != STYLE_PLAIN || yaml_span_has_string_tag(source, event->start, event->end);
    *ret_kind = is_string ? YAML_STRING : yaml_scalar_of(event->value);
    return true;
}

bool yaml_resolve_number(struct str text, struct tape *tape, struct node *node,
                         struct problem_list *problems)
{
    struct str number;
    node->type = NODE_NUMBER;
    if (!yaml_number_text(text, &tape->text, &number)) {
        if (!tape->text.failed && problems)
            problem_add(problems, PROBLEM_ERROR, "limit", node->start, node->end,
                        "the number has more than %d digits", YAML_RADIX_DIGITS);
        return false;
    }
    node_set_number(node, number);
    if (number.at != text.at || number.length != text.length)
        node->flags |= NODE_DECODED;
    return true;
}

bool yaml_resolve(const struct yaml_event *event, struct str text, struct tape *tape,
                  struct node *node, struct problem_list *problems)
{
    enum yaml_scalar kind;
    if (!kind_of(event, tape->source, problems, &kind))
        return false;
    switch (kind) {
    case YAML_NULL: node->type = NODE_NULL; return true;
    case YAML_TRUE: node->type = NODE_TRUE; return true;
    case YAML_FALSE: node->type = NODE_FALSE; return true;
    case YAML_INTEGER:
    case YAML_FLOAT: return yaml_resolve_number(text, tape, node, problems);
    case YAML_STRING:
        node->type = NODE_STRING;
        node->text = text.at;
        node->text_length = (uint32_t)text.length;
        return true;
    case YAML_NOT_FINITE: break;
    }
    problem_add(problems, PROBLEM_ERROR, "yaml", node->start, node->end,
                "'%s' is not representable in JSON (as text, put it in quotes)",
                problem_excerpt(problems, text));
    return false;
}
