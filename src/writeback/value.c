// SPDX-License-Identifier: MIT
/*
 * Two objects are compared member by member, two lists item by item between what they begin and end
 * with in common; so each value that differs is edited alone. A value that becomes another kind of
 * collection, or no collection, is written anew.
 */
#include "writeback/value.h"

#include "base/error.h"
#include "writeback/block.h"
#include "writeback/flow.h"

static bool is_yaml(const struct job *job)
{
    return job->patch->source.syntax == PATCH_YAML;
}

static bool is_block(const struct job *job, uint32_t container)
{
    return is_yaml(job) && job->old->nodes[container].style == STYLE_BLOCK;
}

static struct patch_value wanted_value(const struct job *job, uint32_t node)
{
    return (struct patch_value){job->wanted, node};
}

/** Whether the member is a note's body, which is no part of its properties. */
static bool is_body(const struct job *job, uint32_t object, struct str name)
{
    return object == 0 && job->patch->body != TAPE_NONE && str_equal(name, job->patch->source.body);
}

/** The text of a new member of the object. */
static void render_member(const struct job *job, const struct splice *splice, uint32_t key,
                          struct strbuf *out)
{
    struct str name = node_text(&job->wanted->nodes[key]);
    struct patch_value value = wanted_value(job, key + 1);
    uint32_t object = splice->container;
    if (!is_yaml(job)) {
        struct json_look look = flow_look(job->patch, object);
        json_add_member(out, name, value, &look);
    } else if (is_block(job, object)) {
        struct yaml_look look = block_look(job->patch, object);
        yaml_add_member(out, name, value, block_column(job->patch, splice), &look);
    } else {
        bool has_quotes = splice->count && job->old->nodes[object + 1].style == STYLE_DOUBLE;
        yaml_add_text(out, name, has_quotes ? STYLE_DOUBLE : STYLE_PLAIN, YAML_NAME);
        strbuf_add_text(out, ": ");
        yaml_add_flow(out, value);
    }
}

/** A text in quotes, where the list's first item is one; else false. */
static bool render_quoted(const struct job *job, uint32_t array, uint32_t item, struct strbuf *out)
{
    const struct node *first = &job->old->nodes[array + 1], *node = &job->wanted->nodes[item];
    bool has_quotes = first->style == STYLE_SINGLE || first->style == STYLE_DOUBLE;
    if (!job->old->nodes[array].count || !has_quotes || node->type != NODE_STRING)
        return false;
    yaml_add_text(out, node_text(node), (enum node_style)first->style,
                  is_block(job, array) ? YAML_BLOCK : YAML_FLOW);
    return true;
}

static void render_item(const struct job *job, const struct splice *splice, uint32_t item,
                        struct strbuf *out)
{
    struct patch_value value = wanted_value(job, item);
    uint32_t array = splice->container;
    if (!is_yaml(job)) {
        struct json_look look = flow_look(job->patch, array);
        json_add_value(out, value, &look);
    } else if (is_block(job, array)) {
        struct yaml_look look = {.eol = line_break(job->patch), .dash_columns = 2};
        strbuf_add_text(out, "- ");
        if (!render_quoted(job, array, item, out))
            yaml_add_item_value(out, value, block_column(job->patch, splice), &look);
    } else if (!render_quoted(job, array, item, out)) {
        yaml_add_flow(out, value);
    }
}

static void add_child(const struct job *job, struct splice *splice, uint32_t wanted)
{
    struct strbuf *child = fresh_text(job->patch);
    if (job->wanted->nodes[wanted].type == NODE_KEY)
        render_member(job, splice, wanted, child);
    else
        render_item(job, splice, wanted, child);
    splice_add(splice, job->patch, strbuf_str(child));
}

static enum nexus_status carry_out(const struct job *job, const struct splice *splice)
{
    if (is_block(job, splice->container))
        return block_splice(job->patch, splice, job->err);
    flow_splice(job->patch, splice);
    return NEXUS_OK;
}

/** How many members of the old object the wanted one does not have, and the other way round. */
static void count_changes(const struct job *job, uint32_t old, uint32_t wanted, size_t *ret_gone,
                          size_t *ret_new)
{
    uint32_t hint = 0;
    *ret_gone = *ret_new = 0;
    tape_for_each_member (job->old, old, key) {
        struct str name = node_text(&job->old->nodes[key]);
        if (key != job->patch->body &&
            tape_member_near(job->wanted, wanted, name, &hint) == TAPE_NONE)
            ++*ret_gone;
    }
    hint = 0;
    tape_for_each_member (job->wanted, wanted, key) {
        struct str name = node_text(&job->wanted->nodes[key]);
        if (!is_body(job, old, name) && tape_member_near(job->old, old, name, &hint) == TAPE_NONE)
            ++*ret_new;
    }
}

static enum nexus_status splice_members(const struct job *job, uint32_t old, uint32_t wanted)
{
    struct splice splice;
    uint32_t hint = 0;
    if (!splice_init(&splice, job->patch, old))
        return fail_no_memory(job->err);
    for (size_t i = 0; i < splice.count; i++) {
        struct child *child = &splice.children[i];
        struct str name = node_text(&job->old->nodes[child->value - 1]);
        child->is_removed = tape_member_near(job->wanted, wanted, name, &hint) == TAPE_NONE;
        splice.removed_count += child->is_removed;
    }
    hint = 0;
    tape_for_each_member (job->wanted, wanted, key) {
        struct str name = node_text(&job->wanted->nodes[key]);
        if (!is_body(job, old, name) && tape_member_near(job->old, old, name, &hint) == TAPE_NONE)
            add_child(job, &splice, key);
    }
    return carry_out(job, &splice);
}

