// SPDX-License-Identifier: MIT
/*
 * The watcher of a followed vault, and whether it can be relied on.
 *
 * A watcher may fail without a word: its thread may have ended or hang, its watches may be gone, a
 * filesystem may not tell. So now and then it is checked. First a flush: the thread has to answer
 * it, and what it knew of is taken in. Then everything is walked. What the walk finds must be told
 * of, too, for it can only have happened meanwhile: a second flush, and each path that is told of
 * is struck off the list. If some are left, the watcher does not hear: it is opened afresh, with a
 * walk for what it missed.
 *
 * A path that is not quiet yet is not told of, flush or not: while there are such, a verdict waits
 * for as long as one can take to become quiet.
 */
#include "engine/live_state.h"

#include "base/time.h"
#include "engine/permissions_file.h"
#include "store/feed.h"

#include <string.h>

/* What counts although its name is hidden: a change there changes how the vault is read. */
static const char *const also_watched[] = {".nexus/schemas/", ".nexus/config.json",
                                           PERMISSIONS_FILE_PATH, ".nexusignore", NULL};

#define ANSWER_MAX_NS (30 * NS_PER_S) /* a loaded machine, a slow disk */
#define QUIET_MAX_NS (12 * NS_PER_S)  /* as long as watch/pending.h holds a path, and a little */
enum {
    UNHEARD_PATHS = 64,  /* one would do */
    PULSE_WAIT_MS = 250, /* for a sign of life of the watcher, while somebody waits */
};

/* --- opening and closing --------------------------------------------------------------------- */

enum nexus_status live_open_watcher(struct live *live, struct nexus_error *err)
{
    struct engine *engine = live->engine;
    struct watcher_options options = {
        .debounce_ms = (int)engine->settings.debounce_ms,
        .max_wait_ms = (int)engine->settings.max_wait_ms,
        .also = also_watched,
        .database = ".nexus/vault.sqlite",
    };
    live->flushes_before = live->last_flush;
    TRY(watcher_open(engine->root_path, engine->root_fd, engine->ignore, &options, &live->watcher,
                     err));
    return alarms_follow(&live->alarms, watcher_fd(live->watcher), err);
}

static void end_check(struct live *live)
{
    live->check.phase = CHECK_NONE;
    strbuf_reset(&live->check.unheard);
    alarms_clear(&live->alarms, ALARM_CHECK);
}

void live_close_watcher(struct live *live)
{
    if (live->watcher)
        end_check(live);
    if (!live->is_stuck) /* else it would be waited for */
        watcher_close(live->watcher);
    live->watcher = NULL;
    strbuf_finish(&live->check.unheard);
}

enum nexus_status live_watch_again(struct live *live, struct nexus_error *err)
{
    TRY(live_open_watcher(live, err));
    if (live->is_paused) /* it would not open without the vault's folder */
        live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_RESUMED});
    live->is_paused = false;
    TRY(live_walk(live, 0, NULL, err));
    live_tell(live,
              (struct nexus_live_news){.event = NEXUS_LIVE_FLUSHED, .flush = live->last_flush});
    return NEXUS_OK;
}

enum nexus_status live_restart_watcher(struct live *live, const char *why, struct nexus_error *err)
{
    live->restarts++;
    live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_RESTARTED, .text = why});
    live_close_watcher(live);
    return live_watch_again(live, err);
}

/* --- the check ------------------------------------------------------------------------------- */

static void wait_for_answer(struct live *live)
{
    int64_t limit_ns = live->engine->settings.walk_seconds * NS_PER_S;
    alarms_set(&live->alarms, ALARM_CHECK, limit_ns < ANSWER_MAX_NS ? limit_ns : ANSWER_MAX_NS);
}

static void ask(struct live *live, enum check_phase phase)
{
    live->check.phase = phase;
    live->check.flush = live_flush(live);
    wait_for_answer(live);
}

enum nexus_status live_check(struct live *live, struct nexus_error *err)
{
    if (live->is_paused || live->is_stuck || !live->watcher)
        return NEXUS_OK;
    if (watcher_pulse(live->watcher, 0) == WATCHER_ENDED)
        return live_restart_watcher(live, "the thread that watches the vault had ended", err);
    end_check(live);
    ask(live, CHECK_ASKED);
    return NEXUS_OK;
}

/** Walks, and lists what that brought to light. */
static enum nexus_status find_unheard(struct live *live, struct nexus_error *err)
{
    int64_t seq;
    struct hash rules = rules_print(live->engine);
    live->are_rules_changed |= !hash_equal(rules, live->rules);
    TRY(store_feed_last(live->engine->store, &seq, err));
    TRY(live_look_at_all(live, 0, NULL, err));
    if (live->check.phase != CHECK_ASKED) /* there is another watcher, by other rules */
        return NEXUS_OK;
    return store_feed_paths_since(live->engine->store, seq, UNHEARD_PATHS, &live->check.unheard,
                                  err);
}

