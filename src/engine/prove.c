// SPDX-License-Identifier: MIT
/*
 * Both tapes are walked side by side. At an object that was to be changed, the new one is compared
 * with what was wanted instead, and with the old one for the order of its keys. The asks come
 * sorted by node, as the walk meets them.
 */
#include "engine/prove.h"

#include "base/error.h"

struct proof {
    const struct tape *before, *after;
    const struct patch *patch;
    size_t next_ask; /* the first one that the walk has not met */
};

struct patch_source patch_source_of(const struct document *document, struct str body)
{
    struct patch_source source = {.tape = &document->tape, .syntax = PATCH_JSON};
    if (document->format == DOCUMENT_JSON)
        return source;
    source.body = body;
    source.content = document->front_matter.content;
    source.body_start = document->front_matter.body_start;
    switch (document->front_matter.kind) {
    case FRONT_MATTER_NONE: source.syntax = PATCH_BARE; break;
    case FRONT_MATTER_YAML: source.syntax = PATCH_YAML; break;
    case FRONT_MATTER_JSON: source.syntax = PATCH_JSON; break;
    case FRONT_MATTER_TOML: source.syntax = PATCH_FOREIGN; break;
    }
    return source;
}

static enum nexus_status refuse(struct nexus_error *err, const char *reason)
{
    return fail(err, NEXUS_ERROR_REFUSED, "the edit cannot be proven: %s", reason);
}

/** Whether the keys that two objects have in common stand in the same order, at every level. */
static bool same_order(const struct proof *proof, uint32_t before, uint32_t after)
{
    const struct tape *old = proof->before, *new = proof->after;
    uint32_t hint = 0, last = 0;
    if (old->nodes[before].type != NODE_OBJECT || new->nodes[after].type != NODE_OBJECT)
        return true;
    tape_for_each_member (old, before, key) {
        uint32_t value = tape_member_near(new, after, node_text(&old->nodes[key]), &hint);
        if (value == TAPE_NONE)
            continue;
        if (value < last || !same_order(proof, key + 1, value))
            return false;
        last = value;
    }
    return true;
}

/** A note that is wanted without a body has an empty one. */
static bool equals_but_body(const struct proof *proof, uint32_t after, struct patch_value wanted)
{
    struct str body = proof->patch->source.body;
    const struct tape *tape = proof->after;
    uint32_t value = tape_member(tape, after, body);
    if (value == TAPE_NONE || tape->nodes[value].text_length ||
        tape->nodes[after].count != wanted.tape->nodes[wanted.node].count + 1)
        return false;
    uint32_t hint = 0;
    tape_for_each_member (wanted.tape, wanted.node, key) {
        struct str name = node_text(&wanted.tape->nodes[key]);
        uint32_t found = tape_member_near(tape, after, name, &hint);
        if (found == TAPE_NONE || !tape_equal(tape, found, wanted.tape, key + 1))
            return false;
    }
    return true;
}

static bool is_as_wanted(const struct proof *proof, uint32_t after, struct patch_value wanted)
{
    if (tape_equal(proof->after, after, wanted.tape, wanted.node))
        return true;
    struct str body = proof->patch->source.body;
    return body.length && after == 0 && tape_member(wanted.tape, wanted.node, body) == TAPE_NONE &&
           equals_but_body(proof, after, wanted);
}

/** The ask for this node when it is the next one, which is met then; else NULL. */
static const struct patch_ask *meet(struct proof *proof, uint32_t node)
{
    const struct patch *patch = proof->patch;
    if (proof->next_ask == patch->ask_count)
        return NULL;
    const struct patch_ask *ask = &patch->asks[proof->next_ask];
    if (ask->wish == PATCH_ADD || ask->node != node)
        return NULL;
    proof->next_ask++;
    return ask;
}

static bool prove_node(struct proof *proof, uint32_t before, uint32_t after);

/** The children of two collections that nothing was added to or removed from. */
static bool prove_children(struct proof *proof, uint32_t before, uint32_t after)
{
    const struct tape *old = proof->before, *new = proof->after;
    bool is_object = old->nodes[before].type == NODE_OBJECT;
    uint32_t other = after + 1;
    for (uint32_t at = before + 1; at < old->nodes[before].next; at = old->nodes[at].next) {
        if (is_object && !str_equal(node_text(&old->nodes[at]), node_text(&new->nodes[other])))
            return false;
        if (!prove_node(proof, at + is_object, other + is_object))
            return false;
        other = new->nodes[other].next;
    }
    return true;
}

