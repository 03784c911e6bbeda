// SPDX-License-Identifier: MIT
/* What only an open database can tell. What cannot be asked is told as an illness, and the other
 * questions go on. */
#include "engine/diagnose.h"

#include "base/time.h"
#include "engine/audit.h"
#include "engine/backup.h"
#include "engine/engine.h"
#include "engine/pending.h"
#include "engine/permissions_file.h"
#include "store/notes.h"

#define UNAPPLIED_ENTRIES                                                                          \
    "file of permissions has entries that are not applied, and not shared: say with 'nexus "       \
    "permit' what holds"

enum { LINES_LIMIT = 10, CLOCK_SLACK_S = 5 * 60 };

static void tell_failure(struct diagnosis *diagnosis, const char *check,
                         const struct nexus_error *reason)
{
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, check, "%s", reason->message);
}

/** Each line of the text is an illness with this remedy. */
static void tell_lines(struct diagnosis *diagnosis, const char *check, const char *remedy,
                       struct str text)
{
    while (text.length) {
        struct str line = str_slice(text, 0, str_find(text, '\n'));
        strbuf_add_text(&diagnosis->remedy, remedy);
        diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, check, "%.*s", STR_ARG(line));
        text = str_slice(text, line.length + 1, text.length);
    }
}

static void look_at_soundness(struct diagnosis *diagnosis, struct store *store)
{
    STRBUF_SCOPED what = {0};
    struct nexus_error reason;
    if (store_check(store, LINES_LIMIT, &what, &reason) == NEXUS_OK) {
        tell_lines(diagnosis, "database", "nexus rebuild", strbuf_str(&what));
        return;
    }
    strbuf_add_text(&diagnosis->remedy, "nexus rebuild");
    tell_failure(diagnosis, "database", &reason);
}

static void look_at_shape(struct diagnosis *diagnosis, struct store *store)
{
    STRBUF_SCOPED what = {0};
    struct nexus_error reason;
    if (store_compare(store, &what, &reason) == NEXUS_OK)
        tell_lines(diagnosis, "drift", "nexus sync", strbuf_str(&what));
    else
        tell_failure(diagnosis, "drift", &reason);
}

static void take_audit_finding(void *context, enum audit_finding finding, int64_t id)
{
    static const char *const sentences[] = {
        [AUDIT_ALTERED] = "does not have the hash that it says: it was altered",
        [AUDIT_UNLINKED] = "does not follow the one before it",
        [AUDIT_MISSING] = "is missing",
        [AUDIT_COPY] = "has another text in .nexus/logs/audit.jsonl",
    };
    struct diagnosis *diagnosis = context;
    strbuf_add_text(&diagnosis->remedy, "less ");
    diagnosis_add_path(diagnosis, ".nexus/logs/audit.jsonl");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "audit", "row %lld of audit_log %s",
                   (long long)id, sentences[finding]);
}

static void look_at_audit(struct diagnosis *diagnosis, struct store *store)
{
    struct nexus_error reason;
    if (audit_check(diagnosis->nexus_fd, store, take_audit_finding, diagnosis, &reason) != NEXUS_OK)
        tell_failure(diagnosis, "audit", &reason);
}

/** What was seen once is later than now: sharing ends by that mark, not by the clock. */
static void look_at_clock(struct diagnosis *diagnosis, struct store *store, int64_t now_ns)
{
    struct arena arena = {0};
    struct str mark;
    int64_t mark_ns;
    if (store_meta_get(store, "clock_mark", &arena, &mark, NULL) == NEXUS_OK &&
        time_parse(mark, &mark_ns) && mark_ns > now_ns + CLOCK_SLACK_S * NS_PER_S) {
        strbuf_add_text(&diagnosis->remedy, "nexus permit --trust-clock");
        diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "clock",
                       "the clock was at %.*s once, and is before it now: sharing with an end is "
                       "judged by the later one, until you say that the clock is right",
                       STR_ARG(mark));
    }
    arena_finish(&arena);
}

/** What is told of one, and of several, with their number in front. */
struct told {
    const char *one, *several;
};

static void tell_count(struct diagnosis *diagnosis, const char *check, uint64_t count,
                       struct told what, const char *remedy)
{
    if (!count)
        return;
    strbuf_add_text(&diagnosis->remedy, remedy);
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, check, "%llu %s", (unsigned long long)count,
                   count == 1 ? what.one : what.several);
}

