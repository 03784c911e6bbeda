// SPDX-License-Identifier: MIT
/* The little vault of each_recovery.c: its files, its database, and copies of both. */
#ifndef CRASH_RECOVERY_VAULT_H
#define CRASH_RECOVERY_VAULT_H

#include "base/time.h"
#include "engine/sync.h"
#include "engine/vault.h"

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { OPEN_FILES = 16, PAGE_BYTES = 8192 };

static char scratch[64], vault[80], saved[96], from_root[96], to_root[96];

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static const char *at(const char *path)
{
    static char places[4][256];
    static unsigned next;
    char *place = places[next++ % 4];
    snprintf(place, sizeof places[0], "%s/%s", vault, path);
    return place;
}

// --- files

static void save(const char *path, const char *text)
{
    int fd = open(at(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        die(path);
    close(fd);
}

static void must(enum nexus_status status, const char *what, const struct nexus_error *why)
{
    if (status == NEXUS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, why->message);
    exit(2);
}

static void copy_file(const char *from, const char *to)
{
    STRBUF_SCOPED bytes = {0};
    struct stat status;
    must(file_read(from, 1 << 26, &bytes, NULL), from, &(struct nexus_error){0});
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes.at ? bytes.at : "", bytes.length) != (ssize_t)bytes.length ||
        stat(from, &status) != 0 || fchmod(fd, status.st_mode & 07777) != 0 ||
        futimens(fd, (struct timespec[]){status.st_atim, status.st_mtim}) != 0)
        die(to);
    close(fd);
}

static int copy_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    char to[256];
    (void)status, (void)where;
    snprintf(to, sizeof to, "%s%s", to_root, path + strlen(from_root));
    if (kind == FTW_D)
        mkdir(to, 0700);
    else
        copy_file(path, to);
    return 0;
}

/* `.nexus` stays where it is: a database knows in which folder it is at home. */
static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind;
    bool is_home =
        where->level == 0 || (where->level == 1 && strcmp(path + where->base, ".nexus") == 0);
    return is_home ? 0 : remove(path);
}

static int remove_any(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(path);
}

static void remove_below(const char *folder)
{
    if (nftw(folder, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS) != 0)
        die(folder);
}

/** What is in `from` becomes what is in `to`. */
static void copy_folder(const char *from, const char *to)
{
    snprintf(from_root, sizeof from_root, "%s", from);
    snprintf(to_root, sizeof to_root, "%s", to);
    mkdir(to, 0700);
    remove_below(to);
    if (nftw(from, copy_one, OPEN_FILES, FTW_PHYS) != 0)
        die(from);
}

// --- the database

static void sql(const char *text)
{
    sqlite3 *db;
    char *said = NULL;
    if (sqlite3_open(at(".nexus/vault.sqlite"), &db) != SQLITE_OK ||
        sqlite3_exec(db, text, NULL, NULL, &said) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", text, said ? said : sqlite3_errmsg(db));
        exit(2);
    }
    sqlite3_close(db);
}

static int add_cells(void *context, int count, char **cells, char **names)
{
    (void)names;
    for (int i = 0; i < count; i++)
        strbuf_addf(context, "%s%s", cells[i] ? cells[i] : "-", i + 1 < count ? "|" : "\n");
    return 0;
}

static void ask(const char *question, struct strbuf *answer)
{
    sqlite3 *db;
    char *said = NULL;
    if (sqlite3_open_v2(at(".nexus/vault.sqlite"), &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(db, question, add_cells, answer, &said) != SQLITE_OK)
        strbuf_addf(answer, "%s\n", said ? said : "the database cannot be opened");
    sqlite3_free(said);
    sqlite3_close(db);
}

static struct engine *open_vault(void)
{
    struct nexus_error why;
    struct engine *engine;
    must(engine_open(vault, &engine, &why), "engine_open", &why);
    return engine;
}

static enum nexus_status sync_vault(struct nexus_error *ret_why)
{
    struct engine *engine = open_vault();
    enum nexus_status status = engine_sync(engine, 0, NULL, NULL, NULL, ret_why);
    engine_close(engine);
    return status;
}

static void must_sync(void)
{
    struct nexus_error why;
    must(sync_vault(&why), "engine_sync", &why);
}

#endif
