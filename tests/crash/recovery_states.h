// SPDX-License-Identifier: MIT
/* What may have become of the vault of each_recovery.c and of its database before somebody opens
 * it. */
#ifndef CRASH_RECOVERY_STATES_H
#define CRASH_RECOVERY_STATES_H

#include "engine/backup.h"
#include "engine/watermark.h"
#include "recovery_vault.h"
#include "store/backup.h"
#include "writeback/temporary.h"

#define OLD "---\ntitle: old\n---\nOne\n"
#define NEW "---\ntitle: new\n---\nOne\n"
#define THEIRS "---\ntitle: theirs\n---\nOne\n"

static char backup_name[64]; /* the one that backed_up() made */

// --- what may have become of it

static void in_order(void)
{
    save("n1.md", OLD);
    save("n2.md", "# Two\n");
    save("n3.md", "---\ntitle: calm\n---\n# Three\n");
    save("n5.md", "# Five\n");
    must_sync();
    sql("UPDATE object_permissions SET share_with_ai = 1 WHERE object_id IN"
        " (SELECT id FROM data_objects WHERE file_path IN ('n1.md', 'n2.md'));"
        "UPDATE object_permissions SET read_only = 1 WHERE object_id ="
        " (SELECT id FROM data_objects WHERE file_path = 'n5.md')");
    must_sync();
}

