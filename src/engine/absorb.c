// SPDX-License-Identifier: MIT
#include "engine/absorb.h"

#include "engine/claim.h"
#include "engine/lock.h"

#include "base/time.h"
#include "store/audit.h"
#include "store/files.h"
#include "store/locks.h"
#include "store/notes.h"
#include "store/objects.h"
#include "store/outbox.h"
#include "store/writes.h"

#include <stdlib.h>

/* An editor or a tool that replaces a file by deleting it first is done by then. */
#define SOON_NS (10 * NS_PER_S)
/* A deletion is noticed that late at most, so a file that is older was not made after it. */
#define NOTICED_NS (300 * NS_PER_S)

/** One file on its way into the store. */
struct absorption {
    struct store *store;
    struct digest *digest;
    struct nexus_sync_report *report;
    struct store_object_row *known; /* by key */
    size_t known_count;
    bool *is_kept;               /* for each known one */
    const struct pushed *pushed; /* ascending by id */
    size_t pushed_count;
    int64_t now_ns;
};

/** Keys in byte order; the whole file (no key) before all. */
static int compare_keys(struct str a, struct str b)
{
    if (!a.at || !b.at)
        return (a.at != NULL) - (b.at != NULL);
    return str_compare(a, b);
}

static int by_key(const void *a, const void *b)
{
    const struct store_object_row *left = a, *right = b;
    return compare_keys(left->item_key, right->item_key);
}

/** The known object of that key, or NULL. */
static const struct store_object_row *find_known(const struct absorption *absorption,
                                                 struct str key)
{
    struct store_object_row wanted = {.item_key = key};
    if (!absorption->known_count)
        return NULL;
    return bsearch(&wanted, absorption->known, absorption->known_count, sizeof wanted, by_key);
}

static int by_id(const void *a, const void *b)
{
    const struct pushed *left = a, *right = b;
    return (left->object_id > right->object_id) - (left->object_id < right->object_id);
}

/** What is special about the object, or NULL. An object without a row may be one whose row is gone
 * since: it has a key only. */
static const struct pushed *find_pushed(const struct absorption *absorption,
                                        const struct store_object_row *known, struct str key)
{
    if (!absorption->pushed_count)
        return NULL;
    if (known) {
        struct pushed wanted = {.object_id = known->id};
        return bsearch(&wanted, absorption->pushed, absorption->pushed_count, sizeof wanted, by_id);
    }
    for (size_t i = 0; i < absorption->pushed_count; i++)
        if (absorption->pushed[i].how == PUSHED_LEFT &&
            compare_keys(absorption->pushed[i].key, key) == 0)
            return &absorption->pushed[i];
    return NULL;
}

static void count_outcome(struct nexus_sync_report *report, enum store_outcome outcome)
{
    report->objects_created += outcome == STORE_CREATED;
    report->objects_updated += outcome == STORE_UPDATED;
}

static enum nexus_status put_derived(const struct absorption *absorption,
                                     const struct digest_object *object, int64_t id,
                                     struct nexus_error *err)
{
    struct digest *digest = absorption->digest;
    struct store_derived derived = {.title = object->title};
    if (digest->document.format == DOCUMENT_MARKDOWN) {
        derived.body_property = object->schema->binding.body;
        derived.body = str_slice(digest->document.source, digest->document.front_matter.body_start,
                                 digest->document.source.length);
        derived.note = &digest->note;
        derived.source = digest->document.source;
        derived.lines = &digest->lines;
        derived.front = &digest->document.tape;
    }
    return store_derived_put(absorption->store, id, &derived, err);
}

/** Whether the file came to its place soon after the deletion, however much later it is looked at:
 * among thousands of files it may wait for its turn. */
static bool is_soon_after(const struct absorption *absorption, int64_t deleted_at_ns)
{
    int64_t now_ns = absorption->now_ns, there_ns = absorption->digest->record.print.ctime_ns;
    int64_t away_ns = (there_ns < now_ns ? there_ns : now_ns) - deleted_at_ns;
    return now_ns >= deleted_at_ns && away_ns >= -NOTICED_NS && away_ns <= SOON_NS;
}

/** Whether the object was there when the database was made anew, a moment ago and with its time. */
static bool is_taken_over(const struct absorption *absorption, int64_t deleted_at_ns)
{
    return store_is_bulk(absorption->store) &&
           deleted_at_ns / NS_PER_MS == absorption->now_ns / NS_PER_MS;
}

/** Its file was changed by somebody whom the missing write bits did not stop. */
static enum nexus_status note_if_read_only(const struct absorption *absorption,
                                           const struct store_object_row *object,
                                           struct nexus_error *err)
{
    bool is_broken;
    TRY(store_lock_break(absorption->store, object->id, absorption->digest->record.id, &is_broken,
                         err));
    const struct audit_entry entry = {
        .actor = "unknown",
        .action = "read-only-edit",
        .origin = ORIGIN_FILE,
        .object_id = object->id,
        .uid = object->uid,
    };
    return is_broken ? store_audit_add(absorption->store, &entry, err) : NEXUS_OK;
}

