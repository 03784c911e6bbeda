// SPDX-License-Identifier: MIT
/*
 * A child that goes takes the comma and the filling up to the next child with it, or, when none
 * follows, from the end of the one before. A new child repeats the filling between the first two.
 */
#include "writeback/flow.h"

static const struct node *node_at(const struct patch *patch, uint32_t index)
{
    return &patch->source.tape->nodes[index];
}

static bool has_break(struct str text)
{
    return str_find(text, '\n') != STR_NONE;
}

/** The collection's first child (a key or an item), or TAPE_NONE. */
static uint32_t first_child(const struct patch *patch, uint32_t container)
{
    uint32_t first = container + 1;
    return first < node_at(patch, container)->next && first != patch->body ? first : TAPE_NONE;
}

static uint32_t value_of(const struct patch *patch, uint32_t child)
{
    return child + (node_at(patch, child)->type == NODE_KEY);
}

/** Whether the file has no blank behind its first colon, and so behind none. */
static bool is_compact(const struct patch *patch)
{
    uint32_t root = 0;
    if (node_at(patch, root)->type == NODE_ARRAY && node_at(patch, root)->count)
        root = 1;
    uint32_t first = first_child(patch, root);
    return first != TAPE_NONE && node_at(patch, first)->type == NODE_KEY &&
           node_at(patch, first)->end + 1 == node_at(patch, first + 1)->start;
}

/** The filling (not empty) of which a new line is made, or `other`. Only white space is repeated.
 */
static struct str only_space(struct str filling, struct str other)
{
    return str_trim(filling).length == 0 ? filling : other;
}

/** What stands between a comma and the child behind it; with a line break, `indent` too. */
static struct str gap_of(const struct patch *patch, uint32_t container)
{
    uint32_t first = first_child(patch, container);
    struct str usual = is_compact(patch) ? STR("") : STR(" ");
    if (first == TAPE_NONE)
        return usual;
    uint32_t second = node_at(patch, first)->next;
    uint32_t start = node_at(patch, first)->start;
    if (second >= node_at(patch, container)->next || second == patch->body) {
        struct str before = source_slice(patch, node_at(patch, container)->start + 1, start);
        return has_break(before) ? only_space(before, usual) : usual;
    }
    uint32_t end = node_at(patch, value_of(patch, first))->end;
    uint32_t comma = skip_filling(patch, end, node_at(patch, second)->start);
    struct str gap = source_slice(patch, comma + 1, node_at(patch, second)->start);
    return gap.length ? only_space(gap, usual) : gap;
}

/** The indentation of the line that holds `at`. */
static struct str indent_at(const struct patch *patch, uint32_t at)
{
    uint32_t start = line_start(patch, at), end = start;
    while (end < at && (source_char(patch, end) == ' ' || source_char(patch, end) == '\t'))
        end++;
    return source_slice(patch, start, end);
}

/** A child that is a collection with children of its own, or TAPE_NONE: how new ones look. */
static uint32_t sample_of(const struct patch *patch, uint32_t container)
{
    uint32_t child = first_child(patch, container);
    for (int i = 0; i < 2 && child != TAPE_NONE && child < node_at(patch, container)->next; i++) {
        uint32_t value = value_of(patch, child);
        if (child != patch->body && node_at(patch, value)->count)
            return value;
        child = node_at(patch, child)->next;
    }
    return TAPE_NONE;
}

static struct str colon_of(const struct patch *patch, uint32_t object)
{
    uint32_t key = first_child(patch, object);
    struct str usual = is_compact(patch) ? STR(":") : STR(": ");
    if (key == TAPE_NONE || node_at(patch, key)->type != NODE_KEY)
        return usual;
    struct str colon =
        source_slice(patch, node_at(patch, key)->end, node_at(patch, key + 1)->start);
    return has_break(colon) || str_trim(colon).length != 1 ? usual : colon;
}

/** How the collection `sample` spaces its children on one line. */
static void look_inside(const struct patch *patch, uint32_t sample, struct json_look *look)
{
    uint32_t first = sample + 1;
    struct str before =
        source_slice(patch, node_at(patch, sample)->start + 1, node_at(patch, first)->start);
    look->has_lines = has_break(before);
    look->colon = colon_of(patch, sample);
    if (look->has_lines)
        return;
    look->padding = before;
    look->comma = str_equal(gap_of(patch, sample), STR("")) ? STR(",") : STR(", ");
}

/** What the line of a child has before it that the collection's own line has not. */
static struct str unit_of(const struct patch *patch, uint32_t container, struct str indent)
{
    struct str outer = indent_at(patch, node_at(patch, container)->end - 1);
    if (indent.length > outer.length && str_starts_with(indent, outer))
        return str_slice(indent, outer.length, indent.length);
    return STR("  ");
}

/** Whether the first children of an empty collection get lines of their own: not in a file of one
 * line, and not in a plain list. */
static bool starts_lines(const struct patch *patch, uint32_t container)
{
    const struct node *node = node_at(patch, container);
    if (patch->source.syntax != PATCH_JSON || is_compact(patch))
        return false;
    bool holds_objects = container == patch->collection || node->type == NODE_OBJECT;
    return container == 0 || (holds_objects && patch->first_break < node->start);
}

