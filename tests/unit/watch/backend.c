// SPDX-License-Identifier: MIT
#include "watch/backend.h"

#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];
static int folder_fd;

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/nexus-unit-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    folder_fd = open(folder, O_RDONLY | O_DIRECTORY);
    return folder_fd < 0;
}

static int remove_folder(void **state)
{
    (void)state;
    close(folder_fd);
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    return system(command);
}

static void make_files(int count)
{
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        close(openat(folder_fd, name, O_WRONLY | O_CREAT, 0600));
        unlinkat(folder_fd, name, 0);
    }
}

static void events_come_as_they_happened(void **state)
{
    (void)state;
    int fd;
    struct backend_event event;
    assert_int_equal(backend_open(&fd, NULL), NEXUS_OK);
    int wd = backend_watch(folder_fd, IN_CREATE | IN_DELETE);
    assert_true(wd > 0);
    assert_false(backend_next(&event));
    make_files(1);
    assert_true(backend_next(&event));
    assert_int_equal(event.wd, wd);
    assert_true(str_is(event.name, "0"));
    assert_string_equal(backend_words(event.mask), "CREATE");
    assert_true(backend_next(&event));
    assert_string_equal(backend_words(event.mask), "DELETE");
    assert_false(backend_next(&event));
    backend_close();
}

static void the_same_folder_has_the_same_watch(void **state)
{
    (void)state;
    int fd, again = dup(folder_fd);
    struct backend_event event;
    assert_int_equal(backend_open(&fd, NULL), NEXUS_OK);
    int wd = backend_watch(folder_fd, IN_CREATE);
    assert_int_equal(backend_watch(again, IN_CREATE), wd);
    backend_unwatch(wd);
    assert_true(backend_next(&event));
    assert_true(event.mask & IN_IGNORED);
    close(again);
    backend_close();
}

/* The library keeps what it has read beyond its own cleanup. */
static void what_was_not_read_is_not_left_to_the_next(void **state)
{
    (void)state;
    int fd;
    struct backend_event event;
    assert_int_equal(backend_open(&fd, NULL), NEXUS_OK);
    assert_true(backend_watch(folder_fd, IN_CREATE | IN_DELETE) > 0);
    make_files(100);
    assert_true(backend_next(&event));
    backend_close();
    assert_int_equal(backend_open(&fd, NULL), NEXUS_OK);
    assert_false(backend_next(&event));
    backend_close();
}

static void nothing_is_left_open(void **state)
{
    (void)state;
    int fd, before = dup(folder_fd);
    close(before);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(backend_open(&fd, NULL), NEXUS_OK);
        assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
        assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
        backend_close();
    }
    int after = dup(folder_fd);
    assert_int_equal(after, before);
    close(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_as_they_happened),
        cmocka_unit_test(the_same_folder_has_the_same_watch),
        cmocka_unit_test(what_was_not_read_is_not_left_to_the_next),
        cmocka_unit_test(nothing_is_left_open),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