static bool is_same_again(const struct absorption *absorption, const struct digest_object *object,
                          const struct store_tombstone *tombstone)
{
    return is_taken_over(absorption, tombstone->deleted_at_ns) ||
           is_soon_after(absorption, tombstone->deleted_at_ns) ||
           (tombstone->has_base && hash_equal(tombstone->base_hash, object->content_hash));
}

/** The deleted object that this one was at its path, or 0. */
static enum nexus_status find_at_path(const struct absorption *absorption,
                                      const struct digest_object *object, struct str path,
                                      int64_t *ret_id, struct nexus_error *err)
{
    struct store_tombstone *tombstones;
    size_t count;
    TRY(store_tombstones_at(absorption->store, path, &absorption->digest->arena, &tombstones,
                            &count, err));
    for (size_t i = 0; i < count && !*ret_id; i++)
        if (is_same_again(absorption, object, &tombstones[i]))
            *ret_id = tombstones[i].object_id;
    return NEXUS_OK;
}

/** The deleted object that this one was in the very same file, wherever that was, or 0. */
static enum nexus_status find_in_file(const struct absorption *absorption,
                                      const struct digest_object *object, int64_t *ret_id,
                                      struct nexus_error *err)
{
    const struct fingerprint *print = &absorption->digest->record.print;
    struct store_tombstone *tombstones;
    size_t count;
    if (!print->birth_ns)
        return NEXUS_OK;
    TRY(store_tombstones_of(absorption->store, print, &absorption->digest->arena, &tombstones,
                            &count, err));
    for (size_t i = 0; i < count && !*ret_id; i++)
        if (compare_keys(tombstones[i].item_key, object->key) == 0)
            *ret_id = tombstones[i].object_id;
    return NEXUS_OK;
}

/** The id of the deleted object that is back, or 0. */
static enum nexus_status find_deleted(const struct absorption *absorption,
                                      const struct digest_object *object, struct str path,
                                      int64_t *ret_id, struct nexus_error *err)
{
    *ret_id = 0;
    TRY(find_in_file(absorption, object, ret_id, err));
    return *ret_id ? NEXUS_OK : find_at_path(absorption, object, path, ret_id, err);
}

static enum nexus_status put_object(const struct absorption *absorption,
                                    const struct digest_object *object, struct nexus_error *err)
{
    struct digest *digest = absorption->digest;
    const struct store_object_row *known = find_known(absorption, object->key);
    const struct pushed *pushed = find_pushed(absorption, known, object->key);
    if (!object->is_valid || (pushed && pushed->how == PUSHED_LEFT))
        return NEXUS_OK;
    struct str path = digest->record.path;
    if (object->key.at)
        path = arena_format(&digest->arena, "%.*s#%.*s", STR_ARG(path), STR_ARG(object->key));
    struct store_object wanted = {
        .id = known ? known->id : 0,
        .schema_id = object->schema->id,
        .file_id = digest->record.id,
        .path = path,
        .item_key = object->key,
        .content_json = object->content_json,
        .content_hash = object->content_hash,
        .is_told = pushed != NULL,
        .is_outrun = pushed && pushed->how == PUSHED_OUTRUN,
    };
    if (!known && store_may_revive(absorption->store)) {
        TRY(claim_path(absorption->store, path, digest->record.id, absorption->report, err));
        TRY(find_deleted(absorption, object, path, &wanted.revive_id, err));
    }
    int64_t id;
    enum store_outcome outcome;
    TRY(store_object_put(absorption->store, &wanted, ORIGIN_FILE, &id, &outcome, err));
    count_outcome(absorption->report, outcome);
    if (outcome == STORE_UPDATED && known && !pushed)
        TRY(note_if_read_only(absorption, known, err));
    /* The search index still has what SQL changed as it was before. */
    if (outcome == STORE_UNCHANGED && digest->document.format == DOCUMENT_JSON && !wanted.is_told &&
        !digest->is_underived)
        return NEXUS_OK;
    return put_derived(absorption, object, id, err);
}

static enum nexus_status delete_unkept(const struct absorption *absorption, struct nexus_error *err)
{
    for (size_t i = 0; i < absorption->known_count; i++) {
        if (absorption->is_kept[i])
            continue;
        TRY(note_if_read_only(absorption, &absorption->known[i], err));
        TRY(store_object_delete(absorption->store, absorption->known[i].id, ORIGIN_FILE, err));
        absorption->report->objects_deleted++;
    }
    return NEXUS_OK;
}

