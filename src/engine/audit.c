// SPDX-License-Identifier: MIT
#include "engine/audit.h"

#include "base/file.h"
#include "base/strbuf.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define COPY_NAME "audit.jsonl"

enum {
    MOST_BYTES = 4 * 1024,  /* more than most lines have … */
    TAIL_BYTES = 64 * 1024, /* … and than any has */
    PART_BYTES = 256 * 1024,
};

static enum nexus_status open_logs(int nexus_fd, int *ret_fd, struct nexus_error *err)
{
    if (mkdirat(nexus_fd, "logs", 0700) != 0 && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '.nexus/logs'");
    int fd = openat(nexus_fd, "logs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open the folder '.nexus/logs'");
    *ret_fd = fd;
    return NEXUS_OK;
}

static enum nexus_status open_copy(int logs_fd, int *ret_fd, struct nexus_error *err)
{
    int fd = openat(logs_fd, COPY_NAME,
                    O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open '.nexus/logs/" COPY_NAME "'");
    *ret_fd = fd;
    return NEXUS_OK;
}

static enum nexus_status lock_copy(int fd, struct nexus_error *err)
{
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            return fail_errno(err, errno, "cannot lock '.nexus/logs/" COPY_NAME "'");
    return NEXUS_OK;
}

/** The number behind {"id": */
static int64_t line_id(struct str line)
{
    const struct str head = STR("{\"id\":");
    if (!str_starts_with(line, head))
        return 0;
    int64_t id = 0;
    for (size_t i = head.length; i < line.length && line.at[i] >= '0' && line.at[i] <= '9'; i++)
        if (__builtin_mul_overflow(id, 10, &id) ||
            __builtin_add_overflow(id, line.at[i] - '0', &id))
            return 0;
    return id;
}

/** The line before the line end at `end`, and whether its beginning is in the text. */
static struct str line_before(struct str text, size_t end, bool *ret_is_whole)
{
    text.length = end;
    size_t before = str_find_last(text, '\n');
    *ret_is_whole = before != STR_NONE;
    return str_slice(text, before == STR_NONE ? 0 : before + 1, end);
}

/** The last whole line in what is read of the file's end; `*ret_size` is the file's size with it.
 */
static enum nexus_status find_last_line(int fd, off_t size, char *tail, struct str *ret_line,
                                        off_t *ret_size, struct nexus_error *err)
{
    bool is_whole = false;
    for (off_t most = MOST_BYTES; !is_whole && most <= TAIL_BYTES;
         most *= TAIL_BYTES / MOST_BYTES) {
        off_t start = size > most ? size - most : 0;
        ssize_t got = size < 0 ? -1 : pread(fd, tail, (size_t)most, start);
        if (got < 0)
            return fail_errno(err, errno, "cannot read '.nexus/logs/" COPY_NAME "'");
        struct str text = {tail, (size_t)got};
        size_t end = str_find_last(text, '\n');
        *ret_size = end == STR_NONE ? 0 : start + (off_t)end + 1;
        *ret_line = STR("");
        if (end != STR_NONE)
            *ret_line = line_before(text, end, &is_whole);
        is_whole |= start == 0;
    }
    return NEXUS_OK;
}

/** The last whole line. What stands behind it is the beginning of one whose writer died; it is cut
 *  off, and comes again from the log. */
static enum nexus_status read_last_line(int fd, struct strbuf *line, struct nexus_error *err)
{
    off_t size = lseek(fd, 0, SEEK_END), whole = 0;
    struct str last;
    char *tail = malloc(TAIL_BYTES);
    if (!tail)
        return fail_no_memory(err);
    enum nexus_status status = find_last_line(fd, size, tail, &last, &whole, err);
    if (status == NEXUS_OK && whole < size && ftruncate(fd, whole) != 0)
        status = fail_errno(err, errno, "cannot read '.nexus/logs/" COPY_NAME "'");
    if (status == NEXUS_OK)
        strbuf_add(line, last);
    free(tail);
    return status == NEXUS_OK && line->failed ? fail_no_memory(err) : status;
}

/** Whether the log has that very line; an empty one is before the first. */
static enum nexus_status is_line_of(struct store *store, struct str line, bool *ret_is_so,
                                    struct nexus_error *err)
{
    struct arena arena = {0};
    struct str own = {0};
    enum nexus_status status =
        line.length ? store_audit_line(store, line_id(line), &arena, &own, err) : NEXUS_OK;
    *ret_is_so = status == NEXUS_OK && str_equal(own, line);
    arena_finish(&arena);
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

/** Lines that wait to be written together. */
struct part {
    int fd;
    struct strbuf text;
};

static enum nexus_status write_part(struct part *part, struct nexus_error *err)
{
    struct str text = strbuf_str(&part->text);
    if (part->text.failed)
        return fail_no_memory(err);
    while (text.length) {
        ssize_t written = write(part->fd, text.at, text.length);
        if (written < 0 && errno != EINTR)
            return fail_errno(err, errno, "cannot write '.nexus/logs/" COPY_NAME "'");
        text = str_slice(text, written > 0 ? (size_t)written : 0, text.length);
    }
    strbuf_reset(&part->text);
    return NEXUS_OK;
}

static enum nexus_status add_line(void *context, int64_t id, struct str line,
                                  struct nexus_error *err)
{
    struct part *part = context;
    (void)id;
    strbuf_add(&part->text, line);
    strbuf_add_char(&part->text, '\n');
    return part->text.length < PART_BYTES ? NEXUS_OK : write_part(part, err);
}

/** It does not wait for the disk: the log does, and what the copy lost when the power failed comes
 *  again from there. */
static enum nexus_status add_rows(int fd, struct store *store, int64_t id, struct nexus_error *err)
{
    struct part part = {.fd = fd};
    enum nexus_status status = store_audit_lines(store, id, add_line, &part, err);
    if (status == NEXUS_OK)
        status = write_part(&part, err);
    strbuf_finish(&part.text);
    return status;
}

static enum nexus_status put_aside(int logs_fd, struct nexus_error *err)
{
    char now[TIME_TEXT_SIZE];
    STRBUF_SCOPED name = {0};
    strbuf_addf(&name, "audit-%s.jsonl", time_format(time_now_ns(), now));
    if (name.failed)
        return fail_no_memory(err);
    if (renameat(logs_fd, COPY_NAME, logs_fd, name.at) != 0)
        return fail_errno(err, errno, "cannot put '.nexus/logs/" COPY_NAME "' aside");
    return NEXUS_OK;
}

static enum nexus_status copy_to(int fd, struct store *store, bool *ret_is_foreign,
                                 struct nexus_error *err)
{
    STRBUF_SCOPED last = {0};
    bool is_ours = true;
    TRY(read_last_line(fd, &last, err));
    TRY(is_line_of(store, strbuf_str(&last), &is_ours, err));
    *ret_is_foreign = !is_ours;
    return is_ours ? add_rows(fd, store, line_id(strbuf_str(&last)), err) : NEXUS_OK;
}

/** Whether another writer put the file aside while this one waited for its lock. */
static enum nexus_status look_whether_aside(int logs_fd, int fd, bool *ret_is_aside,
                                            struct nexus_error *err)
{
    struct stat named, opened;
    bool is_named = fstatat(logs_fd, COPY_NAME, &named, AT_SYMLINK_NOFOLLOW) == 0;
    if ((!is_named && errno != ENOENT) || fstat(fd, &opened) != 0)
        return fail_errno(err, errno, "cannot look at '.nexus/logs/" COPY_NAME "'");
    *ret_is_aside = !is_named || named.st_ino != opened.st_ino;
    return NEXUS_OK;
}

enum nexus_status audit_copy(int nexus_fd, struct store *store, struct nexus_error *err)
{
    FD_SCOPED logs_fd = -1;
    TRY(open_logs(nexus_fd, &logs_fd, err));
    for (;;) {
        FD_SCOPED fd = -1;
        bool is_foreign = false, is_aside;
        TRY(open_copy(logs_fd, &fd, err));
        TRY(lock_copy(fd, err));
        TRY(look_whether_aside(logs_fd, fd, &is_aside, err));
        if (is_aside)
            continue;
        TRY(copy_to(fd, store, &is_foreign, err));
        if (!is_foreign)
            return NEXUS_OK;
        TRY(put_aside(logs_fd, err));
    }
}

/** The copy, read line by line beside the log. */
struct comparison {
    FILE *copy;
    char *line;
    size_t capacity;
    audit_found *found;
    void *context;
};

static enum nexus_status compare_line(void *context, int64_t id, struct str own,
                                      struct nexus_error *err)
{
    struct comparison *comparison = context;
    (void)err;
    ssize_t length = getline(&comparison->line, &comparison->capacity, comparison->copy);
    struct str line = {comparison->line, length > 0 ? (size_t)length : 0};
    if (str_ends_with(line, STR("\n")))
        line.length--;
    /* Its end may be missing for a moment: the next writer completes it. */
    if (line.length && !str_equal(line, own))
        comparison->found(comparison->context, AUDIT_COPY, id);
    return NEXUS_OK;
}

enum nexus_status audit_check(int nexus_fd, struct store *store, audit_found *found, void *context,
                              struct nexus_error *err)
{
    TRY(store_audit_check(store, found, context, err));
    FD_SCOPED logs_fd = openat(nexus_fd, "logs", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (logs_fd < 0 && errno == ENOENT)
        return NEXUS_OK; /* nothing was ever copied */
    if (logs_fd < 0)
        return fail_errno(err, errno, "cannot open the folder '.nexus/logs'");
    int fd = openat(logs_fd, COPY_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    FILE *copy = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (!copy)
        file_close(&fd);
    if (!copy && errno != ENOENT)
        return fail_errno(err, errno, "cannot open '.nexus/logs/" COPY_NAME "'");
    struct comparison comparison = {.copy = copy, .found = found, .context = context};
    enum nexus_status status =
        copy ? store_audit_lines(store, 0, compare_line, &comparison, err) : NEXUS_OK;
    if (copy) {
        /* Lines that the log does not have. */
        if (getline(&comparison.line, &comparison.capacity, copy) > 0)
            found(context, AUDIT_COPY, line_id(str_of(comparison.line)));
        fclose(copy);
    }
    free(comparison.line);
    return status;
}
