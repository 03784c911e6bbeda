// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "unit/unit.h"

#include <stdalign.h>
#include <stdlib.h>

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    static const size_t sizes[] = {1, 0, 3, 16, 17, 4096, 16 * 1024, 16 * 1024 + 1, 100000, 5};
    unsigned char *pieces[sizeof sizes / sizeof sizes[0]];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        pieces[i] = arena_alloc(&arena, sizes[i]);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (size_t byte = 0; byte < sizes[i]; byte++)
            assert_int_equal(pieces[i][byte], 0);
        memset(pieces[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t byte = 0; byte < sizes[i]; byte++)
            assert_int_equal(pieces[i][byte], i + 1);
    arena_finish(&arena);
}

static void a_reset_arena_gives_zeroed_memory_again(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (int pass = 0; pass < 3; pass++) {
        for (size_t size = 1; size < 60000; size = size * 3 + 1) {
            unsigned char *piece = arena_alloc(&arena, size);
            assert_non_null(piece);
            assert_int_equal(piece[0] | piece[size / 2] | piece[size - 1], 0);
            memset(piece, 0xAA, size);
        }
        assert_true(arena.used_bytes > 40000);
        arena_reset(&arena);
        assert_int_equal(arena.used_bytes, 0);
    }
    arena_finish(&arena);
}

static void a_reset_gives_back_what_one_large_pass_took(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_non_null(arena_alloc(&arena, 100));
    assert_non_null(arena_alloc(&arena, 8 * 1024 * 1024));
    arena_reset(&arena);
    /* Only the small first block is left: the next large piece is a new one behind it. */
    assert_non_null(arena.first);
    unsigned char *piece = arena_alloc(&arena, 200);
    assert_non_null(piece);
    assert_ptr_equal(arena.current, arena.first);
    arena_finish(&arena);
}

static void out_of_memory_is_told_and_stays(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_true(arena.failed);
    assert_non_null(arena_alloc(&arena, 1));
    assert_true(arena.failed);
    arena_reset(&arena);
    assert_false(arena.failed);
    assert_null(arena_alloc_array(&arena, SIZE_MAX / 2, 3));
    assert_true(arena.failed);
    arena_reset(&arena);
    assert_null(arena_alloc(&arena, SIZE_MAX - 64));
    assert_true(arena.failed);
    struct str copy = arena_copy(&arena, (struct str){"x", SIZE_MAX});
    assert_true(str_is(copy, ""));
    arena_finish(&arena);
    arena_finish(NULL);
}

static void texts_are_copied_and_formatted(void **state)
{
    (void)state;
    struct arena arena = {0};
    char source[] = "a\0b";
    struct str copy = arena_copy(&arena, (struct str){source, 3});
    source[0] = 'x';
    assert_true(str_equal(copy, STR("a\0b")));
    assert_int_equal(copy.at[3], '\0');
    assert_true(str_is(arena_copy(&arena, (struct str){0}), ""));
    struct str text = arena_format(&arena, "%s:%d", "a.md", 12);
    assert_string_equal(text.at, "a.md:12");
    assert_int_equal(text.length, 7);
    /* The C locale cannot write this character: the text is empty, and that is told. */
    assert_true(str_is(arena_format(&arena, "%ls", L"\u20AC"), ""));
    assert_true(arena.failed);
    arena_finish(&arena);
}

static void an_array_grows_and_keeps_its_items(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    assert_true(array_reserve(&items, &capacity, 0, sizeof *items));
    assert_null(items);
    for (int i = 0; i < 1000; i++) {
        assert_true(array_reserve(&items, &capacity, (size_t)i + 1, sizeof *items));
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    size_t before = capacity;
    assert_false(array_reserve(&items, &capacity, SIZE_MAX / 2, sizeof *items));
    assert_int_equal(capacity, before);
    assert_int_equal(items[999], 999);
    free(items);
}

static void an_arena_that_fits_takes_one_block_of_just_that_size(void **state)
{
    (void)state;
    struct arena first = {0}, second = {0};
    arena_copy(&first, STR("one"));
    arena_alloc(&first, 100);
    arena_fit(&second, first.used_bytes);
    arena_copy(&second, STR("one"));
    assert_non_null(arena_alloc(&second, 100));
    assert_int_equal(second.used_bytes, first.used_bytes);
    assert_ptr_equal(second.current, second.first);
    assert_non_null(arena_alloc(&second, 1)); /* and grows as any other */
    assert_ptr_not_equal(second.current, second.first);
    arena_finish(&second);
    arena_finish(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(a_reset_arena_gives_zeroed_memory_again),
        cmocka_unit_test(a_reset_gives_back_what_one_large_pass_took),
        cmocka_unit_test(out_of_memory_is_told_and_stays),
        cmocka_unit_test(texts_are_copied_and_formatted),
        cmocka_unit_test(an_array_grows_and_keeps_its_items),
        cmocka_unit_test(an_arena_that_fits_takes_one_block_of_just_that_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
