// SPDX-License-Identifier: MIT
#include "base/error.h"

#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const status_names[] = {
    [NEXUS_OK] = "ok",
    [NEXUS_ERROR_ARGUMENT] = "argument",
    [NEXUS_ERROR_NOT_FOUND] = "not-found",
    [NEXUS_ERROR_EXISTS] = "exists",
    [NEXUS_ERROR_INVALID] = "invalid",
    [NEXUS_ERROR_REFUSED] = "refused",
    [NEXUS_ERROR_CHANGED] = "changed",
    [NEXUS_ERROR_BUSY] = "busy",
    [NEXUS_ERROR_LIMIT] = "limit",
    [NEXUS_ERROR_PERMISSION] = "permission",
    [NEXUS_ERROR_NO_SPACE] = "no-space",
    [NEXUS_ERROR_NO_MEMORY] = "no-memory",
    [NEXUS_ERROR_IO] = "io",
    [NEXUS_ERROR_DATABASE] = "database",
    [NEXUS_ERROR_VERSION] = "version",
    [NEXUS_ERROR_INTERRUPTED] = "interrupted",
    [NEXUS_ERROR_DAMAGED] = "damaged",
};

const char *nexus_status_name(enum nexus_status status)
{
    size_t index = (size_t)status;
    if (index >= sizeof status_names / sizeof status_names[0])
        return "unknown";
    return status_names[index];
}

/** Makes it one line that is safe to show: a control character, and a byte that is not UTF-8 (file
 *  names may hold any), becomes '?'. In place: nothing gets longer. */
static void make_printable(char *message)
{
    struct str text = str_of(message);
    size_t from = 0, to = 0;
    while (from < text.length) {
        size_t start = from;
        uint32_t c = utf8_next(text, &from);
        bool is_broken = c == 0xFFFD && from - start == 1;
        if (is_broken || c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            message[to++] = '?';
        } else {
            memmove(message + to, message + start, from - start);
            to += from - start;
        }
    }
    message[to] = '\0';
}

/** Ends an overlong message with "…", at a character's border, and makes it printable. */
static void tidy(char *message, size_t capacity, int wanted)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    if (wanted >= 0 && (size_t)wanted >= capacity) {
        size_t end = capacity - sizeof ellipsis;
        while (end > 0 && ((unsigned char)message[end] & 0xC0) == 0x80)
            end--;
        memcpy(message + end, ellipsis, sizeof ellipsis);
    }
    make_printable(message);
}

static void fill(struct nexus_error *err, enum nexus_status status, const char *format,
                 va_list args)
{
    err->status = status;
    int wanted = vsnprintf(err->message, sizeof err->message, format, args);
    tidy(err->message, sizeof err->message, wanted);
}

/* In parentheses, the names are not those of the macros in error.h. */
enum nexus_status(fail)(struct nexus_error *err, enum nexus_status status, const char *format, ...)
{
    assert(status != NEXUS_OK);
    if (!err)
        return status;
    va_list args;
    va_start(args, format);
    fill(err, status, format, args);
    va_end(args);
    return status;
}

static enum nexus_status status_of_errno(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR: return NEXUS_ERROR_NOT_FOUND;
    case EEXIST: return NEXUS_ERROR_EXISTS;
    case EACCES:
    case EPERM:
    case EROFS: return NEXUS_ERROR_PERMISSION;
    case ENOSPC:
    case EDQUOT: return NEXUS_ERROR_NO_SPACE;
    case ENOMEM: return NEXUS_ERROR_NO_MEMORY;
    case EINTR: return NEXUS_ERROR_INTERRUPTED;
    case EBUSY:
    case EAGAIN: return NEXUS_ERROR_BUSY;
    default: return NEXUS_ERROR_IO;
    }
}

enum nexus_status(fail_errno)(struct nexus_error *err, int error_number, const char *format, ...)
{
    enum nexus_status status = status_of_errno(error_number);
    if (!err)
        return status;
    va_list args;
    va_start(args, format);
    fill(err, status, format, args);
    va_end(args);
    size_t length = strlen(err->message);
    char reason[128];
    int wanted = snprintf(err->message + length, sizeof err->message - length, ": %s",
                          strerror_r(error_number, reason, sizeof reason));
    tidy(err->message, sizeof err->message, wanted < 0 ? wanted : wanted + (int)length);
    return status;
}

enum nexus_status(fail_no_memory)(struct nexus_error *err)
{
    return fail(err, NEXUS_ERROR_NO_MEMORY, "out of memory");
}
