// SPDX-License-Identifier: MIT
/*
 * The waiting of paths, as stories: what programs do to a few files, and what is told when. A story
 * is a row: "MS verb path [path], …", and the expected telling: "MS+path" a quiet file, "<path" its
 * origin, "MS-path" gone, "MS?path" still open, "MS/path" a folder. Times are milliseconds;
 * `debounce` is 300, `max_wait` 2000. Names that start with '.' or end with '~' are ignored ones.
 */
#include "base/strbuf.h"
#include "watch/judge.h"

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILES = 32 };

struct fake_file {
    char name[16];
    int size, version;
    bool exists, open, foreign;
};

struct story {
    struct pending pending;
    struct fake_file files[FILES];
    struct strbuf told;
    int64_t now_ms;
};

static struct fake_file *file_of(struct story *story, struct str name)
{
    int i = 0;
    while (story->files[i].name[0] && !str_is(name, story->files[i].name))
        i++;
    assert_true(i < FILES - 1 && name.length < sizeof story->files[i].name);
    memcpy(story->files[i].name, name.at, name.length);
    return &story->files[i];
}

static bool is_ignored(struct str name)
{
    return str_starts_with(name, STR(".")) || str_ends_with(name, STR("~"));
}

static struct look look_at(struct story *story, const struct waiting *waiting)
{
    const struct fake_file *file = file_of(story, str_of(waiting->path));
    struct look look = {.seen = file->exists ? SEEN_FILE : SEEN_NOTHING};
    look.print.size_bytes = file->size;
    look.print.mtime_ns = file->version;
    look.writer = file->foreign ? WRITER_UNKNOWN : file->open ? WRITER_OPEN : WRITER_NONE;
    struct str backup = judge_backup(waiting);
    look.has_backup = backup.length && file_of(story, backup)->exists;
    return look;
}

static void tell(struct story *story, const struct waiting *waiting, char mark)
{
    strbuf_addf(&story->told, "%s%d%c%s", story->told.length ? " " : "", (int)story->now_ms, mark,
                waiting->path);
    if (waiting->origin && mark == '+')
        strbuf_addf(&story->told, "<%s", waiting->origin);
}

static void settle(struct story *story, struct waiting *waiting, int64_t now_ns)
{
    static const char marks[] = {
        [JUDGED_QUIET] = '+', [JUDGED_GONE] = '-', [JUDGED_STILL_OPEN] = '?'};
    if (waiting->kind == ENTRY_FOLDER) {
        tell(story, waiting, '/');
        pending_done(&story->pending, waiting);
        return;
    }
    struct look look = look_at(story, waiting);
    enum judgement judgement = judge_look(&story->pending, waiting, &look, now_ns);
    if (judgement == JUDGED_STILL_OPEN)
        tell(story, waiting, marks[judgement]);
    if (judgement != JUDGED_QUIET && judgement != JUDGED_GONE)
        return;
    struct waiting *tied;
    while ((tied = pending_take_tied(&story->pending, waiting, now_ns)))
        settle(story, tied, now_ns);
    tell(story, waiting, marks[judgement]);
    pending_done(&story->pending, waiting);
}

/** Lets the time pass, up to and including `until_ms`. */
static void pass(struct story *story, int64_t until_ms)
{
    int64_t due_ns;
    while ((due_ns = pending_due(&story->pending)) <= until_ms * NS_PER_MS) {
        struct waiting *waiting = pending_take(&story->pending, due_ns);
        story->now_ms = due_ns / NS_PER_MS;
        if (waiting)
            settle(story, waiting, due_ns);
    }
    story->now_ms = until_ms;
}

static void hear(struct story *story, struct str name, enum heard heard)
{
    int64_t now_ns = story->now_ms * NS_PER_MS;
    if (is_ignored(name))
        pending_hear_ignored(&story->pending, name, heard, now_ns);
    else
        pending_hear(&story->pending, name, heard, now_ns);
}