/** The indentation of an empty collection's first children. */
static struct str first_indent(struct patch *patch, uint32_t container)
{
    struct str outer = indent_at(patch, node_at(patch, container)->start);
    return arena_format(&patch->arena, "%.*s  ", STR_ARG(outer));
}

struct json_look flow_look(struct patch *patch, uint32_t container)
{
    struct json_look look = json_look_new;
    struct str gap = gap_of(patch, container);
    uint32_t sample = sample_of(patch, container);
    look.eol = line_break(patch);
    look.has_lines = has_break(gap);
    look.colon = colon_of(patch, container);
    look.comma = is_compact(patch) ? STR(",") : STR(", ");
    if (look.has_lines) {
        look.indent = str_slice(gap, str_find_last(gap, '\n') + 1, gap.length);
        look.unit = unit_of(patch, container, look.indent);
    } else if (first_child(patch, container) == TAPE_NONE && starts_lines(patch, container)) {
        look.has_lines = true;
        look.indent = first_indent(patch, container);
    }
    bool had_lines = look.has_lines;
    if (sample != TAPE_NONE)
        look_inside(patch, sample, &look);
    look.has_lines &= had_lines;
    return look;
}

/** The text of the children to be added, with what separates them. */
static void join(struct strbuf *out, const struct splice *splice, struct str gap)
{
    for (size_t i = 0; i < splice->added_count; i++) {
        if (i > 0) {
            strbuf_add_char(out, ',');
            strbuf_add(out, gap);
        }
        strbuf_add(out, splice->added[i]);
    }
}

/** A collection without children. */
static void fill_empty(struct patch *patch, const struct splice *splice)
{
    STRBUF_SCOPED gap = {0};
    STRBUF_SCOPED text = {0};
    const struct node *node = node_at(patch, splice->container);
    struct json_look look = flow_look(patch, splice->container);
    if (look.has_lines)
        json_add_line(&gap, &look, 0);
    else
        strbuf_add_text(&gap, is_compact(patch) ? "" : " ");
    if (look.has_lines)
        strbuf_add(&text, strbuf_str(&gap));
    join(&text, splice, strbuf_str(&gap));
    if (look.has_lines) {
        strbuf_add(&text, look.eol);
        strbuf_add(&text, indent_at(patch, node->start));
    }
    patch->arena.failed |= text.failed || gap.failed;
    edit_replace(patch, node->start + 1, node->end - 1, strbuf_str(&text));
}

/** Takes out the children from `first` up to `last`; what is added takes their place where nothing
 * of the collection would be left behind the edit. True then. */
static bool remove_run(struct patch *patch, const struct splice *splice, size_t first, size_t last,
                       struct str gap)
{
    const struct child *children = splice->children;
    bool is_last = last + 1 == splice->count;
    if (!is_last) {
        edit_remove(patch, children[first].start, children[last + 1].start);
        return false;
    }
    STRBUF_SCOPED text = {0};
    if (splice->added_count && first > 0) {
        strbuf_add_char(&text, ',');
        strbuf_add(&text, gap);
    }
    join(&text, splice, gap);
    patch->arena.failed |= text.failed;
    const struct node *node = node_at(patch, splice->container);
    if (first > 0)
        edit_replace(patch, children[first - 1].end, children[last].end, strbuf_str(&text));
    else if (splice->added_count)
        edit_replace(patch, children[first].start, children[last].end, strbuf_str(&text));
    else
        edit_remove(patch, node->start + 1, node->end - 1);
    return true;
}

/** Takes out what is removed; true when what is added is in its place. */
static bool remove_runs(struct patch *patch, const struct splice *splice, struct str gap)
{
    bool is_added = false;
    for (size_t i = 0; i < splice->count; i++) {
        if (!splice->children[i].is_removed)
            continue;
        size_t last = i;
        while (last + 1 < splice->count && splice->children[last + 1].is_removed)
            last++;
        is_added = remove_run(patch, splice, i, last, gap);
        i = last;
    }
    return is_added;
}

static void insert(struct patch *patch, const struct splice *splice, struct str gap)
{
    STRBUF_SCOPED text = {0};
    uint32_t at;
    if (splice->before == 0) {
        at = splice->children[0].start;
        join(&text, splice, gap);
        strbuf_add_char(&text, ',');
        strbuf_add(&text, gap);
    } else {
        at = splice->children[splice->before - 1].end;
        strbuf_add_char(&text, ',');
        strbuf_add(&text, gap);
        join(&text, splice, gap);
    }
    patch->arena.failed |= text.failed;
    edit_insert(patch, at, strbuf_str(&text));
}

void flow_splice(struct patch *patch, const struct splice *splice)
{
    if (!splice->count) {
        fill_empty(patch, splice);
        return;
    }
    struct str gap = gap_of(patch, splice->container);
    bool is_added = remove_runs(patch, splice, gap);
    if (splice->added_count && !is_added)
        insert(patch, splice, gap);
}
