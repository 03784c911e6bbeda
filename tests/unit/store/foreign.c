// SPDX-License-Identifier: MIT
/* What the one writing connection notices of other processes: each story runs the sqlite3 shell. */
#include "store/foreign.h"

#include "unit/store/fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

struct noticed {
    bool changed, writing;
};

static struct noticed look(void)
{
    struct noticed noticed;
    OK(store_foreign_writes(store, &noticed.writing, err));
    OK(store_foreign_changed(store, &noticed.changed, err));
    return noticed;
}

#define NOTICES(is_changed, is_writing)                                                            \
    do {                                                                                           \
        struct noticed noticed_ = look();                                                          \
        assert_int_equal(noticed_.changed, (is_changed));                                          \
        assert_int_equal(noticed_.writing, (is_writing));                                          \
    } while (0)

static struct {
    char ready[96], go[96]; /* FIFOs, new ones for each shell */
    int count;
} gates;

static void make_gates(void)
{
    gates.count++;
    snprintf(gates.ready, sizeof gates.ready, "%s/ready-%d", folder, gates.count);
    snprintf(gates.go, sizeof gates.go, "%s/go-%d", folder, gates.count);
    assert_int_equal(mkfifo(gates.ready, 0600), 0);
    assert_int_equal(mkfifo(gates.go, 0600), 0);
}

/** A shell that has done what `before` says, and waits in front of what `after` says. */
static FILE *start_shell(const char *before, const char *after)
{
    char command[128], byte;
    make_gates();
    snprintf(command, sizeof command, "sqlite3 -bail '%s' >/dev/null", database);
    FILE *shell = popen(command, "w");
    assert_non_null(shell);
    fprintf(shell, "%s\n.shell echo > %s\n.shell cat %s\n%s\n", before, gates.ready, gates.go,
            after);
    fflush(shell);
    int fd = open(gates.ready, O_RDONLY | O_CLOEXEC); /* waits for the shell to open it, too */
    assert_true(fd >= 0);
    assert_int_equal(read(fd, &byte, 1), 1);
    close(fd);
    return shell;
}

/** Lets it do the rest, and waits for its end. */
static void finish_shell(FILE *shell)
{
    int fd = open(gates.go, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(pclose(shell), 0);
}

#define EDIT "UPDATE nx_meta SET value = value || 'x' WHERE key = 'vault_id';"
#define MAKE "INSERT OR REPLACE INTO nx_meta(key, value) VALUES('vault_id', 'x');"

static void run_shell(const char *script)
{
    finish_shell(start_shell("", script));
}

static void what_nobody_did_is_no_change(void **state)
{
    (void)state;
    NOTICES(false, false);
    NOTICES(false, false);
}

static void what_this_process_writes_is_no_change(void **state)
{
    (void)state;
    bool more;
    for (int i = 0; i < 300; i++) {
        begin();
        OK(store_meta_set(store, "last_walk_at", STR("a"), err));
        OK(store_meta_set(store, "last_walk_at", STR("b"), err));
        commit();
        OK(store_tend(store, &more, err));
        NOTICES(false, false);
    }
}

static void a_commit_of_another_process_is_noticed_once(void **state)
{
    (void)state;
    static const char *const modes[] = {"NORMAL", "FULL", "OFF", "EXTRA"};
    for (size_t i = 0; i < COUNT(modes); i++) {
        char script[256];
        snprintf(script, sizeof script, "PRAGMA synchronous = %s; %s", modes[i], MAKE EDIT);
        run_shell(script);
        NOTICES(true, false);
        NOTICES(false, false);
    }
}

static void a_writer_is_noticed_before_its_commit(void **state)
{
    (void)state;
    FILE *shell = start_shell("BEGIN IMMEDIATE;" MAKE, "COMMIT;");
    bool is_writing;
    OK(store_foreign_writes(store, &is_writing, err));
    assert_true(is_writing);
    NOTICES(false, true);
    NOTICES(false, true);
    finish_shell(shell);
    NOTICES(true, false);
}

static void a_transaction_that_is_taken_back_changes_nothing(void **state)
{
    (void)state;
    FILE *shell = start_shell("BEGIN IMMEDIATE;" MAKE, "ROLLBACK;");
    NOTICES(false, true);
    finish_shell(shell);
    NOTICES(false, false);
}

static void a_reader_is_no_writer(void **state)
{
    (void)state;
    FILE *shell = start_shell("BEGIN; SELECT count(*) FROM nx_meta;", "COMMIT;");
    NOTICES(false, false);
    finish_shell(shell);
    NOTICES(false, false);
}

static void looking_takes_no_lock_and_drops_none(void **state)
{
    (void)state;
    begin();
    OK(store_meta_set(store, "last_walk_at", STR("ours"), err));
    commit();
    NOTICES(false, false);
    begin();
    OK(store_meta_set(store, "last_walk_at", STR("still ours"), err));
    char command[256];
    snprintf(command, sizeof command, "sqlite3 '%s' 'BEGIN IMMEDIATE' 2>/dev/null", database);
    assert_int_not_equal(system(command), 0);
    commit();
    assert_int_equal(system(command), 0);
    NOTICES(false, false);
}

static void what_happened_while_it_was_closed_is_no_change(void **state)
{
    (void)state;
    store_close(store);
    store = NULL;
    run_shell(MAKE);
    const struct store_options o = options();
    OK(store_open(&o, &store, err));
    NOTICES(false, false);
    run_shell(EDIT);
    NOTICES(true, false);
}

static void a_first_index_is_no_change(void **state)
{
    (void)state;
    const struct store_options o = options();
    OK(store_open_bulk(&o, &store, err));
    begin();
    register_note_schema();
    commit();
    OK(store_finish_bulk(store, err));
    NOTICES(false, false);
    run_shell(MAKE);
    NOTICES(true, false);
}

int main(void)
{
    if (system("command -v sqlite3 >/dev/null") != 0)
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_nobody_did_is_no_change, make_store, remove_store),
        cmocka_unit_test_setup_teardown(what_this_process_writes_is_no_change, make_store,
                                        remove_store),
        cmocka_unit_test_setup_teardown(a_commit_of_another_process_is_noticed_once, make_store,
                                        remove_store),
        cmocka_unit_test_setup_teardown(a_writer_is_noticed_before_its_commit, make_store,
                                        remove_store),
        cmocka_unit_test_setup_teardown(a_transaction_that_is_taken_back_changes_nothing,
                                        make_store, remove_store),
        cmocka_unit_test_setup_teardown(a_reader_is_no_writer, make_store, remove_store),
        cmocka_unit_test_setup_teardown(looking_takes_no_lock_and_drops_none, make_store,
                                        remove_store),
        cmocka_unit_test_setup_teardown(what_happened_while_it_was_closed_is_no_change, make_store,
                                        remove_store),
        cmocka_unit_test_setup_teardown(a_first_index_is_no_change, make_folder, remove_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
