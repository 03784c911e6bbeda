// SPDX-License-Identifier: MIT
/*
 * What was displaced and is still worth a look.
 *
 * Who had found a file by its name and was about to open it when another took its place writes into
 * the displaced one, and believes it saved. So a displaced file stays under its temporary name for
 * some seconds. Then it is compared with what it was: unchanged, it goes; changed, it is a late
 * save, and is handed back. While somebody has it open for writing it stays on.
 *
 * Nothing here waits or ticks: the caller asks when the next look is due.
 */
#ifndef WRITEBACK_QUARANTINE_H
#define WRITEBACK_QUARANTINE_H

#include "base/error.h"
#include "base/hash.h"
#include "base/strbuf.h"

/* How long a displaced file stays, and how long where there are no leases. */
#define QUARANTINE_NS (INT64_C(5) * 1000 * 1000 * 1000)
#define QUARANTINE_UNSURE_NS (INT64_C(30) * 1000 * 1000 * 1000)

/* Some 200 bytes each; at 5 s it is 13,000 files a second. */
enum { QUARANTINE_LIMIT = 65536, QUARANTINE_SLICE = 256 };

struct quarantined;
struct quarantine {
    struct quarantined *entries; /* a heap: none is due before its parent */
    size_t count, capacity;
    bool has_rest; /* something stays where it is, unread or unremoved, and is forgotten here */
};

enum quarantine_news_kind {
    QUARANTINE_DONE, /* nobody wrote to it: it is gone */
    QUARANTINE_LATE, /* `bytes` were saved to it after it was displaced */
    QUARANTINE_LOST, /* it is not where it was (its folder was moved): to be looked for by name */
    QUARANTINE_UNREADABLE, /* it cannot be read, or is too large; it stays, and is forgotten here */
};
struct quarantine_news {
    enum quarantine_news_kind kind;
    struct str path;      /* of the file that it was displaced from */
    struct str temporary; /* its path now, from the root */
    struct str bytes;     /* of QUARANTINE_LATE */
};
/** Borrowed for the call. For QUARANTINE_LATE anything but NEXUS_OK means that the bytes are not
 * kept yet: they are offered again some seconds later. */
typedef enum nexus_status quarantine_listener(void *context, const struct quarantine_news *news,
                                              struct nexus_error *err);

/** When the next look is due, in monotonic time; INT64_MAX: there is nothing. */
int64_t quarantine_due(const struct quarantine *quarantine);

/** Looks at what is due, at most QUARANTINE_SLICE files: while quarantine_due() is not later than
 * `now_ns` there are more. */
enum nexus_status quarantine_settle(struct quarantine *quarantine, int root_fd, int64_t limit_bytes,
                                    int64_t now_ns, quarantine_listener *listener, void *context,
                                    struct nexus_error *err);

struct quarantine_item {
    const char *path;           /* of the file that it was displaced from */
    const char *temporary;      /* its path now: a name in the folder of `path`, or … */
    bool is_elsewhere;          /* … a path from the root */
    bool is_kept;               /* it stays there for good: the trash */
    const struct hash *content; /* what it held; NULL: unknown, so that it will be a late save */
    bool is_unsure;             /* no lease told whether somebody has it open */
};
/** Takes a displaced file in; texts are copied. There must be room. */
enum nexus_status quarantine_add(struct quarantine *quarantine, const struct quarantine_item *item,
                                 int64_t now_ns, struct nexus_error *err);
/** What was seen of the files displaced from `path` could not be kept: they come as late saves. */
void quarantine_doubt(struct quarantine *quarantine, struct str path);
static inline bool quarantine_has_room(const struct quarantine *quarantine)
{
    return quarantine->count < QUARANTINE_LIMIT;
}
void quarantine_finish(struct quarantine *quarantine);

#endif
