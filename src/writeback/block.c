// SPDX-License-Identifier: MIT
/*
 * A child that goes takes its lines; the comments above it stay. A new one gets lines behind its
 * neighbour's, in the same column. Only the first child may share its line, with the dash of an
 * outer list: there the text up to the next child goes, and the dash stays.
 */
#include "writeback/block.h"

#include "base/error.h"

static const struct node *node_at(const struct patch *patch, uint32_t index)
{
    return &patch->source.tape->nodes[index];
}

uint32_t block_column(const struct patch *patch, const struct splice *splice)
{
    return splice->count ? column_of(patch, splice->children[0].start) : 0;
}

struct yaml_look block_look(const struct patch *patch, uint32_t object)
{
    struct yaml_look look = {.eol = line_break(patch), .dash_columns = 2};
    const struct tape *tape = patch->source.tape;
    tape_for_each_member (tape, object, key) {
        const struct node *value = &tape->nodes[key + 1];
        if (value->type != NODE_ARRAY || !value->count || value->flags & NODE_ALIAS)
            continue;
        look.has_flow_lists = value->style == STYLE_FLOW;
        uint32_t dash = column_of(patch, value->start),
                 name = column_of(patch, tape->nodes[key].start);
        if (!look.has_flow_lists && dash >= name && dash - name <= 8)
            look.dash_columns = dash - name;
        break;
    }
    return look;
}

/** Whether the value ends with a block scalar that keeps the blank lines behind it. */
static bool keeps_blank_lines(const struct patch *patch, uint32_t value)
{
    const struct node *leaf = node_at(patch, node_at(patch, value)->next - 1);
    bool is_block = leaf->style == STYLE_LITERAL || leaf->style == STYLE_FOLDED;
    if (!is_block || leaf->flags & NODE_ALIAS)
        return false;
    for (uint32_t at = leaf->start + 1; strchr("+-123456789", source_char(patch, at)); at++)
        if (source_char(patch, at) == '+' || !source_char(patch, at))
            return source_char(patch, at) == '+';
    return false;
}

static uint32_t skip_blank_lines(const struct patch *patch, uint32_t at)
{
    while (at < patch->source.content.end && line_is_blank_behind(patch, at))
        at = line_next(patch, at);
    return at;
}

/** Where the lines of a child end, the blank ones that are its own included. */
static uint32_t lines_end(const struct patch *patch, const struct child *child)
{
    uint32_t end = line_next(patch, child->end), limit = patch->source.content.end;
    if (keeps_blank_lines(patch, child->value))
        end = skip_blank_lines(patch, end);
    return end < limit ? end : limit;
}

static enum nexus_status refuse_line(const struct patch *patch, const struct child *child,
                                     struct nexus_error *err)
{
    struct str text = source_slice(patch, child->start, line_text_end(patch, child->start));
    return fail(err, NEXUS_ERROR_REFUSED, "cannot take out '%.*s': it shares its line with more",
                STR_ARG(str_slice(text, 0, 60)));
}

/** Takes out the first children, which begin on the line of an outer dash, up to the one that
 * stays; returns how many they were. */
static size_t remove_first(struct patch *patch, const struct splice *splice)
{
    size_t kept = 0;
    while (kept < splice->count && splice->children[kept].is_removed)
        kept++;
    if (kept < splice->count)
        edit_remove(patch, splice->children[0].start, splice->children[kept].start);
    return kept;
}

static enum nexus_status remove_children(struct patch *patch, const struct splice *splice,
                                         struct nexus_error *err)
{
    size_t i = 0;
    const struct child *before = NULL; /* the last one that stays */
    if (splice->count && splice->children[0].is_removed &&
        !line_is_blank_before(patch, splice->children[0].start))
        i = remove_first(patch, splice);
    for (; i < splice->count; i++) {
        const struct child *child = &splice->children[i];
        if (!child->is_removed) {
            before = child;
            continue;
        }
        if (!line_is_blank_before(patch, child->start))
            return refuse_line(patch, child, err);
        uint32_t end = lines_end(patch, child);
        if (before && keeps_blank_lines(patch, before->value))
            end = skip_blank_lines(patch, end); /* they would become part of the one before */
        edit_remove(patch, line_start(patch, child->start), end);
    }
    return NEXUS_OK;
}

/** The new lines; the first child may share its line with an outer dash. */
static void add_lines(struct strbuf *out, const struct patch *patch, const struct splice *splice)
{
    uint32_t column = block_column(patch, splice);
    for (size_t i = 0; i < splice->added_count; i++) {
        yaml_add_columns(out, column);
        strbuf_add(out, splice->added[i]);
        strbuf_add(out, line_break(patch));
    }
}

static void insert_first(struct patch *patch, const struct splice *splice, struct str lines)
{
    uint32_t at = splice->children[0].start, column = block_column(patch, splice);
    if (line_is_blank_before(patch, at)) {
        edit_insert(patch, line_start(patch, at), lines);
        return;
    }
    STRBUF_SCOPED text = {0};
    strbuf_add(&text, str_slice(lines, column, lines.length));
    yaml_add_columns(&text, column);
    patch->arena.failed |= text.failed;
    edit_insert(patch, at, strbuf_str(&text));
}

static void insert_lines(struct patch *patch, const struct splice *splice)
{
    STRBUF_SCOPED lines = {0};
    add_lines(&lines, patch, splice);
    patch->arena.failed |= lines.failed;
    if (!splice->count)
        edit_insert(patch, patch->source.content.end, strbuf_str(&lines));
    else if (!splice->before)
        insert_first(patch, splice, strbuf_str(&lines));
    else
        edit_insert(patch, lines_end(patch, &splice->children[splice->before - 1]),
                    strbuf_str(&lines));
}

/** All children go, others come, and an outer dash stands before them. */
static void replace_all(struct patch *patch, const struct splice *splice)
{
    STRBUF_SCOPED lines = {0};
    add_lines(&lines, patch, splice);
    patch->arena.failed |= lines.failed;
    struct str text = strbuf_str(&lines);
    text.length -= line_break(patch).length;
    uint32_t end = line_text_end(patch, splice->children[splice->count - 1].end);
    edit_replace(patch, splice->children[0].start, end,
                 str_slice(text, block_column(patch, splice), text.length));
}

enum nexus_status block_splice(struct patch *patch, const struct splice *splice,
                               struct nexus_error *err)
{
    bool is_shared = splice->count && !line_is_blank_before(patch, splice->children[0].start);
    if (is_shared && splice->removed_count == splice->count && splice->added_count) {
        replace_all(patch, splice);
        return NEXUS_OK;
    }
    TRY(remove_children(patch, splice, err));
    if (splice->added_count)
        insert_lines(patch, splice);
    return NEXUS_OK;
}
