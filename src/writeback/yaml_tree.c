// SPDX-License-Identifier: MIT
/* New values as YAML: mappings and lists by indentation where they stand in a block, texts of
 * several lines as they are. What is nested deeper than a hand would write it goes on one line. */
#include "writeback/yaml_text.h"

static bool is_collection(struct patch_value value)
{
    uint8_t type = value.tape->nodes[value.node].type;
    return type == NODE_ARRAY || type == NODE_OBJECT;
}

static struct patch_value child_of(struct patch_value value, uint32_t node)
{
    return (struct patch_value){value.tape, node};
}

void yaml_add_flow(struct strbuf *out, struct patch_value value)
{
    const struct node *node = &value.tape->nodes[value.node];
    bool is_object = node->type == NODE_OBJECT;
    if (!is_collection(value)) {
        yaml_add_scalar(out, node, STYLE_PLAIN, YAML_FLOW);
        return;
    }
    strbuf_add_char(out, is_object ? '{' : '[');
    for (uint32_t at = value.node + 1; at < node->next; at = value.tape->nodes[at].next) {
        if (at != value.node + 1)
            strbuf_add_text(out, ", ");
        if (is_object) {
            yaml_add_text(out, node_text(&value.tape->nodes[at]), STYLE_PLAIN, YAML_NAME);
            strbuf_add_text(out, ": ");
        }
        yaml_add_flow(out, child_of(value, at + is_object));
    }
    strbuf_add_char(out, is_object ? '}' : ']');
}

/** A text of several lines, at most one line break at its end, as a block scalar. */
static bool add_literal(struct strbuf *out, const struct node *node, unsigned indent,
                        struct str eol)
{
    struct str text = node_text(node);
    if (node->type != NODE_STRING || str_find(text, '\n') == STR_NONE ||
        str_ends_with(text, STR("\n\n")) || !yaml_fits_literal(text))
        return false;
    strbuf_add_char(out, '|');
    if (yaml_needs_indicator(text))
        strbuf_add_char(out, '2');
    if (!str_ends_with(text, STR("\n")))
        strbuf_add_char(out, '-');
    yaml_add_literal_lines(out, text, indent + 2, eol);
    return true;
}

/** A value that begins on the line of its key or dash. */
static void add_inline(struct strbuf *out, struct patch_value value, unsigned indent,
                       const struct yaml_look *look)
{
    const struct node *node = &value.tape->nodes[value.node];
    if (is_collection(value))
        yaml_add_flow(out, value);
    else if (!add_literal(out, node, indent, look->eol))
        yaml_add_scalar(out, node, STYLE_PLAIN, YAML_BLOCK);
}

static void add_line(struct strbuf *out, unsigned indent, const struct yaml_look *look)
{
    strbuf_add(out, look->eol);
    yaml_add_columns(out, indent);
}

void yaml_add_item_value(struct strbuf *out, struct patch_value value, unsigned indent,
                         const struct yaml_look *look)
{
    const struct node *node = &value.tape->nodes[value.node];
    if (node->type != NODE_OBJECT || !node->count) {
        add_inline(out, value, indent, look);
        return;
    }
    tape_for_each_member (value.tape, value.node, key) {
        if (key != value.node + 1)
            add_line(out, indent + 2, look);
        yaml_add_member(out, node_text(&value.tape->nodes[key]), child_of(value, key + 1),
                        indent + 2, look);
    }
}

static void add_block_list(struct strbuf *out, struct patch_value value, unsigned indent,
                           const struct yaml_look *look)
{
    tape_for_each_item (value.tape, value.node, item) {
        add_line(out, indent, look);
        strbuf_add_text(out, "- ");
        yaml_add_item_value(out, child_of(value, item), indent, look);
    }
}

void yaml_add_member_value(struct strbuf *out, struct patch_value value, unsigned indent,
                           const struct yaml_look *look)
{
    const struct node *node = &value.tape->nodes[value.node];
    if (node->type == NODE_ARRAY && node->count && !look->has_flow_lists) {
        add_block_list(out, value, indent + look->dash_columns, look);
    } else if (node->type == NODE_OBJECT && node->count) {
        tape_for_each_member (value.tape, value.node, key) {
            add_line(out, indent + 2, look);
            yaml_add_member(out, node_text(&value.tape->nodes[key]), child_of(value, key + 1),
                            indent + 2, look);
        }
    } else {
        strbuf_add_char(out, ' ');
        add_inline(out, value, indent, look);
    }
}

void yaml_add_member(struct strbuf *out, struct str name, struct patch_value value, unsigned indent,
                     const struct yaml_look *look)
{
    yaml_add_text(out, name, STYLE_PLAIN, YAML_NAME);
    strbuf_add_char(out, ':');
    yaml_add_member_value(out, value, indent, look);
}
