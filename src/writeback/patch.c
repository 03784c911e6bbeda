// SPDX-License-Identifier: MIT
#include "writeback/patch.h"

#include "base/error.h"
#include "writeback/body.h"
#include "writeback/flow.h"
#include "writeback/value.h"

#include <stdlib.h>

static bool has_aliases(const struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++)
        if (tape->nodes[i].flags & NODE_ALIAS)
            return true;
    return false;
}

void patch_init(struct patch *patch, const struct patch_source *source)
{
    *patch = (struct patch){.source = *source, .collection = TAPE_NONE, .body = TAPE_NONE};
    size_t first_break = str_find(source->tape->source, '\n');
    patch->first_break =
        (uint32_t)(first_break == STR_NONE ? source->tape->source.length : first_break);
    patch->has_aliases = source->syntax == PATCH_YAML && has_aliases(source->tape);
    if (source->body.length)
        patch->body = tape_member(source->tape, 0, source->body);
    if (patch->body != TAPE_NONE)
        patch->body--; /* the key */
}

void patch_finish(struct patch *patch)
{
    if (!patch)
        return;
    arena_finish(&patch->arena);
    strbuf_finish(&patch->scratch);
}

static bool is_out_of_memory(const struct patch *patch)
{
    return patch->arena.failed || patch->scratch.failed;
}

static enum nexus_status ask(struct patch *patch, struct patch_ask ask, struct nexus_error *err)
{
    if (!arena_reserve(&patch->arena, &patch->asks, &patch->ask_capacity, patch->ask_count + 1,
                       sizeof *patch->asks))
        return fail_no_memory(err);
    ask.order = patch->ask_count;
    patch->asks[patch->ask_count++] = ask;
    return NEXUS_OK;
}

static enum nexus_status change(struct patch *patch, uint32_t node, struct patch_value wanted,
                                struct nexus_error *err)
{
    struct job job = {patch, patch->source.tape, wanted.tape, err};
    if (wanted.tape->nodes[wanted.node].type != NODE_OBJECT)
        return fail(err, NEXUS_ERROR_REFUSED, "the content must be an object");
    if (patch->source.body.length)
        return body_patch_note(&job, wanted.node);
    struct site site = {.container = node, .is_flow = true};
    return value_patch(&job, node, wanted.node, &site);
}

enum nexus_status patch_object(struct patch *patch, uint32_t node, struct patch_value wanted,
                               struct nexus_error *err)
{
    size_t before = patch->edit_count;
    enum nexus_status status = change(patch, node, wanted, err);
    if (status == NEXUS_OK && is_out_of_memory(patch))
        status = fail_no_memory(err);
    if (status == NEXUS_OK)
        status = ask(patch,
                     (struct patch_ask){.wish = PATCH_CHANGE, .node = node, .wanted = wanted}, err);
    if (status != NEXUS_OK)
        patch->edit_count = before;
    return status;
}

static enum nexus_status choose_collection(struct patch *patch, uint32_t array,
                                           struct nexus_error *err)
{
    bool is_array = patch->source.tape->nodes[array].type == NODE_ARRAY;
    bool is_other = patch->collection != TAPE_NONE && patch->collection != array;
    if (patch->source.syntax != PATCH_JSON || !is_array || is_other)
        return fail(err, NEXUS_ERROR_REFUSED, "items can be added to one list of a JSON file");
    patch->collection = array;
    return NEXUS_OK;
}

enum nexus_status patch_add_item(struct patch *patch, uint32_t array, struct patch_value wanted,
                                 struct nexus_error *err)
{
    TRY(choose_collection(patch, array, err));
    struct json_look look = flow_look(patch, array);
    struct strbuf *item = fresh_text(patch);
    json_add_value(item, wanted, &look);
    struct str text = arena_copy(&patch->arena, strbuf_str(item));
    if (is_out_of_memory(patch))
        return fail_no_memory(err);
    return ask(patch,
               (struct patch_ask){.wish = PATCH_ADD, .node = array, .wanted = wanted, .text = text},
               err);
}

enum nexus_status patch_remove_item(struct patch *patch, uint32_t array, uint32_t item,
                                    struct nexus_error *err)
{
    TRY(choose_collection(patch, array, err));
    return ask(patch, (struct patch_ask){.wish = PATCH_REMOVE, .node = item}, err);
}

/** Changes and removals by their node, then the additions as they came. */
static int by_place(const void *a, const void *b)
{
    const struct patch_ask *one = a, *other = b;
    bool is_add = one->wish == PATCH_ADD, is_other_add = other->wish == PATCH_ADD;
    if (is_add != is_other_add)
        return is_add - is_other_add;
    if (is_add)
        return (one->order > other->order) - (one->order < other->order);
    return (one->node > other->node) - (one->node < other->node);
}

static int by_start(const void *a, const void *b)
{
    const struct patch_edit *one = a, *other = b;
    if (one->start != other->start)
        return one->start < other->start ? -1 : 1;
    if (one->end != other->end)
        return one->end < other->end ? -1 : 1;
    return (one->order > other->order) - (one->order < other->order);
}

static enum nexus_status splice_collection(struct patch *patch, struct nexus_error *err)
{
    struct splice splice;
    if (!splice_init(&splice, patch, patch->collection))
        return fail_no_memory(err);
    size_t child = 0;
    for (size_t i = 0; i < patch->ask_count; i++) {
        const struct patch_ask *ask = &patch->asks[i];
        if (ask->wish == PATCH_ADD)
            splice_add(&splice, patch, ask->text);
        if (ask->wish != PATCH_REMOVE)
            continue;
        while (child < splice.count && splice.children[child].value < ask->node)
            child++;
        if (child == splice.count || splice.children[child].value != ask->node)
            return fail(err, NEXUS_ERROR_REFUSED, "what is to be removed is no item of the list");
        splice.children[child].is_removed = true;
        splice.removed_count++;
    }
    flow_splice(patch, &splice);
    return NEXUS_OK;
}

static enum nexus_status check_disjoint(const struct patch *patch, struct nexus_error *err)
{
    for (size_t i = 1; i < patch->edit_count; i++)
        if (patch->edits[i].start < patch->edits[i - 1].end)
            return fail(err, NEXUS_ERROR_REFUSED, "two of the changes are at the same place");
    return NEXUS_OK;
}

enum nexus_status patch_close(struct patch *patch, struct nexus_error *err)
{
    if (patch->ask_count)
        qsort(patch->asks, patch->ask_count, sizeof *patch->asks, by_place);
    if (patch->collection != TAPE_NONE)
        TRY(splice_collection(patch, err));
    if (is_out_of_memory(patch))
        return fail_no_memory(err);
    if (patch->edit_count)
        qsort(patch->edits, patch->edit_count, sizeof *patch->edits, by_start);
    return check_disjoint(patch, err);
}

enum nexus_status patch_apply(const struct patch *patch, struct strbuf *out,
                              struct nexus_error *err)
{
    struct str source = patch->source.tape->source;
    size_t at = 0;
    for (size_t i = 0; i < patch->edit_count; i++) {
        const struct patch_edit *edit = &patch->edits[i];
        strbuf_add(out, str_slice(source, at, edit->start));
        strbuf_add(out, edit->text);
        at = edit->end;
    }
    strbuf_add(out, str_slice(source, at, source.length));
    return out->failed ? fail_no_memory(err) : NEXUS_OK;
}
