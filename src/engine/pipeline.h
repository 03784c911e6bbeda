// SPDX-License-Identifier: MIT
/*
 * Files in a row, digested by a crew (engine/crew.h) ahead of whoever takes them out in the order
 * in which they came. Memory is bounded by the number of files in the row and by their bytes.
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include "engine/digest.h"

enum { PIPELINE_FILES = 64 };

struct pipeline;

/** NULL when memory is out. */
struct pipeline *pipeline_new(void);
/** Waits for what is being digested. */
void pipeline_free(struct pipeline *pipeline);

/** Puts a file at the end; there must be room. `context` is copied, and what it points to must
 * outlive the row unchanged. `print` is how the file was last seen, `known` its row or NULL. */
enum nexus_status pipeline_put(struct pipeline *pipeline, const struct digest_context *context,
                               struct str path, const struct fingerprint *print,
                               const struct file_record *known, struct nexus_error *err);

/** How many files are in the row, and the bytes that they had when they were last seen. */
size_t pipeline_count(const struct pipeline *pipeline);
int64_t pipeline_bytes(const struct pipeline *pipeline);

/** Waits for the `n`-th file of the row, or digests it. It stays the pipeline's, unchanged until
 * pipeline_drop(). */
enum nexus_status pipeline_get(struct pipeline *pipeline, size_t n, struct digest **ret_digest,
                               struct nexus_error *err);

/** Takes the first `count` files, all of them digested, out of the row. */
void pipeline_drop(struct pipeline *pipeline, size_t count);

#endif
