// SPDX-License-Identifier: MIT
/*
 * What a crash left of a replacement, told from an intent that was committed: the path, the hashes
 * of the version before and of the new one, and the name of the temporary file.
 *
 * The intents were committed after the temporary files were whole and on the disk. So what is
 * under the temporary name is one of three: the new version, the version before, or something that
 * somebody saved and that the exchange took from its place. The spare of one that was to be written
 * in place (temporary.h) is the new version, and goes nowhere.
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
    bool is_untouched; /* surely nothing was taken from the path */
};

/** The whole decision. `is_new`: there was to be no file before. */
struct recover_plan recover_decide(bool is_new, enum recover_seen path,
                                   enum recover_seen temporary);

struct recovery {
    enum recover_state state;
    /* Surely nothing was taken from the path. Else the version before may be nowhere but with the
     * caller, whatever the path holds now. */
    bool is_untouched;
    bool has_theirs; /* a saved version that was displaced: to be kept by the caller */
    struct strbuf theirs;
};
void recovery_finish(struct recovery *recovery);

/** The intent. */
struct recover_intent {
    const char *path;
    const char *temporary;   /* replacement_temporary() */
    const struct hash *base; /* NULL: there was to be no file before */
    struct str before; /* its bytes, for what was to be written in place; else not looked at */
    struct hash wanted;
};

/** Looks, decides, and carries it out. Run again, it says the same. A file that a write in place
 * left torn is written whole; where it has no spare (`temporary` is ""), or somebody has it open,
 * it is RECOVER_CHANGED. */
enum nexus_status replace_recover(struct replacer *replacer, const struct recover_intent *intent,
                                  int64_t now_ns, struct recovery *recovery,
                                  struct nexus_error *err);

/** Whether the bytes are what a write in place leaves when it is cut off: the first part of `after`
 * and then the rest of `before`, or, when the power failed, any 4096 of them from either. */
bool recover_is_torn(struct str found, struct str before, struct str after);

#endif
