// SPDX-License-Identifier: MIT
/*
 * The registry of schemas. What is registered can be read with SQL from the table `schemas`.
 *
 * A vault's own schemas are the files in `.nexus/schemas/`; registering one puts it there. A schema
 * of a name that is built in takes its place in this vault.
 */
#ifndef NEXUS_SCHEMA_H
#define NEXUS_SCHEMA_H

#include "nexus/vault.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is wrong with a schema's text. Texts are borrowed for the call. */
struct nexus_schema_problem {
    bool is_warning;
    unsigned line, column;
    const char *pointer; /* JSON Pointer (RFC 6901) into the schema */
    const char *message;
};
typedef void nexus_schema_problems(void *context, const struct nexus_schema_problem *problem);

enum nexus_schema_option {
    NEXUS_SCHEMA_DRY_RUN = 1, /* say what would be, change nothing */
    NEXUS_SCHEMA_REQUIRE_COMPATIBLE =
        2, /* refuse if an object that is valid would become invalid */
};

enum nexus_schema_outcome {
    NEXUS_SCHEMA_UNCHANGED, /* the same definition is registered already */
    NEXUS_SCHEMA_ADDED,
    NEXUS_SCHEMA_CHANGED, /* a new version */
};

struct nexus_schema_report {
    enum nexus_schema_outcome outcome;
    int64_t version;         /* that is or would be registered */
    uint64_t judged;         /* objects that were held against it again */
    uint64_t became_invalid; /* of these; they keep their content and are flagged */
    uint64_t became_valid;   /* files that were invalid and are not any more */
    bool is_handed; /* its file lies in `.nexus/schemas/`; the Nexus that holds the vault's lock and
                       follows it (`nexus watch`) registers it in a moment */
};

/** Registers a schema, or a new version of it, and judges the objects that it concerns. A text that
 * is no good schema is NEXUS_ERROR_INVALID: each of its problems goes to `problems`, and nothing is
 * changed. */
NEXUS_API enum nexus_status nexus_schema_add(struct nexus_vault *vault, const char *name,
                                             const char *text, size_t length, unsigned options,
                                             nexus_schema_problems *problems, void *context,
                                             struct nexus_schema_report *report,
                                             struct nexus_error *err);

/** Whether a text is a good schema by itself and beside those that are registered. Changes nothing.
 */
NEXUS_API enum nexus_status nexus_schema_check(struct nexus_vault *vault, const char *name,
                                               const char *text, size_t length,
                                               nexus_schema_problems *problems, void *context,
                                               struct nexus_error *err);

/** Takes a schema out of the vault, its file, too; of a built-in one, what the vault had in its
 * place. NEXUS_ERROR_REFUSED while objects or other schemas use it, and for what is built in.
 * NEXUS_ERROR_BUSY while another program holds the vault's lock. */
NEXUS_API enum nexus_status nexus_schema_remove(struct nexus_vault *vault, const char *name,
                                                struct nexus_error *err);

#ifdef __cplusplus
}
#endif
#endif
