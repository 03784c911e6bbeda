// SPDX-License-Identifier: MIT
#include "writeback/json_text.h"

const struct json_look json_look_new = {
    .has_lines = true,
    .unit = {"  ", 2},
    .eol = {"\n", 1},
    .colon = {": ", 2},
    .comma = {", ", 2},
};

void json_add_line(struct strbuf *out, const struct json_look *look, unsigned levels)
{
    strbuf_add(out, look->eol);
    strbuf_add(out, look->indent);
    while (levels--)
        strbuf_add(out, look->unit);
}

static void add_scalar(struct strbuf *out, const struct node *node)
{
    switch ((enum node_type)node->type) {
    case NODE_NULL: strbuf_add_text(out, "null"); break;
    case NODE_FALSE: strbuf_add_text(out, "false"); break;
    case NODE_TRUE: strbuf_add_text(out, "true"); break;
    case NODE_NUMBER: strbuf_add(out, node_text(node)); break;
    case NODE_STRING:
    case NODE_KEY: strbuf_add_json(out, node_text(node)); break;
    case NODE_ARRAY:
    case NODE_OBJECT: break;
    }
}

static void add(struct strbuf *out, const struct tape *tape, uint32_t index,
                const struct json_look *look, unsigned level);

/** What goes before a child: a comma behind the one before, and a line or a blank. */
static void add_gap(struct strbuf *out, const struct json_look *look, bool is_first, unsigned level)
{
    if (look->has_lines) {
        strbuf_add_text(out, is_first ? "" : ",");
        json_add_line(out, look, level);
    } else if (!is_first) {
        strbuf_add(out, look->comma);
    }
}

static void add_children(struct strbuf *out, const struct tape *tape, uint32_t index,
                         const struct json_look *look, unsigned level)
{
    const struct node *node = &tape->nodes[index];
    bool is_object = node->type == NODE_OBJECT;
    for (uint32_t at = index + 1; at < node->next; at = tape->nodes[at].next) {
        add_gap(out, look, at == index + 1, level + 1);
        if (is_object) {
            strbuf_add_json(out, node_text(&tape->nodes[at]));
            strbuf_add(out, look->colon);
        }
        add(out, tape, at + is_object, look, level + 1);
    }
}

static void add(struct strbuf *out, const struct tape *tape, uint32_t index,
                const struct json_look *look, unsigned level)
{
    const struct node *node = &tape->nodes[index];
    bool is_object = node->type == NODE_OBJECT;
    if (!is_object && node->type != NODE_ARRAY) {
        add_scalar(out, node);
        return;
    }
    struct str padding = is_object && node->count && !look->has_lines ? look->padding : STR("");
    strbuf_add_char(out, is_object ? '{' : '[');
    strbuf_add(out, padding);
    add_children(out, tape, index, look, level);
    if (look->has_lines && node->count)
        json_add_line(out, look, level);
    strbuf_add(out, padding);
    strbuf_add_char(out, is_object ? '}' : ']');
}

void json_add_value(struct strbuf *out, struct patch_value value, const struct json_look *look)
{
    add(out, value.tape, value.node, look, 0);
}

void json_add_member(struct strbuf *out, struct str name, struct patch_value value,
                     const struct json_look *look)
{
    strbuf_add_json(out, name);
    strbuf_add(out, look->colon);
    json_add_value(out, value, look);
}
