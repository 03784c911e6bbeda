// SPDX-License-Identifier: MIT
#include "engine/permit.h"

#include "base/time.h"
#include "engine/audit.h"
#include "engine/beside.h"
#include "engine/lock.h"
#include "engine/permissions_file.h"
#include "engine/permissions_read.h"
#include "store/permissions.h"

#include <stdlib.h>

static void add_flag(struct strbuf *json, const char *key, enum permission_flag flag)
{
    const char *value = flag == FLAG_YES ? "true" : flag == FLAG_NO ? "false" : "null";
    strbuf_addf(json, "\"%s\":%s,", key, value);
}

static void add_row(struct strbuf *json, const char *key, const struct permission *row)
{
    strbuf_addf(json, "\"%s\":{", key);
    add_flag(json, "share_with_ai", row->share_with_ai);
    add_flag(json, "share_with_cloud", row->share_with_cloud);
    add_flag(json, "read_only", row->read_only);
    strbuf_add_text(json, "\"expires_at\":");
    if (row->expires_at.at)
        strbuf_add_json(json, row->expires_at);
    else
        strbuf_add_text(json, "null");
    strbuf_add_text(json, "},");
}

enum nexus_status permit_record(struct store *store, const struct store_permission_edit *edit,
                                const struct permit_by *by, const char *rule,
                                struct nexus_error *err)
{
    STRBUF_SCOPED detail = {0};
    strbuf_add_char(&detail, '{');
    add_row(&detail, "before", &edit->before);
    add_row(&detail, "after", &edit->after);
    if (rule) {
        strbuf_add_text(&detail, "\"rule\":");
        strbuf_add_json(&detail, str_of(rule));
        strbuf_add_char(&detail, ',');
    }
    strbuf_addf(&detail, "\"effect\":\"%s\"}",
                permission_effect_name(permission_compare(&edit->before, &edit->after)));
    if (detail.failed)
        return fail_no_memory(err);
    const struct audit_entry entry = {
        .actor = by->actor,
        .action = by->action,
        .origin = by->origin,
        .object_id = edit->object_id,
        .uid = edit->uid,
        .detail_json = strbuf_str(&detail),
    };
    return store_audit_add(store, &entry, err);
}

enum nexus_status permit_write(struct store *store, const struct store_permission *before,
                               const struct permission *after, const struct permit_by *by,
                               struct nexus_error *err)
{
    struct store_permission changed = *before;
    changed.row = *after;
    const struct store_permission_edit edit = {before->object_id, before->uid, before->row, *after};
    TRY(store_permission_put(store, &changed, by->origin, err));
    return permit_record(store, &edit, by, NULL, err);
}

static enum nexus_status change_one(struct store *store, int64_t object_id,
                                    const struct permission_change *change,
                                    const struct permit_by *by, size_t *changed,
                                    struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_permission before;
    enum nexus_status status = store_permission_get(store, object_id, &arena, &before, err);
    if (status == NEXUS_OK) {
        struct permission after = permission_apply(&before.row, change);
        if (!permission_equal(&before.row, &after)) {
            status = permit_write(store, &before, &after, by, err);
            ++*changed;
        } else { /* as it was, but now it is said */
            status = store_permission_decide(store, object_id, err);
        }
    }
    arena_finish(&arena);
    return status;
}

static enum nexus_status change_each(struct store *store, const int64_t *object_ids, size_t count,
                                     const struct permission_change *change,
                                     const struct permit_by *by, size_t *changed,
                                     struct nexus_error *err)
{
    for (size_t i = 0; i < count; i++)
        TRY(change_one(store, object_ids[i], change, by, changed, err));
    return NEXUS_OK;
}

/** Commits what was changed, if anything was. */
static enum nexus_status finish(struct store *store, enum nexus_status status, size_t changed,
                                struct nexus_error *err)
{
    if (status == NEXUS_OK && changed)
        status = store_commit(store, err);
    if (status != NEXUS_OK || !changed)
        store_rollback(store);
    return status;
}

