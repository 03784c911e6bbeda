// SPDX-License-Identifier: MIT
/* What decides the verdicts of a schema, as one hash: documents in the order of their URIs, each as
 * compact JSON, so that white space is no change. */
#include "validate/compiler.h"

#include <stdlib.h>

/* To be raised when this engine judges some value in another way than before. */
#define ENGINE_VERSION 1

static int by_uri(const void *a, const void *b)
{
    const struct loaded *left = *(struct loaded *const *)a, *right = *(struct loaded *const *)b;
    return str_compare(left->document->uri, right->document->uri);
}

/** Was any rule made from it? A document may have been loaded only to look for an id. */
static bool is_used(const struct loaded *loaded)
{
    for (size_t i = 0; i < loaded->resource_count; i++)
        if (loaded->resources[i]->number != UINT32_MAX)
            return true;
    return false;
}

enum nexus_status compiler_hash(struct compiler *compiler, struct nexus_error *err)
{
    size_t count = 0;
    for (struct loaded *loaded = compiler->loaded; loaded; loaded = loaded->next)
        count++;
    struct loaded **all = arena_alloc_array(compiler->arena, count, sizeof *all);
    if (!all)
        return fail_no_memory(err);
    count = 0;
    for (struct loaded *loaded = compiler->loaded; loaded; loaded = loaded->next)
        if (is_used(loaded))
            all[count++] = loaded;
    qsort(all, count, sizeof(struct loaded *), by_uri);

    STRBUF_SCOPED text = {0};
    strbuf_addf(&text, "%d %u %.*s\n", ENGINE_VERSION, compiler->options,
                STR_ARG(compiler->root->uri));
    for (size_t i = 0; i < count; i++) {
        const struct resource *root = all[i]->resources[0];
        strbuf_addf(&text, "%.*s %d %u ", STR_ARG(all[i]->document->uri), (int)root->dialect.draft,
                    root->dialect.vocabularies);
        tape_add_json(&all[i]->document->tape, 0, &text);
        strbuf_add_char(&text, '\n');
    }
    if (text.failed)
        return fail_no_memory(err);
    compiler->schema->hash = hash_of(strbuf_str(&text));
    return NEXUS_OK;
}
