// SPDX-License-Identifier: MIT
#include "store/objects.h"

#include "store/internal.h"

/** The columns of object_by_id and its like. */
static struct store_object_row read_row(const struct query *query, struct arena *arena)
{
    struct store_object_row object = {
        .id = column_integer(query, 0),
        .schema_id = column_integer(query, 1),
        .file_id = column_integer(query, 2),
        .path = column_copy(query, 3, arena),
        .item_key = column_copy(query, 4, arena),
        .rev = column_integer(query, 6),
        .uid = column_copy(query, 8, arena),
        .content_json = column_copy(query, 9, arena),
    };
    object.has_base = column_hash(query, 5, &object.base_hash);
    time_parse(column_text(query, 7), &object.updated_at_ns);
    return object;
}

static enum nexus_status get_by_path(struct store *store, struct str path, struct arena *arena,
                                     struct store_object_row *row, bool *ret_found,
                                     struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_object_by_path, err));
    query_text(&query, path);
    TRY(query_next(&query, ret_found, err));
    if (*ret_found)
        *row = read_row(&query, arena);
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_object_get(struct store *store, int64_t id, struct arena *arena,
                                   struct store_object_row *ret_object, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_object_by_id, err));
    query_integer(&query, id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no object %lld", (long long)id);
    struct store_object_row row = read_row(&query, arena);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_object = row;
    return NEXUS_OK;
}

enum nexus_status store_object_at(struct store *store, struct str path, struct arena *arena,
                                  struct store_object_row *ret_object, struct nexus_error *err)
{
    struct store_object_row row = {0};
    bool found;
    TRY(get_by_path(store, path, arena, &row, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no object at '%.*s'", STR_ARG(path));
    *ret_object = row;
    return NEXUS_OK;
}

enum nexus_status store_objects_of_file(struct store *store, int64_t file_id, struct arena *arena,
                                        struct store_object_row **ret_objects, size_t *ret_count,
                                        struct nexus_error *err)
{
    struct store_object_row *objects = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_objects_of_file, err));
    query_integer(&query, file_id);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &objects, &capacity, count + 1, sizeof *objects))
            return fail_no_memory(err);
        objects[count++] = read_row(&query, arena);
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_objects = objects;
    *ret_count = count;
    return NEXUS_OK;
}

static enum nexus_status put_content(struct store *store, enum statement statement, int64_t id,
                                     struct str content_json, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    query_integer(&query, id);
    query_text(&query, content_json);
    return query_run(&query, err);
}

/** Who a new object is: itself, or the deleted one that it takes over from. */
struct identity {
    int64_t id; /* 0: SQLite gives the next one */
    int64_t rev;
    char uid[UID_TEXT_SIZE], created_at[TIME_TEXT_SIZE];
};

static void copy_text(char *to, size_t size, struct str text)
{
    size_t length = text.length < size ? text.length : size - 1;
    if (length)
        memcpy(to, text.at, length);
    to[length] = '\0';
}

static enum nexus_status revived_identity(struct store *store, int64_t revive_id,
                                          struct identity *identity, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_tombstone_get, err));
    query_integer(&query, revive_id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "there is no deleted object %lld",
                    (long long)revive_id);
    identity->id = revive_id;
    identity->rev = column_integer(&query, 2) + 1;
    copy_text(identity->uid, sizeof identity->uid, column_text(&query, 0));
    copy_text(identity->created_at, sizeof identity->created_at, column_text(&query, 1));
    return NEXUS_OK;
}

static enum nexus_status fail_taken(struct str path, struct nexus_error *err)
{
    return fail(err, NEXUS_ERROR_EXISTS, "another object lies at '%.*s'", STR_ARG(path));
}

static enum nexus_status insert_row(struct store *store, const struct store_object *object,
                                    struct identity *identity, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_object_insert, err));
    query_id(&query, identity->id);
    query_integer(&query, object->schema_id);
    query_text_or_null(&query, object->path);
    query_text(&query, str_of(store->now));
    query_text(&query, str_of(identity->created_at));
    query_text(&query, str_of(identity->uid));
    query_integer(&query, identity->rev);
    query_id(&query, object->file_id);
    query_text_or_null(&query, object->item_key);
    query_hash(&query, object->content_hash);
    enum nexus_status status = query_run(&query, err);
    if (status != NEXUS_OK && sqlite3_extended_errcode(store->db) == SQLITE_CONSTRAINT_UNIQUE)
        return fail_taken(object->path, err);
    identity->id = sqlite3_last_insert_rowid(store->db);
    return status;
}

