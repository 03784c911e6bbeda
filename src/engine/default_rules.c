// SPDX-License-Identifier: MIT
#include "engine/default_rules.h"

#include "base/glob.h"
#include "base/unicode.h"

#define MEANING                                                                                    \
    "permissions must be an array of rules such as {\"path\": \"work/**\", "                       \
    "\"share_with_cloud\": true}; none is used"

/** What is being read, for its problems. */
struct rule_reading {
    const struct tape *tape;
    struct arena *arena;
    struct problem_list *problems;
};

static bool refuse(const struct rule_reading *reading, const struct node *node, const char *reason)
{
    problem_add(reading->problems, PROBLEM_WARNING, "setting", node->start, node->end,
                "permissions: %s; none of the rules is used", reason);
    return false;
}

static bool read_condition(const struct rule_reading *reading, const struct node *node,
                           struct str *ret_text)
{
    if (node->type != NODE_STRING || !node_text(node).length)
        return refuse(reading, node, "path, tag and schema must be texts");
    *ret_text = arena_copy(reading->arena, node_text(node));
    return true;
}

static bool read_path(const struct rule_reading *reading, const struct node *node,
                      struct default_rule *rule)
{
    if (!read_condition(reading, node, &rule->path))
        return false;
    const char *mistake = glob_check(rule->path);
    return mistake ? refuse(reading, node, mistake) : true;
}

/** With or without its "#", and as tags are compared. */
static bool read_tag(const struct rule_reading *reading, const struct node *node,
                     struct default_rule *rule)
{
    struct str tag;
    STRBUF_SCOPED folded = {0};
    if (!read_condition(reading, node, &tag))
        return false;
    if (str_starts_with(tag, STR("#")))
        tag = str_slice(tag, 1, tag.length);
    unicode_add_folded(&folded, tag);
    rule->tag = arena_copy(reading->arena, strbuf_str(&folded));
    reading->arena->failed |= folded.failed;
    return folded.length ? true : refuse(reading, node, "a tag has a name");
}

static bool read_wish(const struct rule_reading *reading, const struct node *node,
                      enum permission_wish *ret_wish)
{
    if (node->type != NODE_TRUE && node->type != NODE_FALSE)
        return refuse(reading, node, "share_with_ai and share_with_cloud must be true or false");
    *ret_wish = node->type == NODE_TRUE ? WISH_ON : WISH_OFF;
    return true;
}

static bool read_member(const struct rule_reading *reading, uint32_t key, struct default_rule *rule)
{
    struct str name = node_text(&reading->tape->nodes[key]);
    const struct node *node = &reading->tape->nodes[key + 1];
    if (str_is(name, "path"))
        return read_path(reading, node, rule);
    if (str_is(name, "tag"))
        return read_tag(reading, node, rule);
    if (str_is(name, "schema"))
        return read_condition(reading, node, &rule->schema);
    if (str_is(name, "share_with_ai"))
        return read_wish(reading, node, &rule->share_with_ai);
    if (str_is(name, "share_with_cloud"))
        return read_wish(reading, node, &rule->share_with_cloud);
    return refuse(reading, &reading->tape->nodes[key],
                  "a rule has path, tag, schema, share_with_ai and share_with_cloud, and no more");
}

static bool read_rule(const struct rule_reading *reading, uint32_t item, struct default_rule *rule)
{
    const struct node *node = &reading->tape->nodes[item];
    if (node->type != NODE_OBJECT)
        return refuse(reading, node, "a rule is an object");
    bool is_right = true;
    tape_for_each_member (reading->tape, item, key)
        is_right = is_right && read_member(reading, key, rule);
    if (!is_right)
        return false;
    if (!rule->path.at && !rule->tag.at && !rule->schema.at)
        return refuse(reading, node, "a rule says of which path, tag or schema");
    if (!rule->share_with_ai && !rule->share_with_cloud)
        return refuse(reading, node, "a rule says share_with_ai or share_with_cloud");
    return true;
}

bool default_rules_read(const struct tape *tape, uint32_t value, struct arena *arena,
                        struct problem_list *problems, struct default_rules *ret_rules)
{
    const struct rule_reading reading = {tape, arena, problems};
    const struct node *node = &tape->nodes[value];
    struct default_rules rules = {0};
    if (node->type != NODE_ARRAY) {
        problem_add(problems, PROBLEM_WARNING, "setting", node->start, node->end, MEANING);
        return false;
    }
    rules.items = arena_alloc_array(arena, node->count + 1, sizeof *rules.items);
    if (!rules.items)
        return false;
    tape_for_each_item (tape, value, item) {
        rules.items[rules.count] = (struct default_rule){0};
        if (!read_rule(&reading, item, &rules.items[rules.count++]))
            return false;
    }
    *ret_rules = rules;
    return true;
}

void default_rule_describe(const struct default_rule *rule, struct strbuf *out)
{
    const struct {
        const char *name;
        struct str text;
    } conditions[] = {{"path", rule->path}, {"tag", rule->tag}, {"schema", rule->schema}};
    const char *gap = "";
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        if (!conditions[i].text.at)
            continue;
        strbuf_addf(out, "%s%s %.*s", gap, conditions[i].name, STR_ARG(conditions[i].text));
        gap = ", ";
    }
}
