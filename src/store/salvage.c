// SPDX-License-Identifier: MIT
#include "store/salvage.h"

#include "store/connection.h"
#include "store/internal.h"

#include <stdlib.h>

enum {
    BUSY_MS = 1000,
    COLUMN_LIMIT = 20,
    STEP_DOUBLINGS = 34, /* rows that are skipped at most, as a power of two */
};
#define HIGHEST_ID (INT64_C(1) << 40) /* no vault has that many objects: a damaged number */

struct salvage {
    struct store *store;
    sqlite3 *old;
    struct store_salvaged found;
    int64_t highest_id;
};

/** Whether it is not the file that is bad: another time it can be read. */
static bool is_passing(int extended_code)
{
    switch (extended_code) {
    case SQLITE_IOERR_NOMEM:
    case SQLITE_IOERR_SHMOPEN: /* the log's index is made anew beside it */
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_SHMLOCK: return true;
    default: return extended_code == SQLITE_NOMEM || extended_code == SQLITE_FULL;
    }
}

/** Reads the log, too, and leaves it as it is. NULL with NEXUS_OK: it cannot be opened. */
static enum nexus_status open_old(const char *old_path, sqlite3 **ret_db, struct nexus_error *err)
{
    sqlite3 *db = NULL;
    enum nexus_status status = connection_open(old_path, CONNECTION_PERSON, BUSY_MS, &db, err);
    *ret_db = db;
    if (status == NEXUS_ERROR_NO_MEMORY || status == NEXUS_ERROR_NO_SPACE)
        return status;
    if (!db)
        return NEXUS_OK;
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_exec(db, "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON;", NULL, NULL, NULL);
    return NEXUS_OK;
}

static sqlite3_stmt *prepare_old(sqlite3 *old, enum statement statement)
{
    struct str text = statement_text(statement);
    sqlite3_stmt *rows = NULL;
    if (!old || sqlite3_prepare_v2(old, text.at, (int)text.length, &rows, NULL) != SQLITE_OK)
        return NULL;
    return rows;
}

/** One row into the new database, column by column. */
static enum nexus_status put_row(const struct salvage *salvage, enum statement put,
                                 sqlite3_stmt *row, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &salvage->store->statements, put, err));
    int count = sqlite3_column_count(row);
    for (int i = 0; i < count && i < COLUMN_LIMIT; i++)
        if (sqlite3_bind_value(query.statement, i + 1, sqlite3_column_value(row, i)) != SQLITE_OK)
            return fail_sqlite(err, salvage->store->db, NULL);
    return query_run(&query, err);
}

/** A text of the old database that no memory was there for is none, and where it was missing in the
 * new one SQLite has rolled back: what follows would be a transaction of its own. */
static bool lacked_memory(const struct salvage *salvage)
{
    return sqlite3_errcode(salvage->old) == SQLITE_NOMEM || !store_in_transaction(salvage->store);
}

/** Called with a row of the old database. */
typedef enum nexus_status salvage_row(struct salvage *salvage, sqlite3_stmt *row, void *context,
                                      struct nexus_error *err);

/** All rows whose key, in the first column, is above `after`, as far as they can be read. */
static enum nexus_status each_row(struct salvage *salvage, enum statement read, int64_t after,
                                  salvage_row *each, void *context, struct nexus_error *err)
{
    sqlite3_stmt *rows = prepare_old(salvage->old, read);
    enum nexus_status status = NEXUS_OK;
    int doublings = 0;
    if (!rows && salvage->old && is_passing(sqlite3_extended_errcode(salvage->old)))
        return fail_sqlite(err, salvage->old, NULL); /* the table is as good as it was */
    if (!rows) {
        salvage->found.has_gaps = true;
        return NEXUS_OK;
    }
    for (bool more = true; more && status == NEXUS_OK;) {
        int64_t from = after + (doublings ? (INT64_C(1) << (doublings - 1)) : 0);
        int code;
        sqlite3_reset(rows);
        sqlite3_bind_int64(rows, 1, from);
        if (sqlite3_bind_parameter_count(rows) > 1)
            sqlite3_bind_text(rows, 2, salvage->store->now, -1, SQLITE_STATIC);
        while (status == NEXUS_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
            after = sqlite3_column_int64(rows, 0);
            doublings = 0;
            status = each(salvage, rows, context, err);
            if (status == NEXUS_OK && lacked_memory(salvage))
                status = fail_no_memory(err);
        }
        more = status == NEXUS_OK && code != SQLITE_DONE && ++doublings < STEP_DOUBLINGS;
        if (status == NEXUS_OK && code == SQLITE_NOMEM)
            status = fail_no_memory(err);
        salvage->found.has_gaps |= status == NEXUS_OK && code != SQLITE_DONE;
    }
    sqlite3_finalize(rows);
    return status;
}