static enum nexus_status patch_common_members(const struct job *job, uint32_t old, uint32_t wanted)
{
    bool has_columns = is_block(job, old);
    struct site site = {.container = old, .is_flow = !has_columns};
    uint32_t hint = 0;
    tape_for_each_member (job->old, old, key) {
        const struct node *node = &job->old->nodes[key];
        if (key == job->patch->body)
            continue;
        uint32_t value = tape_member_near(job->wanted, wanted, node_text(node), &hint);
        if (value == TAPE_NONE)
            continue;
        site.from = node->end;
        site.column = has_columns ? column_of(job->patch, node->start) : 0;
        TRY(value_patch(job, key + 1, value, &site));
    }
    return NEXUS_OK;
}

enum nexus_status value_patch_members(const struct job *job, uint32_t old, uint32_t wanted)
{
    size_t gone, added;
    TRY(patch_common_members(job, old, wanted));
    count_changes(job, old, wanted, &gone, &added);
    return gone || added ? splice_members(job, old, wanted) : NEXUS_OK;
}

/** The parts of two lists that differ: children `first` up to `old_end`, and `wanted_end`. */
struct difference {
    size_t first, old_end, wanted_end;
};

static uint32_t *item_nodes(struct arena *arena, const struct tape *tape, uint32_t array)
{
    uint32_t *items = arena_alloc_array(arena, (size_t)tape->nodes[array].count + 1, sizeof *items);
    size_t count = 0;
    if (items)
        tape_for_each_item (tape, array, item)
            items[count++] = item;
    return items;
}

static struct difference difference_of(const struct job *job, const struct splice *splice,
                                       const uint32_t *wanted, size_t wanted_count)
{
    struct difference part = {0, splice->count, wanted_count};
    while (
        part.first < part.old_end && part.first < part.wanted_end &&
        tape_equal(job->old, splice->children[part.first].value, job->wanted, wanted[part.first]))
        part.first++;
    while (part.old_end > part.first && part.wanted_end > part.first &&
           tape_equal(job->old, splice->children[part.old_end - 1].value, job->wanted,
                      wanted[part.wanted_end - 1])) {
        part.old_end--;
        part.wanted_end--;
    }
    return part;
}

static enum nexus_status patch_items(const struct job *job, uint32_t old, uint32_t wanted)
{
    struct splice splice;
    const uint32_t *items = item_nodes(&job->patch->arena, job->wanted, wanted);
    if (!items || !splice_init(&splice, job->patch, old))
        return fail_no_memory(job->err);
    struct difference part = difference_of(job, &splice, items, job->wanted->nodes[wanted].count);
    struct site site = {.container = old, .is_flow = !is_block(job, old)};
    site.column = site.is_flow ? 0 : block_column(job->patch, &splice);
    size_t at = part.first;
    for (; at < part.old_end && at < part.wanted_end; at++) {
        uint32_t before = at ? splice.children[at - 1].end : job->old->nodes[old].start + 1;
        site.from = site.is_flow ? before : splice.children[at].start;
        TRY(value_patch(job, splice.children[at].value, items[at], &site));
    }
    splice.before = at;
    for (size_t i = at; i < part.wanted_end; i++)
        add_child(job, &splice, items[i]);
    for (; at < part.old_end; at++, splice.removed_count++)
        splice.children[at].is_removed = true;
    return splice.removed_count || splice.added_count ? carry_out(job, &splice) : NEXUS_OK;
}

static bool is_collection(const struct node *node)
{
    return node->type == NODE_ARRAY || node->type == NODE_OBJECT;
}

static bool same_scalar(const struct node *a, const struct node *b)
{
    return a->type == b->type && !is_collection(a) && str_equal(node_text(a), node_text(b));
}

/** Writes a JSON value over another. */
static enum nexus_status json_replace(const struct job *job, uint32_t old, uint32_t wanted,
                                      const struct site *site)
{
    const struct node *node = &job->old->nodes[old];
    struct json_look look = json_look_new;
    if (is_collection(&job->wanted->nodes[wanted]))
        look = flow_look(job->patch, site->container);
    struct strbuf *text = fresh_text(job->patch);
    json_add_value(text, wanted_value(job, wanted), &look);
    edit_replace(job->patch, node->start, node->end, strbuf_str(text));
    return NEXUS_OK;
}

/** Whether children can be edited one by one: two lists or two objects, not an alias's copy, and
 * not a block that would be left empty, which YAML has no way to write. */
static bool is_comparable(const struct job *job, const struct node *old, const struct node *wanted)
{
    if (old->type != wanted->type || !is_collection(old) || old->flags & NODE_ALIAS)
        return false;
    return wanted->count || !is_yaml(job) || old->style == STYLE_FLOW;
}

enum nexus_status value_patch(const struct job *job, uint32_t old, uint32_t wanted,
                              const struct site *site)
{
    const struct node *one = &job->old->nodes[old], *other = &job->wanted->nodes[wanted];
    if (same_scalar(one, other))
        return NEXUS_OK;
    if (is_yaml(job)) {
        if (tape_equal(job->old, old, job->wanted, wanted))
            return NEXUS_OK;
        TRY(yaml_check_anchor(job, old, site));
    }
    if (is_comparable(job, one, other))
        return one->type == NODE_OBJECT ? value_patch_members(job, old, wanted)
                                        : patch_items(job, old, wanted);
    return is_yaml(job) ? yaml_replace(job, old, wanted, site)
                        : json_replace(job, old, wanted, site);
}
