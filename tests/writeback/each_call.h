// SPDX-License-Identifier: MIT
/* The little vault of each_call.c: its files, what somebody does to them, what is done to them by
 * us, and how they may lie before. */
#ifndef WRITEBACK_EACH_CALL_H
#define WRITEBACK_EACH_CALL_H

#include "base/folder.h"
#include "base/time.h"
#include "writeback/move.h"
#include "writeback/recover.h"
#include "writeback/temporary.h"
#include "writeback/trash.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define PATH "d/a.md"
#define MOVED "e/f/b.md"
#define OLD "the old version\n"
#define NEW "the new version, and a longer one\n"
#define THEIRS "what somebody saved\n"
#define TORN "the new version, "
#define SHELTER ".nexus/displaced"
#define TRASH ".nexus/trash"

enum { LIMIT_BYTES = 100000, START_NS = 1000, OPEN_FILES = 16 };

static char folder[64];
static int root;
static struct replacer replacer;
static struct replace_outcome outcome;
static struct trash_outcome trashed;
static struct recovery recovery;
static bool has_saved, has_deleted, is_kept, is_late;
static char temporary[TEMPORARY_SIZE], place[2 * TEMPORARY_SIZE];

static void die(const char *what)
{
    perror(what);
    exit(2);
}

// --- files

static bool save(const char *path, const char *text, int flags)
{
    int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | flags, 0644);
    if (fd < 0)
        return false;
    bool is_whole = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return is_whole;
}

static void must_save(const char *path, const char *text)
{
    if (!save(path, text, 0))
        die(path);
}

static bool holds(const char *path, const char *text)
{
    char bytes[256] = "";
    int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t length = read(fd, bytes, sizeof bytes - 1);
    close(fd);
    return length == (ssize_t)strlen(text) && memcmp(bytes, text, strlen(text)) == 0;
}

