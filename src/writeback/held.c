// SPDX-License-Identifier: MIT
#include "writeback/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/** Of a file that is open: read between two looks for writers. */
static enum held read_held(int fd, const char *name, const struct hash *wanted, int64_t limit_bytes,
                           struct strbuf *bytes, enum writer *ret_writer)
{
    *ret_writer = lease_probe(fd);
    if (*ret_writer == WRITER_OPEN)
        return HELD_OPEN;
    switch ((int)file_read_opened(fd, name, limit_bytes, bytes, NULL, NULL)) {
    case NEXUS_OK: break;
    case NEXUS_ERROR_CHANGED: return HELD_OPEN;
    default: return HELD_UNKNOWN;
    }
    if (lease_probe(fd) == WRITER_OPEN)
        return HELD_OPEN;
    return hash_equal(hash_of(strbuf_str(bytes)), *wanted) ? HELD_WANTED : HELD_OTHER;
}

enum held held_look(int folder_fd, const char *name, const struct hash *wanted, int64_t limit_bytes,
                    struct strbuf *bytes, enum writer *ret_writer)
{
    FD_SCOPED fd = -1;
    *ret_writer = WRITER_UNKNOWN;
    switch ((int)file_open_beneath(folder_fd, name, O_RDONLY | O_NOCTTY, &fd, NULL)) {
    case NEXUS_OK: return read_held(fd, name, wanted, limit_bytes, bytes, ret_writer);
    case NEXUS_ERROR_NOT_FOUND: return HELD_NOTHING;
    case NEXUS_ERROR_BUSY: return HELD_OPEN;
    default: return HELD_UNKNOWN;
    }
}

enum nexus_status held_expect(const struct replacer *replacer, int folder_fd, const char *name,
                              const char *path, const struct hash *expected, struct strbuf *bytes,
                              struct nexus_error *err)
{
    STRBUF_SCOPED own = {0};
    enum writer writer;
    switch (held_look(folder_fd, name, expected, replacer->limit_bytes, bytes ? bytes : &own,
                      &writer)) {
    case HELD_WANTED: return NEXUS_OK;
    case HELD_OTHER:
        return fail(err, NEXUS_ERROR_CHANGED, "'%s' is another version than was expected", path);
    case HELD_OPEN: return fail(err, NEXUS_ERROR_BUSY, "'%s' is being written", path);
    case HELD_NOTHING: return fail(err, NEXUS_ERROR_NOT_FOUND, "'%s' is not there", path);
    case HELD_UNKNOWN: break;
    }
    return fail(err, NEXUS_ERROR_REFUSED, "'%s' is no file that can be read", path);
}
