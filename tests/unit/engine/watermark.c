// SPDX-License-Identifier: MIT
/* What is known of a database beside it: what cannot be read now is not unknown. */
#include "engine/watermark.h"

#include "unit/store/fixture.h"

#include <fcntl.h>
#include <sys/resource.h>

static int nexus_fd;

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    nexus_fd = open(folder, O_RDONLY | O_DIRECTORY);
    return nexus_fd < 0;
}

static int tear_down(void **state)
{
    close(nexus_fd);
    return remove_store(state);
}

static void put(const char *text)
{
    OK(file_write_atomically(nexus_fd, "database.json", str_of(text), 0600, err));
}

static void it_is_read_as_it_was_written(void **state)
{
    const struct watermark written = {.host_id = "h",
                                      .object_id = INT64_MAX,
                                      .change = 7,
                                      .permissions = "p",
                                      .has_print = true,
                                      .print = {.inode = UINT64_MAX >> 1, .mtime_ns = -1}};
    struct watermark read;
    (void)state;
    OK(watermark_write(nexus_fd, &written, err));
    OK(watermark_read(nexus_fd, &read, err));
    assert_true(read.is_known && read.has_print);
    assert_true(read.object_id == INT64_MAX && read.change == 7);
    assert_string_equal(read.permissions, "p");
    assert_true(fingerprint_equal(&read.print, &written.print));
}

static void without_a_file_or_sense_nothing_is_known(void **state)
{
    struct watermark read;
    (void)state;
    OK(watermark_read(nexus_fd, &read, err));
    assert_false(read.is_known);
    put("{\"object_id\": \"7\"");
    OK(watermark_read(nexus_fd, &read, err));
    assert_false(read.is_known);
    assert_int_equal(read.object_id, 0);
    assert_int_equal(unlinkat(nexus_fd, "database.json", 0), 0);
    assert_int_equal(mkdirat(nexus_fd, "database.json", 0700), 0);
    OK(watermark_read(nexus_fd, &read, err));
    assert_false(read.is_known);
}

static void what_cannot_be_read_now_is_an_error(void **state)
{
    struct rlimit limit, none;
    struct watermark read;
    struct nexus_error told = {0};
    (void)state;
    put("{\"object_id\": \"7\"}\n");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    enum nexus_status status = watermark_read(nexus_fd, &read, &told);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_not_equal(status, NEXUS_OK);
    assert_non_null(strstr(told.message, "database.json"));
    OK(watermark_read(nexus_fd, &read, err));
    assert_int_equal(read.object_id, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_read_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_file_or_sense_nothing_is_known, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_now_is_an_error, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
