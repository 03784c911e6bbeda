// SPDX-License-Identifier: MIT
#include "store/audit.h"

#include "base/sha256.h"
#include "store/internal.h"

/* Columns of audit_rows. */
enum { ID, AT, ACTOR, ACTION, ORIGIN, OBJECT_ID, UID, DETAIL, PREVIOUS, HASH };

/** What a hash is over: each column with its length in front, so that no two rows look the same. */
static void add_field(struct strbuf *text, struct str field)
{
    if (field.at)
        strbuf_addf(text, "%zu:", field.length);
    else
        strbuf_add_char(text, '-');
    strbuf_add(text, field);
    strbuf_add_char(text, ',');
}

static void add_number(struct strbuf *text, int64_t number)
{
    STRBUF_SCOPED digits = {0};
    if (number)
        strbuf_addf(&digits, "%lld", (long long)number);
    text->failed |= digits.failed;
    add_field(text, number ? strbuf_str(&digits) : (struct str){NULL, 0});
}

static enum nexus_status hash_row(int64_t id, const struct str fields[HASH], int64_t object_id,
                                  char hash[SHA256_TEXT_SIZE], struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    add_number(&text, id);
    for (int i = AT; i <= ORIGIN; i++)
        add_field(&text, fields[i]);
    add_number(&text, object_id);
    for (int i = UID; i <= PREVIOUS; i++)
        add_field(&text, fields[i]);
    if (text.failed)
        return fail_no_memory(err);
    sha256_of(strbuf_str(&text), hash);
    return NEXUS_OK;
}

static enum nexus_status insert(struct store *store, int64_t id, const struct str fields[HASH],
                                int64_t object_id, const char *hash, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &store->statements, SQL_audit_add, err));
    query_integer(&query, id);
    for (int i = AT; i <= ORIGIN; i++)
        query_text(&query, fields[i]);
    query_id(&query, object_id);
    for (int i = UID; i <= PREVIOUS; i++)
        query_text_or_null(&query, fields[i]);
    query_text(&query, str_of(hash));
    return query_run(&query, err);
}

enum nexus_status store_audit_add(struct store *store, const struct audit_entry *entry,
                                  struct nexus_error *err)
{
    QUERY_SCOPED next = {0};
    bool row;
    char hash[SHA256_TEXT_SIZE];
    TRY(query_open(&next, &store->statements, SQL_audit_next, err));
    TRY(query_next(&next, &row, err));
    int64_t id = column_integer(&next, 0);
    const struct str fields[HASH] = {
        [AT] = str_of(store->now),
        [ACTOR] = str_of(entry->actor),
        [ACTION] = str_of(entry->action),
        [ORIGIN] = str_of(change_origin_name(entry->origin)),
        [UID] = entry->uid,
        [DETAIL] = entry->detail_json,
        [PREVIOUS] = column_text(&next, 1),
    };
    TRY(hash_row(id, fields, entry->object_id, hash, err));
    return insert(store, id, fields, entry->object_id, hash, err);
}

/** Tells what is wrong with the row that `rows` stands on. */
static enum nexus_status check_row(const struct query *rows, struct str previous,
                                   audit_found *found, void *context, struct nexus_error *err)
{
    char hash[SHA256_TEXT_SIZE];
    struct str fields[HASH] = {{NULL, 0}};
    for (int i = AT; i <= PREVIOUS; i++)
        if (i != OBJECT_ID)
            fields[i] = column_text(rows, i);
    TRY(hash_row(column_integer(rows, ID), fields, column_integer(rows, OBJECT_ID), hash, err));
    if (!str_is(column_text(rows, HASH), hash))
        found(context, AUDIT_ALTERED, column_integer(rows, ID));
    bool is_linked = !fields[PREVIOUS].at == !previous.length;
    if (!is_linked || !str_equal(fields[PREVIOUS], previous))
        found(context, AUDIT_UNLINKED, column_integer(rows, ID));
    return NEXUS_OK;
}

static enum nexus_status check_end(struct store *store, int64_t expected, audit_found *found,
                                   void *context, struct nexus_error *err)
{
    QUERY_SCOPED next = {0};
    bool row;
    TRY(query_open(&next, &store->statements, SQL_audit_next, err));
    TRY(query_next(&next, &row, err));
    if (column_integer(&next, 0) != expected)
        found(context, AUDIT_MISSING, expected);
    return NEXUS_OK;
}

enum nexus_status store_audit_check(struct store *store, audit_found *found, void *context,
                                    struct nexus_error *err)
{
    QUERY_SCOPED rows = {0};
    STRBUF_SCOPED previous = {0};
    int64_t expected = 1;
    TRY(query_open(&rows, &store->statements, SQL_audit_rows, err));
    for (bool row;;) {
        TRY(query_next(&rows, &row, err));
        if (!row)
            break;
        if (column_integer(&rows, ID) != expected)
            found(context, AUDIT_MISSING, expected);
        TRY(check_row(&rows, strbuf_str(&previous), found, context, err));
        strbuf_reset(&previous);
        strbuf_add(&previous, column_text(&rows, HASH));
        expected = column_integer(&rows, ID) + 1;
    }
    if (previous.failed)
        return fail_no_memory(err);
    return check_end(store, expected, found, context, err);
}

enum nexus_status store_audit_lines(struct store *store, int64_t id, audit_line *line,
                                    void *context, struct nexus_error *err)
{
    QUERY_SCOPED rows = {0};
    TRY(query_open(&rows, &store->statements, SQL_audit_lines, err));
    query_integer(&rows, id);
    for (bool row;;) {
        TRY(query_next(&rows, &row, err));
        if (!row)
            return NEXUS_OK;
        TRY(line(context, column_integer(&rows, 0), column_text(&rows, 1), err));
    }
}

enum nexus_status store_audit_line(struct store *store, int64_t id, struct arena *arena,
                                   struct str *ret_line, struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    bool row;
    TRY(query_open(&query, &store->statements, SQL_audit_line, err));
    query_integer(&query, id);
    TRY(query_next(&query, &row, err));
    if (!row)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "the audit log has no row %lld", (long long)id);
    struct str line = column_copy(&query, 0, arena);
    if (arena->failed)
        return fail_no_memory(err);
    *ret_line = line;
    return NEXUS_OK;
}