static enum nexus_status put_objects(struct store *store, struct digest *digest,
                                     struct absorption absorption, struct nexus_error *err)
{
    absorption.store = store;
    absorption.digest = digest;
    TRY(store_objects_of_file(store, digest->record.id, &digest->arena, &absorption.known,
                              &absorption.known_count, err));
    absorption.is_kept =
        arena_alloc_array(&digest->arena, absorption.known_count + 1, sizeof(bool));
    if (!absorption.is_kept)
        return fail_no_memory(err);
    if (absorption.known_count)
        qsort(absorption.known, absorption.known_count, sizeof *absorption.known, by_key);
    for (size_t i = 0; i < absorption.known_count; i++) {
        const struct pushed *pushed =
            find_pushed(&absorption, &absorption.known[i], (struct str){0});
        absorption.is_kept[i] = pushed && pushed->how == PUSHED_LEFT;
    }
    /* Deleted first, so that an item may take over a path that another had. */
    for (size_t i = 0; i < digest->object_count; i++) {
        const struct store_object_row *known = find_known(&absorption, digest->objects[i].key);
        if (known)
            absorption.is_kept[known - absorption.known] = true;
    }
    TRY(delete_unkept(&absorption, err));
    for (size_t i = 0; i < digest->object_count; i++)
        TRY(put_object(&absorption, &digest->objects[i], err));
    return NEXUS_OK;
}

/** A locked file that was read is looked at again, and one that was changed all the same says so.
 */
static enum nexus_status look_at_lock(struct store *store, struct digest *digest,
                                      struct nexus_error *err)
{
    int lock;
    TRY(store_lock_get(store, digest->record.id, &lock, err));
    if (lock != LOCK_NONE)
        TRY(store_lock_touch(store, digest->record.id, err));
    if (lock == LOCK_BROKEN)
        problem_add(&digest->document.problems, PROBLEM_WARNING, LOCK_KEYWORD, 0, 0,
                    "this file is read-only and was changed all the same; the change was taken in "
                    "('nexus permit --read-only off' makes it an ordinary file)");
    return NEXUS_OK;
}

static enum nexus_status absorb(struct store *store, struct digest *digest,
                                struct absorption absorption, struct nexus_error *err)
{
    bool is_unread = digest->outcome == DIGEST_GONE || digest->outcome == DIGEST_BUSY;
    if (is_unread && !digest->moved_from.length)
        return NEXUS_OK;
    if (!store_is_bulk(store) && (!digest->record.id || digest->moved_from.length))
        TRY(claim_path(store, digest->record.path, digest->record.id, absorption.report, err));
    if (digest->moved_from.length)
        TRY(store_file_move(store, digest->record.id, strbuf_str(&digest->moved_from),
                            digest->record.path, ORIGIN_FILE, err));
    if (is_unread)
        return NEXUS_OK; /* its row waits for the next look where that will be */
    TRY(store_file_put(store, &digest->record, &digest->record.id, err));
    if (digest->outcome == DIGEST_WHOLE)
        TRY(put_objects(store, digest, absorption, err));
    if (!store_is_bulk(store))
        TRY(look_at_lock(store, digest, err));
    if (digest->outcome == DIGEST_WHOLE || digest->outcome == DIGEST_BROKEN)
        TRY(store_problems_put(store, digest->record.path, &digest->document.problems, err));
    return NEXUS_OK;
}

enum nexus_status absorb_digest(struct store *store, struct digest *digest, int64_t now_ns,
                                struct nexus_sync_report *report, struct nexus_error *err)
{
    return absorb(store, digest, (struct absorption){.report = report, .now_ns = now_ns}, err);
}

enum nexus_status absorb_pushed(struct store *store, struct digest *digest,
                                const struct pushed *pushed, size_t pushed_count, int64_t now_ns,
                                struct nexus_sync_report *report, struct nexus_error *err)
{
    struct absorption absorption = {
        .report = report, .now_ns = now_ns, .pushed = pushed, .pushed_count = pushed_count};
    return absorb(store, digest, absorption, err);
}

enum nexus_status absorb_is_contested(struct store *store, struct digest *digest,
                                      bool *ret_contested, struct nexus_sync_report *report,
                                      struct nexus_error *err)
{
    *ret_contested = false;
    if (!digest->record.id)
        return NEXUS_OK;
    TRY(store_outbox_has_file(store, digest->record.id, ret_contested, err));
    if (!*ret_contested || !digest->moved_from.length)
        return NEXUS_OK;
    TRY(claim_path(store, digest->record.path, digest->record.id, report, err));
    return store_file_move(store, digest->record.id, strbuf_str(&digest->moved_from),
                           digest->record.path, ORIGIN_FILE, err);
}

enum nexus_status absorb_gone(struct store *store, int64_t file_id, struct str path,
                              struct nexus_sync_report *report, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_object_row *known;
    size_t count;
    enum nexus_status status = store_objects_of_file(store, file_id, &arena, &known, &count, err);
    for (size_t i = 0; status == NEXUS_OK && i < count; i++) {
        status = store_object_delete(store, known[i].id, ORIGIN_FILE, err);
        report->objects_deleted++;
    }
    struct problem_list none = {0};
    if (status == NEXUS_OK)
        status = store_problems_put(store, path, &none, err);
    if (status == NEXUS_OK)
        status = store_file_delete(store, file_id, err);
    arena_finish(&arena);
    return status;
}