/** The list with what was removed and added. */
static bool prove_collection(struct proof *proof, uint32_t before, uint32_t after)
{
    const struct tape *old = proof->before, *new = proof->after;
    uint32_t other = after + 1, end = new->nodes[after].next;
    tape_for_each_item (old, before, item) {
        size_t next = proof->next_ask;
        const struct patch_ask *ask = meet(proof, item);
        if (ask && ask->wish == PATCH_REMOVE)
            continue;
        proof->next_ask = next;
        if (other >= end || !prove_node(proof, item, other))
            return false;
        other = new->nodes[other].next;
    }
    for (size_t i = 0; i < proof->patch->ask_count; i++) {
        const struct patch_ask *ask = &proof->patch->asks[i];
        if (ask->wish != PATCH_ADD)
            continue;
        if (other >= end || !tape_equal(new, other, ask->wanted.tape, ask->wanted.node))
            return false;
        other = new->nodes[other].next;
    }
    return other == end;
}

static bool prove_node(struct proof *proof, uint32_t before, uint32_t after)
{
    const struct node *one = &proof->before->nodes[before], *other = &proof->after->nodes[after];
    const struct patch_ask *ask = meet(proof, before);
    if (ask)
        return ask->wish == PATCH_CHANGE && is_as_wanted(proof, after, ask->wanted) &&
               same_order(proof, before, after);
    if (one->type != other->type)
        return false;
    if (before == proof->patch->collection)
        return prove_collection(proof, before, after);
    if (one->count != other->count)
        return false;
    if (one->type == NODE_ARRAY || one->type == NODE_OBJECT)
        return prove_children(proof, before, after);
    return str_equal(node_text(one), node_text(other));
}

/** Whether every ask was met. */
static bool is_complete(const struct proof *proof)
{
    const struct patch *patch = proof->patch;
    return proof->next_ask == patch->ask_count || patch->asks[proof->next_ask].wish == PATCH_ADD;
}

static enum nexus_status prove_bytes(const struct patch *patch, struct str patched,
                                     struct nexus_error *err)
{
    struct str source = patch->source.tape->source;
    size_t old_at = 0, new_at = 0;
    for (size_t i = 0; i <= patch->edit_count; i++) {
        bool is_rest = i == patch->edit_count;
        const struct patch_edit *edit = is_rest ? NULL : &patch->edits[i];
        size_t end = edit ? edit->start : source.length;
        struct str kept = str_slice(source, old_at, end);
        if (end < old_at || !str_equal(kept, str_slice(patched, new_at, new_at + kept.length)))
            return refuse(err, "it changes bytes outside the changed values");
        new_at += kept.length + (edit ? edit->text.length : 0);
        old_at = edit ? edit->end : end;
    }
    return new_at == patched.length ? NEXUS_OK : refuse(err, "it adds bytes at the end");
}

static struct str closing_fence(const struct document *document)
{
    const struct front_matter *front = &document->front_matter;
    return str_trim(str_slice(document->source, front->content.end, front->block.end));
}

/** Front matter begins where it began, of the kind that it was; a note that had none may get some.
 */
static enum nexus_status prove_cut(const struct document *before, const struct document *after,
                                   struct nexus_error *err)
{
    const struct front_matter *old = &before->front_matter, *new = &after->front_matter;
    bool is_new = old->kind == FRONT_MATTER_NONE && new->kind == FRONT_MATTER_YAML;
    bool is_same = old->kind == new->kind &&
                   old->content.start ==
                       new->content.start &&str_equal(closing_fence(before), closing_fence(after));
    if (old->block.start != new->block.start || (!is_new && !is_same))
        return refuse(err, "the front matter would be cut elsewhere");
    return NEXUS_OK;
}

static enum nexus_status prove_broken(const struct document *after, struct nexus_error *err)
{
    for (size_t i = 0; i < after->problems.count; i++)
        if (after->problems.items[i].severity == PROBLEM_ERROR)
            return fail(err, NEXUS_ERROR_REFUSED, "the edit would break the file: %.*s",
                        STR_ARG(after->problems.items[i].message));
    return refuse(err, "the file would not be read");
}

static enum nexus_status prove_document(const struct document *before, struct document *after,
                                        const struct patch *patch, struct str patched,
                                        struct nexus_error *err)
{
    TRY(prove_bytes(patch, patched, err));
    TRY(document_parse(after, before->format, patched, err));
    if (!after->is_parsed)
        return prove_broken(after, err);
    if (before->format == DOCUMENT_MARKDOWN) {
        TRY(prove_cut(before, after, err));
        TRY(document_add_body(after, patch->source.body, err));
    }
    struct proof proof = {&before->tape, &after->tape, patch, 0};
    if (!prove_node(&proof, 0, 0) || !is_complete(&proof))
        return refuse(err, "the file would not say what was asked for");
    return NEXUS_OK;
}

enum nexus_status prove_patch(const struct document *before, const struct patch *patch,
                              struct str patched, struct nexus_error *err)
{
    struct document after;
    document_init(&after);
    enum nexus_status status = prove_document(before, &after, patch, patched, err);
    document_finish(&after);
    return status;
}
