// SPDX-License-Identifier: MIT
/*
 * Each writing is planned as for carrying it out, told, and dropped.
 *
 * A new item of a known file is planned with its place in it, as the push gives it one: here in a
 * transaction that is rolled back.
 */
#include "engine/pending.h"

#include "engine/writing.h"
#include "store/objects.h"

enum { PAGE = 64 };

/** A new item that a known file is to take. */
struct guest {
    int64_t object_id, home;
    struct str path, key;
};

struct pending {
    struct engine *engine;
    nexus_pending_listener *listener;
    void *context;
    enum outbox_state state;
    struct writing writing;
    struct digest scratch;
    struct arena arena; /* of the state at hand */
    struct guest *guests;
    size_t guest_count, guest_capacity;
};

static enum nexus_pending_change change_of(const struct writing *writing)
{
    switch (writing->kind) {
    case WRITING_CREATE: return NEXUS_PENDING_CREATE;
    case WRITING_REPLACE: return NEXUS_PENDING_UPDATE;
    case WRITING_REMOVE: return writing->has_before ? NEXUS_PENDING_DELETE : NEXUS_PENDING_NOTHING;
    case WRITING_NONE:
    case WRITING_LATER: break;
    }
    return NEXUS_PENDING_NOTHING;
}

static void tell(const struct pending *pending, struct str path)
{
    const struct writing *writing = &pending->writing;
    struct nexus_pending_file file = {
        .path = path.at,
        .moved_from = writing->moved_from.length ? writing->moved_from.at : NULL,
        .state = pending->state == OUTBOX_HELD ? NEXUS_PENDING_HELD : NEXUS_PENDING_WAITING,
        .change = change_of(writing),
        .rows = writing->count,
        .reason = writing->kind == WRITING_LATER ? "somebody is writing the file" : NULL,
    };
    for (size_t i = 0; i < writing->count; i++) {
        const struct writing_entry *entry = &writing->entries[i];
        if (entry->is_refused && !file.refused++)
            file.reason = entry->reason.at;
        file.conflicts += writing_entry_is_conflict(entry);
    }
    if (writing->has_before && file.change != NEXUS_PENDING_NOTHING) {
        file.before = strbuf_str(&writing->before).at;
        file.before_length = writing->before.length;
    }
    if (file.change == NEXUS_PENDING_CREATE || file.change == NEXUS_PENDING_UPDATE) {
        file.after = strbuf_str(&writing->digest.bytes).at;
        file.after_length = writing->digest.bytes.length;
    }
    pending->listener(pending->context, &file);
}

static struct str path_of(const struct pending *pending)
{
    return strbuf_str(&pending->writing.path);
}

static bool is_home(const struct pending *pending, int64_t file_id)
{
    for (size_t i = 0; i < pending->guest_count; i++)
        if (pending->guests[i].home == file_id)
            return true;
    return false;
}

static enum nexus_status plan_file(struct pending *pending, int64_t file_id,
                                   struct nexus_error *err)
{
    TRY(writing_fetch(&pending->writing, pending->engine->store, file_id, WRITING_ALL, err));
    return writing_plan(&pending->writing, pending->engine, &pending->scratch, err);
}

static enum nexus_status list_files(struct pending *pending, struct nexus_error *err)
{
    int64_t *files, after = 0;
    size_t count;
    do {
        TRY(store_outbox_files(pending->engine->store, pending->state, INT64_MAX, after, PAGE,
                               &pending->arena, &files, &count, err));
        for (size_t i = 0; i < count; i++) {
            after = files[i];
            if (is_home(pending, files[i]))
                continue;
            TRY(plan_file(pending, files[i], err));
            tell(pending, path_of(pending));
        }
    } while (count);
    return NEXUS_OK;
}

static enum nexus_status note_guest(struct pending *pending, int64_t object_id, int64_t home,
                                    struct nexus_error *err)
{
    struct arena *arena = &pending->arena;
    struct str key = arena_copy(arena, writing_key_of(&pending->writing.entries[0]));
    struct str path = arena_format(arena, "%.*s#%.*s", STR_ARG(path_of(pending)), STR_ARG(key));
    if (!arena_reserve(arena, &pending->guests, &pending->guest_capacity, pending->guest_count + 1,
                       sizeof *pending->guests) ||
        arena->failed)
        return fail_no_memory(err);
    pending->guests[pending->guest_count++] = (struct guest){object_id, home, path, key};
    return NEXUS_OK;
}

