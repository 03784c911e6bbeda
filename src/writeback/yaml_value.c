// SPDX-License-Identifier: MIT
/*
 * A YAML value is written over another one that stands in the same place: on the line of its key or
 * dash, in the lines below, or (an empty one) nowhere yet. The comment behind it stays.
 */
#include "base/error.h"
#include "writeback/block.h"
#include "writeback/value.h"

static struct str property_at(const struct job *job, uint32_t at, uint32_t limit)
{
    uint32_t end = at;
    while (end < limit && !strchr(" \t\r\n", source_char(job->patch, end)))
        end++;
    return source_slice(job->patch, at, end);
}

/** The anchor (`&name`) or tag (`!name`) between `at` and the value that starts at `limit`, with
 * the sign first; empty when there is none. */
static struct str find_property(const struct job *job, uint32_t at, uint32_t limit, char sign)
{
    while ((at = skip_filling(job->patch, at, limit)) < limit) {
        char c = source_char(job->patch, at);
        struct str property = property_at(job, at, limit);
        if (c == sign)
            return property;
        at += c == '&' || c == '!' ? (uint32_t)property.length : 1;
    }
    return (struct str){NULL, 0};
}

static bool is_used(const struct job *job, struct str name)
{
    for (size_t i = 0; i < job->old->count; i++) {
        const struct node *node = &job->old->nodes[i];
        struct str alias = source_slice(job->patch, node->start + 1, node->end);
        if (node->flags & NODE_ALIAS && str_equal(alias, name))
            return true;
    }
    return false;
}

enum nexus_status yaml_check_anchor(const struct job *job, uint32_t old, const struct site *site)
{
    if (!job->patch->has_aliases)
        return NEXUS_OK;
    struct str anchor = find_property(job, site->from, job->old->nodes[old].start, '&');
    if (!anchor.length || !is_used(job, str_slice(anchor, 1, anchor.length)))
        return NEXUS_OK;
    return fail(job->err, NEXUS_ERROR_REFUSED,
                "the value is named '%.*s', and changing it would change other places too",
                STR_ARG(anchor));
}

static enum nexus_status check_tag(const struct job *job, uint32_t old, const struct site *site)
{
    struct str tag = find_property(job, site->from, job->old->nodes[old].start, '!');
    if (!tag.length)
        return NEXUS_OK;
    return fail(job->err, NEXUS_ERROR_REFUSED, "the value has the tag '%.*s': edit it in the file",
                STR_ARG(tag));
}

static bool is_collection(const struct node *node)
{
    return node->type == NODE_ARRAY || node->type == NODE_OBJECT;
}

static bool is_block_scalar(const struct node *node)
{
    return !(node->flags & NODE_ALIAS) &&
           (node->style == STYLE_LITERAL || node->style == STYLE_FOLDED);
}

static bool is_block_collection(const struct node *node)
{
    return !(node->flags & NODE_ALIAS) && is_collection(node) && node->style == STYLE_BLOCK;
}

/** Behind the indicators of a block scalar that starts at `at`. */
static uint32_t header_end(const struct job *job, uint32_t at)
{
    while (source_char(job->patch, at) && strchr("|>+-0123456789", source_char(job->patch, at)))
        at++;
    return at;
}

/** Where the lines below a block's first line begin to go: with the line break before them. */
static uint32_t break_before_line(const struct job *job, uint32_t at)
{
    uint32_t end = line_start(job->patch, at) - 1; /* the key's line is above it */
    return source_char(job->patch, end - 1) == '\r' ? end - 1 : end;
}

/** Behind the colon or the dash. */
static uint32_t behind_sign(const struct job *job, uint32_t old, const struct site *site)
{
    if (job->old->nodes[site->container].type == NODE_OBJECT)
        return behind_colon(job->patch, old - 1);
    return site->is_flow ? site->from : site->from + 1;
}

/** An empty value: the text goes behind the colon, which `{a}` has not even. */
static void fill_absent(const struct job *job, uint32_t old, struct str text)
{
    STRBUF_SCOPED filled = {0};
    uint32_t at = job->old->nodes[old].start;
    char before = source_char(job->patch, at - 1); /* the fence is above it at least */
    strbuf_add_text(&filled, before == ':' || before == '-' ? " " : ": ");
    strbuf_add(&filled, text);
    job->patch->arena.failed |= filled.failed;
    edit_insert(job->patch, at, strbuf_str(&filled));
}

