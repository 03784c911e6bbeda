// SPDX-License-Identifier: MIT
/* Registering and removing schemas by hand. */
#ifndef ENGINE_SCHEMAS_H
#define ENGINE_SCHEMAS_H

#include "engine/engine.h"
#include "nexus/schema.h"

/** As nexus_schema_add(). */
enum nexus_status engine_schema_add(struct engine *engine, struct str name, struct str text,
                                    unsigned options, nexus_schema_problems *problems,
                                    void *context, struct nexus_schema_report *report,
                                    struct nexus_error *err);

/** As nexus_schema_check(). */
enum nexus_status engine_schema_check(struct engine *engine, struct str name, struct str text,
                                      nexus_schema_problems *problems, void *context,
                                      struct nexus_error *err);

/** As nexus_schema_remove(). */
enum nexus_status engine_schema_remove(struct engine *engine, struct str name,
                                       struct nexus_error *err);

#endif
