// SPDX-License-Identifier: MIT
/* Whose text permissions.json has, and what follows from it. */
#include "engine/beside.h"
#include "engine/permissions_file.h"
#include "engine/permissions_read.h"
#include "engine/permit.h"
#include "engine/watermark.h"

enum standing {
    STANDING_OURS,   /* the database wrote it */
    STANDING_NEWER,  /* a newer state of this database did */
    STANDING_EDITED, /* somebody did */
    STANDING_BROKEN, /* it cannot be read */
};

static enum nexus_status remembers(struct store *store, const char *key, const char *hash,
                                   bool *remembers_it, struct nexus_error *err)
{
    struct arena arena = {0};
    struct str value;
    enum nexus_status status = store_meta_get(store, key, &arena, &value, err);
    if (status == NEXUS_OK)
        *remembers_it |= str_is(value, hash);
    arena_finish(&arena);
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

static enum nexus_status is_remembered(struct store *store, bool *was_written,
                                       struct nexus_error *err)
{
    struct arena arena = {0};
    struct str value;
    enum nexus_status status = store_meta_get(store, "permissions", &arena, &value, err);
    *was_written |= status == NEXUS_OK;
    arena_finish(&arena);
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

static enum nexus_status find_standing(const struct engine *engine, struct store *store,
                                       const struct permissions_entries *entries,
                                       enum standing *ret_standing, struct nexus_error *err)
{
    struct watermark watermark;
    bool is_ours = !entries->is_there;
    TRY(remembers(store, "permissions", entries->hash, &is_ours, err));
    TRY(remembers(store, "permissions_before", entries->hash, &is_ours, err));
    TRY(watermark_read(engine->nexus_fd, &watermark, err));
    bool is_newer = strcmp(watermark.permissions, entries->hash) == 0;
    *ret_standing = is_ours             ? STANDING_OURS
                    : !entries->is_good ? STANDING_BROKEN
                    : is_newer          ? STANDING_NEWER
                                        : STANDING_EDITED;
    return NEXUS_OK;
}

static enum nexus_status take(struct store *store, enum standing standing,
                              const struct permissions_entries *entries, size_t *changed,
                              struct nexus_error *err)
{
    switch (standing) {
    case STANDING_OURS: return NEXUS_OK;
    case STANDING_NEWER: *changed = 1; return permissions_tighten(store, entries, NULL, err);
    case STANDING_EDITED: return permissions_take_edit(store, entries, changed, err);
    case STANDING_BROKEN:
        *changed = 1;
        return permissions_tell(
            store,
            "it is not a list of permissions: nothing of it is applied, and it stays until "
            "the next change of permissions",
            err);
    }
    return NEXUS_OK;
}

/** Looks at the file within the transaction: whoever took it in meanwhile has remembered it. */
static enum nexus_status take_new(struct engine *engine, struct store *store, size_t *changed,
                                  struct nexus_error *err)
{
    ENTRIES_SCOPED entries = {0};
    enum standing standing;
    TRY(permissions_read(engine->nexus_fd, &entries, err));
    TRY(find_standing(engine, store, &entries, &standing, err));
    TRY(take(store, standing, &entries, changed, err));
    return standing == STANDING_OURS || standing == STANDING_BROKEN
               ? NEXUS_OK
               : permissions_file_remember(store, str_of(entries.hash), err);
}

static enum nexus_status take_in(struct engine *engine, struct store *store,
                                 enum standing *ret_standing, size_t *changed,
                                 struct nexus_error *err)
{
    ENTRIES_SCOPED entries = {0};
    TRY(permissions_read(engine->nexus_fd, &entries, err));
    TRY(find_standing(engine, store, &entries, ret_standing, err));
    if (*ret_standing == STANDING_OURS)
        return NEXUS_OK;
    TRY(store_begin(store, engine->now_ns(), err));
    enum nexus_status status = take_new(engine, store, changed, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

enum nexus_status permissions_take_in(struct engine *engine, struct store *store,
                                      struct nexus_error *err)
{
    enum standing standing;
    size_t changed = 0;
    return take_in(engine, store, &standing, &changed, err);
}

static enum nexus_status settle(struct engine *engine, struct store *store, struct nexus_error *err)
{
    enum standing standing;
    size_t changed = 0;
    bool was_written = false;
    TRY(take_in(engine, store, &standing, &changed, err));
    TRY(is_remembered(store, &was_written, err));
    if (standing == STANDING_BROKEN || !was_written)
        return NEXUS_OK; /* there was nothing to say yet */
    return changed ? permit_tell(engine, store, err)
                   : permissions_file_write(engine->nexus_fd, store, engine->now_ns(), err);
}

/** A database that was not left in order, and the file that it wrote last: where they differ, and
 * nobody changed the row, one of them is damaged. */
static enum nexus_status distrust(struct engine *engine, struct store *store,
                                  const struct permissions_entries *entries,
                                  struct nexus_error *err)
{
    bool is_last = false;
    TRY(remembers(store, "permissions", entries->hash, &is_last, err));
    if (!entries->is_there || !is_last)
        return NEXUS_OK;
    TRY(store_begin(store, engine->now_ns(), err));
    enum nexus_status status = permissions_tighten(store, entries, NULL, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

enum nexus_status permissions_distrust(struct engine *engine, struct nexus_error *err)
{
    ENTRIES_SCOPED entries = {0};
    struct store *store;
    if (!engine->recovery.is_permission_suspect)
        return NEXUS_OK;
    engine->recovery.is_permission_suspect = false;
    TRY(permissions_read(engine->nexus_fd, &entries, err));
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = distrust(engine, store, &entries, err);
    beside_give_back(engine);
    return status;
}

enum nexus_status permissions_settle(struct engine *engine, struct nexus_error *err)
{
    struct store *store;
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = settle(engine, store, err);
    beside_give_back(engine);
    return status;
}
