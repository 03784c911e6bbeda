// SPDX-License-Identifier: MIT
#include "nexus/query.h"

#include "base/error.h"
#include "base/strbuf.h"
#include "store/reader.h"

#include <stdlib.h>

static struct store_reader *reader_of(struct nexus_reader *reader)
{
    return (struct store_reader *)(void *)reader;
}

static struct store_rows *rows_of(struct nexus_rows *rows)
{
    return (struct store_rows *)(void *)rows;
}

static const struct store_rows *const_rows_of(const struct nexus_rows *rows)
{
    return (const struct store_rows *)(const void *)rows;
}

enum nexus_status nexus_reader_open(const char *dir, struct nexus_reader **ret_reader,
                                    struct nexus_error *err)
{
    if (!dir || !ret_reader)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder and a place for the reader are needed");
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "%s/.nexus/vault.sqlite", dir);
    if (path.failed)
        return fail_no_memory(err);
    struct store_reader *reader;
    TRY(store_reader_open(path.at, &reader, err));
    *ret_reader = (struct nexus_reader *)(void *)reader;
    return NEXUS_OK;
}

void nexus_reader_close(struct nexus_reader *reader)
{
    store_reader_close(reader_of(reader));
}

enum nexus_status nexus_reader_check(struct nexus_reader *reader, struct nexus_error *err)
{
    if (!reader)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a reader is needed");
    return store_reader_check(reader_of(reader), err);
}

enum nexus_status nexus_query(struct nexus_reader *reader, const char *sql,
                              struct nexus_rows **ret_rows, struct nexus_error *err)
{
    if (!reader || !sql || !ret_rows)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a reader, a statement and a place are needed");
    struct store_rows *rows;
    TRY(store_query(reader_of(reader), str_of(sql), &rows, err));
    *ret_rows = (struct nexus_rows *)(void *)rows;
    return NEXUS_OK;
}

void nexus_rows_close(struct nexus_rows *rows)
{
    store_rows_close(rows_of(rows));
}

enum nexus_status nexus_rows_bind_text(struct nexus_rows *rows, const char *name, const char *value,
                                       struct nexus_error *err)
{
    return store_rows_bind_text(rows_of(rows), name, 0, str_of(value), err);
}

enum nexus_status nexus_rows_bind_integer(struct nexus_rows *rows, const char *name, int64_t value,
                                          struct nexus_error *err)
{
    return store_rows_bind_integer(rows_of(rows), name, 0, value, err);
}

enum nexus_status nexus_rows_next(struct nexus_rows *rows, bool *ret_more, struct nexus_error *err)
{
    return store_rows_next(rows_of(rows), ret_more, err);
}

int nexus_rows_column_count(const struct nexus_rows *rows)
{
    return store_rows_column_count(const_rows_of(rows));
}

const char *nexus_rows_column_name(const struct nexus_rows *rows, int column)
{
    return store_rows_column_name(const_rows_of(rows), column);
}

enum nexus_column_type nexus_rows_column_type(const struct nexus_rows *rows, int column)
{
    switch (store_rows_type(const_rows_of(rows), column)) {
    case STORE_NULL: return NEXUS_COLUMN_NULL;
    case STORE_INTEGER: return NEXUS_COLUMN_INTEGER;
    case STORE_REAL: return NEXUS_COLUMN_REAL;
    case STORE_TEXT: return NEXUS_COLUMN_TEXT;
    case STORE_BLOB: return NEXUS_COLUMN_BLOB;
    }
    return NEXUS_COLUMN_NULL;
}

int64_t nexus_rows_integer(struct nexus_rows *rows, int column)
{
    return store_rows_integer(rows_of(rows), column);
}

double nexus_rows_real(struct nexus_rows *rows, int column)
{
    return store_rows_real(rows_of(rows), column);
}

const char *nexus_rows_text(struct nexus_rows *rows, int column, size_t *ret_length)
{
    struct str text = store_rows_text(rows_of(rows), column);
    if (ret_length)
        *ret_length = text.length;
    return text.at;
}
