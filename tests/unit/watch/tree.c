// SPDX-License-Identifier: MIT
/*
 * What happens between an event and the look at what it is about: rounds of the watch thread
 * without the thread, so that a folder moves exactly then. Every folder is watched in the end.
 */
#include "base/time.h"
#include "watch/round.h"

#include "watch/backend.h"

#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct round round_;
static struct ignore *ignore;
static char vault[64];
static int64_t now_ns;

static int set_up(void **state)
{
    int inotify_fd;
    (void)state;
    snprintf(vault, sizeof vault, "/tmp/nexus-unit-XXXXXX");
    round_ = (struct round){0};
    ignore = ignore_new();
    if (!ignore || !mkdtemp(vault) || backend_open(&inotify_fd, NULL) != NEXUS_OK ||
        queue_new(&round_.queue, NULL) != NEXUS_OK)
        return -1;
    pending_init(&round_.pending, NS_PER_MS, NS_PER_MS);
    round_.tree.stray_ns = 300 * NS_PER_MS;
    round_.tree.retry_ns = 30 * NS_PER_S;
    round_.tree.scope.ignore = ignore;
    round_.tree.root_fd = round_.root.fd = open(vault, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    now_ns = time_monotonic_ns();
    return root_open(&round_.root, vault, NULL) != NEXUS_OK ||
           round_init(&round_, NULL) != NEXUS_OK;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    round_finish(&round_);
    root_close(&round_.root);
    queue_free(round_.queue);
    backend_close();
    close(round_.root.fd);
    ignore_free(ignore);
    snprintf(command, sizeof command, "rm -rf -- '%s'", vault);
    return system(command);
}

/** Rounds, until there is nothing to do for longer than anything waits. */
static void rest(void)
{
    for (int i = 0; i < 20; i++) {
        while (round_run(&round_, now_ns))
            ;
        now_ns += 100 * NS_PER_MS;
    }
}

/** Reads the events that there are, and looks at nothing. */
static void hear(void)
{
    struct backend_event event;
    while (backend_next(&event))
        hints_take(&round_.hints, &event, now_ns);
}

static void make(const char *path)
{
    assert_int_equal(mkdirat(round_.root.fd, path, 0700), 0);
}

static void move(const char *from, const char *to)
{
    assert_int_equal(renameat(round_.root.fd, from, round_.root.fd, to), 0);
}

/** Whether the node at the path has the watch of the folder at the path. */
static bool is_watched(const char *path)
{
    struct node *node = round_.tree.nodes.root;
    struct str rest = str_of(path);
    while (node && rest.length) {
        size_t slash = str_find(rest, '/');
        size_t end = slash == STR_NONE ? rest.length : slash;
        node = nodes_child(&round_.tree.nodes, node, str_slice(rest, 0, end));
        rest = str_slice(rest, end + (slash != STR_NONE), rest.length);
    }
    int fd = openat(round_.root.fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    int wd = backend_watch(fd, BACKEND_FOLDER_MASK);
    close(fd);
    return node && node->wd == wd;
}

/** The look at a new folder comes when the one above has just got another name. */
static void make_and_rename(const char *made, const char *from, const char *to)
{
    rest();
    make(made);
    hear();
    move(from, to);
    tree_list_some(&round_.tree, 64, now_ns);
}

static void test_a_folder_is_made_in_one_that_is_renamed_before_the_look(void **state)
{
    (void)state;
    make("a");
    make_and_rename("a/b", "a", "c");
    rest();
    assert_true(is_watched("c"));
    assert_true(is_watched("c/b"));
}

static void test_a_folder_is_made_far_below_one_that_is_renamed_before_the_look(void **state)
{
    (void)state;
    make("a");
    make("a/x");
    make("a/x/y");
    make_and_rename("a/x/y/b", "a", "c");
    rest();
    assert_true(is_watched("c/x/y"));
    assert_true(is_watched("c/x/y/b"));
}

static void test_a_folder_is_made_in_one_that_is_away_and_back_at_the_look(void **state)
{
    (void)state;
    make("a");
    make_and_rename("a/b", "a", "c");
    move("c", "a");
    rest();
    assert_true(is_watched("a/b"));
}

static void test_a_folder_that_is_gone_at_the_look_is_forgotten(void **state)
{
    (void)state;
    make("a");
    rest();
    size_t before = round_.tree.nodes.count;
    make("a/b");
    hear();
    assert_int_equal(unlinkat(round_.root.fd, "a/b", AT_REMOVEDIR), 0);
    rest();
    assert_int_equal(round_.tree.nodes.count, before);
    assert_int_equal(round_.tree.stray_count, 0);
    assert_true(is_watched("a"));
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(a_folder_is_made_in_one_that_is_renamed_before_the_look),
        STORY(a_folder_is_made_far_below_one_that_is_renamed_before_the_look),
        STORY(a_folder_is_made_in_one_that_is_away_and_back_at_the_look),
        STORY(a_folder_that_is_gone_at_the_look_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
