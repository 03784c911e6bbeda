// SPDX-License-Identifier: MIT
#include "store/defaults.h"

#include "store/internal.h"

#include <stdio.h>
#include <stdlib.h>

#define RULES_KEY "default_rules"
#define SEQ_KEY "default_seq"

/* Columns of `undecided`. */
enum { ID, UID, PATH, SCHEMA, SHARE_WITH_AI, SHARE_WITH_CLOUD, AI_RULE, CLOUD_RULE };

enum nexus_status store_undecided(struct store *store, int64_t after, int64_t since, size_t limit,
                                  struct arena *arena, struct store_default **ret_objects,
                                  size_t *ret_count, struct nexus_error *err)
{
    struct store_default *objects = arena_alloc_array(arena, limit + 1, sizeof *objects);
    size_t count = 0;
    QUERY_SCOPED query = {0};
    if (!objects)
        return fail_no_memory(err);
    TRY(query_open(&query, &store->statements, SQL_undecided, err));
    query_integer(&query, after);
    if (since < 0)
        query_text_or_null(&query, (struct str){NULL, 0});
    else
        query_integer(&query, since);
    query_integer(&query, (int64_t)limit);
    for (bool row; count < limit; count++) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        objects[count] = (struct store_default){
            .object_id = column_integer(&query, ID),
            .uid = column_copy(&query, UID, arena),
            .path = column_copy(&query, PATH, arena),
            .schema = column_copy(&query, SCHEMA, arena),
            .ai_rule = column_copy(&query, AI_RULE, arena),
            .cloud_rule = column_copy(&query, CLOUD_RULE, arena),
        };
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_objects = objects;
    *ret_count = count;
    return NEXUS_OK;
}

enum nexus_status store_folded_tags(struct store *store, int64_t object_id, struct arena *arena,
                                    struct str **ret_tags, size_t *ret_count,
                                    struct nexus_error *err)
{
    struct str *tags = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_tags_folded, err));
    query_integer(&query, object_id);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &tags, &capacity, count + 1, sizeof *tags))
            return fail_no_memory(err);
        tags[count++] = column_copy(&query, 0, arena);
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_tags = tags;
    *ret_count = count;
    return NEXUS_OK;
}

enum nexus_status store_default_put(struct store *store, const struct store_default *object,
                                    struct nexus_error *err)
{
    QUERY_SCOPED row = {0}, query = {0};
    TRY(query_open(&row, &store->statements, SQL_default_share, err));
    query_integer(&row, object->object_id);
    query_integer(&row, object->ai_rule.at != NULL);
    query_integer(&row, object->cloud_rule.at != NULL);
    TRY(query_run(&row, err));
    TRY(query_open(&query, &store->statements, SQL_default_put, err));
    query_integer(&query, object->object_id);
    query_text_or_null(&query, object->ai_rule);
    query_text_or_null(&query, object->cloud_rule);
    TRY(query_run(&query, err));
    if (!object->ai_rule.at && !object->cloud_rule.at)
        TRY(store_run_on(store, SQL_default_drop, object->object_id, err));
    return feed_add(store, CHANGE_PERMISSION, ORIGIN_NEXUS, object->object_id, object->uid,
                    object->path, (struct str){NULL, 0}, err);
}

static enum nexus_status get_meta(struct store *store, const char *key, struct arena *arena,
                                  struct str *ret_value, struct nexus_error *err)
{
    *ret_value = (struct str){NULL, 0};
    enum nexus_status status = store_meta_get(store, key, arena, ret_value, err);
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

enum nexus_status store_rules_mark_get(struct store *store, struct arena *arena,
                                       struct store_rules_mark *ret_mark, struct nexus_error *err)
{
    struct str seq;
    TRY(get_meta(store, RULES_KEY, arena, &ret_mark->hash, err));
    TRY(get_meta(store, SEQ_KEY, arena, &seq, err));
    ret_mark->seq = seq.at ? strtoll(seq.at, NULL, 10) : 0;
    return NEXUS_OK;
}

enum nexus_status store_rules_mark_set(struct store *store, const struct store_rules_mark *mark,
                                       struct nexus_error *err)
{
    char seq[32];
    if (!mark->hash.at) {
        TRY(store_meta_drop(store, SEQ_KEY, err));
        return store_meta_drop(store, RULES_KEY, err);
    }
    int length = snprintf(seq, sizeof seq, "%lld", (long long)mark->seq);
    TRY(store_meta_set(store, SEQ_KEY, (struct str){seq, (size_t)length}, err));
    return store_meta_set(store, RULES_KEY, mark->hash, err);
}

enum nexus_status store_feed_since(struct store *store, int64_t since, int64_t *ret_seq,
                                   bool *ret_schemas, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_feed_since, err));
    query_integer(&query, since);
    TRY(query_next(&query, &row, err));
    *ret_seq = row ? column_integer(&query, 0) : 0;
    *ret_schemas = row && column_integer(&query, 1) > 0;
    return NEXUS_OK;
}
