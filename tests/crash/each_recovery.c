// SPDX-License-Identifier: MIT
/*
 * usage: each_recovery [--thorough] [SCENARIO...]
 *
 * A database is opened, brought back, restored or made anew, and what a killed program left is
 * mended, while allocations and calls fail, once or from then on, or while somebody puts a database
 * there. It may fail, and says so; nothing is kept that is to be given back; and once the fault is
 * gone the next pass brings all to where it is without one.
 *
 * There are hundreds of thousands of them. A place, which is who called whom of ours, is tried
 * where it comes first and last; one that a scenario before had, not again. --thorough: each in
 * each scenario, and however deep.
 */
#include "recovery_deeds.h"

#include <errno.h>
#include <execinfo.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum how {
    AS_LEFT = 1, /* as what is written down beside it says */
    HELD = 2,    /* another program writes into the database for long */
};
/** What is done: `act`, if anything, and the database is brought back; or it is there already, and
 * `act` alone may fail; or it is only looked at. */
enum doing { BRING_BACK, ONLY_ACT, ONLY_LOOK };

static const struct scenario {
    const char *name;
    void (*before)(void);
    enum doing doing;
    enum nexus_status (*act)(struct engine *engine);
    void (*meanwhile)(void); /* instead of a failure */
    enum how how;
} scenarios[] = {
    {"in order", in_order, BRING_BACK, NULL, NULL, 0},
    {"as it was left", in_order, BRING_BACK, NULL, NULL, AS_LEFT},
    {"a backup is due", due_for_a_backup, BRING_BACK, NULL, NULL, 0},
    {"gone", gone, BRING_BACK, NULL, NULL, 0},
    {"gone, an empty one there", gone_with_an_empty_one_in_its_place, BRING_BACK, NULL, NULL,
     false},
    {"gone, backed up", gone_and_backed_up, BRING_BACK, NULL, NULL, 0},
    {"gone once more", gone_once_more, BRING_BACK, NULL, NULL, 0},
    {"damaged", damaged, BRING_BACK, NULL, NULL, 0},
    {"damaged, backed up", damaged_and_backed_up, BRING_BACK, NULL, NULL, 0},
    {"damaged with edits", damaged_with_edits, BRING_BACK, NULL, NULL, 0},
    {"in doubt", in_order, BRING_BACK, doubt_it, NULL, 0},
    {"from elsewhere", from_elsewhere, BRING_BACK, NULL, NULL, 0},
    {"not stamped", not_stamped, BRING_BACK, NULL, NULL, 0},
    {"an older one", an_older_one, BRING_BACK, NULL, NULL, 0},
    {"of an older program", of_an_older_program, BRING_BACK, NULL, NULL, 0},
    {"as an older program left it", as_an_older_program_left_it, BRING_BACK, NULL, NULL, AS_LEFT},
    {"of a newer program, it seems", of_a_newer_program_it_seems, BRING_BACK, NULL, NULL, 0},
    {"of a newer program, perhaps", of_a_newer_program_that_knows_other_words, BRING_BACK, NULL,
     NULL, 0},
    {"as a newer program left it", as_a_newer_program_left_it, BRING_BACK, NULL, NULL, 0},
    {"of a newer program", of_a_newer_program, BRING_BACK, NULL, NULL, 0},
    {"beside an old log", beside_an_old_log, BRING_BACK, NULL, NULL, 0},
    {"half restored", half_restored, BRING_BACK, NULL, NULL, 0},
    {"restore", backed_up, BRING_BACK, restore_newest, NULL, 0},
    {"restore one", backed_up, BRING_BACK, restore_named, NULL, 0},
    {"restore a file", backed_up, BRING_BACK, restore_file, NULL, 0},
    {"restore, half restored", half_restored, BRING_BACK, restore_newest, NULL, 0},
    {"restore what is not there", in_order, BRING_BACK, restore_nothing, NULL, 0},
    {"rebuild", in_order, BRING_BACK, ask_for_another, NULL, 0},
    {"look", in_order, ONLY_LOOK, look, NULL, 0},
    {"look at one that is as it was left", in_order, ONLY_LOOK, look, NULL, AS_LEFT},
    {"look at an older program's", as_an_older_program_left_it, ONLY_LOOK, look, NULL, AS_LEFT},
    {"look beside another", in_order, ONLY_LOOK, look_beside, NULL, 0},
    {"look at a damaged one", damaged, ONLY_LOOK, look, NULL, 0},
    {"look at none", gone, ONLY_LOOK, look, NULL, 0},
    {"cut off before the file", cut_off_before_the_file, ONLY_ACT, mend, NULL, 0},
    {"cut off behind the file", cut_off_behind_the_file, ONLY_ACT, mend, NULL, 0},
    {"cut off behind a new file", cut_off_behind_a_new_file, ONLY_ACT, mend, NULL, 0},
    {"cut off behind a new list", cut_off_behind_a_new_list, ONLY_ACT, mend, NULL, 0},
    {"cut off behind what is none of ours", cut_off_behind_another_file, ONLY_ACT, mend, NULL,
     false},
    {"cut off while deleting", cut_off_while_deleting, ONLY_ACT, mend, NULL, 0},
    {"cut off with leavings", cut_off_with_leavings, ONLY_ACT, mend, NULL, 0},
    {"nothing is cut off", cut_off_with_nothing_left, ONLY_ACT, mend_while_writing, NULL, 0},
    {"finish and rest", cut_off_behind_the_file, ONLY_ACT, finish_and_rest, NULL, 0},
    {"held, not stamped", not_stamped, BRING_BACK, NULL, NULL, HELD},
    {"held, cut off", cut_off_behind_the_file, ONLY_ACT, mend, NULL, HELD},
    {"held, nothing left over", cut_off_with_nothing_left, ONLY_ACT, mend, NULL, HELD},
    {"one appears where none was", gone_with_another_kept, BRING_BACK, NULL, put_a_database_there,
     false},
    {"one appears while a backup comes", gone_and_backed_up_with_another_kept, BRING_BACK, NULL,
     put_a_database_there, 0},
};