static enum nexus_status insert(struct store *store, const struct store_object *object,
                                enum change_origin origin, int64_t *ret_id, struct nexus_error *err)
{
    struct identity identity = {.rev = 1};
    if (object->revive_id) {
        TRY(revived_identity(store, object->revive_id, &identity, err));
    } else {
        uid_make(store, identity.uid);
        copy_text(identity.created_at, sizeof identity.created_at, str_of(store->now));
    }
    TRY(insert_row(store, object, &identity, err));
    TRY(put_content(store, SQL_content_insert, identity.id, object->content_json, err));
    if (object->revive_id) {
        TRY(store_run_on(store, SQL_permission_revive, identity.id, err));
        TRY(store_run_on(store, SQL_tombstone_delete, identity.id, err));
    } else {
        TRY(store_run_on(store, SQL_permission_insert, identity.id, err));
    }
    *ret_id = identity.id;
    return feed_add(store, CHANGE_CREATE, origin, identity.id, str_of(identity.uid), object->path,
                    (struct str){NULL, 0}, err);
}

/** The file it lies in and what both sides agree on: no change of the object itself. */
static enum nexus_status set_base(struct store *store, const struct store_object_row *row,
                                  const struct store_object *object, struct nexus_error *err)
{
    bool is_same = row->has_base && hash_equal(row->base_hash, object->content_hash) &&
                   row->file_id == object->file_id && str_equal(row->item_key, object->item_key);
    if (is_same)
        return NEXUS_OK;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_object_set_base, err));
    query_integer(&query, row->id);
    query_hash(&query, object->content_hash);
    query_id(&query, object->file_id);
    query_text_or_null(&query, object->item_key);
    return query_run(&query, err);
}

static enum nexus_status update_row(struct store *store, const struct store_object_row *row,
                                    const struct store_object *object, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_object_update, err));
    query_integer(&query, row->id);
    query_integer(&query, object->schema_id);
    query_text_or_null(&query, object->path);
    query_text(&query, str_of(store->now));
    query_id(&query, object->file_id);
    query_text_or_null(&query, object->item_key);
    query_hash(&query, object->content_hash);
    return query_run(&query, err);
}

static enum nexus_status update(struct store *store, const struct store_object_row *row,
                                const struct store_object *object, enum change_origin origin,
                                enum store_outcome *ret_outcome, struct nexus_error *err)
{
    bool has_moved = !str_equal(row->path, object->path);
    bool has_changed =
        row->schema_id != object->schema_id || !str_equal(row->content_json, object->content_json);
    if (object->is_outrun || (!has_moved && !has_changed)) {
        *ret_outcome = STORE_UNCHANGED;
        return set_base(store, row, object, err);
    }
    *ret_outcome = STORE_UPDATED;
    if (has_changed)
        TRY(search_leave(store, row->id, err));
    TRY(update_row(store, row, object, err));
    if (has_changed)
        TRY(put_content(store, SQL_content_update, row->id, object->content_json, err));
    if (has_moved)
        TRY(links_touch_object(store, row->id, err));
    if (has_moved) /* also of a row that asked for another path in vain: the feed has it there */
        TRY(feed_add(store, CHANGE_MOVE, origin, row->id, row->uid, object->path, row->path, err));
    if (!has_changed || object->is_told)
        return NEXUS_OK;
    return feed_add(store, CHANGE_UPDATE, origin, row->id, row->uid, object->path,
                    (struct str){NULL, 0}, err);
}

