// SPDX-License-Identifier: MIT
/* Which patterns are walked without a regex engine, and that the walk agrees with it on every short
 * text of a small alphabet. */
#include "validate/pattern_fast.h"
#include "base/arena.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "unit/unit.h"
#include "validate/pattern_engine.h"
#include "validate/pattern_translate.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum expected { ENGINE, WORDS, HOLDS, PROGRAM };

static const struct {
    const char *pattern;
    enum expected expected;
} facts[] = {
    {"", PROGRAM},
    {"^", PROGRAM},
    {"$", PROGRAM},
    {"^$", PROGRAM},
    {".*", PROGRAM},
    {"^.*", PROGRAM},
    {".*$", PROGRAM},
    {"^.*$", PROGRAM},
    {".+", HOLDS},
    {"^.+$", PROGRAM},
    {"a", WORDS},
    {"^a", WORDS},
    {"a$", WORDS},
    {"^a$", WORDS},
    {"^(?:a)$", WORDS},
    {"^(a|ab|b|)$", WORDS},
    {"^(ab|a)", WORDS},
    {"(ab|b)$", WORDS},
    {"ab|b|é", WORDS},
    {"^a$|^b$", WORDS},
    {"^a|^bb", WORDS},
    {"^a|b$", ENGINE},
    {"a+", HOLDS},
    {"a+b*", HOLDS},
    {"(?:ab)+a*", WORDS},
    {"a*b", WORDS},
    {"[ab]", HOLDS},
    {"[ab]+", HOLDS},
    {"[^é]", HOLDS},
    {"[ab]{2}", ENGINE},
    {"[ab]$", ENGINE},
    {"^[ab]+$", PROGRAM},
    {"^[^a]*$", PROGRAM},
    {"^[^é]*$", PROGRAM},
    {"^[é]{2}$", PROGRAM},
    {"^[^a]{1,2}$", PROGRAM},
    {"^a[^a]?b$", PROGRAM},
    {"^a{2}$", PROGRAM},
    {"^[ab]{2}-[ab]$", PROGRAM},
    {"^a[ab]?[ab-]{2}$", ENGINE},
    {"^a?-[ab]{2}é[a-]$", PROGRAM},
    {"^(?:[ab]-)+$", PROGRAM},
    {"^[ab]-[a-b]", PROGRAM},
    {"^[b]b[]$", PROGRAM},
    {"^[0][1][2][3][4][5][6][7][8][9][a][b][c][d][e][f]-[g]$", PROGRAM}, /* too many classes */
    {"^a*b*$", PROGRAM},
    {"^a*a$", PROGRAM}, /* counted back from the end */
    {"^[ab]*ab$", PROGRAM},
    {"^.+b$", PROGRAM},
    {"^.{1,2}b$", PROGRAM},
    {"^b(?:a|[ab]*b)$", ENGINE},
    {"^[ab]*a[ab]$", ENGINE},
    {"^a*a[ab]$", ENGINE},
    {"^a+(?:-a+)*$", PROGRAM},
    {"^a+(?:-a+){1,2}$", PROGRAM},
    {"^a+(?:-a+){2}$", PROGRAM},
    {"^(?:a-?)*$", PROGRAM},
    {"^(?:ab?)+-$", PROGRAM},
    {"^(?:ab?)*b$", ENGINE}, /* b may be the turn's or what follows */
    {"^(?:a|b-)*$", PROGRAM},
    {"^(?:a|ab)-$", ENGINE},
    {"^(?:a|b)?-$", PROGRAM},
    {"^(?:a|b|)-$", PROGRAM},
    {"^(?:a|)a$", ENGINE},
    {"^(?:a*|b)-$", PROGRAM},
    {"^(?:a*|b*)-$", PROGRAM},
    {"^(?:a*)*$", ENGINE},
    {"^(?:a(?:b|-))+$", PROGRAM},
    {"^(?:a(?:b(?:-)?)?)*$", PROGRAM},
    {"^a[ab]{2}", PROGRAM},
    {"^a(?:b|-)+", PROGRAM},
    {"^(?:ab*){2}", ENGINE}, /* with an open end, one more b may or may not be taken */
    {"^a(?:b-?|-)", ENGINE},
    {"^[]$", PROGRAM},
    {"^a[]?$", PROGRAM},
    {"^\\p{L}$", ENGINE},
    {"^\\ud800?a$", PROGRAM},
    {"^[\\ud800-\\udfff]?a$", PROGRAM},
    {"\\ba", ENGINE},
    {"^(?=a)a", ENGINE},
    {"^(a)\\1$", ENGINE},
    {"(^a)", WORDS},
    {"^a^", ENGINE},
};

static enum expected shape(const struct pattern_fast *fast)
{
    if (!fast)
        return ENGINE;
    return fast->shape == FAST_WORDS ? WORDS : fast->shape == FAST_HOLDS ? HOLDS : PROGRAM;
}