// --- where it can fail

enum { PLACES_MAX = 1 << 15, FRAMES_MAX = 64, ALL_FRAMES = FRAMES_MAX };

/** One place: all that happens in the same functions of ours, called from the same places. */
struct place {
    uint64_t stack;
    long first, last; /* in the scenario at hand; 0: it does not come there */
    bool is_tried;
};

static struct place memory_places[PLACES_MAX], call_places[PLACES_MAX]; /* by their stacks */
static int depth = 12; /* of the frames that count, from main() on */

/** What the libraries call one another is theirs. */
static uint64_t stack_of_ours(void)
{
    extern char __executable_start, etext;
    void *frames[FRAMES_MAX];
    uint64_t stack = 1;
    int left = depth;
    for (int i = backtrace(frames, FRAMES_MAX) - 1; i >= 0 && left > 0; i--)
        if ((char *)frames[i] >= &__executable_start && (char *)frames[i] < &etext) {
            stack = (stack ^ (uint64_t)((char *)frames[i] - &__executable_start)) *
                    UINT64_C(0x9E3779B97F4A7C15);
            left--;
        }
    return stack;
}

static void see_place(struct place *places, long nth)
{
    uint64_t stack = stack_of_ours();
    size_t i = (stack >> 32) % PLACES_MAX;
    while (places[i].stack && places[i].stack != stack)
        i = (i + 1) % PLACES_MAX;
    places[i].stack = stack;
    places[i].last = nth;
    if (!places[i].first)
        places[i].first = nth;
}

static void see_memory(long nth)
{
    see_place(memory_places, nth);
}

static void see_call(long nth)
{
    see_place(call_places, nth);
}

// --- one time, and all times

static unsigned runs, findings;
static bool is_thorough; /* a place is another one in each scenario */

struct trial {
    struct call_fault calls;
    long memory_at;
    bool memory_sticks, is_watched;
    long call_count, memory_count; /* how many there were */
};