/** What is copied as it is: how, and where the count of it goes. */
struct copying {
    enum statement put;
    uint64_t *count;
};

static enum nexus_status copy_row(struct salvage *salvage, sqlite3_stmt *row, void *context,
                                  struct nexus_error *err)
{
    const struct copying *copying = context;
    TRY(put_row(salvage, copying->put, row, err));
    *copying->count += sqlite3_changes(salvage->store->db) > 0;
    return NEXUS_OK;
}

/** The rows behind those that the new database has. */
static enum nexus_status copy_rest(struct salvage *salvage, enum statement start,
                                   enum statement read, struct copying copying,
                                   struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &salvage->store->statements, start, err));
    TRY(query_next(&query, &row, err));
    int64_t after = row ? column_integer(&query, 0) : 0;
    query_close(&query);
    return each_row(salvage, read, after, copy_row, &copying, err);
}

static enum nexus_status take_object(struct salvage *salvage, sqlite3_stmt *row, void *context,
                                     struct nexus_error *err)
{
    int64_t id = sqlite3_column_int64(row, 0);
    (void)context;
    if (id < 1 || id > salvage->highest_id)
        return NEXUS_OK;
    TRY(put_row(salvage, SQL_salvage_tombstone_put, row, err));
    salvage->found.objects += sqlite3_changes(salvage->store->db) > 0;
    salvage->store->has_taken_over = true;
    return NEXUS_OK;
}

static enum nexus_status take_objects(struct salvage *salvage, struct nexus_error *err)
{
    bool had_gaps = salvage->found.has_gaps;
    salvage->found.has_gaps = false;
    TRY(each_row(salvage, SQL_salvage_objects, 0, take_object, NULL, err));
    if (salvage->found.has_gaps)
        TRY(each_row(salvage, SQL_salvage_objects_bare, 0, take_object, NULL, err));
    salvage->found.has_gaps |= had_gaps;
    return each_row(salvage, SQL_salvage_tombstones, 0, take_object, NULL, err);
}

static enum nexus_status take_all(struct salvage *salvage, struct nexus_error *err)
{
    uint64_t uncounted = 0;
    struct store_salvaged *found = &salvage->found;
    struct copying decided = {SQL_decided_put, &uncounted};
    TRY(take_objects(salvage, err));
    TRY(each_row(salvage, SQL_salvage_decided, 0, copy_row, &decided, err));
    TRY(copy_rest(salvage, SQL_salvage_history_start, SQL_salvage_history,
                  (struct copying){SQL_salvage_history_put, &found->history}, err));
    TRY(copy_rest(salvage, SQL_salvage_conflicts_start, SQL_salvage_conflicts,
                  (struct copying){SQL_salvage_conflict_put, &found->conflicts}, err));
    TRY(copy_rest(salvage, SQL_salvage_changes_start, SQL_salvage_changes,
                  (struct copying){SQL_salvage_change_put, &found->changes}, err));
    return copy_rest(salvage, SQL_salvage_audit_start, SQL_salvage_audit,
                     (struct copying){SQL_salvage_audit_put, &uncounted}, err);
}

/** A row whose words no program of ours writes would be damage in the new database, too: it stays
 * in the old one, which is kept. */
static enum nexus_status take_sound(struct salvage *salvage, struct nexus_error *err)
{
    sqlite3 *db = salvage->store->db;
    TRY(connection_run(db, STR("PRAGMA ignore_check_constraints = OFF"), err));
    enum nexus_status status = take_all(salvage, err);
    enum nexus_status after =
        connection_run(db, STR("PRAGMA ignore_check_constraints = ON"), status ? NULL : err);
    return status == NEXUS_OK ? after : status;
}