/** Asks both about every text of up to four of these characters. */
static void compare(const char *source, const struct pattern_fast *fast,
                    const struct pattern_engine *engine, struct pattern_context *context)
{
    static const char *const alphabet[] = {"a", "b", "-", "é", "\n", "🐲"};
    for (size_t length = 0; length <= 4; length++) {
        size_t texts = 1;
        for (size_t i = 0; i < length; i++)
            texts *= COUNT(alphabet);
        for (size_t number = 0; number < texts; number++) {
            STRBUF_SCOPED text = {0};
            for (size_t i = 0, rest = number; i < length; i++, rest /= COUNT(alphabet))
                strbuf_add_text(&text, alphabet[rest % COUNT(alphabet)]);
            struct str subject = strbuf_str(&text);
            bool walked = pattern_fast_match(fast, subject);
            if (walked != (pattern_engine_match(engine, context, subject) == PATTERN_MATCHES))
                fail_msg("/%s/ and '%.*s': walked %d", source, STR_ARG(subject), walked);
        }
    }
}

static void a_walk_and_the_engine_agree(void **state)
{
    (void)state;
    struct pattern_context *context = pattern_context_new();
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct arena scratch = {0}, memory = {0};
        struct pattern_tree tree;
        STRBUF_SCOPED text = {0};
        struct pattern_engine *engine = NULL;
        assert_int_equal(
            pattern_parse(str_of(facts[i].pattern), PATTERN_STRICT, &scratch, &tree, NULL),
            NEXUS_OK);
        struct pattern_fast *fast = pattern_fast_build(&tree, &scratch);
        if (shape(fast) != facts[i].expected)
            fail_msg("/%s/ has shape %d", facts[i].pattern, shape(fast));
        if (fast) {
            fast = pattern_fast_copy(fast, &scratch, &memory);
            assert_ptr_equal(memory.first, memory.current);
            assert_int_equal(pattern_translate(&tree, &text, NULL), NEXUS_OK);
            assert_int_equal(pattern_engine_new(strbuf_str(&text), &engine, NULL), NEXUS_OK);
            arena_finish(&scratch); /* the copy needs nothing of it */
            compare(facts[i].pattern, fast, engine, context);
        }
        pattern_engine_free(engine);
        arena_finish(&memory);
        arena_finish(&scratch);
    }
    pattern_context_free(context);
}

/** Is every character judged by the ranges, alone (`^[…]$`) and in a row (`^[…]*$`)? */
static void check_every_character(const char *class, struct code_range range)
{
    struct pattern_context *context = pattern_context_new();
    struct pattern *patterns[2];
    for (size_t i = 0; i < 2; i++) {
        STRBUF_SCOPED source = {0};
        strbuf_addf(&source, i ? "^%s*$" : "^%s$", class);
        patterns[i] = pattern_new(strbuf_str(&source), PATTERN_STRICT, NULL);
        assert_non_null(patterns[i]);
    }
    for (uint32_t c = 0; c <= CODE_POINT_LAST; c++) {
        char bytes[4];
        struct str text = {bytes, utf8_encode(c, bytes)};
        bool expected = c >= range.first && c <= range.last;
        if (utf8_find_invalid(text) != STR_NONE)
            continue; /* a surrogate */
        for (size_t i = 0; i < 2; i++)
            if ((pattern_match(patterns[i], context, text) == PATTERN_MATCHES) != expected)
                fail_msg("U+%04X and %s", c, class);
    }
    pattern_free(patterns[0]);
    pattern_free(patterns[1]);
    pattern_context_free(context);
}

static void every_character_is_told_by_its_first_byte_or_its_range(void **state)
{
    (void)state;
    check_every_character("[\\u{0}-\\u{7F}]", (struct code_range){0, 0x7F});
    check_every_character("[^\\u{0}-\\u{7F}]", (struct code_range){0x80, CODE_POINT_LAST});
    check_every_character("[\\u{E9}-\\u{7FE}]", (struct code_range){0xE9, 0x7FE});
    check_every_character("[\\u{800}-\\u{FFFF}]", (struct code_range){0x800, 0xFFFF});
    check_every_character("[z-\\u{3FFFF}]", (struct code_range){'z', 0x3FFFF});
    check_every_character("[\\u{D7FF}-\\u{10FFFF}]", (struct code_range){0xD7FF, CODE_POINT_LAST});
}

static void a_walk_needs_no_limit(void **state)
{
    (void)state;
    struct pattern_context *context = pattern_context_new();
    struct pattern *pattern = pattern_new(STR("^(?:a{1,100000}-)+$"), PATTERN_STRICT, NULL);
    assert_non_null(pattern);
    size_t length = 1 << 20;
    char *text = malloc(length);
    for (size_t i = 0; i < length; i++)
        text[i] = i % 65536 == 65535 ? '-' : 'a';
    struct str subject = {text, length};
    assert_int_equal(pattern_match(pattern, context, subject), PATTERN_MATCHES);
    text[length - 1] = 'a';
    assert_int_equal(pattern_match(pattern, context, subject), PATTERN_DIFFERS);
    free(text);
    pattern_free(pattern);
    pattern_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_and_the_engine_agree),
        cmocka_unit_test(every_character_is_told_by_its_first_byte_or_its_range),
        cmocka_unit_test(a_walk_needs_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
