// SPDX-License-Identifier: MIT
/*
 * JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12: the door of this folder.
 *
 * A set holds schema documents by URI. Compiling one of them gives a schema: immutable, independent
 * of the set, good for any number of threads at once. A run is one thread's scratch memory. First
 * ask schema_accepts(), which stops at the first mistake and allocates nothing once warm; only on
 * false ask schema_explain() for all mistakes.
 *
 * Nothing is ever fetched: a $ref finds what the set holds and the metaschemas of the drafts, and
 * anything else is a problem of the schema.
 */
#ifndef VALIDATE_SCHEMA_H
#define VALIDATE_SCHEMA_H

#include "base/error.h"
#include "base/hash.h"
#include "model/problem.h"
#include "model/tape.h"
#include "validate/dialect.h"

/* A schema is written by people or by their tools; these are far above what is in use. */
enum {
    SCHEMA_BYTES_LIMIT = 4 * 1024 * 1024,
    SCHEMA_DEPTH_LIMIT = 200,    /* of the document; every walk over it recurses */
    SCHEMA_RULES_LIMIT = 100000, /* subschemas in one compiled schema */
    SCHEMA_IN_PLACE_LIMIT = 128, /* $ref to allOf to $ref … all about the same value */
};

/** How a schema's text becomes a tape; `problems` may be NULL. */
typedef bool schema_scan(struct str source, struct tape *tape, struct problem_list *problems);

struct schema_set;
struct schema;
struct schema_run;

/** NULL when memory is out. One thread at a time may use a set. */
struct schema_set *schema_set_new(schema_scan *scan);
void schema_set_free(struct schema_set *set);

/** Adds a document (copied), or replaces the one with this URI. `fallback` is the draft of a
 * document without `$schema`. NEXUS_ERROR_INVALID when the text cannot be read (what is wrong goes
 * into `problems`, NULL allowed), NEXUS_ERROR_LIMIT when it is too large or too deep. */
enum nexus_status schema_set_add(struct schema_set *set, struct str uri, struct str text,
                                 enum schema_draft fallback, struct problem_list *problems,
                                 struct nexus_error *err);
/** False when there was none. */
bool schema_set_remove(struct schema_set *set, struct str uri);

enum schema_option {
    SCHEMA_FORMAT_ANNOTATES = 1,  /* `format` says something and asserts nothing */
    SCHEMA_CONTENT_ASSERTED = 2,  /* draft 7: contentEncoding and contentMediaType are checked */
    SCHEMA_METASCHEMA_TRUSTED = 4 /* do not check the document against its metaschema */
};

/** Compiles the document with this URI. What is wrong with the schema goes into `problems`, with
 *  places in the document's text, and the status is NEXUS_ERROR_INVALID; warnings may be there with
 *  NEXUS_OK, too. */
enum nexus_status schema_compile(struct schema_set *set, struct str uri, unsigned options,
                                 struct schema **ret_schema, struct problem_list *problems,
                                 struct nexus_error *err);
void schema_free(struct schema *schema);

/** Over all that decides a verdict: the documents that the schema reaches, dialect, options, and
 * the version of this engine. The same hash means the same verdicts. */
struct hash schema_hash(const struct schema *schema);

/** NULL when memory is out. */
struct schema_run *schema_run_new(void);
void schema_run_free(struct schema_run *run);

/** Is the value at `index` valid? A value too expensive to judge is not. */
bool schema_accepts(const struct schema *schema, const struct tape *tape, uint32_t index,
                    struct schema_run *run);

/** The same verdict; every mistake is added to `problems`. */
bool schema_explain(const struct schema *schema, const struct tape *tape, uint32_t index,
                    struct schema_run *run, struct problem_list *problems);

#endif
