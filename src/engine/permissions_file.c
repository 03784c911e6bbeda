// SPDX-License-Identifier: MIT
#include "engine/permissions_file.h"

#include "base/file.h"
#include "engine/watermark.h"
#include "store/permissions.h"

#include <fcntl.h>

#define FILE_NAME "permissions.json"

static enum nexus_status add_line(void *context, int64_t object_id, struct str json,
                                  struct nexus_error *err)
{
    struct strbuf *text = context;
    bool is_first = text->at[text->length - 1] == '{';
    strbuf_addf(text, "%s\n  \"%lld\": ", is_first ? "" : ",", (long long)object_id);
    strbuf_add(text, json);
    return text->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status compose(struct store *store, struct strbuf *text, struct nexus_error *err)
{
    strbuf_add_text(text, "{\"object_permissions\": {");
    if (text->failed)
        return fail_no_memory(err);
    TRY(store_permissions_lines(store, add_line, text, err));
    strbuf_add_text(text, "\n}}\n");
    return text->failed ? fail_no_memory(err) : NEXUS_OK;
}

/** What was written last, and what before: a crash may leave either in the file. */
enum nexus_status permissions_file_remember(struct store *store, struct str hash,
                                            struct nexus_error *err)
{
    struct arena arena = {0};
    struct str before = {0};
    enum nexus_status status = store_meta_get(store, "permissions", &arena, &before, err);
    if (status == NEXUS_OK && !str_equal(before, hash))
        status = store_meta_set(store, "permissions_before", before, err);
    if (status == NEXUS_OK || status == NEXUS_ERROR_NOT_FOUND)
        status = store_meta_set(store, "permissions", hash, err);
    arena_finish(&arena);
    return status;
}

static enum nexus_status remember(struct store *store, int64_t now_ns, struct str hash,
                                  struct nexus_error *err)
{
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status = permissions_file_remember(store, hash, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

/** First the database, then the watermark, then the file: whoever finds the file knows whose it
 * is. */
static enum nexus_status write_text(int nexus_fd, struct store *store, int64_t now_ns,
                                    struct str text, struct nexus_error *err)
{
    struct watermark watermark;
    char hash[HASH_TEXT_SIZE];
    hash_format(hash_of(text), hash);
    TRY(remember(store, now_ns, str_of(hash), err));
    TRY(watermark_read(nexus_fd, &watermark, err));
    memcpy(watermark.permissions, hash, sizeof hash);
    TRY(watermark_write(nexus_fd, &watermark, err));
    return file_write_atomically(nexus_fd, FILE_NAME, text, 0600, err);
}

/** Whether the file has that very text already. */
static bool is_there(int nexus_fd, struct str text)
{
    STRBUF_SCOPED there = {0};
    return file_read_beneath(nexus_fd, FILE_NAME, PERMISSIONS_FILE_LIMIT_BYTES, &there, NULL,
                             NULL) == NEXUS_OK &&
           str_equal(strbuf_str(&there), text);
}

enum nexus_status permissions_file_write(int nexus_fd, struct store *store, int64_t now_ns,
                                         struct nexus_error *err)
{
    FD_SCOPED lock_fd = -1;
    STRBUF_SCOPED text = {0};
    TRY(watermark_lock(nexus_fd, &lock_fd, err));
    TRY(compose(store, &text, err));
    if (is_there(nexus_fd, strbuf_str(&text)))
        return NEXUS_OK;
    return write_text(nexus_fd, store, now_ns, strbuf_str(&text), err);
}