/** Puts a text of one line in the place of the old value. */
static void replace_inline(const struct job *job, uint32_t old, struct str text,
                           const struct site *site)
{
    const struct node *node = &job->old->nodes[old];
    struct patch *patch = job->patch;
    uint32_t behind = behind_sign(job, old, site);
    if (node->style == STYLE_ABSENT && !(node->flags & NODE_ALIAS)) {
        fill_absent(job, old, text);
    } else if (is_block_scalar(node)) {
        uint32_t first_end = line_text_end(patch, node->start);
        edit_replace(patch, node->start, header_end(job, node->start), text);
        if (node->end > first_end)
            edit_remove(patch, first_end, node->end);
    } else if (is_block_collection(node) && line_next(patch, behind) <= node->start) {
        STRBUF_SCOPED spaced = {0};
        strbuf_add_char(&spaced, ' ');
        strbuf_add(&spaced, text);
        patch->arena.failed |= spaced.failed;
        edit_insert(patch, behind, strbuf_str(&spaced));
        edit_remove(patch, break_before_line(job, node->start), node->end);
    } else {
        edit_replace(patch, node->start, node->end, text);
    }
}

/** How many line breaks the text ends with. */
static size_t breaks_behind(struct str text)
{
    size_t count = 0;
    while (count < text.length && text.at[text.length - 1 - count] == '\n')
        count++;
    return count;
}

static size_t leading_spaces(struct str text)
{
    size_t count = 0;
    while (count < text.length && text.at[count] == ' ')
        count++;
    return count;
}

/** How far a block scalar's lines are indented: what its first line with text has more than the
 * text. */
static uint32_t block_indent(const struct job *job, const struct node *node, uint32_t usual)
{
    struct str text = node_text(node);
    uint32_t at = line_next(job->patch, node->start);
    size_t skipped = 0;
    while (skipped < text.length && text.at[skipped] == '\n') {
        skipped++;
        at = line_next(job->patch, at);
    }
    text = str_slice(text, skipped, text.length);
    size_t found = leading_spaces(source_slice(job->patch, at, node->end));
    size_t own = leading_spaces(text);
    return text.length && found > own ? (uint32_t)(found - own) : usual;
}

/** The header: `|`, an indentation where one is needed or was, what becomes of the last breaks. */
static bool add_header(const struct job *job, struct strbuf *out, const struct node *node,
                       struct str text, uint32_t indent, const struct site *site)
{
    struct str old = source_slice(job->patch, node->start, header_end(job, node->start));
    size_t breaks = breaks_behind(text);
    bool has_digit = false, keeps = str_find(old, '+') != STR_NONE;
    for (size_t i = 1; i < old.length; i++)
        has_digit |= old.at[i] >= '1' && old.at[i] <= '9';
    bool is_kept = keeps && breaks == breaks_behind(node_text(node));
    if ((breaks > 1 && !is_kept) || indent <= site->column || indent - site->column > 9)
        return false;
    strbuf_add_char(out, old.at[0]);
    if (has_digit || yaml_needs_indicator(text))
        strbuf_addf(out, "%u", indent - site->column);
    strbuf_add_text(out, is_kept ? "+" : breaks ? "" : "-");
    return true;
}

/** Rewrites the lines of a block scalar in its own style; false where the text does not fit it. */
static bool replace_block_scalar(const struct job *job, const struct node *node, struct str text,
                                 const struct site *site)
{
    STRBUF_SCOPED out = {0};
    bool is_folded = node->style == STYLE_FOLDED;
    uint32_t indent = block_indent(job, node, site->column + 2);
    if (!(is_folded ? yaml_fits_folded(text) : yaml_fits_literal(text)) ||
        !add_header(job, &out, node, text, indent, site))
        return false;
    uint32_t header = header_end(job, node->start);
    uint32_t first_end = line_text_end(job->patch, node->start);
    struct str eol = line_break(job->patch);
    edit_replace(job->patch, node->start, header, strbuf_str(&out));
    strbuf_reset(&out);
    if (is_folded)
        yaml_add_folded_lines(&out, text, indent, eol);
    else
        yaml_add_literal_lines(&out, text, indent, eol);
    job->patch->arena.failed |= out.failed;
    edit_replace(job->patch, first_end, node->end > first_end ? node->end : first_end,
                 strbuf_str(&out));
    return true;
}

/** Whether lines can follow the old value: it is the last thing on its line in a block. */
static bool can_have_lines(const struct job *job, const struct node *node, const struct site *site)
{
    return !site->is_flow && !is_block_scalar(node) && !is_block_collection(node) &&
           line_is_blank_behind(job->patch, node->end);
}

