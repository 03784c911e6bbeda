// SPDX-License-Identifier: MIT
#include "permissions/change.h"

#include "unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
enum { Y = FLAG_YES, N = FLAG_NO, BAD = FLAG_MALFORMED };

#define SOON "2026-01-15T10:30:00.000Z"
#define LATE "2027-01-15T10:30:00.000Z"

struct row {
    int ai, cloud, read_only;
    const char *expires_at;
};

static struct permission permission_of(const struct row *row)
{
    return (struct permission){
        .share_with_ai = (enum permission_flag)row->ai,
        .share_with_cloud = (enum permission_flag)row->cloud,
        .read_only = (enum permission_flag)row->read_only,
        .expires_at = row->expires_at ? str_of(row->expires_at) : (struct str){NULL, 0},
    };
}

static void a_change_is_looser_or_stricter(void **state)
{
    (void)state;
    static const struct {
        struct row before, after;
        enum permission_effect effect;
    } facts[] = {
        {{N, N, N, NULL}, {N, N, N, NULL}, EFFECT_NONE},
        {{N, N, N, NULL}, {Y, N, N, NULL}, EFFECT_LOOSER},
        {{N, N, N, NULL}, {N, Y, N, NULL}, EFFECT_LOOSER},
        {{Y, N, N, NULL}, {N, N, N, NULL}, EFFECT_STRICTER},
        {{Y, N, N, NULL}, {N, Y, N, NULL}, EFFECT_BOTH},
        {{N, N, N, NULL}, {N, N, Y, NULL}, EFFECT_STRICTER},
        {{N, N, Y, NULL}, {N, N, N, NULL}, EFFECT_LOOSER},
        {{N, N, N, NULL}, {Y, N, Y, NULL}, EFFECT_BOTH},
        {{Y, N, N, NULL}, {Y, N, N, SOON}, EFFECT_STRICTER},
        {{Y, N, N, SOON}, {Y, N, N, LATE}, EFFECT_LOOSER},
        {{Y, N, N, LATE}, {Y, N, N, NULL}, EFFECT_LOOSER},
        {{N, N, N, SOON}, {N, N, N, LATE}, EFFECT_NONE},
        {{Y, N, N, "soon"}, {Y, N, N, SOON}, EFFECT_LOOSER},
        {{BAD, N, N, NULL}, {Y, N, N, NULL}, EFFECT_LOOSER},
        {{BAD, N, N, NULL}, {N, N, N, NULL}, EFFECT_NONE},
        {{N, N, BAD, NULL}, {N, N, N, NULL}, EFFECT_LOOSER},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct permission before = permission_of(&facts[i].before);
        struct permission after = permission_of(&facts[i].after);
        assert_string_equal(permission_effect_name(permission_compare(&before, &after)),
                            permission_effect_name(facts[i].effect));
    }
    assert_string_equal(permission_effect_name((enum permission_effect)9), "");
}

static void a_wish_changes_what_it_says_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        struct permission_change change;
        struct row before, after;
    } facts[] = {
        {{WISH_KEEP, WISH_KEEP, WISH_KEEP, WISH_KEEP, TEXT("")},
         {Y, N, BAD, SOON},
         {Y, N, BAD, SOON}},
        {{(enum permission_wish)9, WISH_KEEP, WISH_KEEP, WISH_KEEP, TEXT("")},
         {Y, N, N, NULL},
         {Y, N, N, NULL}},
        {{WISH_ON, WISH_KEEP, WISH_KEEP, WISH_KEEP, TEXT("")}, {N, N, N, NULL}, {Y, N, N, NULL}},
        {{WISH_OFF, WISH_ON, WISH_ON, WISH_KEEP, TEXT("")}, {Y, N, N, SOON}, {N, Y, Y, SOON}},
        {{WISH_KEEP, WISH_OFF, WISH_OFF, WISH_ON, TEXT(LATE)}, {Y, Y, Y, SOON}, {Y, N, N, LATE}},
        {{WISH_KEEP, WISH_KEEP, WISH_KEEP, WISH_OFF, TEXT(LATE)}, {Y, Y, Y, SOON}, {Y, Y, Y, NULL}},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct permission before = permission_of(&facts[i].before);
        struct permission wanted = permission_of(&facts[i].after);
        struct permission after = permission_apply(&before, &facts[i].change);
        assert_true(permission_equal(&after, &wanted));
    }
}

static void two_rows_are_equal_in_all_their_columns(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {N, N, N, NULL}, {Y, N, N, NULL}, {N, Y, N, NULL}, {N, N, Y, NULL},
        {N, N, N, SOON}, {N, N, N, LATE}, {N, N, N, ""},   {BAD, N, N, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t k = 0; k < COUNT(rows); k++) {
            struct permission a = permission_of(&rows[i]), b = permission_of(&rows[k]);
            assert_int_equal(permission_equal(&a, &b), i == k);
        }
    }
}

static void of_two_rows_the_stricter_is_never_looser_than_either(void **state)
{
    (void)state;
    static const int flags[] = {N, Y, BAD};
    for (size_t i = 0; i < COUNT(flags); i++)
        for (size_t k = 0; k < COUNT(flags); k++) {
            const struct row one = {flags[i], flags[i], flags[i], NULL},
                             other = {flags[k], flags[k], flags[k], NULL};
            struct permission a = permission_of(&one), b = permission_of(&other);
            struct permission both = permission_stricter(&a, &b);
            enum permission_flag is_shared = flags[i] == Y && flags[k] == Y ? FLAG_YES : FLAG_NO;
            assert_int_equal(both.share_with_ai, is_shared);
            assert_int_equal(both.share_with_cloud, is_shared);
            assert_int_equal(both.read_only, flags[i] == N && flags[k] == N ? FLAG_NO : FLAG_YES);
        }
}

static void of_two_ends_the_earlier_counts(void **state)
{
    (void)state;
    static const char *const ends[][3] = {
        {NULL, NULL, NULL}, {NULL, SOON, SOON}, {SOON, NULL, SOON},
        {SOON, LATE, SOON}, {LATE, SOON, SOON}, {SOON, SOON, SOON},
    };
    for (size_t i = 0; i < COUNT(ends); i++) {
        const struct row one = {Y, Y, N, ends[i][0]}, other = {Y, Y, N, ends[i][1]},
                         wanted = {Y, Y, N, ends[i][2]};
        struct permission a = permission_of(&one), b = permission_of(&other),
                          expected = permission_of(&wanted);
        struct permission both = permission_stricter(&a, &b);
        assert_true(permission_equal(&both, &expected));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_looser_or_stricter),
        cmocka_unit_test(a_wish_changes_what_it_says_and_nothing_else),
        cmocka_unit_test(two_rows_are_equal_in_all_their_columns),
        cmocka_unit_test(of_two_rows_the_stricter_is_never_looser_than_either),
        cmocka_unit_test(of_two_ends_the_earlier_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
