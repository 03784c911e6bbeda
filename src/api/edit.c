// SPDX-License-Identifier: MIT
#include "nexus/edit.h"

#include "base/error.h"
#include "engine/edit.h"

#include <stdlib.h>

static struct engine *engine_of(struct nexus_vault *vault)
{
    return (struct engine *)(void *)vault;
}

static enum nexus_status check_values(const struct nexus_value *values, size_t count,
                                      struct nexus_error *err)
{
    if (count && !values)
        return fail(err, NEXUS_ERROR_ARGUMENT, "values are needed");
    for (size_t i = 0; i < count; i++)
        if (!values[i].property || (unsigned)values[i].kind > NEXUS_VALUE_NONE)
            return fail(err, NEXUS_ERROR_ARGUMENT, "a value needs a property and a kind");
    return NEXUS_OK;
}

enum nexus_status nexus_object_find(struct nexus_vault *vault, const char *name, int64_t *ret_id,
                                    struct nexus_error *err)
{
    if (!vault || !name || !ret_id)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault, a name and a place for the id are needed");
    return edit_find(engine_of(vault), str_of(name), ret_id, err);
}

enum nexus_status nexus_object_create(struct nexus_vault *vault, const char *schema,
                                      const char *path, const struct nexus_value *values,
                                      size_t count, struct nexus_edit *ret_edit,
                                      struct nexus_error *err)
{
    if (!vault || !schema || !ret_edit)
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "a vault, a schema and a place for the edit are needed");
    TRY(check_values(values, count, err));
    return edit_create(engine_of(vault), str_of(schema), str_of(path), values, count, ret_edit,
                       err);
}

enum nexus_status nexus_object_set(struct nexus_vault *vault, int64_t object_id, const char *path,
                                   const struct nexus_value *values, size_t count,
                                   struct nexus_edit *ret_edit, struct nexus_error *err)
{
    if (!vault || !ret_edit || (!count && !path))
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "a vault, something to set and a place for the edit are needed");
    TRY(check_values(values, count, err));
    return edit_set(engine_of(vault), object_id, str_of(path), values, count, ret_edit, err);
}

enum nexus_status nexus_object_remove(struct nexus_vault *vault, int64_t object_id,
                                      struct nexus_edit *ret_edit, struct nexus_error *err)
{
    if (!vault || !ret_edit)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a place for the edit are needed");
    return edit_remove(engine_of(vault), object_id, ret_edit, err);
}

enum nexus_status nexus_edit_outcome(struct nexus_vault *vault, const struct nexus_edit *edit,
                                     struct nexus_edit_outcome *ret_outcome,
                                     struct nexus_error *err)
{
    if (!vault || !edit || !ret_outcome)
        return fail(err, NEXUS_ERROR_ARGUMENT,
                    "a vault, an edit and a place for the outcome are needed");
    return edit_outcome(engine_of(vault), edit, ret_outcome, err);
}

void nexus_edit_outcome_finish(struct nexus_edit_outcome *outcome)
{
    if (!outcome)
        return;
    free(outcome->path);
    free(outcome->reason);
    *outcome = (struct nexus_edit_outcome){0};
}

enum nexus_status nexus_request(struct nexus_vault *vault, struct nexus_request *requests,
                                size_t count, struct nexus_error *err)
{
    if (!vault || (count && !requests))
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and requests are needed");
    for (size_t i = 0; i < count; i++)
        if ((requests[i].kind == NEXUS_REQUEST_RESOLVE) != (requests[i].choice != NULL))
            return fail(err, NEXUS_ERROR_ARGUMENT,
                        "to resolve a conflict, and only for that, "
                        "there is a choice");
    return edit_request(engine_of(vault), requests, count, err);
}

enum nexus_status nexus_request_answer(struct nexus_vault *vault, int64_t request_id,
                                       struct nexus_answer *ret_answer, struct nexus_error *err)
{
    if (!vault || !ret_answer)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a place for the answer are needed");
    return edit_request_answer(engine_of(vault), request_id, ret_answer, err);
}
