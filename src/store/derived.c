// SPDX-License-Identifier: MIT
/*
 * Everything that is derived from one object, replaced as a whole: a line more at the top of a note
 * moves every span, and comparing costs as much as writing. Only the aliases are compared, because
 * a name that comes or goes makes links elsewhere look again.
 */
#include "store/derived.h"

static enum nexus_status find_file(struct derived_target *target, struct arena *arena,
                                   struct nexus_error *err)
{
    const struct store *store = target->store;
    if (store->recent.object_id == target->object_id && store->recent.file_id &&
        store->recent.file_of_object == store->recent.file_id) {
        target->file_id = store->recent.file_id;
        target->path = strbuf_str(&store->recent.path);
        target->is_whole_file = store->recent.is_whole_file;
        return NEXUS_OK;
    }
    QUERY_SCOPED query = {0};
    bool found;
    TRY(query_open(&query, &target->store->statements, SQL_object_file, err));
    query_integer(&query, target->object_id);
    TRY(query_next(&query, &found, err));
    if (!found)
        return NEXUS_OK;
    target->file_id = column_integer(&query, 0);
    target->path = column_copy(&query, 1, arena);
    target->is_whole_file = column_integer(&query, 2) != 0;
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

/** The aliases that the database has of the object, in the order of the file. */
static enum nexus_status read_aliases(const struct derived_target *target, struct arena *arena,
                                      struct str **ret_aliases, size_t *ret_count,
                                      struct nexus_error *err)
{
    struct str *aliases = NULL;
    size_t count = 0, capacity = 0;
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &target->store->statements, SQL_aliases_of, err));
    query_integer(&query, target->object_id);
    for (bool row;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &aliases, &capacity, count + 1, sizeof *aliases))
            return fail_no_memory(err);
        aliases[count++] = column_copy(&query, 0, arena);
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_aliases = aliases;
    *ret_count = count;
    return NEXUS_OK;
}

static bool same_aliases(const struct str *aliases, size_t count, const struct note *note)
{
    if (count != note->alias_count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!str_equal(aliases[i], note->aliases[i].name))
            return false;
    return true;
}

static enum nexus_status add_names(const struct derived_target *target, const struct note *note,
                                   struct nexus_error *err)
{
    for (size_t i = 0; i < note->alias_count; i++)
        TRY(name_add_alias(target->store, target->file_id, target->path, note->aliases[i].name,
                           err));
    return NEXUS_OK;
}

/** Makes the file's aliases those of the note, when they are others. */
static enum nexus_status change_names(const struct derived_target *target, struct arena *arena,
                                      const struct note *note, struct nexus_error *err)
{
    struct str *aliases = NULL;
    size_t count = 0;
    if (!target->is_whole_file)
        return NEXUS_OK;
    TRY(read_aliases(target, arena, &aliases, &count, err));
    if (same_aliases(aliases, count, note))
        return NEXUS_OK;
    for (size_t i = 0; i < count; i++)
        TRY(name_remove_alias(target->store, target->file_id, target->path, aliases[i], err));
    return add_names(target, note, err);
}

static enum nexus_status delete_rows(struct store *store, int64_t object_id,
                                     struct nexus_error *err)
{
    static const enum statement statements[] = {
        SQL_tags_delete,  SQL_aliases_delete,    SQL_links_delete,  SQL_headings_delete,
        SQL_tasks_delete, SQL_properties_delete, SQL_blocks_delete,
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        TRY(store_run_on(store, statements[i], object_id, err));
    return NEXUS_OK;
}

/** The JSON path of the property. SQLite compares a quoted label with the key's bytes as the JSON
 *  writes them, so a name that JSON escapes has no path: all strings are searched then. */
static struct str json_path(struct str property, struct arena *arena)
{
    bool is_escaped = false;
    for (size_t i = 0; i < property.length; i++) {
        unsigned char c = (unsigned char)property.at[i];
        is_escaped |= c < 0x20 || c == '"' || c == '\\';
    }
    if (!property.at || is_escaped)
        return (struct str){NULL, 0};
    return arena_format(arena, "$.\"%.*s\"", STR_ARG(property));
}

/** The note's tags as the index has them. */
static struct str join_tags(const struct note *note, struct arena *arena)
{
    size_t length = 0;
    for (size_t i = 0; i < note->tag_count; i++)
        length += note->tags[i].name.length + 1;
    char *at = length ? arena_alloc(arena, length) : NULL;
    struct str tags = {at, at ? length - 1 : 0};
    for (size_t i = 0; at && i < note->tag_count; i++) {
        struct str name = note->tags[i].name;
        if (i)
            *at++ = ' ';
        if (name.length)
            memcpy(at, name.at, name.length);
        at += name.length;
    }
    return tags;
}

/** Takes away what was there. The index is left alone when it would be told the same again, which
 * most changes of a property are. */
static enum nexus_status clear(const struct derived_target *target, struct arena *arena,
                               const struct note *note, const struct search_text *text,
                               bool *ret_found, struct nexus_error *err)
{
    TRY(search_has(target->store, text, ret_found, err));
    if (!*ret_found)
        TRY(search_remove(target->store, target->object_id, err));
    TRY(change_names(target, arena, note, err));
    return delete_rows(target->store, target->object_id, err);
}

static enum nexus_status put(struct derived_target *target, struct arena *arena,
                             struct nexus_error *err)
{
    static const struct note nothing;
    struct store *store = target->store;
    const struct store_derived *derived = target->derived;
    const struct note *note = derived->note ? derived->note : &nothing;
    struct search_text text = {
        .object_id = target->object_id,
        .title = derived->title,
        .body_path = json_path(derived->body_property, arena),
        .body = derived->body,
        .tags = join_tags(note, arena),
    };
    bool is_found = false;
    TRY(find_file(target, arena, err));
    if (arena->failed)
        return fail_no_memory(err);
    if (store->mode == STORE_LIVE)
        TRY(clear(target, arena, note, &text, &is_found, err));
    else if (target->is_whole_file)
        TRY(add_names(target, note, err));
    TRY(derived_put_rows(target, note, err));
    return is_found ? NEXUS_OK : search_add(store, &text, err);
}

enum nexus_status store_derived_put(struct store *store, int64_t object_id,
                                    const struct store_derived *derived, struct nexus_error *err)
{
    struct arena arena = {0};
    struct derived_target target = {.store = store, .object_id = object_id, .derived = derived};
    enum nexus_status status = put(&target, &arena, err);
    arena_finish(&arena);
    return status;
}

enum nexus_status derived_delete(struct store *store, int64_t object_id, struct nexus_error *err)
{
    static const struct note nothing;
    struct arena arena = {0};
    struct derived_target target = {.store = store, .object_id = object_id};
    enum nexus_status status = find_file(&target, &arena, err);
    if (status == NEXUS_OK)
        status = search_remove(store, object_id, err);
    if (status == NEXUS_OK)
        status = change_names(&target, &arena, &nothing, err);
    if (status == NEXUS_OK)
        status = delete_rows(store, object_id, err);
    arena_finish(&arena);
    return status;
}
