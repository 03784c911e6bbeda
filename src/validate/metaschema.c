// SPDX-License-Identifier: MIT
/* What a custom `$schema` means: the draft that its own `$schema` leads to, and what its
 * `$vocabulary` leaves of that. */
#include "validate/compiler.h"

#include "validate/uri.h"

enum { CHAIN_LIMIT = 8 }; /* a metaschema of a metaschema of … */

static bool read_vocabularies(struct compiler *compiler, const struct tape *tape, uint32_t map,
                              struct dialect *dialect, struct str *ret_reason)
{
    dialect->vocabularies = 0;
    tape_for_each_member (tape, map, key) {
        struct str uri = node_text(&tape->nodes[key]);
        bool is_required = tape->nodes[key + 1].type == NODE_TRUE;
        unsigned bits = vocabulary_find(uri);
        if (!bits && is_required) {
            *ret_reason =
                arena_format(compiler->arena, "requires the vocabulary '%.*s', which is not known",
                             STR_ARG(uri));
            return false;
        }
        if (bits == VOCABULARY_FORMAT && is_required && dialect->draft == DRAFT_2019)
            bits |= VOCABULARY_FORMAT_ASSERTION;
        dialect->vocabularies |= bits;
    }
    return true;
}

static bool follow(struct compiler *compiler, struct str uri, int chain,
                   struct dialect *ret_dialect, struct str *ret_reason)
{
    if (dialect_find(uri, ret_dialect))
        return true;
    struct str plain = uri_resolve(compiler->arena, (struct str){NULL, 0}, uri, NULL);
    const struct document *document = schema_set_find(compiler->set, plain);
    if (!document || chain == CHAIN_LIMIT) {
        *ret_reason = STR("is not a metaschema that is built in or registered");
        return false;
    }
    const struct tape *tape = &document->tape;
    uint32_t own = tape_member(tape, 0, STR("$schema"));
    *ret_dialect = dialect_of_draft(document->fallback);
    if (own != TAPE_NONE && tape->nodes[own].type == NODE_STRING &&
        !follow(compiler, node_text(&tape->nodes[own]), chain + 1, ret_dialect, ret_reason))
        return false;
    uint32_t map = tape_member(tape, 0, STR("$vocabulary"));
    if (ret_dialect->draft < DRAFT_2019 || map == TAPE_NONE || tape->nodes[map].type != NODE_OBJECT)
        return true;
    return read_vocabularies(compiler, tape, map, ret_dialect, ret_reason);
}

bool compiler_dialect(struct compiler *compiler, struct str uri, struct dialect *ret_dialect,
                      struct str *ret_reason)
{
    struct dialect dialect;
    struct str reason = {NULL, 0};
    if (!follow(compiler, uri, 0, &dialect, &reason)) {
        *ret_reason = reason;
        return false;
    }
    *ret_dialect = dialect;
    return true;
}