/** A text of several lines becomes a block scalar where it can; else false. */
static bool add_block_scalar(const struct job *job, struct strbuf *out, const struct node *old,
                             struct str text, const struct site *site)
{
    bool has_quotes = old->style == STYLE_SINGLE || old->style == STYLE_DOUBLE;
    if (has_quotes || !can_have_lines(job, old, site) || str_find(text, '\n') == STR_NONE ||
        breaks_behind(text) > 1 || !yaml_fits_literal(text))
        return false;
    strbuf_add_char(out, '|');
    strbuf_add_text(out, yaml_needs_indicator(text) ? "2" : "");
    strbuf_add_text(out, breaks_behind(text) ? "" : "-");
    yaml_add_literal_lines(out, text, site->column + 2, line_break(job->patch));
    return true;
}

/** True and False, or TRUE and FALSE, as the old one is written. */
static bool add_boolean(const struct job *job, struct strbuf *out, const struct node *old,
                        const struct node *wanted)
{
    struct str text = source_slice(job->patch, old->start, old->end);
    bool was_boolean = old->type == NODE_TRUE || old->type == NODE_FALSE;
    bool is_true = wanted->type == NODE_TRUE;
    if (!was_boolean || (!is_true && wanted->type != NODE_FALSE) || text.length < 4)
        return false;
    if (text.at[0] != 'T' && text.at[0] != 'F')
        return false;
    bool is_upper = text.at[1] == 'R' || text.at[1] == 'A';
    strbuf_add_text(out, is_upper ? (is_true ? "TRUE" : "FALSE") : (is_true ? "True" : "False"));
    return true;
}

static void replace_by_scalar(const struct job *job, uint32_t old, uint32_t wanted,
                              const struct site *site)
{
    STRBUF_SCOPED out = {0};
    const struct node *node = &job->old->nodes[old], *other = &job->wanted->nodes[wanted];
    bool is_text = other->type == NODE_STRING;
    if (is_text && is_block_scalar(node) && replace_block_scalar(job, node, node_text(other), site))
        return;
    enum node_style style = is_collection(node) ? STYLE_PLAIN : (enum node_style)node->style;
    bool is_done = is_text ? add_block_scalar(job, &out, node, node_text(other), site)
                           : add_boolean(job, &out, node, other);
    if (!is_done)
        yaml_add_scalar(&out, other, style, site->is_flow ? YAML_FLOW : YAML_BLOCK);
    job->patch->arena.failed |= out.failed;
    replace_inline(job, old, strbuf_str(&out), site);
    if (is_text && is_done) /* blanks there would be the last line's */
        edit_remove(job->patch, node->end, line_text_end(job->patch, node->end));
}

/** A collection behind a key: in lines below it. */
static void replace_by_lines(const struct job *job, uint32_t old, uint32_t wanted,
                             const struct site *site)
{
    STRBUF_SCOPED out = {0};
    struct yaml_look look = block_look(job->patch, site->container);
    yaml_add_member_value(&out, (struct patch_value){job->wanted, wanted}, site->column, &look);
    job->patch->arena.failed |= out.failed;
    edit_replace(job->patch, behind_sign(job, old, site),
                 line_text_end(job->patch, job->old->nodes[old].end), strbuf_str(&out));
}

static void replace_by_flow(const struct job *job, uint32_t old, uint32_t wanted,
                            const struct site *site)
{
    STRBUF_SCOPED out = {0};
    yaml_add_flow(&out, (struct patch_value){job->wanted, wanted});
    job->patch->arena.failed |= out.failed;
    replace_inline(job, old, strbuf_str(&out), site);
}

enum nexus_status yaml_replace(const struct job *job, uint32_t old, uint32_t wanted,
                               const struct site *site)
{
    const struct node *node = &job->old->nodes[old], *other = &job->wanted->nodes[wanted];
    TRY(check_tag(job, old, site));
    bool is_member = job->old->nodes[site->container].type == NODE_OBJECT;
    bool is_on_line = line_next(job->patch, behind_sign(job, old, site)) > node->start;
    if (!is_collection(other))
        replace_by_scalar(job, old, wanted, site);
    else if (other->count && is_member && is_on_line && can_have_lines(job, node, site))
        replace_by_lines(job, old, wanted, site);
    else
        replace_by_flow(job, old, wanted, site);
    return NEXUS_OK;
}