static enum nexus_status change_all(struct store *store, int64_t now_ns, const int64_t *object_ids,
                                    size_t count, const struct permission_change *change,
                                    const struct permit_by *by, size_t *ret_changed,
                                    struct nexus_error *err)
{
    *ret_changed = 0;
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status = change_each(store, object_ids, count, change, by, ret_changed, err);
    if (status == NEXUS_OK) /* the owner has decided */
        status = permissions_forget_refusals(store, err);
    return finish(store, status, count, err);
}

/** What others read of it. The change itself is done, and stays done when this fails. */
enum nexus_status permit_tell(struct engine *engine, struct store *store, struct nexus_error *err)
{
    TRY(audit_copy(engine->nexus_fd, store, err));
    return permissions_file_write(engine->nexus_fd, store, engine->now_ns(), err);
}

enum nexus_status engine_permit(struct engine *engine, const int64_t *object_ids, size_t count,
                                const struct permission_change *change, size_t *ret_changed,
                                struct nexus_error *err)
{
    static const struct permit_by owner = {"owner", "permission", ORIGIN_API};
    struct store *store;
    size_t changed;
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = permissions_take_in(engine, store, err);
    if (status == NEXUS_OK)
        status =
            change_all(store, engine->now_ns(), object_ids, count, change, &owner, &changed, err);
    if (status == NEXUS_OK && count)
        status = permit_tell(engine, store, err);
    if (status == NEXUS_OK && change->read_only != WISH_KEEP)
        status = lock_settle(engine, store, err);
    beside_give_back(engine);
    if (status == NEXUS_OK)
        *ret_changed = changed;
    return status;
}

static enum nexus_status take_one(struct store *store, bool *ret_more, struct nexus_error *err)
{
    static const struct permit_by somebody = {"unknown", "permission", ORIGIN_SQL};
    struct arena arena = {0};
    struct store_permission_edit edit;
    enum nexus_status status = store_permission_edit_take(store, &arena, &edit, ret_more, err);
    if (status == NEXUS_OK && *ret_more)
        status = permit_record(store, &edit, &somebody, NULL, err);
    if (status == NEXUS_OK && *ret_more)
        status = store_permission_decide(store, edit.object_id, err);
    arena_finish(&arena);
    return status;
}

static enum nexus_status take_all(struct store *store, int64_t now_ns, size_t *ret_taken,
                                  struct nexus_error *err)
{
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status = NEXUS_OK;
    *ret_taken = 0;
    for (bool more = true; status == NEXUS_OK && more;) {
        status = take_one(store, &more, err);
        *ret_taken += status == NEXUS_OK && more;
    }
    return finish(store, status, *ret_taken, err);
}

enum nexus_status engine_take_permission_edits(struct engine *engine, size_t *ret_taken,
                                               struct nexus_error *err)
{
    struct store *store;
    size_t taken;
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = permissions_take_in(engine, store, err);
    if (status == NEXUS_OK)
        status = take_all(store, engine->now_ns(), &taken, err);
    if (status == NEXUS_OK && taken)
        status = permit_tell(engine, store, err);
    beside_give_back(engine);
    if (status == NEXUS_OK)
        *ret_taken = taken;
    return status;
}

static enum nexus_status keep_earliest(void *context, int64_t object_id, struct str expires_at,
                                       struct nexus_error *err)
{
    int64_t *earliest_ns = context, at_ns;
    (void)object_id;
    (void)err;
    if (time_parse(expires_at, &at_ns) && at_ns < *earliest_ns)
        *earliest_ns = at_ns;
    return NEXUS_OK;
}

enum nexus_status engine_next_expiry(struct engine *engine, int64_t *ret_at_ns,
                                     struct nexus_error *err)
{
    struct store *store;
    int64_t earliest_ns = INT64_MAX;
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = store_permissions_ending(store, keep_earliest, &earliest_ns, err);
    beside_give_back(engine);
    if (status == NEXUS_OK)
        *ret_at_ns = earliest_ns;
    return status;
}

/** The objects whose sharing has ended. */
struct ended {
    int64_t now_ns;
    int64_t *ids;
    size_t count, capacity;
};