static void rename_it(struct story *story, struct str from, struct str to)
{
    struct fake_file *source = file_of(story, from), *target = file_of(story, to);
    unsigned flags = (is_ignored(from) ? RENAME_FROM_IGNORED : 0) |
                     (is_ignored(to) ? (unsigned)RENAME_TO_IGNORED : 0);
    target->exists = true;
    target->size = source->size;
    target->version = source->version;
    target->open = source->open;
    source->exists = false;
    if (!is_ignored(from)) /* the first half alone, as the kernel tells it */
        hear(story, from, HEARD_LEFT);
    pending_hear_rename(&story->pending, from, to, flags, story->now_ms * NS_PER_MS);
}

/** Both names at once; the kernel tells it as two renames. */
static void exchange(struct story *story, struct str a, struct str b)
{
    struct fake_file *first = file_of(story, a), *second = file_of(story, b), kept = *first;
    rename_it(story, a, b);
    rename_it(story, b, a);
    first->exists = second->exists = true;
    first->size = second->size;
    second->size = kept.size;
}

static void change(struct fake_file *file, int size)
{
    file->exists = true;
    file->size = size;
    file->version++;
}

static void act_on_file(struct story *story, struct str verb, struct str name)
{
    struct fake_file *file = file_of(story, name);
    if (str_is(verb, "save") || str_is(verb, "create")) {
        if (!file->exists)
            hear(story, name, HEARD_MADE);
        change(file, str_is(verb, "save") ? 9 : 0);
        file->open = str_is(verb, "create");
        if (!file->open)
            hear(story, name, HEARD_CLOSED);
    } else if (str_is(verb, "write")) {
        change(file, file->size + 1);
        file->open = true;
        hear(story, name, HEARD_WRITTEN);
    } else if (str_is(verb, "creep")) { /* a mapped file, or one made by linkat: no event */
        change(file, file->size + 1);
    } else if (str_is(verb, "close")) {
        file->open = false;
        hear(story, name, HEARD_CLOSED);
    } else if (str_is(verb, "release")) { /* a close without an event */
        file->open = false;
    } else if (str_is(verb, "link")) {
        change(file, 5);
        hear(story, name, HEARD_MADE);
    } else if (str_is(verb, "delete") || str_is(verb, "leave")) {
        file->exists = false;
        hear(story, name, str_is(verb, "leave") ? HEARD_LEFT : HEARD_DELETED);
    } else if (str_is(verb, "arrive")) {
        change(file, 7);
        hear(story, name, HEARD_ARRIVED);
    } else if (str_is(verb, "touch")) {
        hear(story, name, HEARD_CHANGED);
    } else if (str_is(verb, "foreign")) {
        file->foreign = true;
    } else {
        fail_msg("no verb '%.*s'", STR_ARG(verb));
    }
}

static struct str word(struct str *rest)
{
    *rest = str_trim(*rest);
    size_t end = str_find(*rest, ' ');
    struct str found = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, found.length, rest->length);
    return found;
}

static void act(struct story *story, struct str step)
{
    pass(story, atoi(word(&step).at));
    struct str verb = word(&step), path = word(&step), to = word(&step);
    int64_t now_ns = story->now_ms * NS_PER_MS;
    if (str_is(verb, "have"))
        change(file_of(story, path), 3);
    else if (str_is(verb, "rename"))
        rename_it(story, path, to);
    else if (str_is(verb, "exchange"))
        exchange(story, path, to);
    else if (str_is(verb, "move"))
        pending_move_folder(&story->pending, path, to);
    else if (str_is(verb, "look"))
        pending_hear_folder(&story->pending, path, now_ns);
    else if (str_is(verb, "flush"))
        pending_hurry(&story->pending, now_ns);
    else
        act_on_file(story, verb, path);
}

static struct story run(const char *steps, size_t limit)
{
    struct story story = {0};
    pending_init(&story.pending, 300 * NS_PER_MS, 2000 * NS_PER_MS);
    if (limit)
        story.pending.limit = limit;
    for (struct str rest = str_of(steps); rest.length;) {
        size_t end = str_find(rest, ',');
        act(&story, str_slice(rest, 0, end));
        rest = str_slice(rest, end == STR_NONE ? rest.length : end + 1, rest.length);
    }
    pass(&story, 200 * 1000);
    assert_false(story.pending.failed);
    pending_finish(&story.pending);
    return story;
}