static void look_at_counts(struct diagnosis *diagnosis, struct store *store)
{
    struct store_counts counts;
    struct nexus_error reason;
    if (store_count(store, &counts, &reason) != NEXUS_OK) {
        tell_failure(diagnosis, "counts", &reason);
        return;
    }
    tell_count(diagnosis, "problems", counts.files[FILE_INVALID],
               (struct told){"file cannot be taken as it is", "files cannot be taken as they are"},
               "nexus check");
    tell_count(diagnosis, "problems", counts.files[FILE_UNREADABLE],
               (struct told){"file cannot be read", "files cannot be read"}, "nexus check");
    tell_count(diagnosis, "conflicts", counts.open_conflicts,
               (struct told){"conflict waits for a decision", "conflicts wait for a decision"},
               "nexus conflicts");
}

/** What `check` tells and no file's state does. */
static void look_at_refusals(struct diagnosis *diagnosis, struct store *store)
{
    static const struct {
        const char *keyword, *check;
        struct told what;
        const char *remedy;
    } kinds[] = {
        {"refused",
         "refused",
         {"file does not have what SQL wrote, since it was refused",
          "files do not have what SQL wrote, since it was refused"},
         "nexus check"},
        {PERMISSIONS_KEYWORD,
         "permissions",
         {UNAPPLIED_ENTRIES, UNAPPLIED_ENTRIES}, /* there is one such file */
         "nexus check " PERMISSIONS_FILE_PATH},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct arena arena = {0};
        struct str *paths;
        size_t count;
        struct nexus_error reason;
        if (store_problem_paths(store, kinds[i].keyword, &arena, &paths, &count, &reason) ==
            NEXUS_OK)
            tell_count(diagnosis, kinds[i].check, count, kinds[i].what, kinds[i].remedy);
        else
            tell_failure(diagnosis, kinds[i].check, &reason);
        arena_finish(&arena);
    }
}

/** One is late when another would be due by now. */
static void look_at_backups(struct diagnosis *diagnosis, struct engine *engine)
{
    struct arena arena = {0};
    struct str created_at;
    struct nexus_error reason;
    int64_t created_at_ns = 0, due_ns, period_ns = engine->settings.backup_hours * 3600 * NS_PER_S;
    char due[TIME_TEXT_SIZE];
    if (store_meta_get(engine->store, "created_at", &arena, &created_at, NULL) == NEXUS_OK)
        time_parse(created_at, &created_at_ns);
    arena_finish(&arena);
    if (backup_next(engine, created_at_ns, &due_ns, &reason) != NEXUS_OK) {
        tell_failure(diagnosis, "backups", &reason);
        return;
    }
    if (engine->now_ns() < due_ns + period_ns)
        return;
    strbuf_add_text(&diagnosis->remedy, "nexus backup");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "backups",
                   "the database has no backup since %s: what the files do not say would be lost "
                   "with it",
                   time_format(due_ns - period_ns, due));
}

static void look_at_pending(struct diagnosis *diagnosis, struct engine *engine)
{
    struct nexus_pending_counts counts;
    struct nexus_error reason;
    if (pending_count(engine, &counts, &reason) != NEXUS_OK) {
        tell_failure(diagnosis, "pending", &reason);
        return;
    }
    tell_count(diagnosis, "pending", counts.held,
               (struct told){"file waits until what SQL changed is applied or discarded",
                             "files wait until what SQL changed at once is applied or discarded"},
               "nexus pending");
}

static void look_at_sqlite(struct diagnosis *diagnosis)
{
    bool has_bug;
    const char *version = store_sqlite_version(&has_bug);
    diagnosis_tell(diagnosis, NEXUS_FINDING_NOTE, "sqlite",
                   has_bug
                       ? "SQLite %s, which can damage a database when others checkpoint it while "
                         "somebody writes: nexus does it under the write lock"
                       : "SQLite %s",
                   version);
}

static void look_at_all(struct diagnosis *diagnosis, struct engine *engine)
{
    look_at_soundness(diagnosis, engine->store);
    look_at_shape(diagnosis, engine->store);
    look_at_audit(diagnosis, engine->store);
    look_at_clock(diagnosis, engine->store, engine->now_ns());
    look_at_counts(diagnosis, engine->store);
    look_at_refusals(diagnosis, engine->store);
    look_at_backups(diagnosis, engine);
    look_at_pending(diagnosis, engine);
}

void diagnose_database(struct diagnosis *diagnosis)
{
    struct engine *engine;
    struct nexus_error reason;
    look_at_sqlite(diagnosis);
    enum nexus_status status = engine_open(diagnosis->root_path, &engine, &reason);
    if (status != NEXUS_OK) {
        tell_failure(diagnosis, "vault", &reason);
        return;
    }
    status = engine_look(engine, &reason);
    if (status == NEXUS_OK) {
        look_at_all(diagnosis, engine);
    } else {
        if (status != NEXUS_ERROR_VERSION) /* a sync sees to all else */
            strbuf_add_text(&diagnosis->remedy, "nexus sync");
        tell_failure(diagnosis, "database", &reason);
    }
    engine_close(engine);
}
