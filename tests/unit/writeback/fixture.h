// SPDX-License-Identifier: MIT
/* A folder for each test, a replacer, and short ways to say what files hold. */
#ifndef UNIT_WRITEBACK_FIXTURE_H
#define UNIT_WRITEBACK_FIXTURE_H

#include "base/folder.h"
#include "base/time.h"
#include "unit/unit.h"
#include "writeback/replace.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define LIMIT_BYTES 100000
#define START_NS (1000 * NS_PER_S)

static char folder[64];
static int root;
static struct replacer replacer;
static struct replace_outcome outcome;

static inline int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/nexus-unit-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    replacer_init(&replacer, root, REPLACE_NORMAL, LIMIT_BYTES);
    outcome = (struct replace_outcome){0};
    return root < 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    replacer_finish(&replacer);
    replace_outcome_finish(&outcome);
    close(root);
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    return system(command);
}

static inline void save(const char *path, const char *text)
{
    int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/** As most editors do: a new file takes the name. */
static inline void save_by_rename(const char *path, const char *text)
{
    save("editor.tmp", text);
    assert_int_equal(renameat(root, "editor.tmp", root, path), 0);
}

static inline void assert_holds(const char *path, const char *text)
{
    STRBUF_SCOPED bytes = {0};
    assert_int_equal(file_read_beneath(root, path, LIMIT_BYTES, &bytes, NULL, NULL), NEXUS_OK);
    assert_string_equal(bytes.at, text);
}

static inline void assert_missing(const char *path)
{
    assert_int_equal(faccessat(root, path, F_OK, AT_SYMLINK_NOFOLLOW), -1);
}

static inline struct hash hash_of_text(const char *text)
{
    return hash_of(str_of(text));
}

/** How many names that are ours lie in the root. */
static inline size_t count_temporaries(void)
{
    size_t count = 0;
    DIR *dir = fdopendir(openat(root, ".", O_RDONLY | O_DIRECTORY));
    for (struct dirent *entry; (entry = readdir(dir));)
        count += strncmp(entry->d_name, ".nexus-", 7) == 0;
    closedir(dir);
    return count;
}

/** `before` NULL: no file may be there. */
static inline enum nexus_status prepare(const char *path, const char *before, const char *after,
                                        struct replacement **ret)
{
    const struct replace_base base = {.hash = hash_of_text(before ? before : "")};
    return replace_prepare(&replacer, path, str_of(after), before ? &base : NULL, ret, NULL);
}

static inline enum nexus_status commit(struct replacement *take)
{
    replace_outcome_finish(&outcome);
    return replace_commit(&replacer, take, START_NS, &outcome, NULL);
}

static inline enum nexus_status replace(const char *path, const char *before, const char *after)
{
    struct replacement *replacement;
    enum nexus_status status = prepare(path, before, after, &replacement);
    if (status != NEXUS_OK)
        return status;
    assert_int_equal(replace_sync(&replacer, NULL), NEXUS_OK);
    return commit(replacement);
}

/** What the quarantine told last. */
struct told {
    unsigned done, late, lost, unreadable;
    char bytes[64], path[64];
    enum nexus_status answer;
};

static inline enum nexus_status listen(void *context, const struct quarantine_news *news,
                                       struct nexus_error *err)
{
    struct told *told = context;
    (void)err;
    told->done += news->kind == QUARANTINE_DONE;
    told->late += news->kind == QUARANTINE_LATE;
    told->lost += news->kind == QUARANTINE_LOST;
    told->unreadable += news->kind == QUARANTINE_UNREADABLE;
    snprintf(told->bytes, sizeof told->bytes, "%.*s", STR_ARG(news->bytes));
    snprintf(told->path, sizeof told->path, "%.*s", STR_ARG(news->path));
    return news->kind == QUARANTINE_LATE ? told->answer : NEXUS_OK;
}

static inline enum nexus_status settle(int64_t now_ns, struct told *told)
{
    enum nexus_status status;
    do
        status =
            quarantine_settle(&replacer.quarantine, root, LIMIT_BYTES, now_ns, listen, told, NULL);
    while (status == NEXUS_OK && quarantine_due(&replacer.quarantine) <= now_ns);
    return status;
}

#endif