static bool is_there(const char *path)
{
    return faccessat(root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static const char *wanted;

static int look_for_wanted(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)at;
    return kind == FTW_F && holds(path + strlen(folder) + 1, wanted);
}

static bool is_anywhere(const char *text)
{
    wanted = text;
    return nftw(folder, look_for_wanted, OPEN_FILES, FTW_PHYS) == 1;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

// --- what somebody does meanwhile

static void save_by_rename(void)
{
    has_saved = save("d/editor.tmp", THEIRS, 0) && renameat(root, "d/editor.tmp", root, PATH) == 0;
}

static void save_in_place(void)
{
    /* Where we hold a lease they have to wait, and come later. */
    has_saved = faccessat(root, PATH, F_OK, 0) == 0 && save(PATH, THEIRS, O_NONBLOCK);
}

static void delete_it(void)
{
    has_deleted = unlinkat(root, PATH, 0) == 0;
}

static void (*const deeds[])(void) = {save_by_rename, save_in_place, delete_it};

// --- what is done

static struct hash hash_of_text(const char *text)
{
    return hash_of(str_of(text));
}

static enum nexus_status replace_it(const char *path, const char *before)
{
    const struct replace_base base = {.hash = hash_of_text(before ? before : "")};
    struct replacement *replacement;
    TRY(replace_prepare(&replacer, path, STR(NEW), before ? &base : NULL, &replacement, NULL));
    enum nexus_status status = replace_sync(&replacer, NULL);
    if (status == NEXUS_OK)
        return replace_commit(&replacer, replacement, START_NS, &outcome, NULL);
    replace_drop(&replacer, replacement);
    return status;
}

static enum nexus_status replace(void)
{
    return replace_it(PATH, OLD);
}

static enum nexus_status make_new(void)
{
    return replace_it("d/x/y/new.md", NULL);
}

static enum nexus_status trash(void)
{
    struct hash hash = hash_of_text(OLD);
    return trash_put(&replacer, PATH, &hash, TRASH, INT64_C(1768473000) * NS_PER_S, START_NS,
                     &trashed, NULL);
}

static enum nexus_status move(void)
{
    struct hash hash = hash_of_text(OLD);
    return move_file(&replacer, PATH, MOVED, &hash, NULL, NULL);
}

static enum nexus_status recover(void)
{
    struct hash old = hash_of_text(OLD);
    const struct recover_intent intent = {
        .path = PATH,
        .temporary = place,
        .base = &old,
        .before = STR(OLD),
        .wanted = hash_of_text(NEW),
    };
    return replace_recover(&replacer, &intent, START_NS, &recovery, NULL);
}

static enum nexus_status listen(void *context, const struct quarantine_news *news,
                                struct nexus_error *err)
{
    (void)context, (void)err;
    is_late |= news->kind == QUARANTINE_LATE && str_is(news->bytes, THEIRS);
    return NEXUS_OK;
}

/** What was displaced is looked at until nothing is due any more. */
static enum nexus_status settle(void)
{
    enum nexus_status status;
    do
        status = quarantine_settle(&replacer.quarantine, root, LIMIT_BYTES, INT64_MAX - 1, listen,
                                   NULL, NULL);
    while (status == NEXUS_OK && quarantine_due(&replacer.quarantine) < INT64_MAX - 1);
    return status;
}

// --- what there is before

static void a_file(void)
{
    must_save(PATH, OLD);
}

/** With all that has to be kept, in a folder that gives its files what this one has not. */
static void a_file_of_somebody(void)
{
    /* Version 2 of the kernel's form: user 4711 may read, too (acl(5)). */
    static const unsigned char list[] = {
        2, 0,    0,    0,    1,    0,    6,  0, 0xFF, 0xFF, 0xFF, 0xFF, 2,    0,   4,
        0, 0x67, 0x12, 0,    0,    4,    0,  4, 0,    0xFF, 0xFF, 0xFF, 0xFF, 16,  0,
        4, 0,    0xFF, 0xFF, 0xFF, 0xFF, 32, 0, 0,    0,    0xFF, 0xFF, 0xFF, 0xFF};
    char path[sizeof folder + sizeof PATH];
    a_file();
    snprintf(path, sizeof path, "%s/%s", folder, PATH);
    (void)setxattr(path, "user.note", "a value", 7, 0);
    (void)setxattr(path, "user.empty", "", 0, 0);
    (void)setxattr(path, "trusted.note", "a value", 7, 0);
    if (geteuid() == 0 && fchownat(root, PATH, 4711, 4711, 0) != 0)
        die(PATH);
    snprintf(path, sizeof path, "%s/d", folder);
    (void)setxattr(path, "system.posix_acl_default", list, sizeof list, 0);
}

static void a_file_of_two_names(void)
{
    a_file();
    if (linkat(root, PATH, root, "d/other", 0) != 0)
        die("linkat");
}

static void a_displaced_file(void)
{
    a_file();
    if (replace() != NEXUS_OK)
        die("replace");
    replace_outcome_finish(&outcome);
    outcome = (struct replace_outcome){0};
}

/** A crash left `text` under the temporary name, beside the file or in the shelter; NULL: the spare
 * of what was to be written in place. */
static void leave(const char *shelter, const char *text)
{
    char path[sizeof place];
    struct hash old = hash_of_text(OLD);
    temporary_name(&old, hash_of_text(NEW), 7, temporary);
    if (!text)
        temporary_make_spare(temporary);
    snprintf(place, sizeof place, "%s%s", shelter, temporary);
    snprintf(path, sizeof path, "%s%s", *shelter ? shelter : "d/", temporary);
    must_save(path, text ? text : NEW);
}

static void cut_off_before(void)
{
    a_file();
    leave("", NEW);
}

static void cut_off_before_in_the_shelter(void)
{
    a_file();
    leave(SHELTER "/", NEW);
}

static void cut_off_after(void)
{
    must_save(PATH, NEW);
    leave("", OLD);
}

static void cut_off_with_their_save(void)
{
    must_save(PATH, NEW);
    leave("", THEIRS);
    has_saved = true;
}

static void cut_off_with_their_save_in_the_shelter(void)
{
    must_save(PATH, NEW);
    leave(SHELTER "/", THEIRS);
    has_saved = true;
}

static void cut_off_in_place(void)
{
    must_save(PATH, TORN);
    leave(SHELTER "/", NULL);
}

static void cut_off_aside(void)
{
    char aside[TEMPORARY_SIZE], path[TEMPORARY_SIZE + 2];
    leave("", NEW);
    snprintf(path, sizeof path, "d/%s", temporary_aside(temporary, aside));
    must_save(path, OLD);
}

#endif
