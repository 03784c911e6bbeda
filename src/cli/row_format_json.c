// SPDX-License-Identifier: MIT
/*
 * Rows as JSON objects. SQL lets two columns have the same name, an object must not have a key
 * twice: the second `path` becomes `path_2`.
 */
#include "base/arena.h"
#include "cli/ask.h"
#include "cli/json.h"
#include "cli/row_format.h"

struct keys {
    struct arena arena;
    const char **names;
    int count;
};

static void keys_finish(struct keys *keys)
{
    arena_finish(&keys->arena);
}
#define KEYS_SCOPED __attribute__((cleanup(keys_finish))) struct keys

static bool is_taken(const struct keys *keys, const char *name, int before)
{
    for (int i = 0; i < before; i++)
        if (strcmp(keys->names[i], name) == 0)
            return true;
    return false;
}

static enum nexus_status keys_init(struct keys *keys, struct nexus_rows *rows,
                                   struct nexus_error *err)
{
    keys->count = nexus_rows_column_count(rows);
    keys->names = arena_alloc_array(&keys->arena, (size_t)keys->count + 1, sizeof *keys->names);
    for (int i = 0; i < keys->count && !keys->arena.failed; i++) {
        const char *column = nexus_rows_column_name(rows, i);
        keys->names[i] = arena_copy(&keys->arena, str_of(column)).at;
        for (int n = 2; is_taken(keys, keys->names[i], i) && !keys->arena.failed; n++)
            keys->names[i] = arena_format(&keys->arena, "%s_%d", column, n).at;
    }
    return keys->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

static void add_row(struct json *json, const struct keys *keys, struct nexus_rows *rows)
{
    json_begin_object(json, NULL);
    for (int i = 0; i < keys->count; i++)
        json_column(json, keys->names[i], rows, i);
    json_end(json);
}

enum nexus_status row_format_json(struct invocation *call, struct nexus_rows *rows,
                                  struct nexus_error *err)
{
    KEYS_SCOPED keys = {0};
    TRY(keys_init(&keys, rows, err));
    JSON_SCOPED json;
    json_init(&json, &call->out);
    enum nexus_status status = NEXUS_OK;
    json_begin_array(&json, NULL);
    while (row_next(call, rows, &status, err))
        add_row(&json, &keys, rows);
    json_end(&json);
    return status == NEXUS_OK ? json_finish(&json, err) : status;
}

enum nexus_status row_format_jsonl(struct invocation *call, struct nexus_rows *rows,
                                   struct nexus_error *err)
{
    KEYS_SCOPED keys = {0};
    TRY(keys_init(&keys, rows, err));
    JSON_SCOPED json;
    json_init(&json, &call->out);
    enum nexus_status status = NEXUS_OK;
    while (status == NEXUS_OK && row_next(call, rows, &status, err)) {
        add_row(&json, &keys, rows);
        status = json_finish(&json, err);
    }
    return status;
}
