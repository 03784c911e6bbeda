// SPDX-License-Identifier: MIT
/*
 * The database of a followed vault, between bursts of work and under the hands of others.
 *
 * A moment after something was written the database is tended, in pieces that are shorter than the
 * debounce; a database that somebody else is writing to is left for later, and ever later.
 *
 * A write of another process is told of before its commit can be seen (store/foreign.h), so it is
 * asked for again until it is through.
 */
#include "engine/live_state.h"

#include "base/time.h"
#include "engine/beside.h"
#include "engine/defaults.h"
#include "engine/lock.h"
#include "engine/permissions_read.h"
#include "engine/permit.h"
#include "engine/push.h"
#include "engine/recovery.h"
#include "engine/upkeep.h"
#include "store/foreign.h"
#include "store/schema_edits.h"

#include <string.h>

#define TEND_DELAY_NS (50 * NS_PER_MS) /* a save takes 300 to be due: it does not meet this */
/* While another process is about to commit it is asked again after 1, 2, 4 … 64 ms, then 250. */
#define FOREIGN_FIRST_NS NS_PER_MS
#define FOREIGN_DOUBLED_MAX_NS (64 * NS_PER_MS)
#define FOREIGN_MAX_NS (250 * NS_PER_MS)
/* What was displaced within a second is looked at in one go. */
#define DISPLACED_TOGETHER_NS NS_PER_S
/* An end that is far away is asked for again: the machine may sleep meanwhile. */
#define EXPIRY_MAX_NS (INT64_C(6) * 3600 * NS_PER_S)
#define KEEP_DELAY_NS (250 * NS_PER_MS)
#define BACKUP_RETRY_NS (60 * NS_PER_S)

void live_plan_tending(struct live *live)
{
    if (store_written_rows(live->engine->store) != live->tended_rows &&
        !alarms_is_set(&live->alarms, ALARM_TEND))
        alarms_set(&live->alarms, ALARM_TEND, TEND_DELAY_NS);
}

enum nexus_status live_tend(struct live *live, struct nexus_error *err)
{
    bool more, is_writing;
    TRY(store_foreign_writes(live->engine->store, &is_writing, err));
    enum nexus_status status =
        is_writing ? NEXUS_ERROR_BUSY : store_tend(live->engine->store, &more, err);
    if (status != NEXUS_OK) {
        alarms_put_off(&live->alarms, ALARM_TEND, TEND_DELAY_NS);
        return status == NEXUS_ERROR_BUSY ? NEXUS_OK : status;
    }
    alarms_succeed(&live->alarms, ALARM_TEND);
    live->tended_rows = store_written_rows(live->engine->store);
    if (more)
        alarms_set(&live->alarms, ALARM_TEND, TEND_DELAY_NS);
    return NEXUS_OK;
}

enum nexus_status live_plan_pushing(struct live *live, int64_t again_ns, struct nexus_error *err)
{
    int64_t due_ns, now_ns = time_monotonic_ns();
    if (again_ns) {
        int64_t wait_ns = again_ns - live->engine->now_ns();
        alarms_set(&live->alarms, ALARM_PUSH, wait_ns > NS_PER_MS ? wait_ns : NS_PER_MS);
    }
    TRY(push_settle_displaced(live->engine, now_ns, &due_ns, err));
    if (due_ns == INT64_MAX)
        return NEXUS_OK;
    int64_t wait_ns = due_ns > now_ns ? due_ns - now_ns + DISPLACED_TOGETHER_NS : NS_PER_MS;
    alarms_set(&live->alarms, ALARM_DISPLACED, wait_ns);
    return NEXUS_OK;
}

bool live_may_push_again(struct live *live, uint64_t flush)
{
    if (!live->push_flush || flush < live->push_flush || live->is_paused)
        return false;
    live->push_flush = 0;
    return true;
}

static void look_at_database_again(struct live *live)
{
    int64_t pause_ns = live->foreign_pause_ns * 2;
    if (!pause_ns)
        pause_ns = FOREIGN_FIRST_NS;
    live->foreign_pause_ns = pause_ns <= FOREIGN_DOUBLED_MAX_NS ? pause_ns : FOREIGN_MAX_NS;
    alarms_set(&live->alarms, ALARM_DATABASE, live->foreign_pause_ns);
}

enum nexus_status live_look_at_schemas(struct live *live, struct nexus_error *err)
{
    struct arena arena = {0};
    struct store_schema_edit *edits;
    size_t count = 0;
    enum nexus_status status = store_schema_edits(live->engine->store, &arena, &edits, &count, err);
    arena_finish(&arena);
    live->are_rules_changed |= count > 0;
    return status;
}