/** The row that the object is to become of: the one with its id, else the one at its path. */
static enum nexus_status find(struct store *store, const struct store_object *object,
                              struct arena *arena, struct store_object_row *row, bool *ret_found,
                              struct nexus_error *err)
{
    struct store_object_row other = {0};
    bool is_taken = false;
    *ret_found = false;
    if (object->id) {
        TRY(store_object_get(store, object->id, arena, row, err));
        *ret_found = true;
    }
    if (object->path.at && !(*ret_found && str_equal(row->path, object->path)))
        TRY(get_by_path(store, object->path, arena, &other, &is_taken, err));
    if (!is_taken)
        return NEXUS_OK;
    /* "a.json#b" is the item b of a.json, and may be a file's name as well. */
    bool is_of_another_file = other.file_id && other.file_id != object->file_id;
    if (*ret_found || object->revive_id || is_of_another_file)
        return fail_taken(object->path, err);
    *row = other;
    *ret_found = true;
    return NEXUS_OK;
}

static enum nexus_status put(struct store *store, const struct store_object *object,
                             enum change_origin origin, struct arena *arena, int64_t *ret_id,
                             enum store_outcome *ret_outcome, struct nexus_error *err)
{
    struct store_object_row row = {0};
    bool found = false;
    /* In bulk all objects are new; one that is not breaks the uniqueness of paths. */
    if (store->mode == STORE_LIVE || object->id)
        TRY(find(store, object, arena, &row, &found, err));
    if (found) {
        *ret_id = row.id;
        return update(store, &row, object, origin, ret_outcome, err);
    }
    *ret_outcome = STORE_CREATED;
    return insert(store, object, origin, ret_id, err);
}

enum nexus_status store_object_put(struct store *store, const struct store_object *object,
                                   enum change_origin origin, int64_t *ret_id,
                                   enum store_outcome *ret_outcome, struct nexus_error *err)
{
    struct arena arena = {0};
    int64_t id = 0;
    enum store_outcome outcome = STORE_UNCHANGED;
    enum nexus_status status = put(store, object, origin, &arena, &id, &outcome, err);
    arena_finish(&arena);
    if (status != NEXUS_OK)
        return status;
    store->recent.object_id = id;
    store->recent.file_of_object = object->file_id;
    store->recent.is_whole_file = !object->item_key.at;
    if (ret_id)
        *ret_id = id;
    if (ret_outcome)
        *ret_outcome = outcome;
    return NEXUS_OK;
}

enum nexus_status store_object_place(struct store *store, int64_t id, int64_t file_id,
                                     struct str path, struct str item_key, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_object_place, err));
    query_integer(&query, id);
    query_id(&query, file_id);
    query_text(&query, path);
    query_text_or_null(&query, item_key);
    enum nexus_status status = query_run(&query, err);
    if (status != NEXUS_OK && sqlite3_extended_errcode(store->db) == SQLITE_CONSTRAINT_UNIQUE)
        return fail_taken(path, err);
    TRY(status);
    QUERY_SCOPED entry = {0};
    TRY(query_open(&entry, &store->statements, SQL_outbox_place, err));
    query_integer(&entry, id);
    query_id(&entry, file_id);
    query_text(&entry, path);
    query_text_or_null(&entry, item_key);
    return query_run(&entry, err);
}

static enum nexus_status leave_tombstone(struct store *store, int64_t id, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_tombstone_insert, err));
    query_integer(&query, id);
    query_text(&query, str_of(store->now));
    return query_run(&query, err);
}

static enum nexus_status delete (struct store *store, int64_t id, enum change_origin origin,
                                 struct arena *arena, struct nexus_error *err) {
    struct store_object_row row; TRY(store_object_get(store, id, arena, &row, err));
    TRY(leave_tombstone(store, id, err));
    TRY(derived_delete(store, id, err));
    TRY(store_run_on(store, SQL_content_delete, id, err));
    TRY(store_run_on(store, SQL_permission_delete, id, err));
    TRY(store_run_on(store, SQL_object_delete, id, err));
    TRY(store_run_on(store, SQL_outbox_drop, id, err));
    return feed_add(store, CHANGE_DELETE, origin, id, row.uid, row.path, (struct str){NULL, 0},
                    err);
}

enum nexus_status store_object_delete(struct store *store, int64_t id, enum change_origin origin,
                                      struct nexus_error *err)
{
    struct arena arena = {0};
    enum nexus_status status = delete (store, id, origin, &arena, err);
    arena_finish(&arena);
    return status;
}
