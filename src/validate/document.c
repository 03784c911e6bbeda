// SPDX-License-Identifier: MIT
#include "validate/document.h"

#include "validate/uri.h"

#include <stdlib.h>

/** How many containers stand open at the deepest place. */
static size_t tape_depth(const struct tape *tape)
{
    uint32_t open[SCHEMA_DEPTH_LIMIT + 1];
    size_t depth = 0, deepest = 0;
    for (uint32_t i = 0; i < tape->count && deepest <= SCHEMA_DEPTH_LIMIT; i++) {
        while (depth && open[depth - 1] <= i)
            depth--;
        if (tape->nodes[i].type != NODE_ARRAY && tape->nodes[i].type != NODE_OBJECT)
            continue;
        open[depth++] = tape->nodes[i].next;
        if (depth > deepest)
            deepest = depth;
    }
    return deepest;
}

/** What the root calls itself. Draft 4 says `id`; a reference beside it hides it up to draft 7. */
static struct str root_id(const struct document *document)
{
    const struct tape *tape = &document->tape;
    uint32_t id = tape_member(tape, 0, STR("$id"));
    if (id == TAPE_NONE)
        id = tape_member(tape, 0, STR("id"));
    if (id == TAPE_NONE || tape->nodes[id].type != NODE_STRING)
        return (struct str){NULL, 0};
    return node_text(&tape->nodes[id]);
}

static enum nexus_status scan_text(struct document *document, schema_scan *scan, struct str text,
                                   struct problem_list *problems, struct nexus_error *err)
{
    if (text.length > SCHEMA_BYTES_LIMIT)
        return fail(err, NEXUS_ERROR_LIMIT, "schema '%.*s' is larger than %d MiB",
                    STR_ARG(document->uri), SCHEMA_BYTES_LIMIT / 1024 / 1024);
    struct str copy = arena_copy(&document->texts, text);
    if (document->texts.failed)
        return fail_no_memory(err);
    bool is_json = scan(copy, &document->tape, problems);
    if (tape_failed(&document->tape))
        return fail_no_memory(err);
    if (!is_json)
        return fail(err, NEXUS_ERROR_INVALID, "schema '%.*s' is not valid JSON",
                    STR_ARG(document->uri));
    if (tape_depth(&document->tape) > SCHEMA_DEPTH_LIMIT)
        return fail(err, NEXUS_ERROR_LIMIT, "schema '%.*s' is nested more than %d levels deep",
                    STR_ARG(document->uri), SCHEMA_DEPTH_LIMIT);
    document->id = uri_resolve(&document->texts, document->uri, root_id(document), NULL);
    return document->texts.failed ? fail_no_memory(err) : NEXUS_OK;
}

struct document *document_new(schema_scan *scan, struct str uri, struct str text,
                              enum schema_draft fallback, struct problem_list *problems,
                              struct nexus_error *err)
{
    struct document *document = calloc(1, sizeof *document);
    if (!document) {
        fail_no_memory(err);
        return NULL;
    }
    document->holders = 1;
    document->fallback = fallback;
    document->uri = uri_resolve(&document->texts, (struct str){NULL, 0}, uri, NULL);
    if (scan_text(document, scan, text, problems, err) != NEXUS_OK) {
        document_drop(document);
        return NULL;
    }
    return document;
}

const struct document *document_hold(const struct document *document)
{
    ((struct document *)(uintptr_t)document)->holders++;
    return document;
}

void document_drop(const struct document *held)
{
    struct document *document = (struct document *)(uintptr_t)held;
    if (!document || --document->holders > 0)
        return;
    tape_finish(&document->tape);
    arena_finish(&document->texts);
    free(document);
}
