// SPDX-License-Identifier: MIT
/* Tasks: their boxes, depths and dates. */
#include "markdown_facts.h"

static void test_a_task_is_a_list_item_that_begins_with_a_box(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"- [ ] a", "task 0..7 [ ] a\n"},
        {"* [x] a", "task 0..7 [x] a\n"},
        {"+ [X] a", "task 0..7 [X] a\n"},
        {"1. [ ] a", "task 0..8 [ ] a\n"},
        {"12) [/] a", "task 0..9 [/] a\n"},
        {"- [-] a\n- [?] b", "task 0..7 [-] a\ntask 8..15 [?] b\n"},
        {"- [✅] a", "task 0..9 [✅] a\n"},
        {"- [é] a", "task 0..8 [é] a\n"},
        {"-   [ ]   a  ", "task 0..11 [ ] a\n"},
        {"-\t[ ]\ta", "task 0..7 [ ] a\n"},
        {"- [ ]", "task 0..5 [ ]\n"},
        {"- [x]\n- b", "task 0..5 [x]\n"},
        {"- [ ] a\n  b\n  c\n\n  d", "task 0..15 [ ] a\n  b\n  c\n"},
        {"- [ ] a\nlazy", "task 0..12 [ ] a\nlazy\n"},
        {"- [ ] **a** [b](c) `d`",
         "markdown 12..18 target=c alias=b\ntask 0..22 [ ] **a** [b](c) `d`\n"},
        {"- [ ] *a*", "task 0..9 [ ] *a*\n"},
        {"- [ ] [[a]]", "wiki 6..11 target=a\ntask 0..11 [ ] [[a]]\n"},
        {"- [ ] [a](b \"t\")", "markdown 6..16 target=b alias=a\ntask 0..16 [ ] [a](b \"t\")\n"},
        {"- [ ] ![](a)", "embed 6..12 target=a\ntask 0..12 [ ] ![](a)\n"},
        {"- [ ] <b>a</b>", "task 0..14 [ ] <b>a</b>\n"},
        {"- [ ] a\r\n- [x] b\r\n", "task 0..7 [ ] a\ntask 9..16 [x] b\n"},
        {"\uFEFF- [ ] a", "task 3..10 [ ] a\n"},
        {"> - [ ] a\n> - [x] b", "task 2..9 [ ] a\ntask 12..19 [x] b\n"},
        {"> [!todo]\n> - [ ] a", "task 12..19 [ ] a\n"},
        {"   - [ ] a", "task 3..10 [ ] a\n"},
        {"- [*] a *b* [*] c", "task 0..17 [*] a *b* [*] c\n"},
        {"- [`] a", "task 0..7 [`] a\n"},
        {"- [_] a _b_", "task 0..11 [_] a _b_\n"},
        {"- [ ] a\n\n\n- [x] b", "task 0..7 [ ] a\ntask 10..17 [x] b\n"},
        {"- [<] a", "task 0..7 [<] a\n"},
        {"- [\\] a", "task 0..7 [\\] a\n"},
        {"- [x] [x] a", "task 0..11 [x] [x] a\n"},
        {"0. [ ] a", "task 0..8 [ ] a\n"},
        {"- > [ ] a", ""},
        {"- [ ] a\n%% b\n\nc %% d\n- [ ] %% e %%", "task 0..7 [ ] a\ntask 21..34 [ ] %% e %%\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_what_has_no_box_at_its_start_is_no_task(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"[ ] a", ""},
        {"- a [ ] b", ""},
        {"-[ ] a", ""},
        {"- []", ""},
        {"- [] a", ""},
        {"- [ab] a", ""},
        {"- [a](b)", "markdown 2..8 target=b alias=a\n"},
        {"- [a][b]", ""},
        {"- [[a]] b", "wiki 2..7 target=a\n"},
        {"- [ ]a", ""},
        {"- [^1] a", ""},
        {"- `[ ]` a", ""},
        {"-     [ ] a", ""},
        {"```\n- [ ] a\n```", ""},
        {"<!--\n- [ ] a\n-->", ""},
        {"%%\n- [ ] a\n%%", ""},
        {"- %%x%% [ ] a", ""},
        {"- \\[ ] a", ""},
        {"- [\n] a", ""},
        {"-\n  [ ] a", ""},
        {"- # [ ] a", "h1 2..9 [ ] a\n"},
        {"# [ ] a", "h1 0..7 [ ] a\n"},
        {"| [ ] |\n|--|", ""},
        {"\t- [ ] a", ""},
        {"- a\n\n  [ ] b", ""},
        {"- *[ ] a*", ""},
        {"- [a]\n\n[a]: b", "markdown 2..5 target=b alias=a\n"},
        {"- []] a", ""},
        {"- [\t", ""},
    };
    ASSERT_FACTS(rows);
}

