// SPDX-License-Identifier: MIT
#include "store/files.h"

#include "base/unicode.h"
#include "store/internal.h"

#include <stdlib.h>

enum { PAGE_FILES = 256 };

/** The columns of file_by_path and its like. */
static struct file_record read_row(const struct query *query, struct arena *arena)
{
    struct file_record file = {
        .id = column_integer(query, 0),
        .path = column_copy(query, 1, arena),
        .print.size_bytes = column_integer(query, 2),
        .print.mtime_ns = column_integer(query, 3),
        .print.ctime_ns = column_integer(query, 4),
        .print.inode = (uint64_t)column_integer(query, 5),
        .print.birth_ns = column_integer(query, 6),
        .is_racy = column_integer(query, 7) != 0,
        .is_indexed = !column_is_null(query, 9),
        .has_counts = !column_is_null(query, 10),
        .lines = (uint32_t)column_integer(query, 10),
        .words = (uint32_t)column_integer(query, 11),
        .state = file_state_of(column_text(query, 12)),
    };
    file.has_hash = column_hash(query, 8, &file.hash);
    return file;
}

struct store_files {
    struct store *store;
    struct arena arena;          /* owns the page's paths */
    struct strbuf after, before; /* the paths between which it reads; `before` empty: no end */
    struct file_record page[PAGE_FILES];
    size_t count, at;
    bool is_last_page;
};

enum nexus_status store_files_open(struct store *store, struct str folder,
                                   struct store_files **ret_files, struct nexus_error *err)
{
    struct store_files *files = calloc(1, sizeof *files);
    if (!files)
        return fail_no_memory(err);
    files->store = store;
    if (folder.length) {
        strbuf_add(&files->after, folder);
        strbuf_add_char(&files->after, '/');
        strbuf_add(&files->before, folder);
        strbuf_add_char(&files->before, '/' + 1);
    }
    if (files->after.failed || files->before.failed) {
        store_files_close(files);
        return fail_no_memory(err);
    }
    *ret_files = files;
    return NEXUS_OK;
}

void store_files_close(struct store_files *files)
{
    if (!files)
        return;
    strbuf_finish(&files->after);
    strbuf_finish(&files->before);
    arena_finish(&files->arena);
    free(files);
}

static enum nexus_status read_page(struct store_files *files, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &files->store->statements, SQL_files_after, err));
    query_text(&query, strbuf_str(&files->after));
    query_integer(&query, PAGE_FILES);
    query_text_if_any(&query, strbuf_str(&files->before));
    files->count = 0;
    files->at = 0;
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        files->page[files->count++] = read_row(&query, &files->arena);
    }
    files->is_last_page = files->count < PAGE_FILES;
    return files->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status turn_page(struct store_files *files, struct nexus_error *err)
{
    if (files->count) {
        strbuf_reset(&files->after);
        strbuf_add(&files->after, files->page[files->count - 1].path);
    }
    if (files->after.failed)
        return fail_no_memory(err);
    arena_reset(&files->arena);
    return read_page(files, err);
}

enum nexus_status store_files_next(struct store_files *files, const struct file_record **ret_file,
                                   struct nexus_error *err)
{
    if (files->at == files->count && !files->is_last_page)
        TRY(turn_page(files, err));
    *ret_file = files->at < files->count ? &files->page[files->at++] : NULL;
    return NEXUS_OK;
}

/** The row that a query gives; false when it gives none. */
static enum nexus_status read_only_row(struct query *query, struct arena *arena,
                                       struct file_record *ret_file, bool *ret_found,
                                       struct nexus_error *err)
{
    TRY(query_next(query, ret_found, err));
    if (!*ret_found)
        return NEXUS_OK;
    struct file_record file = read_row(query, arena);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_file = file;
    return NEXUS_OK;
}

enum nexus_status store_file_get_by_id(struct store *store, int64_t id, struct arena *arena,
                                       struct file_record *ret_file, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_by_id, err));
    query_integer(&query, id);
    TRY(read_only_row(&query, arena, ret_file, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "no file %lld is known", (long long)id);
    return NEXUS_OK;
}

enum nexus_status store_file_get(struct store *store, struct str path, struct arena *arena,
                                 struct file_record *ret_file, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_by_path, err));
    query_text(&query, path);
    TRY(read_only_row(&query, arena, ret_file, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "no file '%.*s' is known", STR_ARG(path));
    return NEXUS_OK;
}

enum nexus_status store_file_find(struct store *store, const struct fingerprint *print,
                                  struct arena *arena, struct file_record *ret_file,
                                  struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_by_incarnation, err));
    query_integer(&query, (int64_t)print->inode);
    query_integer(&query, print->birth_ns);
    TRY(read_only_row(&query, arena, ret_file, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "this file is not known under any name");
    return NEXUS_OK;
}

enum nexus_status store_file_next_name(struct store *store, const struct fingerprint *print,
                                       struct str path, struct arena *arena,
                                       struct file_record *ret_file, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_by_next_name, err));
    query_integer(&query, (int64_t)print->inode);
    query_integer(&query, print->birth_ns);
    query_text(&query, path);
    TRY(read_only_row(&query, arena, ret_file, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "this file has no other name");
    return NEXUS_OK;
}

