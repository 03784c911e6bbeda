// SPDX-License-Identifier: MIT
#include "watch/round.h"

#include "base/time.h"
#include "watch/moves.h"
#include "watch/report.h"

enum {
    EVENTS_AT_ONCE = 4096,
    LISTED_AT_ONCE = 64,
};

enum nexus_status round_init(struct round *round, struct nexus_error *err)
{
    struct tree *tree = &round->tree;
    tree->pending = &round->pending;
    tree->queue = round->queue;
    round->hints.tree = tree;
    round->hints.pending = &round->pending;
    round->hints.root = &round->root;
    round->teller = (struct teller){tree->root_fd, &round->pending, round->queue, 0, false};
    round->presence_due_ns = INT64_MAX;
    round->remote_due_ns = report_is_remote(tree->root_fd) ? 0 : INT64_MAX;
    round->relisting.pause_ns = NS_PER_S;
    TRY(tree_init(tree, err));
    tree_list_all(tree);
    return NEXUS_OK;
}

void round_finish(struct round *round)
{
    tree_finish(&round->tree);
    hints_finish(&round->hints);
    pending_finish(&round->pending);
}

/** Reads events; false when there are more. */
static bool take_events(struct round *round, int64_t now_ns)
{
    struct backend_event event;
    for (int i = 0; i < EVENTS_AT_ONCE; i++) {
        if (!backend_next(&event))
            return true;
        round->events++;
        round->event_ns = now_ns;
        hints_take(&round->hints, &event, now_ns);
    }
    return false;
}

/** Looks whether the vault's folder is there, and tells when that has changed. */
static void look_at_root(struct round *round, int64_t now_ns)
{
    enum root_state before = round->root_state, now = root_look(&round->root);
    round->hints.root_suspect = false;
    round->root_state = now;
    round->hints.is_deaf = now != ROOT_PRESENT;
    round->presence_due_ns = now == ROOT_PRESENT ? INT64_MAX : now_ns + round->tree.retry_ns;
    if (now == before)
        return;
    if (now == ROOT_PRESENT) {
        root_watch_parent(&round->root);
        round->relisting.is_wanted = true;
        teller_say(&round->teller, NOMINATED_ROOT_BACK, STR(""));
        return;
    }
    pending_clear(&round->pending); /* what is missing now is not deleted */
    if (before == ROOT_PRESENT)
        teller_say(&round->teller, NOMINATED_ROOT_GONE, STR(""));
    if (now == ROOT_REPLACED)
        teller_say(&round->teller, NOMINATED_ROOT_REPLACED, STR(""));
}

/** Lists everything again when something was lost: at once the first time, and after growing
 * pauses when that is not enough. */
static void relist(struct round *round, int64_t now_ns)
{
    struct relisting *relisting = &round->relisting;
    bool failed = round->pending.failed || round->tree.failed || round->teller.failed;
    round->overflows += round->hints.overflowed;
    relisting->is_wanted |= round->hints.overflowed || failed;
    round->hints.overflowed = false;
    round->pending.failed = round->tree.failed = round->teller.failed = false;
    if (relisting->is_running && !round->tree.list_first) {
        relisting->is_running = false;
        teller_say(&round->teller, NOMINATED_OVERFLOW, STR(""));
        relisting->pause_ns = relisting->is_wanted ? relisting->pause_ns * 2 : NS_PER_S;
        if (relisting->pause_ns > 30 * NS_PER_S)
            relisting->pause_ns = 30 * NS_PER_S;
        relisting->due_ns = now_ns + relisting->pause_ns;
    }
    if (relisting->is_wanted && !relisting->is_running && relisting->due_ns <= now_ns) {
        relisting->is_wanted = false;
        relisting->is_running = true;
        tree_list_all(&round->tree);
    }
}

/** Says it once when folders are left without a watch, and again after it was well. */
static void tell_limit(struct round *round)
{
    bool is_known = round->unwatched_told > 0;
    if (round->tree.list_first || is_known == (round->tree.unwatched > 0))
        return;
    round->unwatched_told = round->tree.unwatched;
    if (is_known)
        return;
    STRBUF_SCOPED sentence = {0};
    report_watch_limit(&sentence, round->tree.unwatched, round->tree.retry_ns / NS_PER_S);
    teller_say(&round->teller, NOMINATED_WATCH_LIMIT, strbuf_str(&sentence));
}

/** Moves a flush on: everything was heard of; then everything is made due; then it was told. */
static void move_flush(struct round *round, int64_t now_ns)
{
    if (round->flushed == round->flush || round->tree.list_first)
        return;
    if (round->tree.stray_count) { /* a rename's second half may still be on its way */
        moves_hurry(&round->tree, now_ns + 20 * NS_PER_MS);
        return;
    }
    if (round->hurried != round->flush)
        pending_hurry(&round->pending, now_ns);
    round->hurried = round->flush;
}

static void end_flush(struct round *round, int64_t now_ns)
{
    if (round->flushed == round->flush || round->hurried != round->flush ||
        pending_due(&round->pending) <= now_ns)
        return;
    round->flushed = round->flush;
    struct nomination flushed = {.kind = NOMINATED_FLUSHED, .path = STR("")};
    flushed.batch = round->flushed;
    round->teller.failed |= !queue_push(round->queue, &flushed);
}

/** The kernel tells only of what this machine does: everything is looked through now and then. */
static void poll_remote(struct round *round, int64_t now_ns)
{
    if (round->remote_due_ns > now_ns)
        return;
    if (round->remote_due_ns == 0) {
        STRBUF_SCOPED sentence = {0};
        report_remote(&sentence, round->tree.retry_ns / NS_PER_S);
        teller_say(&round->teller, NOMINATED_WATCH_LIMIT, strbuf_str(&sentence));
    } else {
        pending_hear_folder(&round->pending, STR(""), now_ns);
    }
    round->remote_due_ns = now_ns + round->tree.retry_ns;
}

bool round_run(struct round *round, int64_t now_ns)
{
    bool all_read = take_events(round, now_ns);
    if (round->hints.root_suspect || round->presence_due_ns <= now_ns)
        look_at_root(round, now_ns);
    if (round->hints.database)
        teller_say(&round->teller, NOMINATED_DATABASE, STR(""));
    round->hints.database = false;
    if (round->hints.is_deaf) {
        round->hurried = round->flush;
        end_flush(round, now_ns);
        return !all_read;
    }
    bool more = tree_list_some(&round->tree, LISTED_AT_ONCE, now_ns);
    relist(round, now_ns);
    more |= tree_pass(&round->tree, now_ns);
    poll_remote(round, now_ns);
    tell_limit(round);
    if (all_read)
        move_flush(round, now_ns);
    more |= teller_pass(&round->teller, now_ns);
    end_flush(round, now_ns);
    return more || !all_read || round->tree.list_first;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t round_due(const struct round *round)
{
    int64_t due_ns = round->presence_due_ns;
    if (round->hints.is_deaf)
        return due_ns;
    if (queue_has_room(round->queue)) /* else its reader wakes us */
        due_ns = earlier(due_ns, pending_due(&round->pending));
    if (round->relisting.is_wanted)
        due_ns = earlier(due_ns, round->relisting.due_ns);
    return earlier(due_ns, earlier(round->remote_due_ns, tree_due(&round->tree)));
}
