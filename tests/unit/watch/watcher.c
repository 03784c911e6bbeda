// SPDX-License-Identifier: MIT
/* What only one process can show: watchers that are opened again and again. What they tell of is
 * the scenarios' part (tests/watch/). */
#include "watch/watcher.h"

#include "unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static struct ignore *ignore;

static int make_rules(void **state)
{
    (void)state;
    ignore = ignore_new();
    return !ignore;
}

static int free_rules(void **state)
{
    (void)state;
    ignore_free(ignore);
    return 0;
}

struct vault {
    char path[64];
    int fd;
};

static struct vault make_vault(void)
{
    struct vault vault = {.path = "/tmp/nexus-unit-XXXXXX"};
    assert_non_null(mkdtemp(vault.path));
    vault.fd = open(vault.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(vault.fd >= 0);
    return vault;
}

static void remove_vault(struct vault *vault)
{
    char command[128];
    close(vault->fd);
    snprintf(command, sizeof command, "rm -rf -- '%s'", vault->path);
    assert_int_equal(system(command), 0);
}

static enum nexus_status open_watcher(const struct vault *vault, struct watcher **watcher,
                                      struct nexus_error *err)
{
    const struct watcher_options options = {.debounce_ms = 1, .max_wait_ms = 1};
    return watcher_open(vault->path, vault->fd, ignore, &options, watcher, err);
}

static void make_file(const struct vault *vault, const char *name)
{
    int fd = openat(vault->fd, name, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

/** Waits for the next nomination of a file, and copies its path. */
static void next_file(struct watcher *watcher, char path[64])
{
    struct nomination nomination;
    struct pollfd ready = {.fd = watcher_fd(watcher), .events = POLLIN};
    for (;;) {
        if (!watcher_next(watcher, &nomination)) {
            assert_int_equal(poll(&ready, 1, 30000), 1);
            continue;
        }
        if (nomination.kind == NOMINATED_FILE)
            break;
    }
    snprintf(path, 64, "%s", nomination.path.at);
}

static int count_fds(void)
{
    int count = 0;
    DIR *listing = opendir("/proc/self/fd");
    while (readdir(listing))
        count++;
    closedir(listing);
    return count;
}

static void a_process_watches_one_vault_at_a_time(void **state)
{
    (void)state;
    struct vault vault = make_vault();
    struct watcher *watcher, *second;
    assert_int_equal(open_watcher(&vault, &watcher, NULL), NEXUS_OK);
    assert_int_equal(open_watcher(&vault, &second, NULL), NEXUS_ERROR_BUSY);
    watcher_close(watcher);
    remove_vault(&vault);
}

static void a_new_watcher_hears_nothing_of_the_old_ones_folders(void **state)
{
    (void)state;
    int before = count_fds();
    for (int i = 0; i < 20; i++) {
        struct vault old = make_vault(), new = make_vault();
        struct watcher *watcher;
        char path[64];
        assert_int_equal(open_watcher(&old, &watcher, NULL), NEXUS_OK);
        for (int j = 0; j < 50; j++) {
            char name[16];
            snprintf(name, sizeof name, "old-%d", j);
            make_file(&old, name);
        }
        watcher_close(watcher); /* most of these events are still unread */
        assert_int_equal(open_watcher(&new, &watcher, NULL), NEXUS_OK);
        make_file(&new, "new");
        next_file(watcher, path);
        assert_string_equal(path, "new");
        watcher_close(watcher);
        remove_vault(&old);
        remove_vault(&new);
    }
    assert_int_equal(count_fds(), before);
}

static void a_folder_that_is_not_at_the_path_is_refused(void **state)
{
    (void)state;
    struct vault one = make_vault(), other = make_vault();
    struct vault mixed = one;
    struct watcher *watcher;
    struct nexus_error err;
    mixed.fd = other.fd;
    assert_int_equal(open_watcher(&mixed, &watcher, &err), NEXUS_ERROR_ARGUMENT);
    int before = count_fds();
    snprintf(mixed.path, sizeof mixed.path, "/nowhere/at/all");
    assert_int_equal(open_watcher(&mixed, &watcher, &err), NEXUS_ERROR_NOT_FOUND);
    assert_int_equal(count_fds(), before);
    remove_vault(&one);
    remove_vault(&other);
}

/* The library waits with select(2), which writes past its end for descriptors from 1024. */
static void a_descriptor_that_is_too_high_is_refused(void **state)
{
    (void)state;
    struct rlimit before, more;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    more = before;
    more.rlim_cur = before.rlim_max < 2048 ? before.rlim_max : 2048;
    if (more.rlim_cur < 1100 || setrlimit(RLIMIT_NOFILE, &more) != 0)
        skip();
    int fds[1100], count = 0, fd = -1;
    while (count < 1100 && fd < 1050)
        fds[count++] = fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    char path[] = "/tmp/nexus-unit-XXXXXX";
    assert_non_null(mkdtemp(path));
    struct vault vault = {.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    snprintf(vault.path, sizeof vault.path, "%s", path);
    struct watcher *watcher;
    assert_int_equal(open_watcher(&vault, &watcher, NULL), NEXUS_ERROR_LIMIT);
    while (count)
        close(fds[--count]);
    assert_int_equal(open_watcher(&vault, &watcher, NULL), NEXUS_OK);
    watcher_close(watcher);
    remove_vault(&vault);
    setrlimit(RLIMIT_NOFILE, &before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_watches_one_vault_at_a_time),
        cmocka_unit_test(a_new_watcher_hears_nothing_of_the_old_ones_folders),
        cmocka_unit_test(a_folder_that_is_not_at_the_path_is_refused),
        cmocka_unit_test(a_descriptor_that_is_too_high_is_refused),
    };
    return cmocka_run_group_tests(tests, make_rules, free_rules);
}
