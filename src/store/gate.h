// SPDX-License-Identifier: MIT
/*
 * The gate: reading for somebody who may see only what is shared with them.
 *
 * Foreign SQL runs on an empty database in memory. All that is in it are virtual tables with the
 * names and columns of the public ones, and those hand over rows of shared objects and nothing
 * else. They read from a second connection, which is the gate's own: no statement of the reader is
 * ever prepared there, so there is no name by which it could reach a hidden row, no plan that could
 * move its conditions in front of the decision, and no error, count or statistic that knows of one.
 * What is not offered is missing, like what never was.
 *
 * Who is allowed is not decided here: it is asked for, row by row, in the read transaction that
 * the row comes from.
 *
 * In `search` the rank of a row depends on that row and the query alone. FTS5's own rank weighs a
 * word by how many texts have it, hidden ones included.
 */
#ifndef STORE_GATE_H
#define STORE_GATE_H

#include "base/error.h"
#include "model/permission.h"

struct store_reader;

/** An access, before its first row is handed out. */
struct store_access {
    struct str statement; /* as it was asked */
    int64_t object_id;    /* the parameter :id; 0: there is none */
};

struct store_gate_options {
    const char *abs_path;   /* of the database */
    enum audience audience; /* not the owner */
    void *context;          /* of the functions */
    int64_t (*now_ns)(void *context);
    /** The decision. `clock_mark_ns` is the latest time that was ever seen. */
    bool (*allows)(void *context, const struct permission *row, int64_t now_ns,
                   int64_t clock_mark_ns);
    /** Records the access. If it fails nothing is handed out. NULL: nobody wants to know. */
    enum nexus_status (*record)(void *context, const struct store_access *access,
                                struct nexus_error *err);
    /** Whether anybody but `record` changed the database since the last call. */
    enum nexus_status (*has_changed)(void *context, bool *ret_changed, struct nexus_error *err);
    void (*close)(void *context); /* with the reader; NULL: nothing is to be done */
};

/** A reader that sees what the audience may see; everything of reader.h works with it. All that is
 *  read while rows are open is of one moment. `options.context` is the reader's from now on, on
 *  failure, too. */
enum nexus_status store_gate_open(const struct store_gate_options *options,
                                  struct store_reader **ret_reader, struct nexus_error *err);

#endif
