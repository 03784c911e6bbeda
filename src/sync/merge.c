// SPDX-License-Identifier: MIT
#include "sync/merge.h"

#include "base/diff.h"

/** One property, on the base and both sides; TAPE_NONE where it is not there. */
struct property {
    struct str name;
    uint32_t base, side[SIDE_COUNT];
};

/** One merge at work. */
struct merging {
    const struct merge_input *input;
    struct strbuf *content, *lost;
    bool has_member; /* a comma is due */
};

static bool is_same(const struct merge_object *a, uint32_t a_value, const struct merge_object *b,
                    uint32_t b_value)
{
    if (a_value == TAPE_NONE || b_value == TAPE_NONE)
        return a_value == b_value;
    return tape_equal(a->tape, a_value, b->tape, b_value);
}

static void add_name(struct merging *merging, struct str name)
{
    strbuf_add_text(merging->content, merging->has_member ? "," : "");
    merging->has_member = true;
    strbuf_add_json(merging->content, name);
    strbuf_add_char(merging->content, ':');
}

/** The property as that side has it, if it does. */
static void take(struct merging *merging, const struct property *property, enum side side)
{
    if (property->side[side] == TAPE_NONE)
        return;
    add_name(merging, property->name);
    tape_add_json(merging->input->side[side].tape, property->side[side], merging->content);
}

static bool is_text(const struct merge_object *object, uint32_t value)
{
    return value != TAPE_NONE && object->tape->nodes[value].type == NODE_STRING;
}

/** True when the body is there on all three, and both sides changed other lines of it. */
static bool take_lines(struct merging *merging, const struct property *property)
{
    const struct merge_input *input = merging->input;
    const struct merge_object *file = &input->side[SIDE_FILE], *row = &input->side[SIDE_ROW];
    STRBUF_SCOPED lines = {0};
    if (!input->body.at || !str_equal(property->name, input->body) ||
        !is_text(&input->base, property->base) || !is_text(file, property->side[SIDE_FILE]) ||
        !is_text(row, property->side[SIDE_ROW]))
        return false;
    enum diff_merged merged =
        diff_merge(node_text(&input->base.tape->nodes[property->base]),
                   node_text(&file->tape->nodes[property->side[SIDE_FILE]]),
                   node_text(&row->tape->nodes[property->side[SIDE_ROW]]), &lines);
    merging->content->failed |= lines.failed;
    if (merged == DIFF_OVERLAPS)
        return false;
    add_name(merging, property->name);
    strbuf_add_json(merging->content, strbuf_str(&lines));
    return true;
}

static void merge_property(struct merging *merging, const struct property *property)
{
    const struct merge_input *input = merging->input;
    const struct merge_object *file = &input->side[SIDE_FILE], *row = &input->side[SIDE_ROW];
    uint32_t in_file = property->side[SIDE_FILE], in_row = property->side[SIDE_ROW];
    if (is_same(&input->base, property->base, row, in_row) || is_same(file, in_file, row, in_row)) {
        take(merging, property, SIDE_FILE);
    } else if (is_same(&input->base, property->base, file, in_file)) {
        take(merging, property, SIDE_ROW);
    } else if (!take_lines(merging, property)) {
        take(merging, property, input->newer);
        strbuf_add_text(merging->lost, merging->lost->length ? ", " : "");
        strbuf_add(merging->lost, property->name);
    }
}

static struct property find(const struct merge_input *input, struct str name)
{
    struct property property = {.name = name};
    property.base = tape_member(input->base.tape, input->base.node, name);
    for (int side = 0; side < SIDE_COUNT; side++)
        property.side[side] = tape_member(input->side[side].tape, input->side[side].node, name);
    return property;
}

void merge(const struct merge_input *input, struct strbuf *content, struct strbuf *lost)
{
    struct merging merging = {.input = input, .content = content, .lost = lost};
    strbuf_add_char(content, '{');
    for (int side = 0; side < SIDE_COUNT; side++) {
        const struct merge_object *object = &input->side[side];
        tape_for_each_member (object->tape, object->node, key) {
            struct property property = find(input, node_text(&object->tape->nodes[key]));
            if (side == SIDE_FILE || property.side[SIDE_FILE] == TAPE_NONE)
                merge_property(&merging, &property);
        }
    }
    strbuf_add_char(content, '}');
}
