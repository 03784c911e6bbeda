// SPDX-License-Identifier: MIT
#include "base/folder.h"

#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];
static int root;

static int make_place(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/nexus-unit-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    root = open(folder, O_RDONLY | O_DIRECTORY);
    return root < 0;
}

static int remove_place(void **state)
{
    (void)state;
    close(root);
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    return system(command);
}

static enum nexus_status make(const char *path, size_t *ret_there)
{
    FD_SCOPED fd = -1;
    const char *name;
    return folder_make(root, path, &fd, &name, ret_there, NULL);
}

static bool is_there(const char *path)
{
    return faccessat(root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void folders_are_made_and_what_was_there_is_told(void **state)
{
    (void)state;
    size_t there;
    assert_int_equal(make("f", &there), NEXUS_OK);
    assert_int_equal(there, 1);
    assert_int_equal(make("a/f", &there), NEXUS_OK);
    assert_int_equal(there, 0);
    assert_int_equal(make("a/b//c/f", &there), NEXUS_OK);
    assert_int_equal(there, 1);
    assert_int_equal(make("a/b/c/f", &there), NEXUS_OK);
    assert_int_equal(there, strlen("a/b/c/f"));
    assert_true(is_there("a/b/c"));
}

static void only_what_was_made_and_is_empty_is_removed(void **state)
{
    (void)state;
    size_t there;
    assert_int_equal(make("a/f", &there), NEXUS_OK);
    assert_int_equal(make("a/b/c/f", &there), NEXUS_OK);
    folder_unmake(root, "a/b/c/f", there);
    assert_true(is_there("a"));
    assert_false(is_there("a/b"));
    assert_int_equal(make("a/b/c/f", &there), NEXUS_OK);
    close(openat(root, "a/b/f", O_CREAT | O_WRONLY, 0600));
    folder_unmake(root, "a/b/c/f", there);
    assert_true(is_there("a/b"));
    assert_false(is_there("a/b/c"));
}

static void nothing_outside_is_made_or_opened(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum nexus_status status;
    } facts[] = {
        {"../nexus-unit-outside/f", NEXUS_ERROR_REFUSED},
        {"out/nexus-unit-outside/f", NEXUS_ERROR_REFUSED},
        {"out/f", NEXUS_ERROR_REFUSED},
        {"/tmp/f", NEXUS_ERROR_REFUSED},
        {"..", NEXUS_ERROR_REFUSED},
        {"a/.", NEXUS_ERROR_REFUSED},
        {"a/", NEXUS_ERROR_REFUSED},
        {"", NEXUS_ERROR_REFUSED},
        {"file/f", NEXUS_ERROR_EXISTS},
        {"new/file/../../../f", NEXUS_ERROR_REFUSED},
    };
    size_t there;
    assert_int_equal(symlinkat("/tmp", root, "out"), 0);
    close(openat(root, "file", O_CREAT | O_WRONLY, 0600));
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        assert_int_equal(make(facts[i].path, &there), facts[i].status);
        assert_false(is_there("new"));
    }
    assert_false(is_there("../nexus-unit-outside"));
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(folders_are_made_and_what_was_there_is_told),
        IN_A_FOLDER(only_what_was_made_and_is_empty_is_removed),
        IN_A_FOLDER(nothing_outside_is_made_or_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
