// SPDX-License-Identifier: MIT
/*
 * The full text index. It holds no text of its own: it reads it back from nx_search_content, and
 * what is taken out is told by the very values that were put in. So these are remembered before the
 * content, title or tags of an object change; it leaves the index when it is to be found by others,
 * and comes back with the commit, all of a transaction in the order of their ids. FTS5 writes out
 * what it has gathered, as one more piece of the index, whenever an id is not above the one before,
 * and with each savepoint.
 *
 * Invariant after each commit: exactly the objects in nx_text are in the index.
 */
#include "store/internal.h"

#include <stdlib.h>

/** Runs search_insert or search_delete with what nx_search_content says of the object, if anything.
 */
static enum nexus_status run_with_content(struct store *store, enum statement statement,
                                          int64_t object_id, struct nexus_error *err)
{
    QUERY_SCOPED content = {0}, change = {0};
    bool found;
    TRY(query_open(&content, &store->statements, SQL_search_content, err));
    query_integer(&content, object_id);
    TRY(query_next(&content, &found, err));
    if (!found)
        return NEXUS_OK;
    TRY(query_open(&change, &store->statements, statement, err));
    query_integer(&change, object_id);
    for (int column = 0; column < 3; column++)
        query_column(&change, &content, column);
    return query_run(&change, err);
}

/** Takes out the object that is leaving. */
static enum nexus_status take_out(struct store *store, struct nexus_error *err)
{
    struct search_leaving *leaving = &store->leaving;
    int64_t object_id = leaving->object_id;
    if (!object_id)
        return NEXUS_OK;
    leaving->object_id = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_search_delete, err));
    query_integer(&query, object_id);
    query_text_or_null(&query, leaving->title);
    query_text_or_null(&query, leaving->body);
    query_text_or_null(&query, leaving->tags);
    TRY(query_run(&query, err));
    return store_run_on(store, SQL_text_delete, object_id, err);
}

enum nexus_status search_leave(struct store *store, int64_t object_id, struct nexus_error *err)
{
    struct search_leaving *leaving = &store->leaving;
    QUERY_SCOPED query = {0};
    bool found;
    TRY(take_out(store, err));
    TRY(query_open(&query, &store->statements, SQL_search_content, err));
    query_integer(&query, object_id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return NEXUS_OK;
    arena_reset(&leaving->arena);
    leaving->title = column_copy(&query, 0, &leaving->arena);
    leaving->body = column_copy(&query, 1, &leaving->arena);
    leaving->tags = column_copy(&query, 2, &leaving->arena);
    leaving->body_path = column_copy(&query, 3, &leaving->arena);
    if (leaving->arena.failed)
        return fail_no_memory(err);
    leaving->object_id = object_id;
    return NEXUS_OK;
}

enum nexus_status search_remove(struct store *store, int64_t object_id, struct nexus_error *err)
{
    if (store->leaving.object_id == object_id)
        return take_out(store, err);
    TRY(run_with_content(store, SQL_search_delete, object_id, err));
    return store_run_on(store, SQL_text_delete, object_id, err);
}

static enum nexus_status insert_text(struct store *store, const struct search_text *text,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool is_usual = text->body.at && str_is(text->body_path, "$.\"content\"");
    TRY(query_open(&query, &store->statements,
                   text->body.at ? SQL_text_insert_path : SQL_text_insert, err));
    query_integer(&query, text->object_id);
    query_text_or_null(&query, text->title);
    query_text_or_null(&query, is_usual ? (struct str){NULL, 0} : text->body_path);
    return query_run(&query, err);
}

static enum nexus_status index_text(struct store *store, const struct search_text *text,
                                    struct nexus_error *err)
{
    if (!text->body.at)
        return run_with_content(store, SQL_search_insert, text->object_id, err);
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_search_insert, err));
    query_integer(&query, text->object_id);
    query_text_or_null(&query, text->title);
    query_text(&query, text->body);
    query_text_or_null(&query, text->tags);
    return query_run(&query, err);
}

static struct str keep(struct store *store, struct str text)
{
    return text.at ? arena_copy(&store->pending_arena, text) : text;
}

/** SQLite's JSON ends a text at a NUL: what is indexed has to be what it reads back. */
static bool is_at_hand(const struct search_text *text)
{
    return text->body_path.at && text->body.at &&
           !(text->body.length && memchr(text->body.at, '\0', text->body.length));
}

enum nexus_status search_add(struct store *store, const struct search_text *text,
                             struct nexus_error *err)
{
    if (!array_reserve(&store->texts, &store->text_capacity, store->text_count + 1,
                       sizeof *store->texts))
        return fail_no_memory(err);
    store->texts[store->text_count] = (struct search_text){
        .object_id = text->object_id,
        .order = store->text_count,
        .title = keep(store, text->title),
        .body_path = keep(store, text->body_path),
        .tags = keep(store, text->tags),
        .body = is_at_hand(text) ? keep(store, text->body) : (struct str){NULL, 0},
    };
    store->text_count++;
    return store->pending_arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

static bool is_same_text(struct str a, struct str b)
{
    return a.at && b.at ? str_equal(a, b) : !a.at && !b.at;
}

/** The object that was leaving stays when all that it is found by is as it was. */
static bool stays(struct search_leaving *leaving, const struct search_text *text)
{
    bool is_same = is_same_text(leaving->body_path, text->body_path) &&
                   is_same_text(leaving->title, text->title) &&
                   is_same_text(leaving->tags, text->tags) &&
                   is_same_text(leaving->body, text->body);
    if (is_same)
        leaving->object_id = 0;
    return is_same;
}

enum nexus_status search_has(struct store *store, const struct search_text *text, bool *ret_same,
                             struct nexus_error *err)
{
    *ret_same = false;
    if (!is_at_hand(text))
        return NEXUS_OK;
    if (store->leaving.object_id == text->object_id) {
        *ret_same = stays(&store->leaving, text);
        return NEXUS_OK;
    }
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_search_has, err));
    query_integer(&query, text->object_id);
    query_text(&query, text->body_path);
    query_text_or_null(&query, text->title);
    query_text(&query, text->body);
    query_text_or_null(&query, text->tags);
    return query_next(&query, ret_same, err);
}

static int by_object(const void *a, const void *b)
{
    const struct search_text *left = a, *right = b;
    if (left->object_id != right->object_id)
        return left->object_id < right->object_id ? -1 : 1;
    return left->order < right->order ? -1 : 1;
}

/** Sorts by object, leaves out what was derived once more in the same transaction, and records the
 *  texts of those objects that are still there. */
static enum nexus_status record_texts(struct store *store, size_t *ret_count,
                                      struct nexus_error *err)
{
    struct search_text *texts = store->texts;
    size_t count = 0;
    if (store->text_count)
        qsort(texts, store->text_count, sizeof *texts, by_object);
    for (size_t i = 0; i < store->text_count; i++) {
        if (i + 1 < store->text_count && texts[i + 1].object_id == texts[i].object_id)
            continue;
        TRY(insert_text(store, &texts[i], err));
        if (sqlite3_changes64(store->db))
            texts[count++] = texts[i];
    }
    *ret_count = count;
    return NEXUS_OK;
}

enum nexus_status search_settle(struct store *store, struct nexus_error *err)
{
    size_t count = 0;
    TRY(take_out(store, err));
    TRY(record_texts(store, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(index_text(store, &store->texts[i], err));
    store->has_loose_texts |= count > 0;
    store->text_count = 0;
    return NEXUS_OK;
}