static enum nexus_status settle_permissions(struct engine *engine, int64_t *ret_next_ns,
                                            struct nexus_error *err)
{
    size_t count;
    TRY(permissions_distrust(engine, err));
    TRY(engine_take_permission_edits(engine, &count, err));
    TRY(permissions_settle(engine, err));
    TRY(engine_expire(engine, &count, err));
    TRY(defaults_apply(engine, err));
    TRY(lock_settle(engine, engine->store, err));
    return engine_next_expiry(engine, ret_next_ns, err);
}

enum nexus_status live_settle_permissions(struct live *live, struct nexus_error *err)
{
    struct store *beside;
    int64_t at_ns, now_ns = live->engine->now_ns();
    TRY(beside_take(live->engine, &beside, err));
    enum nexus_status status = settle_permissions(live->engine, &at_ns, err);
    beside_give_back(live->engine);
    TRY(status);
    if (at_ns == INT64_MAX)
        return NEXUS_OK;
    int64_t wait_ns = at_ns > now_ns ? at_ns - now_ns : NS_PER_MS;
    alarms_set(&live->alarms, ALARM_EXPIRY, wait_ns < EXPIRY_MAX_NS ? wait_ns : EXPIRY_MAX_NS);
    return NEXUS_OK;
}

/** Each line is news of its own. */
static void tell_lines(struct live *live, char *lines)
{
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_REPAIRED, .text = line});
}

void live_tell_recovery(struct live *live)
{
    struct strbuf *news = &live->engine->recovery.news;
    if (news->length)
        tell_lines(live, news->at);
    strbuf_reset(news);
}

void live_plan_keeping(struct live *live)
{
    if (!alarms_is_set(&live->alarms, ALARM_KEEP))
        alarms_set(&live->alarms, ALARM_KEEP, KEEP_DELAY_NS);
}

static enum nexus_status back_up(struct live *live, struct nexus_error *err)
{
    int64_t due_ns;
    enum nexus_status status = recovery_back_up(live->engine, &due_ns, err);
    if (status != NEXUS_OK) {
        alarms_put_off(&live->alarms, ALARM_BACKUP, BACKUP_RETRY_NS);
        return status;
    }
    int64_t wait_ns = due_ns - live->engine->now_ns();
    if (wait_ns < NS_PER_S)
        wait_ns = NS_PER_S;
    alarms_succeed(&live->alarms, ALARM_BACKUP);
    alarms_set(&live->alarms, ALARM_BACKUP, wait_ns < EXPIRY_MAX_NS ? wait_ns : EXPIRY_MAX_NS);
    return NEXUS_OK;
}

enum nexus_status live_keep(struct live *live, struct nexus_error *err)
{
    bool is_time_to_back_up = alarms_take(&live->alarms, ALARM_BACKUP);
    if (alarms_take(&live->alarms, ALARM_KEEP))
        TRY(recovery_keep(live->engine, err));
    return is_time_to_back_up ? back_up(live, err) : NEXUS_OK;
}

/** Puts right what others did to the database itself, and says so. What one of them who is writing
 * commits meanwhile may not be seen. */
static enum nexus_status look_after_database(struct live *live, bool *ret_is_writing,
                                             struct nexus_error *err)
{
    STRBUF_SCOPED what = {0};
    enum nexus_status status = store_check_place(live->engine->store, err);
    if (status == NEXUS_OK)
        status = store_foreign_writes(live->engine->store, ret_is_writing, err);
    if (status == NEXUS_OK)
        status = upkeep_check(live->engine, &what, err);
    if (status == NEXUS_ERROR_CHANGED) {
        live->is_database_lost = true;
        live_tell(live,
                  (struct nexus_live_news){.event = NEXUS_LIVE_REPAIRED,
                                           .text = "the database was moved away or replaced: the "
                                                   "one at its place is used from now on"});
        return NEXUS_OK;
    }
    if (status == NEXUS_OK && what.length) {
        tell_lines(live, what.at);
        live->is_stale = true; /* what has no row any more is read again */
    }
    return status;
}

enum nexus_status live_look_at_database(struct live *live, bool *ret_changed,
                                        struct nexus_error *err)
{
    bool is_writing = false;
    *ret_changed = false;
    live->is_database_touched = false;
    TRY(look_after_database(live, &is_writing, err));
    if (live->is_database_lost)
        return NEXUS_OK;
    if (is_writing)
        look_at_database_again(live);
    else
        live->foreign_pause_ns = 0;
    TRY(store_foreign_changed(live->engine->store, ret_changed, err));
    if (!*ret_changed)
        return NEXUS_OK;
    TRY(live_settle_permissions(live, err));
    return live_look_at_schemas(live, err);
}
