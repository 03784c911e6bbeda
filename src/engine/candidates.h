// SPDX-License-Identifier: MIT
/* Schemas that somebody wants to register: read, and judged together with those that are
 * registered. */
#ifndef ENGINE_CANDIDATES_H
#define ENGINE_CANDIDATES_H

#include "base/error.h"
#include "model/binding.h"
#include "model/problem.h"
#include "model/tape.h"
#include "store/notes.h"
#include "store/schema_edits.h"
#include "validate/schema.h"

struct candidate {
    struct str name, text;
    struct str path;                /* where its problems are told; empty for the built-in ones */
    const struct store_schema *row; /* what is registered under its name, or NULL */
    struct binding binding;
    struct problem_list problems;
    bool is_edit;     /* its text comes from an edited row */
    bool is_changed;  /* differs from what is registered … */
    bool is_reworded; /* … in white space or the order of keys alone */
    bool is_good;     /* may be registered */
};

/** The zero value is empty. */
struct candidates {
    struct arena arena; /* owns all texts */
    struct tape tape;
    struct schema_set *set;
    struct store_schema *rows;
    size_t row_count;
    struct store_schema_edit *edits; /* of the rows, by SQL */
    size_t edit_count;
    struct candidate *items;
    size_t count, capacity;
};

void candidates_finish(struct candidates *candidates);

/** Adds a schema, in place of an earlier one of that name: a vault's own comes before what is built
 * in. Texts are copied. */
enum nexus_status candidates_add(struct candidates *candidates, struct str name, struct str path,
                                 struct str text, struct nexus_error *err);
/** Adds what is built into the program. */
enum nexus_status candidates_add_built_in(struct candidates *candidates, struct nexus_error *err);
/** Adds the files of `.nexus/schemas/`; one that cannot be read is a candidate that is not good. */
enum nexus_status candidates_add_folder(struct candidates *candidates, int nexus_fd,
                                        struct nexus_error *err);

/** Reads what is registered into the set. */
enum nexus_status candidates_read(struct candidates *candidates, struct store *store,
                                  struct nexus_error *err);

/** Reads what is registered, and decides for each candidate whether it may be. They may refer to
 * each other and to what is registered; one that would break a registered schema which refers to it
 * is not good. */
enum nexus_status candidates_judge(struct candidates *candidates, struct store *store,
                                   struct nexus_error *err);

/** It is not good after all, and this is told at its path. */
void candidate_refuse(struct candidate *candidate, const char *message);

/** Whether a schema may have this name: letters, digits, dots, dashes and underscores, a letter
 * first. It becomes a file's name, a view's name, and part of a URI. */
bool schema_name_is_good(struct str name);

/** What is registered under the name, or NULL. */
const struct store_schema *candidates_registered(const struct candidates *candidates,
                                                 struct str name);

/** After judging: takes the schema out of the set, and names a registered one that cannot do
 * without it; empty if there is none. Borrowed. */
struct str candidates_find_dependant(struct candidates *candidates, struct str name);

/** The URI under which other schemas refer to the schema of that name: "vault:schema/core.todo". */
struct str schema_uri(struct str name, struct arena *arena);

#endif