/** What will be refused has no path of its own yet: the one that was asked for says most. */
static void tell_new(const struct pending *pending, const struct outbox_entry *entry)
{
    struct str path = path_of(pending);
    tell(pending, path.length || !entry->is.path.at ? path : entry->is.path);
}

static enum nexus_status list_new(struct pending *pending, struct nexus_error *err)
{
    struct outbox_entry *entries;
    int64_t after = 0;
    size_t count;
    do {
        TRY(store_outbox_fileless(pending->engine->store, pending->state, INT64_MAX, after, PAGE,
                                  &pending->arena, &entries, &count, err));
        for (size_t i = 0; i < count; i++) {
            int64_t home;
            after = entries[i].object_id;
            TRY(writing_plan_new(&pending->writing, pending->engine, &entries[i], &home, err));
            if (home)
                TRY(note_guest(pending, entries[i].object_id, home, err));
            else
                tell_new(pending, &entries[i]);
        }
    } while (count);
    return NEXUS_OK;
}

/** All guests of the file get their places, it is planned, and they lose them again. One whose key
 * is taken has none, and is told by itself. */
static enum nexus_status plan_home(struct pending *pending, int64_t home, struct nexus_error *err)
{
    struct engine *engine = pending->engine;
    enum nexus_status status = store_begin(engine->store, engine->now_ns(), err);
    for (size_t i = 0; status == NEXUS_OK && i < pending->guest_count; i++) {
        const struct guest *guest = &pending->guests[i];
        if (guest->home != home)
            continue;
        status =
            store_object_place(engine->store, guest->object_id, home, guest->path, guest->key, err);
        if (status == NEXUS_ERROR_EXISTS)
            status = NEXUS_OK;
    }
    if (status == NEXUS_OK)
        status = plan_file(pending, home, err);
    store_rollback(engine->store);
    return status;
}

static enum nexus_status list_homes(struct pending *pending, struct nexus_error *err)
{
    for (size_t i = 0; i < pending->guest_count; i++) {
        bool is_first = true;
        for (size_t k = 0; k < i; k++)
            is_first &= pending->guests[k].home != pending->guests[i].home;
        if (!is_first)
            continue;
        TRY(plan_home(pending, pending->guests[i].home, err));
        tell(pending, path_of(pending));
    }
    return NEXUS_OK;
}

static enum nexus_status list_state(struct pending *pending, enum outbox_state state,
                                    struct nexus_error *err)
{
    pending->state = state;
    pending->guests = NULL;
    pending->guest_count = pending->guest_capacity = 0;
    arena_reset(&pending->arena);
    TRY(list_new(pending, err));
    TRY(list_homes(pending, err));
    return list_files(pending, err);
}

static enum nexus_status run(struct pending *pending, struct nexus_error *err)
{
    TRY(writing_init(&pending->writing, err));
    TRY(digest_init(&pending->scratch, err));
    TRY(list_state(pending, OUTBOX_HELD, err));
    TRY(list_state(pending, OUTBOX_APPROVED, err));
    return list_state(pending, OUTBOX_WAITING, err);
}

enum nexus_status pending_list(struct engine *engine, nexus_pending_listener *listener,
                               void *context, struct nexus_error *err)
{
    struct pending pending = {.engine = engine, .listener = listener, .context = context};
    TRY(engine_look(engine, err));
    enum nexus_status status = run(&pending, err);
    writing_finish(&pending.writing);
    digest_finish(&pending.scratch);
    arena_finish(&pending.arena);
    return status;
}

enum nexus_status pending_count(struct engine *engine, struct nexus_pending_counts *ret_counts,
                                struct nexus_error *err)
{
    if (!engine->writer)
        TRY(store_writer_open(engine->database_path, &engine->writer, err));
    return store_writer_count(engine->writer, &ret_counts->held, &ret_counts->waiting, err);
}
