// SPDX-License-Identifier: MIT
/*
 * The full text index. It holds no text of its own: it reads it back from nx_search_content, and
 * what is taken out is told by the very values that were put in. So an object leaves the index
 * before its content, title or tags change, and comes back with the commit, all of a transaction in
 * the order of their ids (FTS5 writes out what it has gathered whenever an id is not above the one
 * before).
 *
 * Invariant after each commit: exactly the objects in nx_text are in the index.
 */
#include "store/internal.h"

#include "store/connection.h"

#include <stdlib.h>

enum nexus_status search_remove(struct store *store, int64_t object_id, struct nexus_error *err)
{
    TRY(store_run_on(store, SQL_search_delete, object_id, err));
    return store_run_on(store, SQL_text_delete, object_id, err);
}

static enum nexus_status insert_text(struct store *store, const struct pending_text *text,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_text_insert, err));
    query_integer(&query, text->object_id);
    query_text_or_null(&query, text->title);
    query_text_or_null(&query, text->body_path);
    return query_run(&query, err);
}

static struct str keep(struct store *store, struct str text)
{
    return text.at ? arena_copy(&store->pending_arena, text) : text;
}

enum nexus_status search_add(struct store *store, int64_t object_id, struct str title,
                             struct str body_path, struct nexus_error *err)
{
    struct pending_text text = {object_id, store->text_count, title, body_path};
    if (store->mode == STORE_BULK)
        return insert_text(store, &text, err);
    if (!array_reserve(&store->texts, &store->text_capacity, store->text_count + 1,
                       sizeof *store->texts))
        return fail_no_memory(err);
    text.title = keep(store, title);
    text.body_path = keep(store, body_path);
    store->texts[store->text_count++] = text;
    return store->pending_arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

static int by_object(const void *a, const void *b)
{
    const struct pending_text *left = a, *right = b;
    if (left->object_id != right->object_id)
        return left->object_id < right->object_id ? -1 : 1;
    return left->order < right->order ? -1 : 1;
}

enum nexus_status search_settle(struct store *store, struct nexus_error *err)
{
    struct pending_text *texts = store->texts;
    size_t count = store->text_count;
    if (count)
        qsort(texts, count, sizeof *texts, by_object);
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && texts[i + 1].object_id == texts[i].object_id)
            continue; /* it was derived once more in the same transaction */
        TRY(insert_text(store, &texts[i], err));
        TRY(store_run_on(store, SQL_search_insert, texts[i].object_id, err));
    }
    return NEXUS_OK;
}

enum nexus_status search_fill(struct store *store, struct nexus_error *err)
{
    return connection_run(store->db, STR("INSERT INTO search(search) VALUES('rebuild')"), err);
}
