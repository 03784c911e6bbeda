// SPDX-License-Identifier: MIT
/* As nexus_diagnose(); what its parts share. */
#ifndef ENGINE_DIAGNOSE_H
#define ENGINE_DIAGNOSE_H

#include "base/strbuf.h"
#include "nexus/doctor.h"

enum nexus_status diagnose(const char *dir, nexus_finding_listener *listener, void *context,
                           struct nexus_error *err);

/** One asking. */
struct diagnosis {
    const char *root_path;
    int root_fd, nexus_fd;
    nexus_finding_listener *listener;
    void *context;
    struct strbuf remedy; /* of the next illness; empty: there is none */
};

/** Tells, with the remedy that was put together before, which is empty afterwards. */
void diagnosis_tell(struct diagnosis *diagnosis, enum nexus_finding_kind kind, const char *check,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Appends a path below the vault's root to the remedy, as a word of the shell; "" is the root. */
void diagnosis_add_path(struct diagnosis *diagnosis, const char *path);

/** diagnose_place.c: the folder, the disk below it, and programs that carry it elsewhere. */
void diagnose_place(struct diagnosis *diagnosis);
/** diagnose_database.c: what the database says. */
void diagnose_database(struct diagnosis *diagnosis);

#endif
