// SPDX-License-Identifier: MIT
/* Whether the kernel tells of changes here: a real file is made, and its event waited for. */
#ifndef WATCH_SELFTEST_H
#define WATCH_SELFTEST_H

#include "base/strbuf.h"

/** Makes and removes a file `name` in the folder, which is Nexus's own. False when no event came,
 * with the reason in `why`. */
bool watch_selftest(int folder_fd, const char *name, struct strbuf *why);

#endif
