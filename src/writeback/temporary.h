// SPDX-License-Identifier: MIT
/*
 * The names of temporary files: `.nexus-<base>-<new>-<number>`, in the folder of the file that they
 * belong to. They are short, however long that one's name is, and the watcher leaves them alone.
 *
 * Before the exchange such a file holds the new version, after it what was displaced. The name says
 * how to tell: the first 64 bits of the hashes of both, as hexadecimal digits (zeros: there was no
 * file).
 */
#ifndef WRITEBACK_TEMPORARY_H
#define WRITEBACK_TEMPORARY_H

#include "base/hash.h"

enum { TEMPORARY_SIZE = 72 };

/** Returns `name`. `base` may be NULL. */
const char *temporary_name(const struct hash *base, struct hash wanted, uint64_t number,
                           char name[TEMPORARY_SIZE]);
/** The name beside it for what is renamed aside where there is no exchange. Returns `aside`. */
const char *temporary_aside(const char *name, char aside[TEMPORARY_SIZE]);

/** Makes it the name of a version that will be written in place, and that waits for a crash to need
 * it. */
void temporary_make_spare(char name[TEMPORARY_SIZE]);
bool temporary_is_spare(const char *name);

/** The name beside it while the new version is written: what has it never was anybody's, however
 * little of it there is. Returns `part`. */
const char *temporary_part(const char *name, char part[TEMPORARY_SIZE]);

enum temporary_kind {
    TEMPORARY_FOREIGN, /* no name of ours */
    TEMPORARY_NEW,     /* holds the version that was to be written, or a part of it */
    TEMPORARY_BASE,    /* holds the version that it was computed from: displaced, and unchanged */
    TEMPORARY_OTHER,   /* holds neither: what somebody saved */
};
/** What a file of that name is, if its bytes have that hash. */
enum temporary_kind temporary_judge(struct str name, struct hash content);

#endif
