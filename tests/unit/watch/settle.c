// SPDX-License-Identifier: MIT
#include "watch/settle.h"

#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static char folder[64];
static int root;

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/nexus-unit-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    root = open(folder, O_RDONLY | O_DIRECTORY);
    return root < 0;
}

static int remove_folder(void **state)
{
    (void)state;
    close(root);
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    return system(command);
}

static int make(const char *name, const char *text)
{
    int fd = openat(root, name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

static enum nexus_status read_it(const char *name, enum settle_mode mode, struct settled *settled)
{
    STRBUF_SCOPED bytes = {0};
    return settle_read(root, name, mode, 1000, &bytes, settled, NULL);
}

static void a_writer_is_seen_while_it_has_the_file_open(void **state)
{
    (void)state;
    struct settled settled;
    int writer = make("open", "text");
    assert_int_equal(settle_look(root, "open").writer, WRITER_OPEN);
    assert_int_equal(read_it("open", SETTLE_QUIET, &settled), NEXUS_ERROR_BUSY);
    assert_int_equal(read_it("open", SETTLE_OPEN, &settled), NEXUS_OK);
    close(writer);
    assert_int_equal(settle_look(root, "open").writer, WRITER_NONE);
    assert_int_equal(settle_look(root, "open").print.size_bytes, 4);
    assert_int_equal(read_it("open", SETTLE_QUIET, &settled), NEXUS_OK);
}

static void a_writable_map_counts_as_open(void **state)
{
    (void)state;
    int fd = make("mapped", "text");
    void *map = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    assert_int_equal(settle_look(root, "mapped").writer, WRITER_OPEN);
    munmap(map, 4);
    assert_int_equal(settle_look(root, "mapped").writer, WRITER_NONE);
}

static void a_reader_does_not_count(void **state)
{
    (void)state;
    close(make("read", "text"));
    int reader = openat(root, "read", O_RDONLY);
    assert_int_equal(settle_look(root, "read").writer, WRITER_NONE);
    close(reader);
}

static void only_regular_files_are_something(void **state)
{
    (void)state;
    assert_int_equal(mkdirat(root, "d", 0700), 0);
    assert_int_equal(mkfifoat(root, "fifo", 0600), 0);
    assert_int_equal(symlinkat("open", root, "link"), 0);
    static const char *const names[] = {"d", "fifo", "link", "missing", "open/below", "../etc"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (settle_look(root, names[i]).seen != SEEN_NOTHING)
            fail_msg("%s is taken for a file", names[i]);
    assert_false(settle_exists(root, "missing"));
    assert_false(settle_exists(root, "d"));
}

static bool is_same_file(const struct settled *a, const struct settled *b)
{
    return a->print.inode == b->print.inode && a->print.birth_ns == b->print.birth_ns;
}

/** Times of birth are of the coarse clock: the next one is another. */
static void wait_for_tick(void)
{
    struct timespec before, now;
    clock_gettime(CLOCK_REALTIME_COARSE, &before);
    do
        clock_gettime(CLOCK_REALTIME_COARSE, &now);
    while (now.tv_nsec == before.tv_nsec);
}

static void a_file_keeps_its_identity_whatever_its_name(void **state)
{
    (void)state;
    struct settled before, after, other;
    close(make("one", "text"));
    assert_int_equal(read_it("one", SETTLE_QUIET, &before), NEXUS_OK);
    assert_int_equal(renameat(root, "one", root, "two"), 0);
    int fd = openat(root, "two", O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "more", 4), 4);
    close(fd);
    assert_int_equal(read_it("two", SETTLE_QUIET, &after), NEXUS_OK);
    assert_true(is_same_file(&before, &after));
    assert_int_equal(unlinkat(root, "two", 0), 0);
    wait_for_tick();
    close(make("three", "text")); /* ext4 gives it the same inode number */
    assert_int_equal(read_it("three", SETTLE_QUIET, &other), NEXUS_OK);
    assert_false(is_same_file(&before, &other));
}

static void what_has_just_changed_is_racy(void **state)
{
    (void)state;
    struct settled settled;
    close(make("young", "text"));
    assert_int_equal(read_it("young", SETTLE_QUIET, &settled), NEXUS_OK);
    assert_true(settled.is_racy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_writer_is_seen_while_it_has_the_file_open),
        cmocka_unit_test(a_writable_map_counts_as_open),
        cmocka_unit_test(a_reader_does_not_count),
        cmocka_unit_test(only_regular_files_are_something),
        cmocka_unit_test(a_file_keeps_its_identity_whatever_its_name),
        cmocka_unit_test(what_has_just_changed_is_racy),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