static enum nexus_status keep_ended(void *context, int64_t object_id, struct str expires_at,
                                    struct nexus_error *err)
{
    struct ended *ended = context;
    int64_t at_ns;
    if (!time_parse(expires_at, &at_ns) || at_ns > ended->now_ns)
        return NEXUS_OK;
    if (!array_reserve(&ended->ids, &ended->capacity, ended->count + 1, sizeof *ended->ids))
        return fail_no_memory(err);
    ended->ids[ended->count++] = object_id;
    return NEXUS_OK;
}

static enum nexus_status expire_each(struct store *store, int64_t now_ns, size_t *expired,
                                     struct nexus_error *err)
{
    static const struct permit_by nexus = {"nexus", "expiry", ORIGIN_NEXUS};
    static const struct permission_change close = {.share_with_ai = WISH_OFF,
                                                   .share_with_cloud = WISH_OFF};
    struct ended ended = {.now_ns = now_ns};
    enum nexus_status status = store_permissions_ending(store, keep_ended, &ended, err);
    if (status == NEXUS_OK)
        status = change_each(store, ended.ids, ended.count, &close, &nexus, expired, err);
    free(ended.ids);
    return status;
}

static enum nexus_status expire(struct engine *engine, struct store *store, size_t *ret_expired,
                                struct nexus_error *err)
{
    int64_t now_ns = engine->now_ns();
    *ret_expired = 0;
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status = expire_each(store, now_ns, ret_expired, err);
    TRY(finish(store, status, *ret_expired, err));
    return *ret_expired ? permit_tell(engine, store, err) : NEXUS_OK;
}

enum nexus_status engine_expire(struct engine *engine, size_t *ret_expired, struct nexus_error *err)
{
    struct store *store;
    size_t expired;
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = permissions_take_in(engine, store, err);
    if (status == NEXUS_OK)
        status = expire(engine, store, &expired, err);
    beside_give_back(engine);
    if (status == NEXUS_OK)
        *ret_expired = expired;
    return status;
}

enum nexus_status engine_clock(struct engine *engine, int64_t *ret_latest_ns,
                               struct nexus_error *err)
{
    struct store *store;
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = store_clock_get(store, ret_latest_ns, err);
    beside_give_back(engine);
    return status;
}

static enum nexus_status record_clock(struct store *store, int64_t before_ns, int64_t now_ns,
                                      struct nexus_error *err)
{
    char before[TIME_TEXT_SIZE], now[TIME_TEXT_SIZE];
    STRBUF_SCOPED detail = {0};
    strbuf_addf(&detail, "{\"before\":\"%s\",\"after\":\"%s\",\"effect\":\"looser\"}",
                time_format(before_ns, before), time_format(now_ns, now));
    if (detail.failed)
        return fail_no_memory(err);
    const struct audit_entry entry = {
        .actor = "owner",
        .action = "clock",
        .origin = ORIGIN_API,
        .detail_json = strbuf_str(&detail),
    };
    return store_audit_add(store, &entry, err);
}

static enum nexus_status trust_clock(struct store *store, int64_t now_ns, bool *ret_changed,
                                     struct nexus_error *err)
{
    int64_t before_ns;
    TRY(store_begin(store, now_ns, err));
    enum nexus_status status = store_clock_get(store, &before_ns, err);
    *ret_changed = status == NEXUS_OK && before_ns > now_ns;
    if (*ret_changed) {
        status = store_clock_set(store, err);
        if (status == NEXUS_OK)
            status = record_clock(store, before_ns, now_ns, err);
    }
    return finish(store, status, *ret_changed, err);
}

enum nexus_status engine_trust_clock(struct engine *engine, bool *ret_changed,
                                     struct nexus_error *err)
{
    struct store *store;
    bool is_changed;
    TRY(beside_take(engine, &store, err));
    enum nexus_status status = trust_clock(store, engine->now_ns(), &is_changed, err);
    if (status == NEXUS_OK && is_changed)
        status = audit_copy(engine->nexus_fd, store, err);
    beside_give_back(engine);
    if (status == NEXUS_OK)
        *ret_changed = is_changed;
    return status;
}
