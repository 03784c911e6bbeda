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
    const struct file_record *record = identity_was(identity, &identity->appeared[index]);
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

static void another_file_under_a_known_name_is_the_known_one(void **state)
{
    (void)state;
    struct identity identity = {0};
    struct file_record known = {
        .path = STR("a.md"), .id = 1, .print = {.inode = 10, .birth_ns = 1}};
    struct fingerprint print = {.inode = 11, .birth_ns = 2, .size_bytes = 1};
    assert_int_equal(identity_add_replaced(&identity, &known, &print, NULL), NEXUS_OK);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "a.md");
    assert_false(identity_is_anybody_in_the_way(&identity));
    identity_finish(&identity);
}

static void two_files_that_swapped_their_names_are_told_apart(void **state)
{
    (void)state;
    struct identity identity = {0};
    struct file_record a = {.path = STR("a.md"), .id = 1, .print = {.inode = 10, .birth_ns = 1}};
    struct file_record b = {.path = STR("b.md"), .id = 2, .print = {.inode = 11, .birth_ns = 2}};
    assert_int_equal(identity_add_replaced(&identity, &a, &b.print, NULL), NEXUS_OK);
    assert_int_equal(identity_add_replaced(&identity, &b, &a.print, NULL), NEXUS_OK);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "b.md");
    assert_string_equal(was(&identity, 1), "a.md");
    assert_true(identity_is_anybody_in_the_way(&identity));
    assert_int_equal(identity_count_lost(&identity), 0);
    identity_finish(&identity);
}

static void a_file_renamed_over_another_takes_its_place(void **state)
{
    (void)state;
    struct identity identity = {0};
    struct file_record a = {.path = STR("a.md"), .id = 1, .print = {.inode = 10, .birth_ns = 1}};
    struct file_record b = {.path = STR("b.md"), .id = 2, .print = {.inode = 11, .birth_ns = 2}};
    assert_int_equal(identity_add_gone(&identity, &a, NULL), NEXUS_OK);
    assert_int_equal(identity_add_replaced(&identity, &b, &a.print, NULL), NEXUS_OK);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "a.md");
    assert_true(identity.gone[1].is_taken && !identity.gone[1].is_paired);
    identity_finish(&identity);
}

static void an_event_and_the_missing_name_tell_of_one_file(void **state)
{
    (void)state;
    struct identity identity = {0};
    struct file_record a = {.path = STR("a.md"), .id = 1, .print = {.inode = 10}};
    struct fingerprint print = {.inode = 10, .size_bytes = 1};
    assert_int_equal(identity_add_moved(&identity, &a, NULL, STR("b.md"), &print, NULL), NEXUS_OK);
    assert_int_equal(identity_add_gone(&identity, &a, NULL), NEXUS_OK);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "a.md");
    assert_int_equal(identity_count_lost(&identity), 0);
    identity_finish(&identity);
}

static void a_name_that_was_left_and_used_again_is_a_new_file(void **state)
{
    (void)state;
    struct identity identity = {0};
    struct file_record a = {.path = STR("a.md"), .id = 1, .print = {.inode = 10, .birth_ns = 1}};
    struct fingerprint other = {.inode = 12, .birth_ns = 9, .size_bytes = 1};
    assert_int_equal(identity_add_replaced(&identity, &a, &other, NULL), NEXUS_OK);
    assert_int_equal(identity_add_appeared(&identity, STR("b.md"), &a.print, NULL), NEXUS_OK);
    assert_int_equal(identity_pair(&identity, &nobody, NULL), NEXUS_OK);
    assert_string_equal(was(&identity, 0), "new");
    assert_string_equal(was(&identity, 1), "a.md");
    assert_true(identity.gone[0].is_taken && identity.gone[0].is_paired);
    identity_finish(&identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_renamed_file_is_the_same),
        cmocka_unit_test(an_inode_that_was_given_again_is_another_file),
        cmocka_unit_test(two_candidates_are_none),
        cmocka_unit_test(a_filesystem_without_births_tells_nothing),
        cmocka_unit_test(another_file_under_a_known_name_is_the_known_one),
        cmocka_unit_test(two_files_that_swapped_their_names_are_told_apart),
        cmocka_unit_test(a_file_renamed_over_another_takes_its_place),
        cmocka_unit_test(an_event_and_the_missing_name_tell_of_one_file),
        cmocka_unit_test(a_name_that_was_left_and_used_again_is_a_new_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
