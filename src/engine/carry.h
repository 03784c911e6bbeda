// SPDX-License-Identifier: MIT
/*
 * Carrying out planned writings, some at a time: what will be lost is kept, history says what is
 * about to be written, the files are replaced, and one transaction records what became of it. A
 * crash between any two of these is mended by crash_mend().
 *
 * Nothing is written over bytes that nobody read: writeback/replace.h looks at what it displaces,
 * and where that is another version, the writing did not happen and is planned anew.
 */
#ifndef ENGINE_CARRY_H
#define ENGINE_CARRY_H

#include "engine/writing.h"
#include "model/change.h"
#include "nexus/vault.h"

/* How much is carried out at a time: all of it waits once for the disk, and lies in memory. */
enum { CARRY_WRITINGS = 128, CARRY_BYTES = 16 * 1024 * 1024 };

struct carry {
    struct engine *engine;
    enum change_origin origin;
    int64_t batch; /* in history */
    struct nexus_sync_report *report;
    uint64_t later; /* how many were not carried out and have to be planned anew */
    /* For each writing what kept it from being carried out, or an empty message; NULL: nobody
     * asks. */
    struct nexus_error *reasons;
};

/** No transaction must be open. */
enum nexus_status carry_out(struct carry *carry, struct writing **writings, size_t count,
                            struct nexus_error *err);

#endif