/** What is written down beside the database tells of it as it is now. */
static void write_down_as_left(void)
{
    struct watermark watermark;
    struct nexus_error why;
    mode_t mode;
    int fd = open(at(".nexus"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        die(".nexus");
    must(watermark_read(fd, &watermark, &why), "watermark_read", &why);
    watermark.has_print = file_look(fd, "vault.sqlite", &watermark.print, &mode) == 0;
    must(watermark_write(fd, &watermark, &why), "watermark_write", &why);
    close(fd);
}

static void due_for_a_backup(void)
{
    in_order();
    save(".nexus/config.json", "{\"durability\": \"full\"}");
    sql("UPDATE nx_meta SET value = '2020-01-01T00:00:00.000Z' WHERE key = 'created_at'");
}

static void backed_up(void)
{
    struct nexus_error why;
    char *path;
    in_order();
    struct engine *engine = open_vault();
    must(backup_make(engine, NULL, &path, &why), "backup_make", &why);
    snprintf(backup_name, sizeof backup_name, "%s", strrchr(path, '/') + 1);
    free(path);
    engine_close(engine);
    save("n3.md", "---\ntitle: glad\n---\n# Three\n");
    sql("UPDATE core_note SET title = 'new' WHERE _path = 'n1.md'");
    must_sync();
}

static void gone(void)
{
    in_order();
    unlink(at(".nexus/vault.sqlite"));
}

static void gone_with_an_empty_one_in_its_place(void)
{
    gone();
    save(".nexus/vault.sqlite", "");
    save(".nexus/vault.sqlite-wal", "a log of nothing");
}

/** The newest backup is none. */
static void gone_and_backed_up(void)
{
    char path[128];
    backed_up();
    snprintf(path, sizeof path, ".nexus/backups/vault-2999%s", backup_name + strlen("vault-2026"));
    save(path, "no database");
    unlink(at(".nexus/vault.sqlite"));
}

static void gone_with_another_kept(void)
{
    in_order();
    if (rename(at(".nexus/vault.sqlite"), at(".nexus/kept")) != 0)
        die("rename");
}

static void gone_and_backed_up_with_another_kept(void)
{
    backed_up();
    if (rename(at(".nexus/vault.sqlite"), at(".nexus/kept")) != 0)
        die("rename");
}

/** One was set aside before, and what only it knows is taken over. */
static void gone_once_more(void)
{
    struct nexus_error why;
    in_order();
    struct engine *engine = open_vault();
    must(engine_rebuild(engine, NULL, &why), "engine_rebuild", &why);
    engine_close(engine);
    unlink(at(".nexus/vault.sqlite"));
}

static void damage(void)
{
    STRBUF_SCOPED page = {0};
    char bytes[PAGE_BYTES];
    memset(bytes, 0x55, sizeof bytes);
    ask("SELECT rootpage FROM sqlite_schema WHERE name = 'problems'", &page);
    int fd = open(at(".nexus/vault.sqlite"), O_WRONLY | O_CLOEXEC);
    off_t place = (strtol(page.at, NULL, 10) - 1) * PAGE_BYTES;
    if (fd < 0 || pwrite(fd, bytes, sizeof bytes, place) != PAGE_BYTES)
        die("damage");
    close(fd);
}

static void damaged(void)
{
    in_order();
    damage();
}

static void damaged_and_backed_up(void)
{
    backed_up();
    damage();
}

/** What SQL changed waits: of one row it can be carried over, two have another file by now, one a
 * file that says it, one none. */
static void damaged_with_edits(void)
{
    save("n4.md", OLD);
    save("n6.md", "# Six\n");
    in_order();
    sql("UPDATE core_note SET title = 'new' WHERE _path IN ('n1.md', 'n4.md');"
        "UPDATE core_note SET title = 'glad' WHERE _path = 'n3.md';"
        "INSERT INTO core_note(title, content) VALUES('new', 'One\n');"
        "DELETE FROM core_note WHERE _path IN ('n2.md', 'n6.md')");
    damage();
    save("n6.md", "# Six, by them\n");
    save("n4.md", NEW);
    save("n3.md", "---\ntitle: theirs\n---\n# Three\n");
}

static void from_elsewhere(void)
{
    in_order();
    sql("UPDATE nx_meta SET value = 'elsewhere' WHERE key = 'host_id'");
}

static void not_stamped(void)
{
    in_order();
    sql("DELETE FROM nx_meta WHERE key IN ('host_id', 'created_at')");
}

/** One of before was put back. */
static void an_older_one(void)
{
    in_order();
    copy_file(at(".nexus/vault.sqlite"), at(".nexus/kept"));
    save("n4.md", "# Four\n");
    must_sync();
    sql("UPDATE core_note SET title = 'new' WHERE _path = 'n1.md'");
    must_sync();
    if (rename(at(".nexus/kept"), at(".nexus/vault.sqlite")) != 0)
        die("rename");
}

static void of_an_older_program(void)
{
    in_order();
    sql("DROP TABLE nx_decided; DROP TABLE nx_default; DROP TABLE nx_lock; DROP TABLE history;"
        "CREATE TABLE history(seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
        " path TEXT NOT NULL, object_id INTEGER, op TEXT NOT NULL, origin TEXT NOT NULL,"
        " before BLOB, before_hash TEXT, after_hash TEXT, refused TEXT, undoes INTEGER);"
        "PRAGMA user_version = 1");
}

static void as_an_older_program_left_it(void)
{
    struct watermark watermark;
    struct nexus_error why;
    of_an_older_program();
    int fd = open(at(".nexus"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        die(".nexus");
    must(watermark_read(fd, &watermark, &why), "watermark_read", &why);
    watermark.version = 1;
    must(watermark_write(fd, &watermark, &why), "watermark_write", &why);
    close(fd);
}

static void of_a_newer_program(void)
{
    in_order();
    sql("PRAGMA user_version = 1000");
}

/** Nothing tells whether that can be. */
static void of_a_newer_program_it_seems(void)
{
    of_a_newer_program();
    unlink(at(".nexus/database.json"));
}

static void of_a_newer_program_that_knows_other_words(void)
{
    of_a_newer_program();
    save(".nexus/database.json", "{}");
}

static void as_a_newer_program_left_it(void)
{
    of_a_newer_program();
    save(".nexus/database.json", "{\"version\": \"1000\"}");
}

/** The log of another state lies beside it: it knows nothing of where things are by now. */
static void beside_an_old_log(void)
{
    sqlite3 *db;
    in_order();
    if (sqlite3_open(at(".nexus/vault.sqlite"), &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA wal_autocheckpoint = 0; CREATE TABLE somebodys(x);"
                     "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT 200)"
                     " INSERT INTO somebodys SELECT hex(randomblob(400)) FROM n;"
                     "DROP TABLE somebodys",
                     NULL, NULL, NULL) != SQLITE_OK)
        die("sqlite3_exec");
    copy_file(at(".nexus/vault.sqlite-wal"), at(".nexus/log"));
    sqlite3_close(db);
    save("n4.md", "# Four\n");
    must_sync();
    sql("VACUUM");
    if (rename(at(".nexus/log"), at(".nexus/vault.sqlite-wal")) != 0)
        die("rename");
}

/** A restore was cut off when the new one was whole. */
static void half_restored(void)
{
    struct nexus_error why;
    backed_up();
    must(store_copy(at(".nexus/vault.sqlite"), at(".nexus/vault.sqlite-restored"), time_now_ns(),
                    &why),
         "store_copy", &why);
}

// --- what a program that was killed left of its writing

static struct hash hash_of_text(const char *text)
{
    return hash_of(str_of(text));
}

static void add_hash(struct strbuf *out, const char *text)
{
    char digits[HASH_TEXT_SIZE];
    if (text)
        strbuf_addf(out, "'%s'", hash_format(hash_of_text(text), digits));
    else
        strbuf_add_text(out, "NULL");
}

/** A row of history that is under way; `before`, `after` NULL: there is no file. */
static void under_way(const char *op, const char *path, const char *before, const char *after,
                      const char *temporary)
{
    STRBUF_SCOPED text = {0};
    strbuf_addf(&text,
                "INSERT INTO history(at, path, object_id, op, origin, before, before_hash,"
                " after_hash, temporary) SELECT '2026-01-15T10:30:00.000Z', '%s',"
                " (SELECT max(id) FROM data_objects WHERE file_path = '%s'),"
                " '%s', 'sql', ",
                path, path, op);
    strbuf_addf(&text, before ? "CAST('%s' AS BLOB), " : "NULL, ", before);
    add_hash(&text, before);
    strbuf_add_text(&text, ", ");
    add_hash(&text, after);
    strbuf_addf(&text, ", '%s'; REPLACE INTO nx_meta VALUES('writing', '1')", temporary);
    sql(text.at);
}

/** The name of a temporary file between both versions, which holds `text`. Static. */
static const char *leave(const char *folder, const char *text)
{
    static char name[TEMPORARY_SIZE];
    char path[2 * TEMPORARY_SIZE];
    struct hash old = hash_of_text(OLD);
    temporary_name(&old, hash_of_text(NEW), (uint64_t)strlen(text), name);
    snprintf(path, sizeof path, "%s%s", folder, name);
    save(path, text);
    return name;
}

static void cut_off_before_the_file(void)
{
    in_order();
    sql("UPDATE core_note SET title = 'new' WHERE _path = 'n1.md'");
    under_way("update", "n1.md", OLD, NEW, leave("", NEW));
}

static void cut_off_behind_the_file(void)
{
    in_order();
    sql("UPDATE core_note SET title = 'new' WHERE _path = 'n1.md'");
    under_way("update", "n1.md", OLD, NEW, leave("", THEIRS));
    save("n1.md", NEW);
}

static void cut_off_with_nothing_left(void)
{
    in_order();
    sql("REPLACE INTO nx_meta VALUES('writing', '1')");
}

/** Nobody wrote down yet whose file it is. */
static void cut_off_behind_a_new_file(void)
{
    in_order();
    sql("INSERT INTO core_note(_path, title, content) VALUES('n9.md', 'new', 'One\n')");
    save("n9.md", NEW);
    under_way("create", "n9.md", NULL, NEW, "");
    sql("UPDATE history SET temporary = '.nexus-gone', object_id ="
        " (SELECT max(object_id) FROM nx_outbox) WHERE op = 'create'");
}

static void cut_off_behind_a_new_list(void)
{
    static const char list[] = "{\"schema\": \"core.todo\", \"version\": 1, \"data\": ["
                               "{\"id\": 1, \"text\": \"one\"}]}\n";
    in_order();
    sql("INSERT INTO core_todo(_path, id, text) VALUES('n9.json#1', 1, 'one')");
    save("n9.json", list);
    under_way("create", "n9.json", NULL, list, "");
    sql("UPDATE history SET temporary = '.nexus-gone', object_id ="
        " (SELECT max(object_id) FROM nx_outbox) WHERE op = 'create'");
}

/** Of three objects that were to get a file one is gone, one has a file by now, and of one the file
 * is none that can be read. */
static void cut_off_behind_another_file(void)
{
    in_order();
    sql("INSERT INTO core_note(_path, title, content) VALUES('n9.md', 'new', 'One\n');"
        "UPDATE core_note SET title = 'new' WHERE _path = 'n1.md'");
    save("n9.md", "---\ntitle: [\n---\n");
    save("n8.md", NEW);
    under_way("create", "n9.md", NULL, "---\ntitle: [\n---\n", "");
    under_way("create", "n8.md", NULL, NEW, "");
    under_way("create", "n1.md", NULL, OLD, "");
    sql("UPDATE history SET temporary = '.nexus-gone' WHERE op = 'create';"
        "UPDATE history SET object_id = (SELECT max(object_id) FROM nx_outbox)"
        " WHERE path = 'n9.md';"
        "UPDATE history SET object_id = 1000 WHERE path = 'n8.md'");
}

static void cut_off_while_deleting(void)
{
    in_order();
    under_way("delete", "n1.md", OLD, NULL, "");
    under_way("delete", "n3.md", OLD, NULL, "");
    under_way("move", "n2.md", OLD, "# Two\n", "");
    under_way("move", "n3.md", OLD, NEW, "");
    under_way("move", "n4.md", OLD, NEW, "");
    under_way("move", "n5.md", OLD, NULL, "");
    under_way("update", "n5.md", OLD, NULL, "");
    under_way("create", "n5.md", NULL, "# Five\n", "");
    sql("UPDATE history SET object_id = NULL WHERE op = 'create'");
    unlink(at("n1.md"));
}

/** Beside the files and out of sight: what was displaced, what somebody saved, nothing, and what is
 * none of ours. */
static void cut_off_with_leavings(void)
{
    in_order();
    sql("REPLACE INTO nx_meta VALUES('writing', '1')");
    mkdir(at("d"), 0755);
    mkdir(at(".nexus/displaced"), 0700);
    static const char *const folders[] = {"", "d/", ".nexus/displaced/"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[64];
        leave(folders[i], OLD);
        leave(folders[i], "");
        leave(folders[i], i == 1 ? NEW : "---\ntitle: theirs\n---\n");
        snprintf(path, sizeof path, "%s.nexus-1", folders[i]);
        save(path, "none of ours");
        snprintf(path, sizeof path, "%snote", folders[i]);
        save(path, "a note");
    }
}

#endif
