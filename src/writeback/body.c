// SPDX-License-Identifier: MIT
/*
 * The body is what stands below the front matter, so what is written there must not move the cut:
 * a body that begins like front matter gets an empty one above it.
 */
#include "writeback/body.h"

#include "base/error.h"

enum nexus_status body_text(const struct tape *wanted, uint32_t object, struct str name,
                            struct str *ret_text, struct nexus_error *err)
{
    uint32_t value = tape_member(wanted, object, name);
    struct str text = STR("");
    if (value != TAPE_NONE) {
        if (wanted->nodes[value].type != NODE_STRING)
            return fail(err, NEXUS_ERROR_REFUSED,
                        "'%.*s' is the text of the note: it must be a string", STR_ARG(name));
        text = node_text(&wanted->nodes[value]);
    }
    if (str_find(text, '\0') != STR_NONE)
        return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' holds a NUL character, which no note has",
                    STR_ARG(name));
    *ret_text = text;
    return NEXUS_OK;
}

/** A line without what a fence may have behind it. */
static struct str fence_of(struct str line)
{
    if (str_ends_with(line, STR("\r")))
        line.length--;
    while (line.length && (line.at[line.length - 1] == ' ' || line.at[line.length - 1] == '\t'))
        line.length--;
    return line;
}

static bool opens(struct str line)
{
    return str_is(line, "---") || str_is(line, "---json") || str_is(line, ";;;") ||
           str_is(line, "+++");
}

static bool closes(struct str line)
{
    return str_is(line, "---") || str_is(line, "...") || str_is(line, ";;;") || str_is(line, "+++");
}

bool body_needs_fence(struct str text)
{
    if (str_starts_with(text, STR("\xEF\xBB\xBF")))
        return true;
    size_t end = str_find(text, '\n');
    if (!opens(fence_of(str_slice(text, 0, end))))
        return false;
    while (end != STR_NONE) {
        text = str_slice(text, end + 1, text.length);
        end = str_find(text, '\n');
        if (closes(fence_of(str_slice(text, 0, end))))
            return true;
    }
    return false;
}

void body_add_front_matter(struct strbuf *out, struct patch_value wanted, struct str body,
                           struct str eol)
{
    struct yaml_look look = {.eol = eol, .dash_columns = 2};
    strbuf_add_text(out, "---");
    strbuf_add(out, eol);
    tape_for_each_member (wanted.tape, wanted.node, key) {
        struct str name = node_text(&wanted.tape->nodes[key]);
        if (str_equal(name, body))
            continue;
        yaml_add_member(out, name, (struct patch_value){wanted.tape, key + 1}, 0, &look);
        strbuf_add(out, eol);
    }
    strbuf_add_text(out, "---");
    strbuf_add(out, eol);
}

static bool has_properties(const struct tape *tape, uint32_t object, struct str body)
{
    uint32_t count = tape->nodes[object].count;
    return count > (tape_member(tape, object, body) != TAPE_NONE ? 1u : 0u);
}

/** Puts front matter above a note that had none, where it needs one. */
static void add_front_matter(const struct job *job, uint32_t wanted, struct str text,
                             bool is_body_new)
{
    struct patch *patch = job->patch;
    struct str name = patch->source.body;
    bool has_mark = patch->source.body_start > 0;
    bool is_mark = str_starts_with(text, STR("\xEF\xBB\xBF"));
    if (!has_properties(job->wanted, wanted, name) &&
        !(is_body_new && body_needs_fence(text) && !(has_mark && is_mark)))
        return;
    struct strbuf *text_before = fresh_text(patch);
    body_add_front_matter(text_before, (struct patch_value){job->wanted, wanted}, name,
                          line_break(patch));
    edit_insert(patch, patch->source.body_start, strbuf_str(text_before));
}

static void replace_body(struct patch *patch, struct str text)
{
    uint32_t start = patch->source.body_start, end = (uint32_t)patch->source.tape->source.length;
    bool is_open =
        patch->source.syntax != PATCH_BARE && start == end && source_char(patch, start - 1) != '\n';
    if (is_open && text.length) /* the closing fence has no line break yet */
        edit_insert(patch, start, line_break(patch));
    edit_replace(patch, start, end, text);
}

static bool is_same_without_body(const struct job *job, uint32_t wanted)
{
    return !has_properties(job->wanted, wanted, job->patch->source.body);
}

enum nexus_status body_patch_note(const struct job *job, uint32_t wanted)
{
    struct patch *patch = job->patch;
    const struct patch_source *source = &patch->source;
    struct str text, old = str_slice(job->old->source, source->body_start, job->old->source.length);
    TRY(body_text(job->wanted, wanted, source->body, &text, job->err));
    switch (source->syntax) {
    case PATCH_FOREIGN:
        if (!is_same_without_body(job, wanted))
            return fail(job->err, NEXUS_ERROR_REFUSED,
                        "the front matter is TOML, which is not written: use YAML");
        break;
    case PATCH_BARE: add_front_matter(job, wanted, text, !str_equal(old, text)); break;
    case PATCH_YAML:
    case PATCH_JSON: TRY(value_patch_members(job, 0, wanted)); break;
    }
    replace_body(patch, text);
    return NEXUS_OK;
}
