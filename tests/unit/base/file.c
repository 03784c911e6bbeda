// SPDX-License-Identifier: MIT
#include "base/file.h"
#include "base/time.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <signal.h>
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

static enum nexus_status read_it(const char *path, int64_t limit, struct strbuf *bytes)
{
    struct fingerprint print;
    return file_read_beneath(folder_fd, path, limit, bytes, &print, NULL);
}

static void a_file_is_written_and_read_back(void **state)
{
    (void)state;
    STRBUF_SCOPED bytes = {0};
    assert_int_equal(file_write_atomically(folder_fd, "a", STR("one\0two"), 0600, NULL), NEXUS_OK);
    assert_int_equal(file_write_atomically(folder_fd, "a", STR("three\0"), 0600, NULL), NEXUS_OK);
    assert_int_equal(read_it("a", 100, &bytes), NEXUS_OK);
    assert_true(str_equal(strbuf_str(&bytes), STR("three\0")));
    assert_int_equal(read_it("a", 5, &bytes), NEXUS_ERROR_LIMIT);
    assert_int_equal(read_it("missing", 5, &bytes), NEXUS_ERROR_NOT_FOUND);
}

static void what_is_not_a_file_of_this_folder_is_refused(void **state)
{
    (void)state;
    STRBUF_SCOPED bytes = {0};
    assert_int_equal(mkdirat(folder_fd, "d", 0700), 0);
    assert_int_equal(symlinkat("/etc/passwd", folder_fd, "out"), 0);
    assert_int_equal(symlinkat("/etc", folder_fd, "etc"), 0);
    assert_int_equal(mkfifoat(folder_fd, "fifo", 0600), 0);
    assert_int_equal(read_it("out", 1 << 20, &bytes), NEXUS_ERROR_REFUSED);
    assert_int_equal(read_it("etc/passwd", 1 << 20, &bytes), NEXUS_ERROR_REFUSED);
    assert_int_equal(read_it("../../etc/passwd", 1 << 20, &bytes), NEXUS_ERROR_REFUSED);
    assert_int_equal(read_it("/etc/passwd", 1 << 20, &bytes), NEXUS_ERROR_REFUSED);
    assert_int_equal(read_it("fifo", 1 << 20, &bytes), NEXUS_ERROR_REFUSED);
    assert_int_equal(read_it("d", 1 << 20, &bytes), NEXUS_ERROR_REFUSED);
}

static void a_version_is_racy_only_near_its_change(void **state)
{
    (void)state;
    struct fingerprint print = {.mtime_ns = 1000 * NS_PER_S, .ctime_ns = 1001 * NS_PER_S};
    assert_true(fingerprint_is_racy(&print, 1001 * NS_PER_S + 5 * NS_PER_MS));
    assert_false(fingerprint_is_racy(&print, 1001 * NS_PER_S + 30 * NS_PER_MS));
    print.mtime_ns = 2000 * NS_PER_S; /* set by hand, to the future */
    assert_false(fingerprint_is_racy(&print, 1500 * NS_PER_S));
    assert_true(fingerprint_is_racy(&print, 1001 * NS_PER_S));
}

static void a_path_may_be_longer_than_one_call_takes(void **state)
{
    (void)state;
    STRBUF_SCOPED path = {0}, bytes = {0};
    char name[202];
    memset(name, 'x', 200);
    memcpy(name + 200, "/", 2);
    int at = dup(folder_fd);
    for (int i = 0; i < 25; i++) {
        strbuf_add_text(&path, name);
        assert_int_equal(mkdirat(at, name, 0700), 0);
        int next = openat(at, name, O_PATH | O_DIRECTORY);
        close(at);
        at = next;
    }
    strbuf_add_text(&path, "f");
    int file = openat(at, "f", O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(file, "deep", 4), 4);
    close(file);
    close(at);
    assert_int_equal(read_it(path.at, 100, &bytes), NEXUS_OK);
    assert_string_equal(bytes.at, "deep");
    path.at[path.length - 1] = 'g';
    assert_int_equal(read_it(path.at, 100, &bytes), NEXUS_ERROR_NOT_FOUND);
}

static void what_is_there_can_be_looked_at_without_opening_it(void **state)
{
    (void)state;
    struct stat status;
    FD_SCOPED fd = -1;
    assert_int_equal(mkfifoat(folder_fd, "pipe", 0600), 0);
    assert_int_equal(file_open_beneath(folder_fd, "pipe", O_PATH, &fd, NULL), NEXUS_OK);
    assert_int_equal(fstat(fd, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
}

static void a_file_that_a_lease_keeps_closed_is_busy(void **state)
{
    (void)state;
    STRBUF_SCOPED bytes = {0};
    int held = openat(folder_fd, "leased", O_RDWR | O_CREAT, 0600);
    signal(SIGIO, SIG_IGN);
    assert_int_equal(fcntl(held, F_SETLEASE, F_WRLCK), 0);
    assert_int_equal(read_it("leased", 100, &bytes), NEXUS_ERROR_BUSY);
    assert_int_equal(fcntl(held, F_SETLEASE, F_UNLCK), 0);
    close(held);
    assert_int_equal(read_it("leased", 100, &bytes), NEXUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_written_and_read_back),
        cmocka_unit_test(what_is_not_a_file_of_this_folder_is_refused),
        cmocka_unit_test(a_path_may_be_longer_than_one_call_takes),
        cmocka_unit_test(what_is_there_can_be_looked_at_without_opening_it),
        cmocka_unit_test(a_file_that_a_lease_keeps_closed_is_busy),
        cmocka_unit_test(a_version_is_racy_only_near_its_change),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
