// SPDX-License-Identifier: MIT
/* A program keeps its vault open, whatever it asks of it: passes that it stops, another database.
 */
#include "nexus/query.h"
#include "nexus/recovery.h"

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOTES = 600 };

#define OK(call) assert_int_equal((call), NEXUS_OK)

static char dir[64];
static struct nexus_vault *vault;

static int setup(void **state)
{
    (void)state;
    char path[128];
    snprintf(dir, sizeof dir, "/tmp/nexus-same-XXXXXX");
    assert_non_null(mkdtemp(dir));
    for (int i = 0; i < NOTES; i++) {
        snprintf(path, sizeof path, "%s/%d.md", dir, i);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "# Note %d\n\n[[%d]] #t\n", i, i + 1);
        assert_int_equal(fclose(file), 0);
    }
    OK(nexus_vault_init(dir, NULL));
    OK(nexus_vault_open(dir, &vault, NULL));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char command[128];
    nexus_vault_close(vault);
    snprintf(command, sizeof command, "rm -r '%s'", dir);
    return system(command);
}

static int64_t number(const char *sql)
{
    struct nexus_reader *reader;
    struct nexus_rows *rows;
    bool more;
    OK(nexus_reader_open(dir, &reader, NULL));
    OK(nexus_query(reader, sql, &rows, NULL));
    OK(nexus_rows_next(rows, &more, NULL));
    assert_true(more);
    int64_t found = nexus_rows_integer(rows, 0);
    nexus_rows_close(rows);
    nexus_reader_close(reader);
    return found;
}

static size_t lines_of_news(void)
{
    size_t count = 0;
    for (const char *at = nexus_vault_news(vault); *at; at++)
        count += *at == '\n';
    return count;
}

struct until {
    uint64_t files;
    bool was_asked;
};

static bool ask(void *context, uint64_t done, uint64_t total)
{
    struct until *until = context;
    (void)total;
    until->was_asked = true;
    return done < until->files;
}

/** Three passes that get further and further. */
static void stop_passes(void)
{
    for (uint64_t files = 0; files < NOTES; files += NOTES / 3) {
        struct until until = {.files = files};
        struct nexus_error err;
        assert_int_equal(nexus_sync(vault, 0, ask, &until, NULL, &err), NEXUS_ERROR_INTERRUPTED);
        assert_true(until.was_asked && err.message[0]);
    }
}

static void another_pass_with_the_same_vault_does_it_all(void **state)
{
    (void)state;
    struct nexus_sync_report report;
    stop_passes();
    OK(nexus_sync(vault, 0, NULL, NULL, &report, NULL));
    assert_true(report.files == NOTES);
    assert_int_equal(number("SELECT max(id) FROM data_objects"), NOTES);
    assert_int_equal(lines_of_news(), 0);
    OK(nexus_sync(vault, 0, NULL, NULL, &report, NULL));
    assert_true(report.files == NOTES && report.read == 0);
}

static void lose_the_database(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm '%s'/.nexus/vault.sqlite*", dir);
    assert_int_equal(system(command), 0);
}

static void a_database_that_is_lost_is_told_of_once(void **state)
{
    (void)state;
    OK(nexus_sync(vault, 0, NULL, NULL, NULL, NULL));
    lose_the_database();
    nexus_vault_close(vault);
    OK(nexus_vault_open(dir, &vault, NULL));
    stop_passes();
    OK(nexus_sync(vault, 0, NULL, NULL, NULL, NULL));
    assert_int_equal(lines_of_news(), 1);
    assert_int_equal(number("SELECT count(*) FROM audit_log WHERE action = 'recovery'"), 1);
}

static void another_database_is_put_in_place_of_the_open_one(void **state)
{
    (void)state;
    struct nexus_sync_report report;
    char *backup;
    OK(nexus_sync(vault, 0, NULL, NULL, NULL, NULL));
    OK(nexus_backup(vault, NULL, &backup, NULL));
    free(backup);
    OK(nexus_rebuild(vault, &report, NULL));
    assert_true(report.files == NOTES);
    assert_non_null(strstr(nexus_vault_news(vault), "made anew"));
    OK(nexus_restore(vault, NULL, &report, NULL));
    assert_true(report.files == NOTES);
    /* Both, since the log of the one before is taken over. */
    assert_int_equal(number("SELECT count(*) FROM audit_log WHERE actor = 'owner'"
                            " AND action = 'recovery'"),
                     2);
    OK(nexus_sync(vault, 0, NULL, NULL, &report, NULL));
    assert_true(report.read == 0 && report.objects_created == 0);
    assert_int_equal(number("SELECT max(id) FROM data_objects"), NOTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_pass_with_the_same_vault_does_it_all, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_database_that_is_lost_is_told_of_once, setup, teardown),
        cmocka_unit_test_setup_teardown(another_database_is_put_in_place_of_the_open_one, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
