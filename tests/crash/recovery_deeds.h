// SPDX-License-Identifier: MIT
/* What each_recovery.c does with its vault, and what others do to it meanwhile. */
#ifndef CRASH_RECOVERY_DEEDS_H
#define CRASH_RECOVERY_DEEDS_H

#include "engine/crash.h"
#include "engine/reconcile.h"
#include "engine/recovery.h"
#include "engine/register.h"
#include "engine/upkeep.h"
#include "memory/failing_memory.h"
#include "recovery_states.h"
#include "writeback/failing_calls.h"

static struct nexus_error said;

// --- what is done

static void pause_faults(bool is_paused)
{
    memory_pause(is_paused);
    calls_pause(is_paused);
}

static enum nexus_status register_schemas(struct engine *engine)
{
    pause_faults(true);
    enum nexus_status status =
        register_all(engine->store, engine->nexus_fd, engine->now_ns(), &engine->registry, &said);
    pause_faults(false);
    return status;
}

static enum nexus_status check_rows(struct engine *engine)
{
    pause_faults(true);
    enum nexus_status status = upkeep_check(engine, NULL, &said);
    pause_faults(false);
    return status;
}

/** All cores work at that: nothing of it comes in the same order twice. */
static enum nexus_status look_at_files(struct engine *engine, unsigned how)
{
    struct reconcile reconcile;
    pause_faults(true);
    enum nexus_status status = reconcile_init(&reconcile, engine, how, &said);
    if (status == NEXUS_OK) {
        status = reconcile_folder(&reconcile, STR(""), &said);
        if (status == NEXUS_OK)
            status = reconcile_settle(&reconcile, &said);
        reconcile_finish(&reconcile);
    }
    pause_faults(false);
    return status;
}

static enum nexus_status bring_back(struct engine *engine)
{
    bool is_first;
    uint64_t taken;
    int64_t due_ns;
    TRY(recovery_open(engine, &is_first, &said));
    TRY(register_schemas(engine));
    TRY(is_first ? NEXUS_OK : check_rows(engine));
    TRY(is_first ? NEXUS_OK : crash_mend(engine, &said));
    TRY(look_at_files(engine, is_first ? RECONCILE_FIRST : 0));
    TRY(is_first ? recovery_finish_first(engine, &said) : NEXUS_OK);
    TRY(recovery_settle(engine, &taken, &said));
    TRY(recovery_keep(engine, &said));
    return recovery_back_up(engine, &due_ns, &said);
}

static enum nexus_status ask_for_another(struct engine *engine)
{
    engine->recovery.is_asked = engine->recovery.is_rebuild_asked = true;
    return NEXUS_OK;
}

/** SQLite has met damage twice that no check finds. */
static enum nexus_status doubt_it(struct engine *engine)
{
    recovery_doubt(engine);
    recovery_doubt(engine);
    return NEXUS_OK;
}

static enum nexus_status restore_newest(struct engine *engine)
{
    engine->recovery.is_asked = true;
    return recovery_restore(engine, NULL, &said);
}

static enum nexus_status restore_named(struct engine *engine)
{
    return recovery_restore(engine, backup_name, &said);
}

static enum nexus_status restore_file(struct engine *engine)
{
    return recovery_restore(engine, at(".nexus/vault.sqlite"), &said);
}

static enum nexus_status restore_nothing(struct engine *engine)
{
    return recovery_restore(engine, at("none"), &said);
}

static enum nexus_status look(struct engine *engine)
{
    vault_unlock(engine->nexus_fd);
    return recovery_look(engine, &said);
}

/** While another program keeps the vault in step. */
static enum nexus_status look_beside(struct engine *engine)
{
    pause_faults(true);
    vault_unlock(engine->nexus_fd);
    int fd = open(at(".nexus"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || vault_lock(fd, &said) != NEXUS_OK)
        die(".nexus");
    pause_faults(false);
    enum nexus_status status = recovery_look(engine, &said);
    close(fd);
    return status;
}

static enum nexus_status mend(struct engine *engine)
{
    return crash_mend(engine, &said);
}

/** The mark is our own: it writes just now. */
static enum nexus_status mend_while_writing(struct engine *engine)
{
    engine->is_marked = true;
    return crash_mend(engine, &said);
}

static enum nexus_status finish_and_rest(struct engine *engine)
{
    engine->is_cut_off = engine->is_marked = true;
    TRY(crash_finish(engine, &said));
    return crash_rest(engine, &said);
}

// --- what somebody else does

static sqlite3 *holder; /* of the database's lock */

static void hold_the_database(void)
{
    if (sqlite3_open(at(".nexus/vault.sqlite"), &holder) != SQLITE_OK ||
        sqlite3_exec(holder, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        die("BEGIN");
}

static void let_go(void)
{
    sqlite3_close(holder);
    holder = NULL;
}

/** Whoever waits for a lock that is held for good need not wait long. */
__attribute__((visibility("default"))) int usleep(useconds_t us)
{
    (void)us;
    return 0;
}

static void put_a_database_there(void)
{
    (void)renameat2(AT_FDCWD, at(".nexus/kept"), AT_FDCWD, at(".nexus/vault.sqlite"),
                    RENAME_NOREPLACE);
}

#endif
