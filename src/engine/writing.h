// SPDX-License-Identifier: MIT
/*
 * One file's share of what SQL changed: what is to become of each object, and of the file.
 *
 * A writing is planned from the outbox, the file as it is now, and the base (sync/plan.h); nothing
 * is touched. engine/carry.h carries it out.
 *
 * A writing is a reusable slot, as a digest is.
 */
#ifndef ENGINE_WRITING_H
#define ENGINE_WRITING_H

#include "engine/digest.h"
#include "engine/engine.h"
#include "store/outbox.h"
#include "sync/plan.h"

enum writing_kind {
    WRITING_NONE,    /* the file stays as it is; rows may change */
    WRITING_CREATE,  /* a new file */
    WRITING_REPLACE, /* another version of the file */
    WRITING_REMOVE,  /* into the trash */
    WRITING_LATER,   /* somebody is writing the file: nothing now */
};

enum writing_scope {
    WRITING_ALLOWED, /* what the brake holds is left, but for what the file has outrun */
    WRITING_ALL,
};

/** What becomes of one entry of the outbox. */
struct writing_entry {
    struct outbox_entry entry;
    enum plan_action action;
    bool is_refused;   /* it is taken back, because of … */
    struct str reason; /* … one line */
    bool is_left;      /* it has to wait for the next push */
    struct tape wanted;
    bool has_wanted;         /* the row is there, and its content is on `wanted` */
    uint32_t node;           /* of its object in the file, or TAPE_NONE */
    struct plan_input input; /* of what the action was decided */
    enum side winner;        /* where something is lost */
    struct str lost;         /* of PLAN_MERGE: the properties that the other side lost */
    bool takes_in;           /* of PLAN_MERGE: the row takes something of the file's */
    const struct registered *schema;
};

struct writing {
    struct arena arena;
    enum writing_kind kind;
    enum writing_scope scope;
    int64_t file_id; /* 0: a new file */
    int64_t undoes;  /* the seq in history that it puts back, or 0 */
    struct strbuf path;
    struct strbuf moved_from;    /* empty: the file is not moved */
    int64_t known_bytes;         /* of the file when it was last seen, and of what its rows say */
    struct outbox_entry *outbox; /* as fetched */
    size_t outbox_count;
    struct writing_entry *entries;
    size_t count;
    bool has_before;
    struct strbuf before; /* the file's bytes now */
    struct hash before_hash;
    struct fingerprint before_print;
    bool is_before_racy;
    struct digest digest; /* of what will be in the file */
};

/** Whether something is written, or taken away. */
static inline bool writing_touches_file(const struct writing *writing)
{
    return writing->kind == WRITING_CREATE || writing->kind == WRITING_REPLACE ||
           (writing->kind == WRITING_REMOVE && writing->has_before);
}

/** Whether somebody's version, or a part of it, loses: `entry->winner` tells whose stays. */
static inline bool writing_entry_is_conflict(const struct writing_entry *entry)
{
    return !entry->is_refused && !entry->is_left &&
           (plan_is_conflict(entry->action) || entry->lost.length > 0);
}

/** NEXUS_ERROR_NO_MEMORY is its only failure. */
enum nexus_status writing_init(struct writing *writing, struct nexus_error *err);
void writing_finish(struct writing *writing);

/** What the database says of a known file and its changed objects. */
enum nexus_status writing_fetch(struct writing *writing, struct store *store, int64_t file_id,
                                enum writing_scope scope, struct nexus_error *err);

/** Plans what becomes of all objects that were fetched. `scratch` is a digest for the file as it is
 * now. A change that cannot be is refused with a reason, and the others go on. It asks nothing of
 * the database, so that several threads may plan at a time. */
enum nexus_status writing_plan(struct writing *writing, const struct engine *engine,
                               struct digest *scratch, struct nexus_error *err);

/** Plans the file of a new object that has none. Where its file is known already (a collection's),
 * `*ret_home` is that file's id: the object has to be placed there first (store_object_place(),
 * with `path`, the file's, and its key), and is then one of that file's. */
enum nexus_status writing_plan_new(struct writing *writing, const struct engine *engine,
                                   const struct outbox_entry *entry, int64_t *ret_home,
                                   struct nexus_error *err);

/** Plans the version of the object's file in which it says `content_json`, whatever both sides say
 * now: for a person who decided so. NEXUS_ERROR_REFUSED with the reason when it cannot be. */
enum nexus_status writing_plan_content(struct writing *writing, const struct engine *engine,
                                       int64_t object_id, struct str content_json,
                                       struct digest *scratch, struct nexus_error *err);

/** The item key that the new object's content gives it, or nothing where it is a whole file. */
struct str writing_key_of(const struct writing_entry *entry);

#endif
