// SPDX-License-Identifier: MIT
#include "store/files.h"

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

enum nexus_status store_file_get(struct store *store, struct str path, struct arena *arena,
                                 struct file_record *ret_file, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &store->statements, SQL_file_by_path, err));
    query_text(&query, path);
    TRY(query_next(&query, &found, err));
    if (!found)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "no file '%.*s' is known", STR_ARG(path));
    struct file_record file = read_row(&query, arena);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_file = file;
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

static enum nexus_status insert(struct store *store, const struct file_record *file,
                                int64_t *ret_id, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    struct str now = str_of(store->now), never = {NULL, 0};
    TRY(query_open(&query, &store->statements, SQL_file_insert, err));
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

enum nexus_status store_file_put(struct store *store, const struct file_record *file,
                                 int64_t *ret_id, struct nexus_error *err)
{
    struct arena arena = {0};
    struct known_file known;
    bool found;
    int64_t id = 0;
    enum nexus_status status = find(store, file->path, &arena, &known, &found, err);
    if (status == NEXUS_OK && found) {
        id = known.record.id;
        status = update(store, &known, file, err);
    } else if (status == NEXUS_OK) {
        status = insert(store, file, &id, err);
    }
    arena_finish(&arena);
    if (status == NEXUS_OK && ret_id)
        *ret_id = id;
    return status;
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
