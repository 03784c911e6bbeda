// SPDX-License-Identifier: MIT
#include "watch/teller.h"

#include "watch/settle.h"

enum {
    LOOKED_AT_ONCE = 256, /* about 2 ms: the kernel's queue of events must be read, too */
    BATCH_SIZE = 512,     /* each may bring the other ends of renames */
};

/** What a batch tells, in the order in which it is to be told. */
enum rank { RANK_MOVED, RANK_FILE, RANK_FOLDER, RANK_MISSING, RANK_COUNT };

struct finding {
    struct waiting *waiting;
    enum nominated kind;
    enum rank rank;
};

struct batch {
    struct finding findings[BATCH_SIZE];
    size_t count;
};

static struct look look_at(const struct teller *teller, const struct waiting *waiting)
{
    struct look look = settle_look(teller->root_fd, waiting->path);
    struct str backup = judge_backup(waiting);
    if (look.seen == SEEN_NOTHING && backup.length)
        look.has_backup = settle_exists(teller->root_fd, backup.at);
    return look;
}

/** Looks at one path; false when it waits on. */
static bool find_out(struct teller *teller, struct waiting *waiting, struct finding *finding,
                     int64_t now_ns)
{
    *finding = (struct finding){waiting, NOMINATED_FOLDER, RANK_FOLDER};
    if (waiting->kind == ENTRY_FOLDER)
        return true;
    struct look look = look_at(teller, waiting);
    switch (judge_look(teller->pending, waiting, &look, now_ns)) {
    case JUDGED_WAIT: return false;
    case JUDGED_GONE:
        *finding = (struct finding){waiting, NOMINATED_MISSING, RANK_MISSING};
        return true;
    case JUDGED_STILL_OPEN:
        teller_say(teller, NOMINATED_OPEN_FILE, str_of(waiting->path));
        return false;
    case JUDGED_QUIET: break;
    }
    *finding = (struct finding){waiting, NOMINATED_FILE, RANK_FILE};
    return true;
}

static void push(struct teller *teller, const struct finding *finding)
{
    struct nomination nomination = {.kind = finding->kind, .batch = teller->batch};
    nomination.path = str_of(finding->waiting->path);
    if (finding->rank == RANK_MOVED)
        nomination.moved_from = str_of(finding->waiting->origin);
    teller->failed |= !queue_push(teller->queue, &nomination);
    pending_done(teller->pending, finding->waiting);
}

/** A look at one end of a rename may tell where the other one came from: at the end all is known.
 */
static void find_moved(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->findings[i].rank == RANK_FILE && batch->findings[i].waiting->origin)
            batch->findings[i].rank = RANK_MOVED;
}

static void push_batch(struct teller *teller, const struct batch *batch)
{
    teller->batch += batch->count > 0;
    queue_hold(teller->queue);
    for (int rank = RANK_MOVED; rank < RANK_COUNT; rank++)
        for (size_t i = 0; i < batch->count; i++)
            if ((int)batch->findings[i].rank == rank)
                push(teller, &batch->findings[i]);
    queue_release(teller->queue);
}

bool teller_pass(struct teller *teller, int64_t now_ns)
{
    struct batch batch = {.count = 0};
    bool has_room = queue_has_room(teller->queue);
    for (size_t looked = 0; has_room && looked < LOOKED_AT_ONCE; looked++) {
        struct waiting *waiting =
            batch.count < BATCH_SIZE ? pending_take(teller->pending, now_ns) : NULL;
        if (!waiting)
            break;
        while (waiting && find_out(teller, waiting, &batch.findings[batch.count], now_ns)) {
            batch.count++;
            if (batch.count == BATCH_SIZE)
                break;
            waiting = pending_take_tied(teller->pending, waiting, now_ns);
        }
    }
    find_moved(&batch);
    push_batch(teller, &batch);
    return has_room && pending_due(teller->pending) <= now_ns;
}

void teller_say(struct teller *teller, enum nominated kind, struct str path)
{
    struct nomination nomination = {.kind = kind, .path = path, .batch = ++teller->batch};
    teller->failed |= !queue_push(teller->queue, &nomination);
}