/** Whether `path` is the file of the object, or a folder above it. */
static bool is_above(struct str path, struct str object)
{
    if (!path.length)
        return true;
    if (!str_starts_with(object, path))
        return false;
    return object.length == path.length || object.at[path.length] == '/' ||
           object.at[path.length] == '#';
}

void live_check_heard(struct live *live, struct str path)
{
    struct strbuf *unheard = &live->check.unheard;
    size_t kept = 0;
    for (size_t at = 0, next; at < unheard->length; at = next) {
        struct str object = str_of(unheard->at + at);
        next = at + object.length + 1;
        if (is_above(path, object))
            continue;
        memmove(unheard->at + kept, object.at, object.length + 1);
        kept += object.length + 1;
    }
    strbuf_truncate(unheard, kept);
}

/** Something changed and nobody told of it. */
static enum nexus_status find_deaf(struct live *live, struct nexus_error *err)
{
    STRBUF_SCOPED why = {0};
    strbuf_addf(&why, "no event told of a change of '%s', which a look at the whole vault found",
                live->check.unheard.at);
    return why.failed ? fail_no_memory(err) : live_restart_watcher(live, why.at, err);
}

enum nexus_status live_check_flushed(struct live *live, uint64_t flush, struct nexus_error *err)
{
    struct check *check = &live->check;
    if (flush < check->flush || live->are_rules_changed) /* these open it afresh anyway */
        return NEXUS_OK;
    switch (check->phase) {
    case CHECK_NONE:
    case CHECK_PAUSING: return NEXUS_OK;
    case CHECK_ASKED:
        TRY(find_unheard(live, err));
        if (check->unheard.length)
            ask(live, CHECK_LISTENING);
        else if (check->phase != CHECK_NONE)
            end_check(live);
        return NEXUS_OK;
    case CHECK_LISTENING:
        if (check->unheard.length && watcher_stats(live->watcher).waiting) {
            check->phase = CHECK_PAUSING;
            alarms_set(&live->alarms, ALARM_CHECK, QUIET_MAX_NS);
            return NEXUS_OK;
        }
        break;
    case CHECK_LISTENING_AGAIN: break;
    }
    if (check->unheard.length)
        return find_deaf(live, err);
    end_check(live);
    return NEXUS_OK;
}

enum nexus_status live_check_late(struct live *live, struct nexus_error *err)
{
    if (live->check.phase == CHECK_NONE || !live->watcher || live->is_stuck)
        return NEXUS_OK;
    if (live->check.phase == CHECK_PAUSING) {
        ask(live, CHECK_LISTENING_AGAIN);
        return NEXUS_OK;
    }
    switch (watcher_pulse(live->watcher, 0)) {
    case WATCHER_LIVES: /* it has much to do */
        watcher_ask(live->watcher);
        wait_for_answer(live);
        return NEXUS_OK;
    case WATCHER_ENDED:
        return live_restart_watcher(live, "the thread that watches the vault had ended", err);
    case WATCHER_SILENT:
        live->is_stuck = true;
        live_tell(live, (struct nexus_live_news){.event = NEXUS_LIVE_STUCK});
        return NEXUS_OK;
    }
    return NEXUS_OK;
}

void live_status(struct live *live, struct nexus_live_status *status)
{
    *status = (struct nexus_live_status){
        .is_paused = live->is_paused,
        .event_age_ms = -1,
        .pulse_age_ms = -1,
        .walked_at_ms = live->walked_at_ns / NS_PER_MS,
        .held = live->held,
        .restarts = live->restarts,
        .pass_files = live->is_open ? live->reconcile.report.files : 0,
        .may_notify = live->engine->settings.notify != 0,
    };
    if (!live->watcher)
        return;
    watcher_ask(live->watcher);
    status->is_watching = watcher_pulse(live->watcher, PULSE_WAIT_MS) == WATCHER_LIVES;
    struct watcher_stats stats = watcher_stats(live->watcher);
    status->events = stats.events;
    status->overflows = stats.overflows;
    status->event_age_ms = stats.event_age_ns < 0 ? -1 : stats.event_age_ns / NS_PER_MS;
    status->pulse_age_ms = stats.pulse_age_ns / NS_PER_MS;
    status->waiting = stats.waiting;
    status->queued = stats.queued;
    status->folders_watched = stats.folders;
    status->folders_unwatched = stats.unwatched;
}
