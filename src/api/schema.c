// SPDX-License-Identifier: MIT
#include "nexus/schema.h"

#include "base/error.h"
#include "engine/schemas.h"

static struct engine *engine_of(struct nexus_vault *vault)
{
    return (struct engine *)(void *)vault;
}

enum nexus_status nexus_schema_add(struct nexus_vault *vault, const char *name, const char *text,
                                   size_t length, unsigned options, nexus_schema_problems *problems,
                                   void *context, struct nexus_schema_report *report,
                                   struct nexus_error *err)
{
    if (!vault || !name || !text)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault, a name and a text are needed");
    return engine_schema_add(engine_of(vault), str_of(name), (struct str){text, length}, options,
                             problems, context, report, err);
}

enum nexus_status nexus_schema_check(struct nexus_vault *vault, const char *name, const char *text,
                                     size_t length, nexus_schema_problems *problems, void *context,
                                     struct nexus_error *err)
{
    if (!vault || !name || !text)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault, a name and a text are needed");
    return engine_schema_check(engine_of(vault), str_of(name), (struct str){text, length}, problems,
                               context, err);
}

enum nexus_status nexus_schema_remove(struct nexus_vault *vault, const char *name,
                                      struct nexus_error *err)
{
    if (!vault || !name)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a name are needed");
    return engine_schema_remove(engine_of(vault), str_of(name), err);
}
