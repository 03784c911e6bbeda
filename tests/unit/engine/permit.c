// SPDX-License-Identifier: MIT
/* When sharing ends, to the second and under a clock that jumps. */
#include "engine/permit.h"

#include "engine/gate.h"
#include "engine/sync.h"
#include "engine/vault.h"
#include "unit/store/fixture.h"

#include <stdio.h>

static struct engine *engine;
static int64_t now_ns;

static int64_t clock(void)
{
    return now_ns;
}

static int set_up(void **state)
{
    char path[128];
    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/a.md", folder);
    FILE *file = fopen(path, "w");
    if (!file || fputs("# A\n", file) < 0 || fclose(file) != 0)
        return -1;
    now_ns = START_NS;
    OK(vault_init(folder, now_ns, err));
    OK(engine_open(folder, &engine, err));
    engine->now_ns = clock;
    OK(engine_sync(engine, 0, NULL, NULL, NULL, err));
    snprintf(database, sizeof database, "%s/.nexus/vault.sqlite", folder);
    return 0;
}

static int tear_down(void **state)
{
    engine_close(engine);
    return remove_store(state);
}

static void share_until(const char *end)
{
    const int64_t id = 1;
    size_t changed;
    const struct permission_change change = {
        .share_with_ai = WISH_ON, .expires = WISH_ON, .expires_at = str_of(end)};
    OK(engine_permit(engine, &id, 1, &change, &changed, err));
    assert_int_equal(changed, 1);
}

/** How many objects somebody sees, with a reader of their own. */
static int64_t seen_by(enum audience audience)
{
    struct store_reader *reader;
    struct store_rows *rows;
    bool more;
    OK(engine_gate_open(folder, audience, clock, &reader, err));
    OK(store_query(reader, STR("SELECT count(*) FROM objects"), &rows, err));
    OK(store_rows_next(rows, &more, err));
    int64_t count = store_rows_integer(rows, 0);
    store_rows_close(rows);
    store_reader_close(reader);
    return count;
}

static void sharing_ends_to_the_millisecond(void **state)
{
    (void)state;
    share_until("2026-01-15T10:31:00.000Z");
    now_ns = START_NS + 60 * NS_PER_S - NS_PER_MS;
    assert_int_equal(seen_by(AUDIENCE_AI), 1);
    assert_int_equal(seen_by(AUDIENCE_CLOUD), 0);
    now_ns = START_NS + 60 * NS_PER_S;
    assert_int_equal(seen_by(AUDIENCE_AI), 0);
}

static void one_reader_sees_the_end_between_two_statements(void **state)
{
    (void)state;
    struct store_reader *reader;
    struct store_rows *first, *second;
    bool more;
    share_until("2026-01-15T10:31:00.000Z");
    OK(engine_gate_open(folder, AUDIENCE_AI, clock, &reader, err));
    OK(store_query(reader, STR("SELECT path FROM objects"), &first, err));
    OK(store_rows_next(first, &more, err));
    assert_true(more);
    store_rows_close(first);
    now_ns += 3600 * NS_PER_S;
    OK(store_query(reader, STR("SELECT path FROM objects"), &second, err));
    OK(store_rows_next(second, &more, err));
    assert_false(more);
    store_rows_close(second);
    now_ns -= 3600 * NS_PER_S; /* the reader itself remembers how late it was */
    OK(store_query(reader, STR("SELECT path FROM objects"), &second, err));
    OK(store_rows_next(second, &more, err));
    assert_false(more);
    store_rows_close(second);
    store_reader_close(reader);
}

static void a_clock_set_back_revives_nothing(void **state)
{
    (void)state;
    share_until("2026-01-15T10:31:00.000Z");
    now_ns = START_NS + 3600 * NS_PER_S;
    assert_int_equal(seen_by(AUDIENCE_AI), 0);
    now_ns = START_NS;
    assert_int_equal(seen_by(AUDIENCE_AI), 0);
    share_until("2026-01-15T12:00:00.000Z"); /* later than any time that was seen */
    assert_int_equal(seen_by(AUDIENCE_AI), 1);
}

/** Who decided before has the former database open still. */
static void what_is_decided_is_so_in_the_database_that_is_there(void **state)
{
    (void)state;
    struct engine *other;
    struct nexus_sync_report report;
    const int64_t id = 1;
    const struct permission_change off = {.share_with_ai = WISH_OFF};
    size_t changed;
    share_until("2026-01-15T12:00:00.000Z");
    OK(engine_open(folder, &other, err));
    other->now_ns = clock;
    OK(engine_rebuild(other, &report, err));
    assert_int_equal(seen_by(AUDIENCE_AI), 1);
    OK(engine_permit(engine, &id, 1, &off, &changed, err));
    assert_int_equal(changed, 1);
    assert_int_equal(seen_by(AUDIENCE_AI), 0);
    TELLS("SELECT share_with_ai FROM object_permissions", "0");
    engine_close(other);
}

static void what_has_ended_is_taken_back_for_good(void **state)
{
    (void)state;
    int64_t at_ns;
    size_t expired;
    OK(engine_next_expiry(engine, &at_ns, err));
    assert_true(at_ns == INT64_MAX);
    share_until("2026-01-15T10:31:00.000Z");
    OK(engine_next_expiry(engine, &at_ns, err));
    assert_true(at_ns == START_NS + 60 * NS_PER_S);
    now_ns = at_ns - 1;
    OK(engine_expire(engine, &expired, err));
    assert_int_equal(expired, 0);
    TELLS("SELECT share_with_ai FROM object_permissions", "1");
    now_ns = at_ns;
    OK(engine_expire(engine, &expired, err));
    assert_int_equal(expired, 1);
    TELLS("SELECT share_with_ai FROM object_permissions", "0");
    TELLS("SELECT origin FROM changes WHERE op = 'permission' ORDER BY seq", "api|nexus");
    TELLS("SELECT actor || ' ' || action FROM audit_log ORDER BY id",
          "owner permission|nexus expiry");
    OK(engine_expire(engine, &expired, err));
    assert_int_equal(expired, 0);
    OK(engine_next_expiry(engine, &at_ns, err));
    assert_true(at_ns == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sharing_ends_to_the_millisecond, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_reader_sees_the_end_between_two_statements, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_clock_set_back_revives_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_decided_is_so_in_the_database_that_is_there, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_has_ended_is_taken_back_for_good, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