static bool same_hash(const struct file_record *a, const struct file_record *b)
{
    return a->has_hash == b->has_hash && (!a->has_hash || hash_equal(a->hash, b->hash));
}

static bool same_row(const struct file_record *a, const struct file_record *b)
{
    bool same_counts = a->has_counts == b->has_counts &&
                       (!a->has_counts || (a->lines == b->lines && a->words == b->words));
    return fingerprint_equal(&a->print, &b->print) && a->is_racy == b->is_racy &&
           a->is_indexed == b->is_indexed && a->state == b->state && same_counts && same_hash(a, b);
}

/** size to state, as file_insert and file_update have them. */
static void bind_row(struct query *query, const struct file_record *file, struct str indexed_at)
{
    query_integer(query, file->print.size_bytes);
    query_integer(query, file->print.mtime_ns);
    query_integer(query, file->print.ctime_ns);
    query_integer(query, (int64_t)file->print.inode);
    query_integer(query, file->print.birth_ns);
    query_integer(query, file->is_racy);
    if (file->has_hash)
        query_hash(query, file->hash);
    else
        query_null(query);
    query_text_or_null(query, indexed_at);
    if (file->has_counts) {
        query_integer(query, file->lines);
        query_integer(query, file->words);
    } else {
        query_null(query);
        query_null(query);
    }
    query_text(query, str_of(file_state_name(file->state)));
}

/** `id` 0: the next one. */
static enum nexus_status insert(struct store *store, const struct file_record *file, int64_t id,
                                int64_t *ret_id, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    struct str now = str_of(store->now), never = {NULL, 0};
    TRY(query_open(&query, &store->statements, SQL_file_insert, err));
    query_id(&query, id);
    query_text(&query, file->path);
    bind_row(&query, file, file->is_indexed ? now : never);
    TRY(query_run(&query, err));
    *ret_id = sqlite3_last_insert_rowid(store->db);
    return name_add_file(store, *ret_id, file->path, err);
}

struct known_file {
    struct file_record record;
    struct str indexed_at;
};

static enum nexus_status find(struct store *store, struct str path, struct arena *arena,
                              struct known_file *known, bool *ret_found, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_file_by_path, err));
    query_text(&query, path);
    TRY(query_next(&query, ret_found, err));
    if (!*ret_found)
        return NEXUS_OK;
    known->record = read_row(&query, arena);
    known->indexed_at = column_copy(&query, 9, arena);
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status update(struct store *store, const struct known_file *known,
                                const struct file_record *file, struct nexus_error *err)
{
    if (same_row(&known->record, file))
        return NEXUS_OK;
    struct str indexed_at = {NULL, 0};
    if (file->is_indexed) /* the stamp stays with the bytes that it was made from */
        indexed_at = known->indexed_at.at && same_hash(&known->record, file) ? known->indexed_at
                                                                             : str_of(store->now);
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_file_update, err));
    query_integer(&query, known->record.id);
    bind_row(&query, file, indexed_at);
    return query_run(&query, err);
}

static enum nexus_status put(struct store *store, const struct file_record *file, int64_t *ret_id,
                             struct nexus_error *err)
{
    struct arena arena = {0};
    struct known_file known;
    bool found;
    enum nexus_status status = find(store, file->path, &arena, &known, &found, err);
    if (status == NEXUS_OK && found) {
        *ret_id = known.record.id;
        status = update(store, &known, file, err);
    } else if (status == NEXUS_OK) {
        /* Ids up to the last expected one are given away. */
        int64_t id = store->expected.capacity ? ++store->expected.last_file_id : 0;
        status = insert(store, file, id, ret_id, err);
    }
    arena_finish(&arena);
    return status;
}

/** A file that was told beforehand comes for the first time, with an id of its own. */
static enum nexus_status put_expected(struct store *store, const struct file_record *file,
                                      int64_t *ret_id, struct nexus_error *err)
{
    strbuf_reset(&store->fold);
    unicode_add_folded(&store->fold, file->path);
    struct expected_name *name =
        expected_find(&store->expected, EXPECTED_PATH, strbuf_str(&store->fold));
    if (store->fold.failed)
        return fail_no_memory(err);
    if (!name || name->is_shared || name->is_put)
        return put(store, file, ret_id, err);
    name->is_put = true;
    store->expected.put++;
    return insert(store, file, name->file_id, ret_id, err);
}

enum nexus_status store_file_put(struct store *store, const struct file_record *file,
                                 int64_t *ret_id, struct nexus_error *err)
{
    int64_t id = 0;
    bool is_expecting = store->expected.capacity > 0;
    TRY(is_expecting ? put_expected(store, file, &id, err) : put(store, file, &id, err));
    store->recent.file_id = id;
    strbuf_reset(&store->recent.path);
    strbuf_add(&store->recent.path, file->path);
    if (store->recent.path.failed)
        return fail_no_memory(err);
    if (ret_id)
        *ret_id = id;
    return NEXUS_OK;
}

enum nexus_status store_file_set_state(struct store *store, int64_t id, enum file_state state,
                                       struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_file_set_state, err));
    query_integer(&query, id);
    query_text(&query, str_of(file_state_name(state)));
    return query_run(&query, err);
}
