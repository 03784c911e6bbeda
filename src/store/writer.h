// SPDX-License-Identifier: MIT
/*
 * Writing as anybody does who has a shell: on a connection of its own, with the database's triggers
 * and CHECKs at work, so that what is written here takes the way of every other change by SQL.
 *
 * All but the opening happens inside a transaction. What a trigger refuses is NEXUS_ERROR_REFUSED
 * with its sentence; a database that somebody else keeps writing to is NEXUS_ERROR_BUSY.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/objects.h"
#include "store/outbox.h"
#include "store/writes.h"

struct store_writer;

/** NEXUS_ERROR_NOT_FOUND when there is no database at that path. */
enum nexus_status store_writer_open(const char *abs_path, struct store_writer **ret_writer,
                                    struct nexus_error *err);
void store_writer_close(struct store_writer *writer);

/** How far history and conflicts went before a write: what comes of it lies behind. */
struct store_mark {
    int64_t history_seq, conflict_id;
};

enum nexus_status store_writer_begin(struct store_writer *writer, struct store_mark *ret_mark,
                                     struct nexus_error *err);
enum nexus_status store_writer_commit(struct store_writer *writer, struct nexus_error *err);
/** Harmless without a transaction. */
void store_writer_rollback(struct store_writer *writer);

/** What an object is. NEXUS_ERROR_NOT_FOUND when there is none of that id. Texts are copied. */
struct store_known_object {
    int64_t schema_id;
    struct str path; /* `at` NULL: none yet */
    struct str content_json;
};
enum nexus_status store_writer_get(struct store_writer *writer, int64_t id, struct arena *arena,
                                   struct store_known_object *ret_object, struct nexus_error *err);

/** The object of that id, uid or path, by its text. NEXUS_ERROR_NOT_FOUND. */
enum nexus_status store_writer_find(struct store_writer *writer, struct str name, int64_t *ret_id,
                                    struct nexus_error *err);

/** `path` may be none (`at` NULL): then whoever writes the file chooses one. */
enum nexus_status store_writer_create(struct store_writer *writer, int64_t schema_id,
                                      struct str path, struct str content_json, int64_t *ret_id,
                                      struct nexus_error *err);
/** A number above all numbers that are keys of the schema's items. */
enum nexus_status store_writer_next_key(struct store_writer *writer, int64_t schema_id,
                                        int64_t *ret_key, struct nexus_error *err);
enum nexus_status store_writer_set_content(struct store_writer *writer, int64_t id,
                                           struct str content_json, struct nexus_error *err);
enum nexus_status store_writer_set_path(struct store_writer *writer, int64_t id, struct str path,
                                        struct nexus_error *err);
enum nexus_status store_writer_remove(struct store_writer *writer, int64_t id,
                                      struct nexus_error *err);

/** What became of a write of an object. Texts are copied; `at` NULL: none. */
struct store_fate {
    bool is_there;           /* the object has a row */
    struct str path;         /* of the row */
    bool has_entry;          /* no file says it yet … */
    enum outbox_state state; /* … and what it waits for */
    struct str pending;      /* why it waits, if a failure is known */
    bool is_refused;         /* it was taken back … */
    struct str refusal;      /* … and why */
    int64_t conflict_id;     /* 0: none */
    bool has_file_won;
    bool is_written; /* its file was */
};
enum nexus_status store_writer_fate(struct store_writer *writer, int64_t id,
                                    const struct store_mark *mark, struct arena *arena,
                                    struct store_fate *ret_fate, struct nexus_error *err);

/** The files (and objects without one) that are held, and those that wait for the next sync. */
enum nexus_status store_writer_count(struct store_writer *writer, uint64_t *ret_held,
                                     uint64_t *ret_waiting, struct nexus_error *err);

/** Asks for something; whoever keeps both sides in step carries it out. Sets `request->id`. */
enum nexus_status store_writer_ask(struct store_writer *writer, struct store_request *request,
                                   struct nexus_error *err);
/** NEXUS_ERROR_NOT_FOUND when there is no such request (any more). */
enum nexus_status store_writer_answer(struct store_writer *writer, int64_t id, struct arena *arena,
                                      bool *ret_answered, struct str *ret_answer,
                                      uint64_t *ret_done, struct nexus_error *err);

#endif