static const struct {
    const char *what, *steps, *told;
} stories[] = {
    {"nothing happens", "0 have a", ""},
    {"a new file", "0 save a", "300+a"},
    {"events count from the last one", "0 save a, 200 save a, 350 save a", "650+a"},
    {"two bursts are two tellings", "0 save a, 1000 save a", "300+a 1300+a"},
    {"autosave does not starve",
     "0 save a, 250 save a, 500 save a, 750 save a, 1000 save a, 1250 save a, 1500 save a, "
     "1750 save a, 2100 save a",
     "2000+a 2400+a"},
    {"an empty file gets a second look", "0 create a, 0 close a", "600+a"},
    {"truncated, then written slowly", "0 have a, 0 create a, 400 write a, 450 close a", "750+a"},
    {"a slow writer is told of when it closes",
     "0 create a, 10 write a, 460 write a, 910 write a, 1400 close a", "1700+a"},
    {"a mapped write is told of when the lease is free", "0 have a, 0 write a, 700 release a",
     "1050+a"},
    {"a file that stays open is told of after 30 s", "0 write a, 40000 close a", "30850?a 40300+a"},
    {"… and again when it went on", "0 write a, 31500 creep a, 70000 close a",
     "30850?a 61850?a 70300+a"},
    {"… and not when it did not", "0 write a, 95000 close a", "30850?a 95300+a"},
    {"another user's file: two looks that agree", "0 foreign a, 0 save a", "600+a"},
    {"another user's file, still growing", "0 foreign a, 0 save a, 400 creep a", "900+a"},
    {"another user's file, being written", "0 foreign a, 0 write a, 5000 close a", "5600+a"},
    {"a name made by linkat, then filled", "0 link a, 100 touch a", "400+a"},
    {"deleted", "0 have a, 0 delete a", "300-a"},
    {"deleted and made again", "0 have a, 0 delete a, 5 save a", "305+a"},
    {"a temporary file", "0 save tmp1, 2 delete tmp1", "302-tmp1"},
    {"vim", "0 have a, 0 rename a a~, 3 create a, 5 write a, 6 close a, 7 delete a~", "306+a"},
    {"vim on a slow disk",
     "0 have a, 0 rename a a~, 1400 create a, 1400 write a, 1401 close a, 1402 delete a~",
     "1701+a"},
    {"renamed to a backup name and left there", "0 have a, 0 rename a a~", "10000-a"},
    {"the backup is deleted and nothing is written", "0 have a, 0 rename a a~, 2000 delete a~",
     "2000-a"},
    {"a visible backup waits with its file",
     "0 have a, 0 rename a a.bak, 700 create a, 700 write a, 701 close a", "1001+a.bak<a 1001+a"},
    {"another name is no backup", "0 have a, 0 rename a b", "300-a 300+b<a"},
    {"hidden in another folder is gone", "0 have d/a, 0 rename d/a .t", "300-d/a"},
    {"saved by way of a temporary name", "0 have a, 0 save tmp1, 5 rename tmp1 a",
     "305-tmp1 305+a"},
    {"JetBrains: through two ignored names",
     "0 have a, 0 save .a_tmp, 1 rename a .a_old, 2 rename .a_tmp a, 3 delete .a_old", "302+a"},
    {"renamed", "0 have a, 0 rename a b", "300-a 300+b<a"},
    {"renamed twice", "0 have a, 0 rename a b, 200 rename b c", "500-a 500-b 500+c<a"},
    {"renamed there and back", "0 have a, 0 rename a b, 100 rename b a", "400+a 400-b"},
    {"renamed through an ignored name, as Syncthing does",
     "0 have a, 0 rename a .syncthing, 5 rename .syncthing b", "305-a 305+b<a"},
    {"renamed and edited", "0 have a, 0 rename a b, 100 save b", "400-a 400+b<a"},
    {"edited and renamed", "0 save a, 100 rename a b", "400-a 400+b"},
    {"renamed over another", "0 have a, 0 have b, 0 rename a b", "300-a 300+b<a"},
    {"swapped", "0 have a, 0 have b, 0 rename a t, 100 rename b a, 200 rename t b",
     "500+a<b 500+b<a 500-t"},
    {"swapped in one step", "0 have a, 0 have b, 0 exchange a b", "300+a<b 300+b<a"},
    {"renamed, then swapped in one step", "0 have x, 0 have b, 0 rename x a, 1 exchange a b",
     "301-x 301+a<b 301+b<x"},
    {"four names in a round, one of them edited",
     "0 have a, 0 have b, 0 have c, 0 rename a t, 0 rename c a, 0 rename b c, 1 rename t b, "
     "100 save c",
     "400-t 400+a<c 400+b<a 400+c<b"},
    {"renamed, then deleted", "0 have a, 0 rename a b, 100 delete b", "400-a 400-b"},
    {"moved out", "0 have a, 0 leave a", "300-a"},
    {"renamed, then moved out", "0 have a, 0 rename a b, 100 leave b", "400-a 400-b"},
    {"renamed, moved out, and another made", "0 have a, 0 rename a b, 100 leave b, 200 save b",
     "500-a 500+b"},
    {"moved in", "0 arrive a", "300+a"},
    {"moved in, then renamed", "0 arrive a, 100 rename a b", "400-a 400+b"},
    {"told of, then renamed", "0 save a, 1000 rename a b", "300+a 1300-a 1300+b<a"},
    {"its folder moves while it waits", "0 save d/a, 100 move d e", "300-e/a"},
    {"its folder moves after it was renamed",
     "0 have d/a, 0 rename d/a d/b, 1 have e/b, 1 move d e", "300-e/a 300+e/b<e/a"},
    {"a folder beside with the same start stays", "0 save d2/a, 100 move d e", "300+d2/a"},
    {"a flush does not wait for quiet", "0 save a, 10 flush", "10+a"},
    {"a flush takes an empty file as it is", "0 create a, 0 close a, 10 flush", "10+a"},
    {"a flush does not take an open file", "0 write a, 10 flush, 500 close a", "800+a"},
    {"a flush does not end a hold", "0 have a, 0 rename a a~, 10 flush, 20 save a, 21 delete a~",
     "320+a"},
    {"a folder to look through", "0 look d, 100 look d", "400/d"},
    {"a file leaves a folder that is to be looked through",
     "0 have d/a, 0 look d, 100 rename d/a b", "400-d/a 400+b<d/a 400/d"},
    {"… and is renamed once more", "0 have d/a, 0 look d, 100 rename d/a b, 350 rename b c",
     "650-d/a 650-b 650+c<d/a 650/d"},
    {"a file comes into such a folder", "0 have a, 0 look d, 100 rename a d/a",
     "300/d 400-a 400+d/a<a"},
    {"a file that leaves another folder is not waited for",
     "0 have e/a, 0 look d, 100 rename e/a b", "300/d 400-e/a 400+b<e/a"},
    {"a file that an editor is about to write anew is waited for, but not for ever",
     "0 have d/a, 0 look d, 100 rename d/a d/a~", "4000/d 10100-d/a"},
};

/** The order of what is told at one time does not matter. */
static bool same_words(struct str a, struct str b)
{
    if (a.length != b.length)
        return false;
    for (struct str rest = a, one; (one = word(&rest)).length;) {
        bool found = false;
        for (struct str others = b, other; (other = word(&others)).length;)
            found |= str_equal(one, other);
        if (!found)
            return false;
    }
    return true;
}

static void each_story_is_told_as_it_should(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        struct story story = run(stories[i].steps, 0);
        bool as_expected = same_words(strbuf_str(&story.told), str_of(stories[i].told));
        if (!as_expected)
            print_error("%s: told '%.*s', not '%s'\n", stories[i].what,
                        STR_ARG(strbuf_str(&story.told)), stories[i].told);
        wrong += !as_expected;
        strbuf_finish(&story.told);
    }
    assert_int_equal(wrong, 0);
}

/* With a limit of three paths. */
static const struct {
    const char *what, *steps, *told;
} crowds[] = {
    {"as many as the limit stay themselves", "0 save d/a, 0 save d/b, 0 save d/c",
     "300+d/a 300+d/b 300+d/c"},
    {"one more, and their folder stands for them", "0 save d/a, 0 save d/b, 0 save d/c, 1 save d/d",
     "301/d"},
    {"what comes later below it is covered",
     "0 save d/a, 0 save d/b, 0 save d/c, 1 save d/d, 100 save d/e/f", "400/d"},
    {"what comes later beside it is not",
     "0 save d/a, 0 save d/b, 0 save d/c, 1 save d/d, 100 save e", "301/d 400+e"},
    {"nothing in common: the whole vault",
     "0 save d/a, 0 save d/b, 0 save e/c, 1 save f, 10 save g", "310/"},
    {"a common start of names is no folder", "0 save da, 0 save db, 0 save dc, 1 save dd", "301/"},
    {"a busy path stays itself",
     "0 write d/a, 500 save d/b, 501 save d/c, 502 save d/d, 600 close d/a", "802/d 900+d/a"},
};

static void a_crowd_becomes_its_folder(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof crowds / sizeof crowds[0]; i++) {
        struct story story = run(crowds[i].steps, 3);
        bool as_expected = same_words(strbuf_str(&story.told), str_of(crowds[i].told));
        if (!as_expected)
            print_error("%s: told '%.*s', not '%s'\n", crowds[i].what,
                        STR_ARG(strbuf_str(&story.told)), crowds[i].told);
        wrong += !as_expected;
        strbuf_finish(&story.told);
    }
    assert_int_equal(wrong, 0);
}

/** Every order of turns is the order of time: against a plain search, over a random workload. */
static void turns_come_in_the_order_of_time(void **state)
{
    (void)state;
    struct paths paths = {0};
    unsigned seed = 7;
    for (int i = 0; i < 20000; i++) {
        char name[16];
        seed = seed * 1103515245 + 12345;
        struct str path = {name, (size_t)snprintf(name, sizeof name, "%u", seed >> 16 & 255)};
        struct waiting *waiting = paths_find(&paths, path, ENTRY_FILE);
        int64_t due = seed >> 4 & 1023;
        if (!waiting)
            assert_non_null(paths_add(&paths, path, ENTRY_FILE, due));
        else if (seed >> 10 & 1)
            paths_remove(&paths, waiting);
        else
            paths_set_due(&paths, waiting, due);
        const struct waiting *first = paths_first(&paths);
        for (size_t j = 0; j < paths.count; j++)
            assert_true(first->due_ns <= paths.heap[j]->due_ns);
    }
    paths_finish(&paths);
}

/** Two hundred saves by way of a temporary name, in ten seconds: what is remembered of them is not
 * forgotten one by one. */
static void traces_are_forgotten_together(void **state)
{
    (void)state;
    struct pending pending;
    pending_init(&pending, 300 * NS_PER_MS, 2000 * NS_PER_MS);
    for (int i = 0; i < 200; i++) {
        char from[16], to[16];
        snprintf(from, sizeof from, "a%d", i);
        snprintf(to, sizeof to, ".t%d", i);
        int64_t now_ns = (1000 + 50 * i) * NS_PER_MS;
        pending_hear_rename(&pending, str_of(from), str_of(to), RENAME_TO_IGNORED, now_ns);
        pending_done(&pending, paths_find(&pending.paths, str_of(from), ENTRY_FILE));
    }
    assert_int_equal(pending.paths.count, 200);
    int wakes = 0;
    for (int64_t due_ns; (due_ns = pending_due(&pending)) != INT64_MAX; wakes++) {
        assert_true(due_ns >= 11000 * NS_PER_MS);
        assert_null(pending_take(&pending, due_ns));
    }
    assert_in_range(wakes, 1, 4);
    pending_finish(&pending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_story_is_told_as_it_should),
        cmocka_unit_test(a_crowd_becomes_its_folder),
        cmocka_unit_test(turns_come_in_the_order_of_time),
        cmocka_unit_test(traces_are_forgotten_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