static void test_a_task_knows_its_depth_and_its_heading(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"# A\n- [ ] a\n## B\n- [ ] b\n  - [ ] c\n    - x\n      - [ ] d",
         "h1 0..3 A\nh2 12..16 B\ntask 4..11 [ ] a heading=A\ntask 17..24 [ ] b heading=B\ntask "
         "27..34 [ ] c depth=1 heading=B\ntask 49..56 [ ] d depth=3 heading=B\n"},
        {"- x\n  - [ ] a", "task 6..13 [ ] a depth=1\n"},
        {"- [ ] a\n\n# B\n\n1. [ ] b\n   1. [ ] c",
         "h1 9..12 B\ntask 0..7 [ ] a\ntask 14..22 [ ] b heading=B\ntask 26..34 [ ] c depth=1 "
         "heading=B\n"},
        {"# A *b* [[c|d]] ^id\n- [ ] a", "wiki 8..15 target=c alias=d\nh1 0..19 A b d\ntask 20..27 "
                                         "[ ] a heading=A b d\nblock 16..19 id\n"},
        {"A\n===\n- [ ] a", "h1 0..5 A\ntask 6..13 [ ] a heading=A\n"},
        {"> - [ ] a\n>   - [ ] b\n\n- [ ] c",
         "task 2..9 [ ] a\ntask 14..21 [ ] b depth=1\ntask 23..30 [ ] c\n"},
        {"%%\n# A\n%%\n- [ ] a", "task 10..17 [ ] a\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_the_signs_of_the_tasks_plugin_date_a_task(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"- [ ] a 📅 2026-01-02", "task 0..23 [ ] a 📅 2026-01-02 due=2026-01-02\n"},
        {"- [x] a ➕ 2026-01-01 🛫 2026-01-02 ⏳ 2026-01-03 📅 2026-01-04 ✅ 2026-01-05",
         "task 0..84 [x] a ➕ 2026-01-01 🛫 2026-01-02 ⏳ 2026-01-03 📅 2026-01-04 ✅ "
         "2026-01-05 "
         "due=2026-01-04 done=2026-01-05 created=2026-01-01 start=2026-01-02 "
         "scheduled=2026-01-03\n"},
        {"- [-] a ❌ 2026-02-28", "task 0..22 [-] a ❌ 2026-02-28 cancelled=2026-02-28\n"},
        {"- [ ] a 📅2026-01-02", "task 0..22 [ ] a 📅2026-01-02 due=2026-01-02\n"},
        {"- [ ] a 📅️ 2026-01-02", "task 0..26 [ ] a 📅️ 2026-01-02 due=2026-01-02\n"},
        {"- [ ] a 🗓️ 2026-01-02", "task 0..26 [ ] a 🗓️ 2026-01-02 due=2026-01-02\n"},
        {"- [ ] a 📆 2026-01-02 ⌛ 2024-02-29",
         "task 0..38 [ ] a 📆 2026-01-02 ⌛ 2024-02-29 due=2026-01-02 scheduled=2024-02-29\n"},
        {"- [ ] 📅 2026-01-02 a 📅 2026-01-03",
         "task 0..39 [ ] 📅 2026-01-02 a 📅 2026-01-03 due=2026-01-02\n"},
        {"- [ ] a 📅 2026-02-30", "task 0..23 [ ] a 📅 2026-02-30\n"},
        {"- [ ] a 📅 2025-02-29 📅 2026-01-01",
         "task 0..39 [ ] a 📅 2025-02-29 📅 2026-01-01 due=2026-01-01\n"},
        {"- [ ] a 📅 2026-1-2", "task 0..21 [ ] a 📅 2026-1-2\n"},
        {"- [ ] a 📅 tomorrow", "task 0..21 [ ] a 📅 tomorrow\n"},
        {"- [ ] a 📅 2026-01-02T10:00", "task 0..29 [ ] a 📅 2026-01-02T10:00 due=2026-01-02\n"},
        {"- [ ] a 📅", "task 0..12 [ ] a 📅\n"},
        {"- [ ] a 🔺", "task 0..12 [ ] a 🔺 priority=highest\n"},
        {"- [ ] a ⏫ b", "task 0..13 [ ] a ⏫ b priority=high\n"},
        {"- [ ] a 🔼", "task 0..12 [ ] a 🔼 priority=medium\n"},
        {"- [ ] a 🔽", "task 0..12 [ ] a 🔽 priority=low\n"},
        {"- [ ] a ⏬", "task 0..11 [ ] a ⏬ priority=lowest\n"},
        {"- [ ] a ⏫🔺", "task 0..15 [ ] a ⏫🔺 priority=high\n"},
        {"- [ ] a 🔁 every week on Sunday, Monday when done 📅 2026-01-02",
         "task 0..67 [ ] a 🔁 every week on Sunday, Monday when done 📅 2026-01-02 due=2026-01-02 "
         "recurrence=every week on Sunday, Monday when done\n"},
        {"- [ ] a 🔁every day", "task 0..21 [ ] a 🔁every day recurrence=every day\n"},
        {"- [ ] a 🔁", "task 0..12 [ ] a 🔁\n"},
        {"- [ ] a\n  b 📅 2026-01-02", "task 0..27 [ ] a\n  b 📅 2026-01-02 due=2026-01-02\n"},
        {"- [ ] a\n  - b 📅 2026-01-02", "task 0..7 [ ] a\n"},
        {"- [ ] a 📅 2026-01-02 ^id",
         "task 0..27 [ ] a 📅 2026-01-02 ^id due=2026-01-02 block=id\nblock 24..27 id\n"},
        {"- [ ] a\n  b ^id", "task 0..15 [ ] a\n  b ^id block=id\nblock 12..15 id\n"},
        {"- [ ] a ^id\n  - [ ] b ^id2", "task 0..11 [ ] a ^id block=id\ntask 14..26 [ ] b ^id2 "
                                        "depth=1 block=id2\nblock 8..11 id\nblock 22..26 id2\n"},
        {"- a 📅 2026-01-02", ""},
        {"- [ ] a 📅 2026-01-02 #t",
         "tag 24..26 t\ntask 0..26 [ ] a 📅 2026-01-02 #t due=2026-01-02\n"},
    };
    ASSERT_FACTS(rows);
}