static void read_highest(const struct salvage *salvage, int64_t *object_id, int64_t *change)
{
    sqlite3_stmt *row = prepare_old(salvage->old, SQL_facts);
    if (row && sqlite3_step(row) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(row, 0), seq = sqlite3_column_int64(row, 1);
        *object_id = id <= salvage->highest_id ? id : 0;
        *change = seq < HIGHEST_ID ? seq : 0;
    }
    sqlite3_finalize(row);
}

enum nexus_status store_salvage(struct store *store, const char *old_path, int64_t highest_id,
                                struct store_salvaged *ret_salvaged, struct nexus_error *err)
{
    struct salvage salvage = {
        .store = store,
        .highest_id = highest_id ? highest_id : HIGHEST_ID,
    };
    int64_t object_id = 0, change = 0;
    TRY(open_old(old_path, &salvage.old, err));
    enum nexus_status status = take_sound(&salvage, err);
    read_highest(&salvage, &object_id, &change);
    if (status == NEXUS_OK)
        status = store_reserve(store, object_id, change, err);
    sqlite3_close(salvage.old);
    if (status == NEXUS_OK)
        *ret_salvaged = salvage.found;
    return status;
}

enum nexus_status store_forget_edits(struct store *store, struct nexus_error *err)
{
    static const enum statement steps[] = {SQL_edits_forget_deleted, SQL_edits_forget};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        QUERY_SCOPED query = {0};
        TRY(query_open(&query, &store->statements, steps[i], err));
        if (steps[i] == SQL_edits_forget_deleted)
            query_text(&query, str_of(store->now));
        TRY(query_run(&query, err));
    }
    return NEXUS_OK;
}

/* --- what SQL had changed -------------------------------------------------------------------- */

enum { EDIT_ID, EDIT_UID, EDIT_BASE, EDIT_CONTENT, EDIT_STATE, EDIT_AT, EDIT_PATH };

struct edits {
    uint64_t taken;
    salvage_kept *kept;
    void *context;
};

static struct str old_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return (struct str){text, text ? (size_t)sqlite3_column_bytes(row, column) : 0};
}

/** Whether the object still is what the edit was made of. */
static enum nexus_status is_as_it_was(struct store *store, sqlite3_stmt *row, bool *ret_so,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_salvage_edit_object, err));
    query_integer(&query, sqlite3_column_int64(row, EDIT_ID));
    query_text_or_null(&query, old_text(row, EDIT_UID));
    query_text_or_null(&query, old_text(row, EDIT_BASE));
    query_text_or_null(&query, old_text(row, EDIT_CONTENT));
    return query_next(&query, ret_so, err);
}

static enum nexus_status run_with(struct store *store, enum statement statement, int64_t id,
                                  struct str first, struct str second, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    query_integer(&query, id);
    query_text_or_null(&query, first);
    if (second.at)
        query_text(&query, second);
    return query_run(&query, err);
}

static enum nexus_status take_edit(struct salvage *salvage, sqlite3_stmt *row, void *context,
                                   struct nexus_error *err)
{
    struct edits *edits = context;
    struct store *store = salvage->store;
    int64_t id = sqlite3_column_int64(row, EDIT_ID);
    struct str none = {NULL, 0}, at = old_text(row, EDIT_AT);
    bool is_so;
    TRY(is_as_it_was(store, row, &is_so, err));
    if (!is_so)
        return edits->kept(edits->context, id, old_text(row, EDIT_PATH),
                           old_text(row, EDIT_CONTENT), err);
    if (!at.at)
        at = str_of(store->now);
    TRY(run_with(store, SQL_salvage_edit_outbox, id, old_text(row, EDIT_STATE), at, err));
    TRY(run_with(store, SQL_salvage_edit_content, id, old_text(row, EDIT_CONTENT), none, err));
    TRY(run_with(store, SQL_salvage_edit_stamp, id, at, none, err));
    edits->taken++;
    return NEXUS_OK;
}

