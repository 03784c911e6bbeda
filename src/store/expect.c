// SPDX-License-Identifier: MIT
#include "store/expect.h"

#include "base/unicode.h"
#include "store/files.h"
#include "store/internal.h"

#include <stdlib.h>

void expected_finish(struct expected *expected)
{
    free(expected->names);
    *expected = (struct expected){0};
}

/** Where the name is, or the free place where it belongs. The table is never full. */
static struct expected_name *place_of(struct expected_name *names, size_t capacity,
                                      enum expected_kind kind, struct hash hash)
{
    size_t at;
    memcpy(&at, hash.bytes, sizeof at);
    for (;; at++) {
        struct expected_name *name = &names[at & (capacity - 1)];
        if (name->kind == EXPECTED_FREE ||
            (name->kind == (uint8_t)kind && hash_equal(name->hash, hash)))
            return name;
    }
}

static bool grow(struct expected *expected)
{
    if (expected->count * 8 < expected->capacity * 7)
        return true;
    size_t capacity = expected->capacity ? expected->capacity * 2 : 1024;
    struct expected_name *names = calloc(capacity, sizeof *names);
    if (!names)
        return false;
    for (size_t i = 0; i < expected->capacity; i++) {
        const struct expected_name *name = &expected->names[i];
        if (name->kind != EXPECTED_FREE)
            *place_of(names, capacity, (enum expected_kind)name->kind, name->hash) = *name;
    }
    free(expected->names);
    expected->names = names;
    expected->capacity = capacity;
    return true;
}

static bool add(struct expected *expected, enum expected_kind kind, struct str text,
                struct expected_name value)
{
    if (!grow(expected))
        return false;
    value.kind = (uint8_t)kind;
    value.hash = hash_of(text);
    struct expected_name *name = place_of(expected->names, expected->capacity, kind, value.hash);
    if (name->kind != EXPECTED_FREE) {
        name->is_shared = true;
        return true;
    }
    *name = value;
    expected->count++;
    return true;
}

enum nexus_status expected_add(struct expected *expected, struct str folded_path,
                               struct nexus_error *err)
{
    if (expected->last_file_id >= UINT32_MAX)
        return fail(err, NEXUS_ERROR_LIMIT, "there are more than %u files", UINT32_MAX);
    struct str key = name_key(folded_path);
    struct expected_name name = {
        .file_id = (uint32_t)(expected->last_file_id + 1),
        .is_note = str_ends_with(folded_path, STR(".md")),
    };
    if (!add(expected, EXPECTED_KEY, key, name) || !add(expected, EXPECTED_PATH, folded_path, name))
        return fail_no_memory(err);
    expected->last_file_id++;
    expected->told++;
    return NEXUS_OK;
}

struct expected_name *expected_find(const struct expected *expected, enum expected_kind kind,
                                    struct str text)
{
    if (!expected->capacity)
        return NULL;
    struct expected_name *name = place_of(expected->names, expected->capacity, kind, hash_of(text));
    return name->kind == EXPECTED_FREE ? NULL : name;
}

bool expected_is_complete(const struct expected *expected)
{
    return expected->told > 0 && expected->put == expected->told &&
           expected->last_file_id == (int64_t)expected->told;
}

enum nexus_status store_expect_file(struct store *store, struct str path, struct nexus_error *err)
{
    if (store->mode != STORE_BULK)
        return NEXUS_OK;
    strbuf_reset(&store->fold);
    unicode_add_folded(&store->fold, path);
    if (store->fold.failed)
        return fail_no_memory(err);
    return expected_add(&store->expected, strbuf_str(&store->fold), err);
}
