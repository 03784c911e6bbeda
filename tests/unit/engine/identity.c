// SPDX-License-Identifier: MIT
#include "engine/identity.h"
#include "unit/unit.h"

static struct engine nobody = {.root_fd = -1};

static void gone(struct identity *identity, const char *path, uint64_t inode, int64_t birth)
{
    struct file_record known = {
        .path = str_of(path),
        .id = (int64_t)identity->gone_count + 1,
        .print = {.inode = inode, .birth_ns = birth, .size_bytes = 1},
    };
    assert_int_equal(identity_add_gone(identity, &known, NULL), NEXUS_OK);
}

static void appeared(struct identity *identity, const char *path, uint64_t inode, int64_t birth)
{
    struct fingerprint print = {.inode = inode, .birth_ns = birth, .size_bytes = 1};
    assert_int_equal(identity_add_appeared(identity, str_of(path), &print, NULL), NEXUS_OK);
}

static const char *was(struct identity *identity, size_t index)
{
    const struct file_record *record = identity->appeared[index].was;
    return record ? record->path.at : "new";
}

static void a_renamed_file_is_the_same(void **state)
{
    (void)state;
    struct identity identity = {0};
    gone(&identity, "a.md", 10, 500);
    gone(&identity, "b.md", 11, 501);
    appeared(&identity, "x.md", 11, 501);
    appeared(&identity, "y.md", 10, 500);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "b.md");
    assert_string_equal(was(&identity, 1), "a.md");
    assert_true(identity.gone[0].is_paired && identity.gone[1].is_paired);
    identity_finish(&identity);
}

static void an_inode_that_was_given_again_is_another_file(void **state)
{
    (void)state;
    struct identity identity = {0};
    gone(&identity, "a.md", 10, 500);
    appeared(&identity, "b.md", 10, 900);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "new");
    assert_false(identity.gone[0].is_paired);
    identity_finish(&identity);
}

static void two_candidates_are_none(void **state)
{
    (void)state;
    struct identity identity = {0};
    gone(&identity, "a.md", 10, 500);
    appeared(&identity, "b.md", 10, 500);
    appeared(&identity, "c.md", 10, 500);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "new");
    assert_string_equal(was(&identity, 1), "new");
    identity_finish(&identity);
}

static void a_filesystem_without_births_tells_nothing(void **state)
{
    (void)state;
    struct identity identity = {0};
    gone(&identity, "a.md", 10, 0);
    appeared(&identity, "b.md", 10, 0);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "new");
    identity_finish(&identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_renamed_file_is_the_same),
        cmocka_unit_test(an_inode_that_was_given_again_is_another_file),
        cmocka_unit_test(two_candidates_are_none),
        cmocka_unit_test(a_filesystem_without_births_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