enum nexus_status store_salvage_edits(struct store *store, const char *old_path,
                                      uint64_t *ret_taken, salvage_kept *kept, void *context,
                                      struct nexus_error *err)
{
    struct salvage salvage = {.store = store, .highest_id = HIGHEST_ID};
    struct edits edits = {.kept = kept, .context = context};
    TRY(open_old(old_path, &salvage.old, err));
    enum nexus_status status = each_row(&salvage, SQL_salvage_edits, 0, take_edit, &edits, err);
    sqlite3_close(salvage.old);
    if (status == NEXUS_OK)
        *ret_taken = edits.taken;
    return status;
}

/* --- what is known from elsewhere ------------------------------------------------------------ */

static enum nexus_status is_planted(struct store *store, const struct store_planted *planted,
                                    bool *ret_is, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_plant_is_known, err));
    query_integer(&query, planted->object_id);
    query_text(&query, planted->uid);
    return query_next(&query, ret_is, err);
}

enum nexus_status store_plant(struct store *store, const struct store_planted *planted,
                              bool *ret_was_known, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool was_known;
    TRY(is_planted(store, planted, &was_known, err));
    TRY(query_open(&query, &store->statements, SQL_plant, err));
    query_integer(&query, planted->object_id);
    query_text(&query, planted->uid);
    query_text_or_null(&query, planted->path);
    query_text_or_null(&query, planted->base_hash);
    query_integer(&query, planted->row.share_with_ai == FLAG_YES);
    query_integer(&query, planted->row.share_with_cloud == FLAG_YES);
    query_integer(&query, planted->row.read_only != FLAG_NO);
    query_text_or_null(&query, planted->row.expires_at);
    query_text(&query, str_of(store->now));
    *ret_was_known = was_known;
    store->has_taken_over = true;
    return query_run(&query, err);
}

enum nexus_status store_plant_close_others(struct store *store, struct str ids_json,
                                           struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_plant_close_others, err));
    query_text(&query, ids_json);
    return query_run(&query, err);
}

/* --- ids ------------------------------------------------------------------------------------- */

static enum nexus_status reserve(struct store *store, const char *table, int64_t number,
                                 struct nexus_error *err)
{
    QUERY_SCOPED begin = {0}, raise = {0};
    TRY(query_open(&begin, &store->statements, SQL_sequence_begin, err));
    query_text(&begin, str_of(table));
    TRY(query_run(&begin, err));
    TRY(query_open(&raise, &store->statements, SQL_sequence_raise, err));
    query_text(&raise, str_of(table));
    query_integer(&raise, number);
    return query_run(&raise, err);
}

enum nexus_status store_reserve(struct store *store, int64_t object_id, int64_t change,
                                struct nexus_error *err)
{
    if (object_id)
        TRY(reserve(store, "data_objects", object_id, err));
    return change ? reserve(store, "changes", change, err) : NEXUS_OK;
}

/* --- permissions ----------------------------------------------------------------------------- */

struct store_old {
    sqlite3 *db;
    sqlite3_stmt *permission;
};

struct store_old *store_old_open(const char *old_path)
{
    struct store_old *old = calloc(1, sizeof *old);
    if (!old)
        return NULL;
    (void)open_old(old_path, &old->db, NULL); /* else it knows of none */
    old->permission = prepare_old(old->db, SQL_permission_get);
    if (old->permission)
        return old;
    store_old_close(old);
    return NULL;
}

void store_old_close(struct store_old *old)
{
    if (!old)
        return;
    sqlite3_finalize(old->permission);
    sqlite3_close(old->db);
    free(old);
}

static enum permission_flag old_flag(sqlite3_stmt *row, int column)
{
    return sqlite3_column_int64(row, column) ? FLAG_YES : FLAG_NO;
}

bool store_old_permission(struct store_old *old, int64_t object_id, struct str uid,
                          struct arena *arena, struct permission *ret_row)
{
    sqlite3_reset(old->permission);
    sqlite3_bind_int64(old->permission, 1, object_id);
    if (sqlite3_step(old->permission) != SQLITE_ROW ||
        !str_equal(old_text(old->permission, 0), uid))
        return false;
    struct str ends = old_text(old->permission, 5);
    *ret_row = (struct permission){
        .share_with_ai = old_flag(old->permission, 2),
        .share_with_cloud = old_flag(old->permission, 3),
        .read_only = old_flag(old->permission, 4),
        .expires_at = ends.at ? arena_copy(arena, ends) : ends,
    };
    return true;
}
