// SPDX-License-Identifier: MIT
/* Points in time: nanoseconds since 1970-01-01 UTC. Code that decides by time takes it as an
 * argument. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/str.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/** The wall clock. */
int64_t time_now_ns(void);
/** A clock that never jumps: for durations and deadlines only. */
int64_t time_monotonic_ns(void);

enum { TIME_TEXT_SIZE = 80 }; /* what the compiler can prove is enough; 25 are used */
/** ISO 8601 in UTC with milliseconds, "2026-01-15T10:30:00.000Z", NUL-terminated. Years outside 0
 * to 9999 are clamped. Returns `text`. */
const char *time_format(int64_t time_ns, char text[TIME_TEXT_SIZE]);

/** Reads what time_format() writes, and any RFC 3339 date-time. False when it is none. */
bool time_parse(struct str text, int64_t *ret_time_ns);

/** Reads a day, YYYY-MM-DD, and gives the first moment behind it where we are (the system's zone):
 * midnight, or what comes in its place. False when it is none. */
bool time_parse_day_end(struct str text, int64_t *ret_time_ns);

/** True for a day of the calendar, written YYYY-MM-DD and nothing else. */
bool time_is_date(struct str text);

#endif
