// SPDX-License-Identifier: MIT
/*
 * What a crash left of a replacement, told from an intent that was committed: the path, the hashes
 * of the version before and of the new one, and the name of the temporary file.
 *
 * The intents were committed after the temporary files were whole and on the disk. So what is
 * under the temporary name is one of three: the new version, the version before, or something that
 * somebody saved and that the exchange took from its place.
 */
#ifndef WRITEBACK_RECOVER_H
#define WRITEBACK_RECOVER_H

#include "writeback/replace.h"

enum recover_seen {
    RECOVER_MISSING,
    RECOVER_BASE,  /* the version before */
    RECOVER_NEW,   /* the new version */
    RECOVER_OTHER, /* anything else, also what cannot be read */
};
enum { RECOVER_SEEN_COUNT = RECOVER_OTHER + 1 };

/** How the write stands. */
enum recover_state {
    RECOVER_DONE,    /* the path holds the new version */
    RECOVER_UNDONE,  /* it holds the version before (or still nothing): write it again */
    RECOVER_CHANGED, /* it holds what somebody saved: reconcile it */
    RECOVER_GONE,    /* somebody deleted it: reconcile it */
};

/** What becomes of the temporary file. */
enum recover_step {
    RECOVER_LEAVE,     /* there is none */
    RECOVER_FINISH,    /* it takes its place, as it was about to */
    RECOVER_REMOVE,    /* it holds what is known */
    RECOVER_HAND_OVER, /* it holds what somebody saved, and nobody else has */
};

struct recover_plan {
    enum recover_state state; /* after the step */
    enum recover_step step;
};

/** The whole decision. `is_new`: there was to be no file before. */
struct recover_plan recover_decide(bool is_new, enum recover_seen path,
                                   enum recover_seen temporary);

struct recovery {
    enum recover_state state;
    bool has_theirs; /* a saved version that was displaced: to be kept by the caller */
    struct strbuf theirs;
};
void recovery_finish(struct recovery *recovery);

/** Looks, decides, and carries it out. `base` NULL: there was to be no file before. `temporary` ""
 * for a file that was to be written in place: RECOVER_CHANGED may then be a torn file
 *  (recover_is_torn()). Run again, it says the same. */
enum nexus_status replace_recover(struct replacer *replacer, const char *path,
                                  const char *temporary, const struct hash *base,
                                  struct hash wanted, int64_t now_ns, struct recovery *recovery,
                                  struct nexus_error *err);

/** Whether the bytes are what a write in place leaves when it is cut off: the first part of `after`
 * and then the rest of `before`, or, when the power failed, any 4096 of them from either. The right
 * thing then is to write `after`. */
bool recover_is_torn(struct str found, struct str before, struct str after);

#endif
