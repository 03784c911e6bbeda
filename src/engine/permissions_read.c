// SPDX-License-Identifier: MIT
#include "engine/permissions_read.h"

#include "base/time.h"
#include "engine/own_json.h"
#include "engine/permissions_file.h"

#include <errno.h>
#include <stdlib.h>

#define FILE_NAME "permissions.json"

void permissions_entries_finish(struct permissions_entries *entries)
{
    free(entries->items);
    arena_finish(&entries->arena);
    *entries = (struct permissions_entries){0};
}

static struct str text_of(const cJSON *entry, const char *name, struct arena *arena)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, name));
    return text ? arena_copy(arena, str_of(text)) : (struct str){NULL, 0};
}

static enum permission_flag flag_of(const cJSON *entry, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, name)) ? FLAG_YES : FLAG_NO;
}

/** A time as it is kept. What is no time is one that is over: nothing is shared. */
static struct str time_of(const cJSON *entry, struct arena *arena)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(entry, "expires_at");
    const char *text = cJSON_GetStringValue(value);
    char kept[TIME_TEXT_SIZE];
    int64_t at_ns = 0;
    if (!value || cJSON_IsNull(value))
        return (struct str){NULL, 0};
    if (!text || !time_parse(str_of(text), &at_ns))
        at_ns = 0;
    return arena_copy(arena, str_of(time_format(at_ns, kept)));
}

/** As `chmod` has them: "200", "222". */
static int64_t write_bits_of(const cJSON *entry)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "write_bits"));
    if (!text || strlen(text) != 3 || strspn(text, "02") != 3)
        return -1;
    return strtol(text, NULL, 8);
}

/** The id that is the entry's name; 0 when it is none. */
static int64_t id_of(const char *name)
{
    char *end;
    errno = 0;
    long long id = strtoll(name, &end, 10);
    return errno || *end || end == name || id < 1 ? 0 : id;
}

static bool add_entry(struct permissions_entries *entries, const cJSON *entry)
{
    struct arena *arena = &entries->arena;
    if (!array_reserve(&entries->items, &entries->capacity, entries->count + 1,
                       sizeof *entries->items))
        return false;
    entries->items[entries->count++] = (struct permissions_entry){
        .object_id = id_of(entry->string),
        .uid = text_of(entry, "uid", arena),
        .path = text_of(entry, "file_path", arena),
        .base_hash = text_of(entry, "hash", arena),
        .write_bits = write_bits_of(entry),
        .row =
            {
                .share_with_ai = flag_of(entry, "share_with_ai"),
                .share_with_cloud = flag_of(entry, "share_with_cloud"),
                .read_only = flag_of(entry, "read_only"),
                .expires_at = time_of(entry, arena),
            },
    };
    return !arena->failed;
}

static int by_id(const void *a, const void *b)
{
    const struct permissions_entry *left = a, *right = b;
    return (left->object_id > right->object_id) - (left->object_id < right->object_id);
}

/** With a key twice nobody can tell which counts. */
static bool has_repeats(const struct permissions_entries *entries)
{
    for (size_t i = 1; i < entries->count; i++)
        if (entries->items[i].object_id == entries->items[i - 1].object_id)
            return true;
    return false;
}

static enum nexus_status take_document(struct permissions_entries *entries, const cJSON *document,
                                       struct nexus_error *err)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(document, "object_permissions");
    const cJSON *row;
    entries->is_good = cJSON_IsObject(rows);
    cJSON_ArrayForEach(row, rows)
    {
        entries->is_good &= cJSON_IsObject(row) && id_of(row->string) != 0;
        if (!entries->is_good)
            break;
        if (!add_entry(entries, row))
            return fail_no_memory(err);
    }
    if (entries->count)
        qsort(entries->items, entries->count, sizeof *entries->items, by_id);
    entries->is_good &= !has_repeats(entries);
    if (!entries->is_good)
        entries->count = 0;
    return NEXUS_OK;
}

enum nexus_status permissions_read(int nexus_fd, struct permissions_entries *entries,
                                   struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    *entries = (struct permissions_entries){0};
    enum nexus_status status =
        file_read_beneath(nexus_fd, FILE_NAME, PERMISSIONS_FILE_LIMIT_BYTES, &text, NULL, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    TRY(status);
    entries->is_there = true;
    hash_format(hash_of(strbuf_str(&text)), entries->hash);
    cJSON *document;
    TRY(own_json_parse(strbuf_str(&text), &document, err));
    status = take_document(entries, document, err);
    cJSON_Delete(document);
    return status;
}

const struct permissions_entry *permissions_find(const struct permissions_entries *entries,
                                                 int64_t object_id)
{
    struct permissions_entry wanted = {.object_id = object_id};
    return entries->count ? bsearch(&wanted, entries->items, entries->count, sizeof wanted, by_id)
                          : NULL;
}
