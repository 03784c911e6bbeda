// SPDX-License-Identifier: MIT
/*
 * The settings of a vault, `.nexus/config.json`. A vault need not be open: these read and write the
 * file alone. Whoever follows the vault sees the change by itself.
 */
#ifndef NEXUS_SETTING_H
#define NEXUS_SETTING_H

#include "nexus/error.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One setting. Texts are borrowed for the call. */
struct nexus_setting {
    const char *name;
    const char *meaning;  /* one line */
    const char *value;    /* that counts now, as JSON */
    const char *fallback; /* that counts when the file says nothing, as JSON; NULL: `init` records
                             it, and nobody sets it */
    const char
        *allowed; /* in words, such as "a whole number from 10 to 60000"; "" where recorded */
};
typedef void nexus_setting_listener(void *context, const struct nexus_setting *setting);

/** What is odd in the file: a value that makes no sense (its default counts), an unknown key. */
struct nexus_setting_problem {
    unsigned line, column;
    const char *message;
};
typedef void nexus_setting_problems(void *context, const struct nexus_setting_problem *problem);

/** Tells of each setting, in their order, then of each problem (`problems` may be NULL). `dir` is
 * the vault's root; NULL: the defaults. NEXUS_ERROR_INVALID when the file is no JSON object. */
NEXUS_API enum nexus_status nexus_list_settings(const char *dir, nexus_setting_listener *listener,
                                                nexus_setting_problems *problems, void *context,
                                                struct nexus_error *err);

/** Changes one setting in the file, at once or not at all; every other byte of it stays. `value` is
 * JSON or a plain word; NULL: the default. NEXUS_ERROR_ARGUMENT when there is no such setting or
 * the value makes no sense; NEXUS_ERROR_REFUSED for one that `init` records; NEXUS_ERROR_CHANGED
 * when somebody else wrote the file meanwhile. */
NEXUS_API enum nexus_status nexus_change_setting(const char *dir, const char *name,
                                                 const char *value, struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif
