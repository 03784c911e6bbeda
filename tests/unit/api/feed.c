// SPDX-License-Identifier: MIT
/* A program follows what changes, whoever changes it: itself, another process, or a database in
 * another's place. */
#include "nexus/feed.h"
#include "nexus/edit.h"
#include "nexus/recovery.h"

#include "unit/unit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GENEROUS_MS = 60000 };

#define OK(call) assert_int_equal((call), NEXUS_OK)

struct fixture {
    char dir[64];
    struct nexus_vault *vault;
    struct nexus_feed *feed;
};

static void shell(const struct fixture *fixture, const char *command)
{
    char whole[512];
    snprintf(whole, sizeof whole, "cd '%s' && %s", fixture->dir, command);
    assert_int_equal(system(whole), 0);
}

static void sync_it(const struct fixture *fixture)
{
    OK(nexus_sync(fixture->vault, 0, NULL, NULL, NULL, NULL));
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->dir, sizeof fixture->dir, "/tmp/nexus-feed-XXXXXX");
    assert_non_null(mkdtemp(fixture->dir));
    shell(fixture, "echo '# A' > a.md");
    OK(nexus_vault_init(fixture->dir, NULL));
    OK(nexus_vault_open(fixture->dir, &fixture->vault, NULL));
    assert_int_equal(nexus_feed_open(fixture->dir, 0, &fixture->feed, NULL), NEXUS_ERROR_NOT_FOUND);
    sync_it(fixture);
    OK(nexus_feed_open(fixture->dir, NEXUS_FEED_FROM_NOW, &fixture->feed, NULL));
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    nexus_feed_close(fixture->feed);
    nexus_vault_close(fixture->vault);
    shell(fixture, "rm -r \"$PWD\"");
    free(fixture);
    return 0;
}

/** Waits for a change, which must be this one. Returns its number. */
static int64_t assert_change(struct nexus_feed *feed, const char *op, const char *path)
{
    struct nexus_change change;
    bool more;
    OK(nexus_feed_next(feed, GENEROUS_MS, &change, &more, NULL));
    assert_true(more);
    assert_string_equal(change.op, op);
    assert_string_equal(change.path, path);
    assert_true(change.object_id > 0 && change.uid && change.at);
    return change.seq;
}

static void assert_nothing(struct nexus_feed *feed)
{
    struct nexus_change change;
    bool more;
    OK(nexus_feed_next(feed, 0, &change, &more, NULL));
    assert_false(more);
}

static void what_was_before_is_told_of_when_it_is_asked_for(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_feed *all, *rest;
    struct nexus_change change = {0};
    assert_nothing(fixture->feed);
    OK(nexus_feed_open(fixture->dir, 0, &all, NULL));
    for (bool more = true; more && (!change.op || strcmp(change.op, "create") != 0);)
        OK(nexus_feed_next(all, 0, &change, &more, NULL));
    assert_string_equal(change.path, "a.md");
    assert_null(change.old_path);
    OK(nexus_feed_open(fixture->dir, change.seq, &rest, NULL));
    assert_nothing(rest);
    nexus_feed_close(rest);
    nexus_feed_close(all);
}

static void an_edit_of_a_file_is_told_of_in_its_order(void **state)
{
    struct fixture *fixture = *state;
    shell(fixture, "echo more >> a.md && echo '# B' > b.md");
    sync_it(fixture);
    int64_t first = assert_change(fixture->feed, "update", "a.md");
    assert_true(assert_change(fixture->feed, "create", "b.md") > first);
    assert_nothing(fixture->feed);
}

static void another_process_is_heard_while_it_is_waited_for(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 20; i++) {
        shell(fixture, "sqlite3 .nexus/vault.sqlite "
                       "\"UPDATE core_note SET title = hex(randomblob(4))\" &");
        assert_change(fixture->feed, "update", "a.md");
    }
}

static void its_descriptor_is_readable_when_something_came(void **state)
{
    struct fixture *fixture = *state;
    struct pollfd poller = {.fd = nexus_feed_fd(fixture->feed), .events = POLLIN};
    while (poll(&poller, 1, 500) > 0) /* until it is quiet */
        assert_nothing(fixture->feed);
    shell(fixture, "rm a.md");
    sync_it(fixture);
    assert_int_equal(poll(&poller, 1, GENEROUS_MS), 1);
    assert_change(fixture->feed, "delete", "a.md");
}

static void a_database_that_is_made_anew_is_followed(void **state)
{
    struct fixture *fixture = *state;
    OK(nexus_rebuild(fixture->vault, NULL, NULL));
    shell(fixture, "echo '# C' > c.md");
    sync_it(fixture);
    struct nexus_change change = {0};
    for (bool more = true; more && (!change.path || strcmp(change.path, "c.md") != 0);)
        OK(nexus_feed_next(fixture->feed, GENEROUS_MS, &change, &more, NULL));
    assert_string_equal(change.path, "c.md");
}

static void arguments_are_checked(void **state)
{
    struct fixture *fixture = *state;
    struct nexus_feed *feed;
    assert_int_equal(nexus_feed_open(NULL, 0, &feed, NULL), NEXUS_ERROR_ARGUMENT);
    assert_int_equal(nexus_feed_open("/", 0, &feed, NULL), NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(nexus_feed_next(fixture->feed, 0, NULL, NULL, NULL), NEXUS_ERROR_ARGUMENT);
    nexus_feed_close(NULL);
}

int main(void)
{
#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        FRESH(what_was_before_is_told_of_when_it_is_asked_for),
        FRESH(an_edit_of_a_file_is_told_of_in_its_order),
        FRESH(another_process_is_heard_while_it_is_waited_for),
        FRESH(its_descriptor_is_readable_when_something_came),
        FRESH(a_database_that_is_made_anew_is_followed),
        FRESH(arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
