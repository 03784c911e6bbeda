// SPDX-License-Identifier: MIT
/*
 * nx_name: what links may call a file by.
 *
 * A file is found under its key: the last component of its path, folded, without ".md". So
 * [[Plan]],
 * [[plan.md]] and [[b/Plan]] all look under "plan", and whatever changes there concerns only the
 * links with that key.
 */
#include "store/internal.h"

#include "base/unicode.h"

struct str name_key(struct str folded)
{
    size_t slash = str_find_last(folded, '/');
    struct str last = slash == STR_NONE ? folded : str_slice(folded, slash + 1, folded.length);
    if (str_ends_with(last, STR(".md")))
        last.length -= 3;
    return last;
}

static enum nexus_status run(struct store *store, enum statement statement, struct str key,
                             struct str alias, struct str folded_path, int64_t file_id,
                             struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, statement, err));
    query_text(&query, key);
    query_text(&query, alias);
    query_integer(&query, (int64_t)folded_path.length);
    query_text(&query, folded_path);
    query_integer(&query, file_id);
    TRY(query_run(&query, err));
    return links_touch_key(store, key, err);
}

static enum nexus_status change_file(struct store *store, enum statement statement, int64_t file_id,
                                     struct str path, struct nexus_error *err)
{
    STRBUF_SCOPED folded = {0};
    unicode_add_folded(&folded, path);
    if (folded.failed)
        return fail_no_memory(err);
    struct str whole = strbuf_str(&folded);
    return run(store, statement, name_key(whole), STR(""), whole, file_id, err);
}

static enum nexus_status change_alias(struct store *store, enum statement statement,
                                      int64_t file_id, struct str path, struct str alias,
                                      struct nexus_error *err)
{
    STRBUF_SCOPED folded_path = {0}, folded_alias = {0};
    unicode_add_folded(&folded_path, path);
    unicode_add_folded(&folded_alias, alias);
    if (folded_path.failed || folded_alias.failed)
        return fail_no_memory(err);
    struct str name = strbuf_str(&folded_alias);
    if (!name.length) /* '' stands for the file's own name */
        return NEXUS_OK;
    return run(store, statement, name_key(name), name, strbuf_str(&folded_path), file_id, err);
}

enum nexus_status name_add_file(struct store *store, int64_t file_id, struct str path,
                                struct nexus_error *err)
{
    return change_file(store, SQL_name_insert, file_id, path, err);
}

enum nexus_status name_remove_file(struct store *store, int64_t file_id, struct str path,
                                   struct nexus_error *err)
{
    return change_file(store, SQL_name_delete, file_id, path, err);
}

enum nexus_status name_add_alias(struct store *store, int64_t file_id, struct str path,
                                 struct str alias, struct nexus_error *err)
{
    return change_alias(store, SQL_name_insert, file_id, path, alias, err);
}

enum nexus_status name_remove_alias(struct store *store, int64_t file_id, struct str path,
                                    struct str alias, struct nexus_error *err)
{
    return change_alias(store, SQL_name_delete, file_id, path, alias, err);
}
