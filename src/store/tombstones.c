// SPDX-License-Identifier: MIT
#include "store/internal.h"
#include "store/objects.h"

static struct store_tombstone read_row(const struct query *query, struct arena *arena)
{
    struct store_tombstone tombstone = {
        .object_id = column_integer(query, 0),
        .schema_id = column_integer(query, 1),
        .path = column_copy(query, 2, arena),
        .item_key = column_copy(query, 3, arena),
        .birth_ns = column_integer(query, 6),
        .inode = (uint64_t)column_integer(query, 7),
    };
    tombstone.has_base = column_hash(query, 4, &tombstone.base_hash);
    tombstone.has_file_hash = column_hash(query, 5, &tombstone.file_hash);
    time_parse(column_text(query, 8), &tombstone.deleted_at_ns);
    return tombstone;
}

static enum nexus_status read_rows(struct query *query, struct arena *arena,
                                   struct store_tombstone **ret_tombstones, size_t *ret_count,
                                   struct nexus_error *err)
{
    struct store_tombstone *tombstones = NULL;
    size_t count = 0, capacity = 0;
    for (bool row;;) {
        TRY(query_next(query, &row, err));
        if (!row)
            break;
        if (!arena_reserve(arena, &tombstones, &capacity, count + 1, sizeof *tombstones))
            return fail_no_memory(err);
        tombstones[count++] = read_row(query, arena);
    }
    if (arena->failed)
        return fail_no_memory(err);
    *ret_tombstones = tombstones;
    *ret_count = count;
    return NEXUS_OK;
}

enum nexus_status store_tombstones_at(struct store *store, struct str path, struct arena *arena,
                                      struct store_tombstone **ret_tombstones, size_t *ret_count,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_tombstones_by_path, err));
    query_text(&query, path);
    return read_rows(&query, arena, ret_tombstones, ret_count, err);
}

enum nexus_status store_tombstones_of(struct store *store, const struct fingerprint *print,
                                      struct arena *arena, struct store_tombstone **ret_tombstones,
                                      size_t *ret_count, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_tombstones_by_incarnation, err));
    query_integer(&query, (int64_t)print->inode);
    query_integer(&query, print->birth_ns);
    return read_rows(&query, arena, ret_tombstones, ret_count, err);
}

enum nexus_status store_tombstones_with(struct store *store, struct hash file_hash,
                                        struct arena *arena,
                                        struct store_tombstone **ret_tombstones, size_t *ret_count,
                                        struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_tombstones_by_file_hash, err));
    query_hash(&query, file_hash);
    return read_rows(&query, arena, ret_tombstones, ret_count, err);
}

enum nexus_status store_tombstones_expire(struct store *store, struct nexus_error *err)
{
    const int64_t kept_ns = NS_PER_S * 3600 * 24 * TOMBSTONE_DAYS;
    char oldest[TIME_TEXT_SIZE];
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_tombstones_expire, err));
    query_text(&query, str_of(time_format(store->now_ns - kept_ns, oldest)));
    return query_run(&query, err);
}
