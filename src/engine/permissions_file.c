// SPDX-License-Identifier: MIT
#include "engine/permissions_file.h"

#include "base/file.h"
#include "store/permissions.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

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

/** Writers wait for each other on the logs' folder, which they have all just written to: nobody
 *  reads an older state and writes it over a newer one. */
static enum nexus_status lock_writers(int nexus_fd, int *ret_fd, struct nexus_error *err)
{
    int fd = openat(nexus_fd, "logs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            file_close(&fd);
    if (fd < 0)
        return fail_errno(err, errno, "cannot lock the folder '.nexus/logs'");
    *ret_fd = fd;
    return NEXUS_OK;
}

enum nexus_status permissions_file_write(int nexus_fd, struct store *store, struct nexus_error *err)
{
    FD_SCOPED lock_fd = -1;
    STRBUF_SCOPED text = {0};
    TRY(lock_writers(nexus_fd, &lock_fd, err));
    strbuf_add_text(&text, "{\"object_permissions\": {");
    if (text.failed)
        return fail_no_memory(err);
    TRY(store_permissions_lines(store, add_line, &text, err));
    strbuf_add_text(&text, "\n}}\n");
    if (text.failed)
        return fail_no_memory(err);
    return file_write_atomically(nexus_fd, FILE_NAME, strbuf_str(&text), 0600, err);
}
