// SPDX-License-Identifier: MIT
#include "store/contents.h"

#include "store/files.h"
#include "store/internal.h"

#include <stdlib.h>

enum { PAGE_CONTENTS = 64 };

struct store_contents {
    struct store *store;
    int64_t schema_id;
    struct arena arena; /* owns the page's texts */
    struct store_content page[PAGE_CONTENTS];
    size_t count, at;
    bool is_last_page;
};

enum nexus_status store_contents_open(struct store *store, int64_t schema_id,
                                      struct store_contents **ret_contents, struct nexus_error *err)
{
    struct store_contents *contents = calloc(1, sizeof *contents);
    if (!contents)
        return fail_no_memory(err);
    contents->store = store;
    contents->schema_id = schema_id;
    *ret_contents = contents;
    return NEXUS_OK;
}

void store_contents_close(struct store_contents *contents)
{
    if (!contents)
        return;
    arena_finish(&contents->arena);
    free(contents);
}

static enum nexus_status read_page(struct store_contents *contents, int64_t after,
                                   struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &contents->store->statements, SQL_contents_after, err));
    query_integer(&query, contents->schema_id);
    query_integer(&query, after);
    query_integer(&query, PAGE_CONTENTS);
    arena_reset(&contents->arena);
    contents->count = 0;
    contents->at = 0;
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        contents->page[contents->count++] = (struct store_content){
            .object_id = column_integer(&query, 0),
            .file_id = column_integer(&query, 1),
            .path = column_copy(&query, 2, &contents->arena),
            .file_state = file_state_of(column_text(&query, 3)),
            .content_json = column_copy(&query, 4, &contents->arena),
        };
    }
    contents->is_last_page = contents->count < PAGE_CONTENTS;
    return contents->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status store_contents_next(struct store_contents *contents,
                                      const struct store_content **ret_content,
                                      struct nexus_error *err)
{
    if (contents->at == contents->count && !contents->is_last_page) {
        int64_t after = contents->count ? contents->page[contents->count - 1].object_id : 0;
        TRY(read_page(contents, after, err));
    }
    *ret_content = contents->at < contents->count ? &contents->page[contents->at++] : NULL;
    return NEXUS_OK;
}

enum nexus_status store_file_unindex(struct store *store, int64_t file_id, struct nexus_error *err)
{
    return store_run_on(store, SQL_file_unindex, file_id, err);
}

enum nexus_status store_files_unindex_by_problem(struct store *store, const char *keyword,
                                                 struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_files_unindex_by_problem, err));
    query_text(&query, str_of(keyword));
    return query_run(&query, err);
}

enum nexus_status store_files_unindex_violating(struct store *store, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_files_unindex_violating, err));
    return query_run(&query, err);
}

enum nexus_status store_files_unindex_invalid(struct store *store, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_files_unindex_invalid, err));
    return query_run(&query, err);
}