static struct engine *ready(const struct scenario *scenario)
{
    bool is_first;
    struct engine *engine = open_vault();
    must(engine_lock(engine, &said), "engine_lock", &said);
    if (scenario->doing == ONLY_ACT)
        must(engine_ready(engine, &is_first, &said), "engine_ready", &said);
    return engine;
}

/** What there is in the end: objects, who may see them, files, and what somebody saved. */
static void tell(struct strbuf *out)
{
    struct nexus_error why = {0};
    static const char *const paths[] = {"n1.md", "n2.md", "n3.md", "n4.md",  "n5.md",
                                        "n6.md", "n8.md", "n9.md", "n9.json"};
    if (sync_vault(&why) != NEXUS_OK)
        strbuf_addf(out, "the next pass fails: %s\n", why.message);
    ask("SELECT file_path, share_with_ai, share_with_cloud, read_only, content_json"
        " FROM data_objects JOIN object_content c ON c.object_id = id"
        " JOIN object_permissions p ON p.object_id = id ORDER BY 1;"
        "SELECT count(*) > 0 FROM conflicts WHERE file_version LIKE '%theirs%';"
        "SELECT count(*) FROM history WHERE temporary IS NOT NULL; PRAGMA integrity_check",
        out);
    for (size_t i = 0; i < COUNT(paths); i++) {
        STRBUF_SCOPED bytes = {0};
        bool is_there = file_read(at(paths[i]), 1 << 20, &bytes, NULL) == NEXUS_OK;
        strbuf_addf(out, "%s: %s\n", paths[i], is_there ? bytes.at : "none");
    }
}

static enum nexus_status act(const struct scenario *scenario, struct trial *trial)
{
    struct engine *engine = ready(scenario);
    if (scenario->how == HELD)
        hold_the_database();
    memory_watch(trial->is_watched ? see_memory : NULL);
    calls_watch(trial->is_watched ? see_call : NULL);
    memory_fail_at(trial->memory_at, trial->memory_sticks);
    calls_disturb(&trial->calls);
    enum nexus_status status = scenario->act ? scenario->act(engine) : NEXUS_OK;
    if (status == NEXUS_OK && scenario->doing == BRING_BACK)
        status = bring_back(engine);
    engine_close(engine);
    trial->call_count = calls_count();
    trial->memory_count = memory_count();
    calls_disturb(NULL);
    let_go();
    memory_fail_at(0, false);
    memory_watch(NULL);
    calls_watch(NULL);
    return status;
}

static int spare_fd(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(fd);
    return fd;
}

/** Nobody sees more than without the fault; of a row that could not be read this once, less: the
 * flag behind "n1.md|" may be off. */
static bool is_as_wanted(struct str found, struct str wanted)
{
    if (found.length != wanted.length)
        return false;
    for (size_t i = 0; i < found.length; i++)
        if (found.at[i] != wanted.at[i] &&
            (found.at[i] != '0' || i < 6 || memcmp(&found.at[i - 4], ".md|", 4) != 0))
            return false;
    return true;
}

static void try_it(const struct scenario *scenario, struct trial *trial, struct strbuf *wanted)
{
    STRBUF_SCOPED found = {0};
    const char *finding = NULL;
    copy_folder(saved, vault);
    if (scenario->how == AS_LEFT)
        write_down_as_left();
    int spare = spare_fd();
    long live = memory_live();
    said = (struct nexus_error){0};
    enum nexus_status status = act(scenario, trial);
    if (memory_live() != live)
        finding = "memory is not given back";
    if (spare_fd() != spare)
        finding = "a descriptor stays open";
    if (status != NEXUS_OK && !said.message[0])
        finding = "it fails, and does not say why";
    tell(wanted->length ? &found : wanted);
    /* A page that cannot be read is damage, and what stands there given up: of that the old
     * database has some already. */
    bool is_unread = strcmp(calls_met(), "pread64") == 0 &&
                     str_find_str(strbuf_str(&found), STR("\nok\n")) != STR_NONE;
    if (!finding && found.length && !is_unread &&
        !is_as_wanted(strbuf_str(&found), strbuf_str(wanted)))
        finding = "it ends elsewhere";
    runs++;
    findings += finding != NULL;
    if (finding)
        printf("%s: %s (call %ld fails%s, something happens at %ld, allocation %ld%s; met %s; "
               "status %d: %s)\n%s\ninstead of\n%s",
               scenario->name, finding, trial->calls.fail_at,
               trial->calls.sticks ? ", as all later ones" : "", trial->calls.meanwhile_at,
               trial->memory_at, trial->memory_sticks ? ", as all later ones" : "", calls_met(),
               (int)status, said.message, found.length ? found.at : "", wanted->at);
}

