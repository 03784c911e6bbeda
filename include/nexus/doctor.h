// SPDX-License-Identifier: MIT
/*
 * What is wrong with a vault and what is around it: everything at once, each with what mends it.
 * Nothing of the user's is touched; in `.nexus` a file is made and removed, to see whether the
 * kernel tells of it.
 */
#ifndef NEXUS_DOCTOR_H
#define NEXUS_DOCTOR_H

#include "nexus/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum nexus_finding_kind {
    NEXUS_FINDING_NOTE,    /* good to know */
    NEXUS_FINDING_ILLNESS, /* to be mended */
};

/** Texts are borrowed for the call. */
struct nexus_finding {
    enum nexus_finding_kind kind;
    const char *check;   /* which question found it, such as "modes" */
    const char *message; /* one line */
    const char *remedy;  /* a command for the shell; NULL: there is none */
};
typedef void nexus_finding_listener(void *context, const struct nexus_finding *finding);

/** Asks every question about the vault whose root is `dir`. A vault that cannot even be opened is a
 * finding; an error is only that there is none, or that the asking failed. */
NEXUS_API enum nexus_status nexus_diagnose(const char *dir, nexus_finding_listener *listener,
                                           void *context, struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif
