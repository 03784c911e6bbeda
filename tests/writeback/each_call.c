// SPDX-License-Identifier: MIT
/*
 * A file is replaced, moved, put into the trash, or looked at after a crash, again and again: each
 * time another one of its calls fails, or somebody saves or deletes the file just before one, or
 * both, or memory is short at another allocation.
 *
 * Whatever happens: the file holds a whole version; what somebody saved is in a file or handed
 * over; what an operation did not take is where it was; what is told to be done is done. Nothing
 * stays open or allocated.
 */
#include "each_call.h"

#include "failing_calls.h"
#include "memory/failing_memory.h"

#include <time.h>

// --- what holds afterwards

static const char *judge_replaced(enum nexus_status status)
{
    if (status == NEXUS_OK && !has_saved && !has_deleted && !holds(PATH, NEW))
        return "it is done, and the file does not hold the new version";
    if (status != NEXUS_OK && !outcome.is_taken && !has_saved && !has_deleted && !holds(PATH, OLD))
        return "it is not done, and the file does not hold the old version";
    bool may_be_torn = outcome.way == REPLACE_IN_PLACE && outcome.is_taken && status != NEXUS_OK;
    bool is_whole = holds(PATH, OLD) || holds(PATH, NEW) || holds(PATH, THEIRS);
    return is_there(PATH) && !is_whole && !may_be_torn ? "the file is torn" : NULL;
}

static const char *judge_new(enum nexus_status status)
{
    bool is_whole = holds("d/x/y/new.md", NEW);
    if (is_there("d/x/y/new.md") && !is_whole)
        return "the new file is torn";
    return status == NEXUS_OK && !is_whole ? "it is done, and there is no new file" : NULL;
}

/** Trashed or moved: the old version stays what it is. */
static const char *judge_kept(enum nexus_status status)
{
    if (!has_saved && !has_deleted && !is_anywhere(OLD))
        return "the old version is lost";
    return status == NEXUS_OK && !has_saved && is_there(PATH) ? "it is done, and still there"
                                                              : NULL;
}

/** As the next start will do when this one could not. */
static const char *judge_recovered(enum nexus_status status)
{
    if (status != NEXUS_OK) {
        is_kept |= recovery.has_theirs && str_is(strbuf_str(&recovery.theirs), THEIRS);
        recovery_finish(&recovery);
        if (recover() != NEXUS_OK)
            return "it cannot be recovered when the fault is gone";
    }
    bool is_done = recovery.state == RECOVER_DONE;
    if (is_done && !has_saved && !has_deleted && !holds(PATH, NEW))
        return "it is recovered as done, and the file does not hold the new version";
    bool is_whole = holds(PATH, OLD) || holds(PATH, NEW) || holds(PATH, THEIRS);
    return is_there(PATH) && !is_whole && recovery.state != RECOVER_CHANGED ? "the file is torn"
                                                                            : NULL;
}

static const char *judge_settled(enum nexus_status status)
{
    (void)status;
    return has_saved || has_deleted || holds(PATH, NEW) ? NULL : "the new version is lost";
}

static const struct scenario {
    const char *name;
    void (*before)(void);
    enum nexus_status (*act)(void);
    const char *(*judge)(enum nexus_status status);
    enum replace_durability durability;
    unsigned lacks;
    const char *shelter;
} scenarios[] = {
    {"replace", a_file, replace, judge_replaced, REPLACE_NORMAL, 0, NULL},
    {"replace, kept in full", a_file_of_somebody, replace, judge_replaced, REPLACE_FULL, 0, NULL},
    {"replace from a shelter", a_file, replace, judge_replaced, REPLACE_NORMAL, 0, SHELTER},
    {"replace blindly", a_file, replace, judge_replaced, REPLACE_NORMAL, REPLACE_LACKS_FORESIGHT,
     SHELTER},
    {"replace without an exchange", a_file, replace, judge_replaced, REPLACE_FULL,
     REPLACE_LACKS_EXCHANGE, NULL},
    {"the same blindly", a_file, replace, judge_replaced, REPLACE_NORMAL,
     REPLACE_LACKS_EXCHANGE | REPLACE_LACKS_FORESIGHT, NULL},
    {"the same from a shelter", a_file, replace, judge_replaced, REPLACE_NORMAL,
     REPLACE_LACKS_EXCHANGE, SHELTER},
    {"write in place", a_file_of_two_names, replace, judge_replaced, REPLACE_FULL, 0, SHELTER},
    {"write in place without a spare", a_file_of_two_names, replace, judge_replaced, REPLACE_FULL,
     0, NULL},
    {"make", a_file, make_new, judge_new, REPLACE_FULL, 0, SHELTER},
    {"trash", a_file, trash, judge_kept, REPLACE_FULL, 0, SHELTER},
    {"trash on another device", a_file_of_somebody, trash, judge_kept, REPLACE_NORMAL,
     REPLACE_LACKS_TRASH, SHELTER},
    {"move", a_file, move, judge_kept, REPLACE_FULL, 0, SHELTER},
    {"look at what is displaced", a_displaced_file, settle, judge_settled, REPLACE_NORMAL, 0, NULL},
    {"recover before", cut_off_before, recover, judge_recovered, REPLACE_NORMAL, 0, NULL},
    {"recover from a shelter", cut_off_before_in_the_shelter, recover, judge_recovered,
     REPLACE_NORMAL, 0, SHELTER},
    {"recover after", cut_off_after, recover, judge_recovered, REPLACE_NORMAL, 0, NULL},
    {"recover their save", cut_off_with_their_save, recover, judge_recovered, REPLACE_NORMAL, 0,
     NULL},
    {"recover their save from a shelter", cut_off_with_their_save_in_the_shelter, recover,
     judge_recovered, REPLACE_NORMAL, 0, SHELTER},
    {"recover in place", cut_off_in_place, recover, judge_recovered, REPLACE_NORMAL, 0, SHELTER},
    {"recover aside", cut_off_aside, recover, judge_recovered, REPLACE_NORMAL,
     REPLACE_LACKS_EXCHANGE, NULL},
};

// --- one time, and all times

static unsigned runs, findings;

static void make_world(const struct scenario *scenario)
{
    snprintf(folder, sizeof folder, "/tmp/nexus-each-XXXXXX");
    if (!mkdtemp(folder))
        die(folder);
    root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0 || mkdirat(root, "d", 0755) != 0 || mkdirat(root, ".nexus", 0755) != 0 ||
        mkdirat(root, SHELTER, 0755) != 0)
        die(folder);
    replacer_init(&replacer, root, scenario->durability, LIMIT_BYTES);
    replacer.lacks = scenario->lacks;
    replacer.displaced = scenario->shelter;
    outcome = (struct replace_outcome){0};
    trashed = (struct trash_outcome){0};
    recovery = (struct recovery){0};
    has_saved = has_deleted = is_kept = is_late = false;
    scenario->before();
}

static void end_world(void)
{
    replacer_finish(&replacer);
    replace_outcome_finish(&outcome);
    trash_outcome_finish(&trashed);
    recovery_finish(&recovery);
    close(root);
    if (nftw(folder, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS) != 0)
        die(folder);
}

/** Of what somebody saved: in a file, with the caller, or told late. */
static bool is_theirs_kept(void)
{
    is_kept |= outcome.has_theirs && str_is(strbuf_str(&outcome.theirs), THEIRS);
    is_kept |= recovery.has_theirs && str_is(strbuf_str(&recovery.theirs), THEIRS);
    return is_kept || is_late || is_anywhere(THEIRS);
}

static const char *judge(const struct scenario *scenario, enum nexus_status status)
{
    const char *finding = scenario->judge(status);
    if (finding)
        return finding;
    if (settle() != NEXUS_OK)
        return "what was displaced cannot be looked at when the fault is gone";
    return has_saved && !is_theirs_kept() ? "what somebody saved is lost" : NULL;
}

struct trial {
    struct call_fault calls;
    long memory_at; /* 0: there is enough */
    bool memory_sticks;
};

/** Returns how many calls there were. */
static long try_it(const struct scenario *scenario, const struct trial *trial, long *ret_memory)
{
    int spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(spare);
    long live = memory_live();
    make_world(scenario);
    memory_fail_at(trial->memory_at, trial->memory_sticks);
    calls_disturb(&trial->calls);
    enum nexus_status status = scenario->act();
    calls_disturb(NULL);
    *ret_memory = memory_count();
    memory_fail_at(0, false);
    long count = calls_count();
    const char *finding = judge(scenario, status);
    end_world();
    int after = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(after);
    if (!finding && after != spare)
        finding = "a descriptor stays open";
    if (!finding && memory_live() != live)
        finding = "memory is not given back";
    runs++;
    findings += finding != NULL;
    if (finding)
        printf(
            "%s: %s (something happens at %ld, call %ld fails with %s%s, allocation %ld; met %s; "
            "status %d)\n",
            scenario->name, finding, trial->calls.meanwhile_at, trial->calls.fail_at,
            trial->calls.error ? strerrorname_np(trial->calls.error) : "nothing",
            trial->calls.sticks ? " and sticks" : "", trial->memory_at, calls_met(), (int)status);
    return count;
}

/** Once with every error, and for ever with those that decide how it goes on. */
static void fail_each(const struct scenario *scenario, long count)
{
    static const int errors[] = {EIO,    EEXIST, EINVAL,  ERANGE,  EXDEV, ENOSPC,
                                 EACCES, EAGAIN, ENODATA, ENOTSUP, EINTR};
    enum { STICKY = 5 };
    long ignored;
    for (long at = 1; at <= count; at++)
        for (size_t i = 0; i < COUNT(errors) + STICKY; i++) {
            const struct trial trial = {.calls = {.fail_at = at,
                                                  .error = errors[i % COUNT(errors)],
                                                  .sticks = i >= COUNT(errors)}};
            try_it(scenario, &trial, &ignored);
        }
}

/** Somebody is at work; and when it was a save, another call fails as well. */
static void meet_each(const struct scenario *scenario, long count)
{
    long ignored;
    for (long at = 1; at <= count; at++)
        for (size_t i = 0; i < COUNT(deeds); i++) {
            struct trial trial = {
                .calls = {.meanwhile_at = at, .meanwhile = deeds[i], .error = EIO}};
            long more = try_it(scenario, &trial, &ignored);
            for (trial.calls.fail_at = at; i == 0 && trial.calls.fail_at <= more;
                 trial.calls.fail_at++)
                try_it(scenario, &trial, &ignored);
        }
}

static void try_scenario(const struct scenario *scenario)
{
    unsigned before = runs;
    long memory, ignored, count = try_it(scenario, &(struct trial){0}, &memory);
    fail_each(scenario, count);
    meet_each(scenario, count);
    for (long at = 1; at <= 2 * memory; at++)
        try_it(scenario, &(struct trial){.memory_at = (at + 1) / 2, .memory_sticks = at % 2},
               &ignored);
    printf("%-34s %3ld calls, %2ld allocations: %u runs\n", scenario->name, count, memory,
           runs - before);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    umask(022);
    tzset(); /* it keeps memory for good */
    for (size_t i = 0; i < COUNT(scenarios); i++)
        if (argc < 2 || strcmp(argv[1], scenarios[i].name) == 0)
            try_scenario(&scenarios[i]);
    printf("%u runs: %u findings\n", runs, findings);
    return findings || !runs ? 1 : 0;
}
