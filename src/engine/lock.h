// SPDX-License-Identifier: MIT
/*
 * Files of read-only objects have no write bits, so that editors warn. A file with several objects
 * is one of them if any of its objects is. What a person changes there all the same is taken in,
 * told as a problem of the file, and recorded.
 */
#ifndef ENGINE_LOCK_H
#define ENGINE_LOCK_H

#include "engine/engine.h"

#define LOCK_KEYWORD "read-only"

/** Takes and gives back write bits wherever that is due. What a file's mode cannot be made is told
 *  as a problem of the file, and no error. `store` is any connection that may write; no transaction
 *  must be open. */
enum nexus_status lock_settle(struct engine *engine, struct store *store, struct nexus_error *err);

#endif
