// SPDX-License-Identifier: MIT
/*
 * Which object a user means: by its id, its uid, its path (`todos.json#1` for an item; the `.md`
 * may be missing), or a title, alias or file name that only one object has.
 */
#ifndef CLI_FIND_H
#define CLI_FIND_H

#include "cli/command.h"

/** `*ret_id` is 0 when none is meant for certain: then the candidates stand on stderr, and the
 * run's exit code is set. */
enum nexus_status find_object(struct invocation *call, const char *name, int64_t *ret_id,
                              struct nexus_error *err);

#endif