static void test_the_fields_of_dataview_date_a_task(void **state)
{
    (void)state;
    static const struct markdown_fact rows[] = {
        {"- [ ] a [due:: 2026-01-02]",
         "task 0..26 [ ] a [due:: 2026-01-02] due=2026-01-02\nfield 8..26 due=2026-01-02\n"},
        {"- [x] a (completion:: 2026-01-02) [created:: 2026-01-01]",
         "task 0..56 [x] a (completion:: 2026-01-02) [created:: 2026-01-01] done=2026-01-02 "
         "created=2026-01-01\nfield 8..33 completion=2026-01-02\nfield 34..56 "
         "created=2026-01-01\n"},
        {"- [ ] a [start:: 2026-01-01] [scheduled:: 2026-01-02] [cancelled:: 2026-01-03]",
         "task 0..78 [ ] a [start:: 2026-01-01] [scheduled:: 2026-01-02] [cancelled:: 2026-01-03] "
         "start=2026-01-01 scheduled=2026-01-02 cancelled=2026-01-03\nfield 8..28 "
         "start=2026-01-01\nfield 29..53 scheduled=2026-01-02\nfield 54..78 "
         "cancelled=2026-01-03\n"},
        {"- [ ] a [priority:: high] [repeat:: every day]",
         "task 0..46 [ ] a [priority:: high] [repeat:: every day] priority=high recurrence=every "
         "day\nfield 8..25 priority=high\nfield 26..46 repeat=every day\n"},
        {"- [ ] a [priority:: urgent]",
         "task 0..27 [ ] a [priority:: urgent]\nfield 8..27 priority=urgent\n"},
        {"- [ ] a [due:: 2026-13-01]",
         "task 0..26 [ ] a [due:: 2026-13-01]\nfield 8..26 due=2026-13-01\n"},
        {"- [ ] a [due:: 2026-01-02 ]",
         "task 0..27 [ ] a [due:: 2026-01-02 ] due=2026-01-02\nfield 8..27 due=2026-01-02\n"},
        {"- [ ] a [due::2026-01-02]",
         "task 0..25 [ ] a [due::2026-01-02] due=2026-01-02\nfield 8..25 due=2026-01-02\n"},
        {"- [ ] a due:: 2026-01-02", "task 0..24 [ ] a due:: 2026-01-02\n"},
        {"- [ ] a [due:: 2026-01-02] 📅 2026-01-03",
         "task 0..42 [ ] a [due:: 2026-01-02] 📅 2026-01-03 due=2026-01-03\nfield 8..26 "
         "due=2026-01-02\n"},
        {"- [ ] a `[due:: 2026-01-02]`", "task 0..28 [ ] a `[due:: 2026-01-02]`\n"},
        {"- [ ] a\n- [ ] b [due:: 2026-01-02]",
         "task 0..7 [ ] a\ntask 8..34 [ ] b [due:: 2026-01-02] due=2026-01-02\nfield 16..34 "
         "due=2026-01-02\n"},
        {"- [ ] a [mood:: fine]", "task 0..21 [ ] a [mood:: fine]\nfield 8..21 mood=fine\n"},
        {"- [ ] a [Due:: 2026-01-02]",
         "task 0..26 [ ] a [Due:: 2026-01-02]\nfield 8..26 Due=2026-01-02\n"},
    };
    ASSERT_FACTS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_task_is_a_list_item_that_begins_with_a_box),
        cmocka_unit_test(test_what_has_no_box_at_its_start_is_no_task),
        cmocka_unit_test(test_a_task_knows_its_depth_and_its_heading),
        cmocka_unit_test(test_the_signs_of_the_tasks_plugin_date_a_task),
        cmocka_unit_test(test_the_fields_of_dataview_date_a_task),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