static void forget_places(struct place *places)
{
    for (size_t i = 0; i < PLACES_MAX; i++) {
        places[i].first = places[i].last = 0;
        places[i].is_tried &= !is_thorough;
    }
}

static void make_fail(const struct scenario *scenario, struct place *places, long nth,
                      struct strbuf *wanted)
{
    struct trial trial = {0};
    if (scenario->meanwhile)
        trial.calls = (struct call_fault){.meanwhile_at = nth, .meanwhile = scenario->meanwhile};
    else if (places == call_places)
        trial.calls = (struct call_fault){.fail_at = nth, .error = EIO, .sticks = nth % 2};
    else
        trial = (struct trial){.memory_at = nth, .memory_sticks = nth % 2};
    try_it(scenario, &trial, wanted);
}

/** The first time and the last time at each place. Returns how many there were. */
static long try_places(const struct scenario *scenario, struct place *places, struct strbuf *wanted)
{
    long count = 0;
    for (size_t i = 0; i < PLACES_MAX; i++) {
        struct place *place = &places[i];
        if (!place->first || (place->is_tried && !scenario->meanwhile))
            continue;
        make_fail(scenario, places, place->first, wanted);
        if (place->last != place->first)
            make_fail(scenario, places, place->last, wanted);
        place->is_tried = true;
        count++;
    }
    return count;
}

static void try_scenario(const struct scenario *scenario)
{
    STRBUF_SCOPED wanted = {0};
    unsigned before = runs;
    struct trial none = {0};
    remove_below(vault);
    scenario->before();
    copy_folder(vault, saved);
    try_it(scenario, &none, &wanted); /* what libraries keep for good is there from now on */
    none.is_watched = true;
    forget_places(memory_places);
    forget_places(call_places);
    try_it(scenario, &none, &wanted);
    long calls = try_places(scenario, call_places, &wanted), allocations = 0;
    if (!scenario->meanwhile)
        allocations = try_places(scenario, memory_places, &wanted);
    printf("%-34s %4ld calls, %4ld allocations: %4u runs\n", scenario->name, calls, allocations,
           runs - before);
    fflush(stdout);
}

static bool is_asked_for(int argc, char **argv, const char *name)
{
    bool is_named = argc < 2;
    for (int i = 1; i < argc; i++)
        is_named |= strcmp(argv[i], name) == 0;
    return is_named;
}

int main(int argc, char **argv)
{
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    struct nexus_error why;
    if (argc > 1 && strcmp(argv[1], "--thorough") == 0) {
        is_thorough = true;
        depth = ALL_FRAMES;
        argc--, argv++;
    }
    umask(022);
    tzset();               /* it keeps memory for good, … */
    (void)stack_of_ours(); /* … as this does */
    snprintf(scratch, sizeof scratch, "%s/nexus-recovery-XXXXXX", parent);
    if (!mkdtemp(scratch))
        die(scratch);
    snprintf(vault, sizeof vault, "%s/vault", scratch);
    snprintf(saved, sizeof saved, "%s/saved", scratch);
    if (mkdir(vault, 0755) != 0)
        die(vault);
    must(vault_init(vault, time_now_ns(), &why), "vault_init", &why);
    for (size_t i = 0; i < COUNT(scenarios); i++)
        if (is_asked_for(argc, argv, scenarios[i].name))
            try_scenario(&scenarios[i]);
    nftw(scratch, remove_any, OPEN_FILES, FTW_DEPTH | FTW_PHYS);
    printf("%u runs: %u findings\n", runs, findings);
    return findings || !runs ? 1 : 0;
}
