// SPDX-License-Identifier: MIT
/* A file, a change, the file after it: what the tables of these tests consist of. */
#ifndef UNIT_WRITEBACK_PATCHED_H
#define UNIT_WRITEBACK_PATCHED_H

#include "engine/prove.h"
#include "parse/json.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

struct fact {
    struct str before, change, after;
};

/** The object with the change made, a merge patch (RFC 7396): what is null there goes. */
static inline void add_merged(const struct tape *old, uint32_t node, const struct tape *change,
                              uint32_t changed, struct strbuf *out)
{
    bool has_old = node != TAPE_NONE && old->nodes[node].type == NODE_OBJECT, has_some = false;
    if (change->nodes[changed].type != NODE_OBJECT) {
        tape_add_json(change, changed, out);
        return;
    }
    strbuf_add_char(out, '{');
    for (uint32_t key = has_old ? node + 1 : 0; has_old && key < old->nodes[node].next;
         key = old->nodes[key].next) {
        uint32_t value = tape_member(change, changed, node_text(&old->nodes[key]));
        if (value != TAPE_NONE && change->nodes[value].type == NODE_NULL)
            continue;
        strbuf_add_text(out, has_some ? "," : "");
        strbuf_add_json(out, node_text(&old->nodes[key]));
        strbuf_add_char(out, ':');
        if (value == TAPE_NONE)
            tape_add_json(old, key + 1, out);
        else
            add_merged(old, key + 1, change, value, out);
        has_some = true;
    }
    tape_for_each_member (change, changed, key) {
        struct str name = node_text(&change->nodes[key]);
        bool is_old = has_old && tape_member(old, node, name) != TAPE_NONE;
        if (is_old || change->nodes[key + 1].type == NODE_NULL)
            continue;
        strbuf_add_text(out, has_some ? "," : "");
        strbuf_add_json(out, name);
        strbuf_add_char(out, ':');
        add_merged(old, TAPE_NONE, change, key + 1, out);
        has_some = true;
    }
    strbuf_add_char(out, '}');
}

/** The wanted object for a change; one that begins with '=' is the wanted object itself. */
static inline void scan_wanted(const struct document *document, uint32_t node, struct str change,
                               struct strbuf *json, struct tape *wanted)
{
    struct tape merge = {0};
    if (change.at[0] == '=') {
        strbuf_add(json, str_slice(change, 1, change.length));
    } else {
        assert_true(json_scan(change, &merge, NULL));
        add_merged(&document->tape, node, &merge, 0, json);
    }
    assert_true(json_scan(strbuf_str(json), wanted, NULL));
    tape_finish(&merge);
}

/** Patches and proves one object. What comes out is the file, or the refusal's sentence. */
static inline enum nexus_status patch_and_prove(const struct document *document, uint32_t node,
                                                struct patch_value wanted, struct strbuf *out,
                                                struct nexus_error *err)
{
    struct patch_source source = patch_source_of(document, STR("content"));
    struct patch patch;
    patch_init(&patch, &source);
    enum nexus_status status = patch_object(&patch, node, wanted, err);
    if (status == NEXUS_OK)
        status = patch_close(&patch, err);
    if (status == NEXUS_OK)
        status = patch_apply(&patch, out, err);
    if (status == NEXUS_OK)
        status = prove_patch(document, &patch, strbuf_str(out), err);
    if (status != NEXUS_OK) {
        strbuf_reset(out);
        strbuf_addf(out, "refused: %s", err->message);
    }
    patch_finish(&patch);
    return status;
}

static inline void parse_file(struct document *document, enum document_format format,
                              struct str source)
{
    assert_int_equal(document_parse(document, format, source, NULL), NEXUS_OK);
    if (!document->is_parsed)
        fail_msg("not parsed: %.*s: %s", STR_ARG(source), document->problems.items[0].message.at);
    if (format == DOCUMENT_MARKDOWN)
        assert_int_equal(document_add_body(document, STR("content"), NULL), NEXUS_OK);
}

/** Whether the fact holds; says what came instead where it does not. */
static inline bool fact_holds(enum document_format format, const struct fact *fact)
{
    struct document document;
    struct tape wanted = {0};
    struct nexus_error err = {0};
    STRBUF_SCOPED json = {0};
    STRBUF_SCOPED out = {0};
    document_init(&document);
    parse_file(&document, format, fact->before);
    uint32_t node = document_own_schema(&document).data;
    scan_wanted(&document, node, fact->change, &json, &wanted);
    patch_and_prove(&document, node, (struct patch_value){&wanted, 0}, &out, &err);
    bool holds = str_equal(strbuf_str(&out), fact->after);
    if (!holds)
        print_error("%.*s\n%.*s\n-> expected\n%.*s\n-> found\n%.*s\n\n", STR_ARG(fact->before),
                    STR_ARG(fact->change), STR_ARG(fact->after), STR_ARG(strbuf_str(&out)));
    tape_finish(&wanted);
    document_finish(&document);
    return holds;
}

static inline void assert_facts(enum document_format format, const struct fact *facts, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++)
        wrong += !fact_holds(format, &facts[i]);
    assert_int_equal(wrong, 0);
}

/** The same for facts about front matter alone: both files without their fences. */
static inline void assert_front_matter(const struct fact *facts, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        STRBUF_SCOPED before = {0};
        STRBUF_SCOPED after = {0};
        bool is_refused = str_starts_with(facts[i].after, STR("refused"));
        strbuf_addf(&before, "---\n%.*s---\nbody\n", STR_ARG(facts[i].before));
        if (is_refused)
            strbuf_add(&after, facts[i].after);
        else
            strbuf_addf(&after, "---\n%.*s---\nbody\n", STR_ARG(facts[i].after));
        struct fact whole = {strbuf_str(&before), facts[i].change, strbuf_str(&after)};
        wrong += !fact_holds(DOCUMENT_MARKDOWN, &whole);
    }
    assert_int_equal(wrong, 0);
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#endif
