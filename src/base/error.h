// SPDX-License-Identifier: MIT
/* The inside of error handling: filling `struct nexus_error`, and passing a failure on. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "nexus/error.h"

/** Fills `err` (NULL allowed) with one formatted line and returns `status`. Too long a line is cut
 *  at a character's border and ends with "…". Control characters, and bytes that are not UTF-8, are
 *  replaced by '?'. */
enum nexus_status fail(struct nexus_error *err, enum nexus_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** As fail(), with `": " strerror(error_number)` behind the line and the status chosen by the
 * number. */
enum nexus_status fail_errno(struct nexus_error *err, int error_number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum nexus_status fail_no_memory(struct nexus_error *err);

/* A failure is never NEXUS_OK. Compiler and analyser cannot see that across files, and would take
 * an output that is written only on success for one that may be read unwritten. (Not in tests:
 * cmocka has a fail() of its own.) */
#if defined(NEXUS_INSIDE)
static inline enum nexus_status never_ok(enum nexus_status status)
{
    if (status == NEXUS_OK)
        __builtin_unreachable();
    return status;
}
#define fail(...) never_ok(fail(__VA_ARGS__))
#define fail_errno(...) never_ok(fail_errno(__VA_ARGS__))
#define fail_no_memory(err) never_ok(fail_no_memory(err))
#endif

#define TRY(expression)                                                                            \
    do {                                                                                           \
        enum nexus_status try_status_ = (expression);                                              \
        if (try_status_ != NEXUS_OK)                                                               \
            return try_status_;                                                                    \
    } while (0)

#endif
