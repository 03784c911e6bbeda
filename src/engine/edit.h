// SPDX-License-Identifier: MIT
/* Objects are changed as a shell would do it, but judged before: see nexus/edit.h. */
#ifndef ENGINE_EDIT_H
#define ENGINE_EDIT_H

#include "engine/engine.h"
#include "nexus/edit.h"

/** As nexus_object_find(). */
enum nexus_status edit_find(struct engine *engine, struct str name, int64_t *ret_id,
                            struct nexus_error *err);
/** As nexus_object_create(); `path` may be none (`at` NULL). */
enum nexus_status edit_create(struct engine *engine, struct str schema, struct str path,
                              const struct nexus_value *values, size_t count,
                              struct nexus_edit *ret_edit, struct nexus_error *err);
/** As nexus_object_set(). */
enum nexus_status edit_set(struct engine *engine, int64_t object_id, struct str path,
                           const struct nexus_value *values, size_t count,
                           struct nexus_edit *ret_edit, struct nexus_error *err);
/** As nexus_object_remove(). */
enum nexus_status edit_remove(struct engine *engine, int64_t object_id, struct nexus_edit *ret_edit,
                              struct nexus_error *err);
/** As nexus_edit_outcome(). */
enum nexus_status edit_outcome(struct engine *engine, const struct nexus_edit *edit,
                               struct nexus_edit_outcome *ret_outcome, struct nexus_error *err);

/** As nexus_request() and nexus_request_answer(). */
enum nexus_status edit_request(struct engine *engine, struct nexus_request *requests, size_t count,
                               struct nexus_error *err);
enum nexus_status edit_request_answer(struct engine *engine, int64_t id,
                                      struct nexus_answer *ret_answer, struct nexus_error *err);

#endif
