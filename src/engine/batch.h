// SPDX-License-Identifier: MIT
/*
 * Files on their way into the database: digested outside any transaction, on all cores, then
 * written in their order, many in one short transaction. What is full by count or by bytes is
 * written by itself, while what comes behind it is digested.
 */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H

#include "engine/digest.h"
#include "engine/engine.h"
#include "nexus/vault.h"

struct batch;

/** `engine` and `report` (which counts what becomes of the files) are borrowed. NULL when memory is
 * out. */
struct batch *batch_new(struct engine *engine, struct nexus_sync_report *report);
void batch_free(struct batch *batch);

/** Takes in the file at `path`. `print` is how it was last seen (it matters only for what is not
 * read). `known` is its row: NULL for a new file, a row with another path for one that was moved.
 */
enum nexus_status batch_take(struct batch *batch, struct str path, const struct fingerprint *print,
                             const struct file_record *known, struct nexus_error *err);

/** How the files that are taken from now on are read; DIGEST_READ_ANYHOW at first. */
void batch_set_reading(struct batch *batch, enum digest_reading reading);

/** The paths of files that were left because somebody is writing them. Borrowed. */
const struct str *batch_busy(const struct batch *batch, size_t *ret_count);

/** Writes what is left. */
enum nexus_status batch_flush(struct batch *batch, struct nexus_error *err);

/** Reads those files once more that were read within the clock tick of their last change, late
 * enough to be sure of them, and writes what that shows. Waits for a tick if there are any. */
enum nexus_status batch_settle_racy(struct batch *batch, struct nexus_error *err);

#endif
