// SPDX-License-Identifier: MIT
/* A folder of the target's own, for as long as the process lives. */
#ifndef FUZZ_FOLDER_H
#define FUZZ_FOLDER_H

#include "fuzz.h"

#include <ftw.h>
#include <limits.h>
#include <unistd.h>

static char folder_path[PATH_MAX];

static inline int folder_remove_one(const char *path, const struct stat *status, int kind,
                                    struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static inline void folder_remove(void)
{
    nftw(folder_path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/** Makes it; absolute and without links in it. To be called once. */
static inline const char *folder_new(void)
{
    char pattern[PATH_MAX];
    const char *temporary = getenv("TMPDIR");
    PROMISE(snprintf(pattern, sizeof pattern, "%s/nexus-fuzz-XXXXXX",
                     temporary ? temporary : "/tmp") < (int)sizeof pattern);
    PROMISE(mkdtemp(pattern) && realpath(pattern, folder_path));
    atexit(folder_remove);
    return folder_path;
}

#endif
