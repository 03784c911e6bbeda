// SPDX-License-Identifier: MIT
/* Whatever somebody does to the audit log shows, in the log or against its copy. */
#include "engine/audit.h"

#include "unit/store/fixture.h"

#include <fcntl.h>
#include <pthread.h>

enum { ROWS = 8 };

static int nexus_fd;
static struct strbuf told;

static void add_entries(struct store *writer, int count)
{
    for (int i = 0; i < count; i++) {
        const struct audit_entry entry = {
            .actor = "ai", .action = "read", .origin = ORIGIN_API, .object_id = i};
        OK(store_begin(writer, START_NS, err));
        OK(store_audit_add(writer, &entry, err));
        OK(store_commit(writer, err));
        OK(audit_copy(nexus_fd, writer, err));
    }
}

static int set_up(void **state)
{
    if (make_store(state) != 0)
        return -1;
    nexus_fd = open(folder, O_RDONLY | O_DIRECTORY);
    add_entries(store, ROWS);
    return 0;
}

static int tear_down(void **state)
{
    close(nexus_fd);
    strbuf_finish(&told);
    return remove_store(state);
}

static void tell(void *context, enum audit_finding finding, int64_t id)
{
    (void)context;
    static const char *const words[] = {
        [AUDIT_ALTERED] = "altered",
        [AUDIT_UNLINKED] = "unlinked",
        [AUDIT_MISSING] = "missing",
        [AUDIT_COPY] = "copy",
    };
    strbuf_addf(&told, "%s%s %lld", told.length ? ", " : "", words[finding], (long long)id);
}

static const char *findings(void)
{
    strbuf_reset(&told);
    strbuf_add_text(&told, "");
    OK(audit_check(nexus_fd, store, tell, NULL, err));
    return told.length ? told.at : "";
}

/** As anybody may do it, in the folder of the database. */
static void shell(const char *what)
{
    STRBUF_SCOPED command = {0};
    strbuf_addf(&command, "cd '%s' && %s", folder, what);
    assert_int_equal(system(command.at), 0);
}

static void sql(const char *statements)
{
    STRBUF_SCOPED command = {0};
    strbuf_addf(&command, "sqlite3 -bail vault.sqlite \"%s\"", statements);
    shell(command.at);
}

static void an_untouched_log_is_whole(void **state)
{
    (void)state;
    assert_string_equal(findings(), "");
    TELLS("SELECT count(*) FROM audit_log WHERE previous_hash IS NULL", "1");
}

static void each_kind_of_tampering_shows(void **state)
{
    (void)state;
    static const char *const facts[][2] = {
        {"UPDATE audit_log SET actor = 'owner' WHERE id = 3", "altered 3, copy 3"},
        {"UPDATE audit_log SET at = '2020-01-01T00:00:00.000Z' WHERE id = 1", "altered 1, copy 1"},
        {"UPDATE audit_log SET detail_json = '{}' WHERE id = 8", "altered 8, copy 8"},
        {"UPDATE audit_log SET object_id = 99 WHERE id = 4", "altered 4, copy 4"},
        {"UPDATE audit_log SET uid = '' WHERE id = 2", "altered 2, copy 2"},
        {"UPDATE audit_log SET hash = 'x' WHERE id = 8", "altered 8, copy 8"},
        {"UPDATE audit_log SET previous_hash = NULL WHERE id = 2", "altered 2, unlinked 2, copy 2"},
        {"DELETE FROM audit_log WHERE id = 8", "missing 8, copy 8"},
        {"DELETE FROM audit_log WHERE id = 1", "missing 1, unlinked 2, copy 2"},
        {"DELETE FROM sqlite_sequence WHERE name = 'audit_log'", "missing 9"},
    };
    for (size_t i = 0; i < COUNT(facts); i++) {
        shell("cp vault.sqlite kept; cp vault.sqlite-wal kept-wal");
        sql(facts[i][0]);
        const char *told_now = findings();
        bool begins_so = strncmp(told_now, facts[i][1], strlen(facts[i][1])) == 0;
        if (!begins_so)
            fail_msg("%s: %s", facts[i][0], told_now);
        store_close(store);
        shell("mv kept vault.sqlite; mv kept-wal vault.sqlite-wal; rm -f vault.sqlite-shm");
        const struct store_options o = options();
        OK(store_open(&o, &store, err));
        assert_string_equal(findings(), "");
    }
}

static void a_chain_that_was_made_anew_differs_from_its_copy(void **state)
{
    (void)state;
    sql("DELETE FROM audit_log; DELETE FROM sqlite_sequence WHERE name = 'audit_log'");
    const struct audit_entry entry = {.actor = "ai", .action = "read", .origin = ORIGIN_SQL};
    for (int i = 0; i < ROWS; i++) {
        OK(store_begin(store, START_NS, err));
        OK(store_audit_add(store, &entry, err));
        OK(store_commit(store, err));
    }
    assert_non_null(strstr(findings(), "copy 1"));
    OK(store_audit_check(store, tell, NULL, err));
}

static void an_altered_copy_shows(void **state)
{
    (void)state;
    shell("sed -i '3s/ai/me/' logs/audit.jsonl");
    assert_string_equal(findings(), "copy 3");
}

static void a_copy_that_stops_in_the_middle_is_completed(void **state)
{
    (void)state;
    shell("cp logs/audit.jsonl whole; truncate -s 700 logs/audit.jsonl");
    OK(audit_copy(nexus_fd, store, err));
    shell("cmp whole logs/audit.jsonl");
    shell("rm logs/audit.jsonl");
    OK(audit_copy(nexus_fd, store, err));
    shell("cmp whole logs/audit.jsonl");
}

static void the_copy_of_another_log_is_put_aside(void **state)
{
    (void)state;
    shell("sed -i 's/ai/me/' logs/audit.jsonl");
    OK(audit_copy(nexus_fd, store, err));
    assert_string_equal(findings(), "");
    shell("test \"$(ls logs | wc -l)\" = 2");
}

static void *write_beside(void *argument)
{
    struct store *beside;
    const struct store_options o = options();
    (void)argument;
    OK(store_open_beside(&o, &beside, err));
    add_entries(beside, 25);
    store_close(beside);
    return NULL;
}

static void writers_at_the_same_time_make_one_chain(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_beside, NULL), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    TELLS("SELECT count(*) FROM audit_log", "108");
    assert_string_equal(findings(), "");
    shell("test \"$(wc -l < logs/audit.jsonl)\" = 108");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_untouched_log_is_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_kind_of_tampering_shows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_chain_that_was_made_anew_differs_from_its_copy, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_altered_copy_shows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_that_stops_in_the_middle_is_completed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_copy_of_another_log_is_put_aside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writers_at_the_same_time_make_one_chain, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
