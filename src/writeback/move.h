// SPDX-License-Identifier: MIT
/* A file gets another path because its row did. */
#ifndef WRITEBACK_MOVE_H
#define WRITEBACK_MOVE_H

#include "writeback/replace.h"

/** Renames a file to a path that is free (NEXUS_ERROR_EXISTS), making folders. NEXUS_ERROR_CHANGED
 * when it is not the expected version (NULL: any), NEXUS_ERROR_BUSY while somebody is writing it.
 * What is saved to it at that moment moves along, and is not lost. `*ret_there` (NULL allowed) is
 * as folder_make() says. */
enum nexus_status move_file(struct replacer *replacer, const char *from, const char *to,
                            const struct hash *expected, size_t *ret_there,
                            struct nexus_error *err);

#endif
