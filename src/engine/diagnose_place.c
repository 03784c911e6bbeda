// SPDX-License-Identifier: MIT
/*
 * The folder of the vault. A program that carries files to other machines must leave `.nexus`
 * alone: a database that is copied while it is written is a broken one, and what is in it is nobody
 * else's business. Each of them has its own mark and its own way of being told.
 */
#include "engine/diagnose.h"

#include "base/file.h"
#include "watch/report.h"
#include "watch/selftest.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MIB (UINT64_C(1024) * 1024)
#define LEAST_FREE_BYTES (100 * MIB)

enum { LIST_LIMIT_BYTES = 1024 * 1024 };

static void look_at_mode(struct diagnosis *diagnosis, const char *path, mode_t wanted)
{
    struct fingerprint print;
    mode_t mode;
    if (file_look(diagnosis->root_fd, path, &print, &mode) != 0 || !(mode & 0777 & ~wanted))
        return;
    strbuf_addf(&diagnosis->remedy, "chmod %04o ", (unsigned)wanted);
    diagnosis_add_path(diagnosis, path);
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "modes",
                   "'%s' has mode %04o: others may read what is nobody's business", path,
                   (unsigned)mode & 0777);
}

static void look_at_owner(struct diagnosis *diagnosis)
{
    struct stat status;
    if (fstat(diagnosis->nexus_fd, &status) != 0 || status.st_uid == geteuid())
        return;
    strbuf_addf(&diagnosis->remedy, "sudo chown -R %u ", (unsigned)geteuid());
    diagnosis_add_path(diagnosis, ".nexus");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "owner",
                   "'.nexus' belongs to user %u, not to you", (unsigned)status.st_uid);
}

static void look_at_filesystem(struct diagnosis *diagnosis)
{
    if (report_is_remote(diagnosis->nexus_fd))
        diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "filesystem",
                       "the vault lies on a network or FUSE filesystem: changes by others are seen "
                       "late, and the database may be damaged; move the vault to a local disk");
}

static void look_at_space(struct diagnosis *diagnosis)
{
    struct statvfs about;
    if (fstatvfs(diagnosis->nexus_fd, &about) != 0)
        return;
    uint64_t free_bytes = (uint64_t)about.f_bavail * about.f_frsize;
    if (free_bytes >= LEAST_FREE_BYTES)
        return;
    strbuf_add_text(&diagnosis->remedy, "df -h ");
    diagnosis_add_path(diagnosis, "");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "space",
                   "only %llu MiB are free on the disk of the vault",
                   (unsigned long long)(free_bytes / MIB));
}

static bool has(int folder_fd, const char *name)
{
    return faccessat(folder_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/** Whether a list of patterns has a line for `.nexus`. */
static bool lists_nexus(int folder_fd, const char *name)
{
    STRBUF_SCOPED text = {0};
    if (file_read_beneath(folder_fd, name, LIST_LIMIT_BYTES, &text, NULL, NULL) != NEXUS_OK)
        return false;
    for (struct str left = strbuf_str(&text); left.length;) {
        struct str line = str_slice(left, 0, str_find(left, '\n'));
        left = str_slice(left, line.length + 1, left.length);
        bool is_comment = str_starts_with(line, STR("//")) || str_starts_with(line, STR("#"));
        if (!is_comment && str_find_str(line, STR(".nexus")) != STR_NONE)
            return true;
    }
    return false;
}

static void tell_sync(struct diagnosis *diagnosis, const char *program, const char *folder,
                      const char *list)
{
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "%s/%s", folder, list);
    strbuf_add_text(&diagnosis->remedy, "echo .nexus >> ");
    strbuf_add_shell(&diagnosis->remedy, strbuf_str(&path));
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "carried",
                   "%s carries '%s' to other machines, and '.nexus' with it: the database may be "
                   "damaged, and what it knows leaves this machine",
                   program, folder);
}

static bool has_client_journal(int folder_fd)
{
    static const char *const beginnings[] = {".sync_", "._sync_", ".nextcloudsync"};
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    bool found = false;
    const struct dirent *entry;
    while (listing && !found && (entry = readdir(listing)) != NULL)
        for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
            found = found || strncmp(entry->d_name, beginnings[i], strlen(beginnings[i])) == 0;
    if (listing)
        closedir(listing);
    else
        file_close(&fd);
    return found;
}

static void look_at_dropbox(struct diagnosis *diagnosis, int folder_fd, const char *folder)
{
    char value[8];
    bool is_told =
        fgetxattr(diagnosis->nexus_fd, "user.com.dropbox.ignored", value, sizeof value) > 0;
    if (is_told || (!has(folder_fd, ".dropbox") && !has(folder_fd, ".dropbox.cache")))
        return;
    strbuf_add_text(&diagnosis->remedy, "setfattr -n user.com.dropbox.ignored -v 1 ");
    diagnosis_add_path(diagnosis, ".nexus");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "carried",
                   "Dropbox carries '%s' to other machines, and '.nexus' with it: the database may "
                   "be damaged, and what it knows leaves this machine",
                   folder);
}

static void look_at_folder(struct diagnosis *diagnosis, const char *folder)
{
    FD_SCOPED fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (has(fd, ".stfolder") && !lists_nexus(fd, ".stignore"))
        tell_sync(diagnosis, "Syncthing", folder, ".stignore");
    if (has_client_journal(fd) && !lists_nexus(fd, ".sync-exclude.lst"))
        tell_sync(diagnosis, "a Nextcloud or ownCloud client", folder, ".sync-exclude.lst");
    look_at_dropbox(diagnosis, fd, folder);
}

/** The vault's folder and all above it. */
static void look_upwards(struct diagnosis *diagnosis)
{
    STRBUF_SCOPED folder = {0};
    strbuf_add_text(&folder, diagnosis->root_path);
    while (!folder.failed) {
        look_at_folder(diagnosis, folder.length ? folder.at : "/");
        size_t slash = str_find_last(strbuf_str(&folder), '/');
        if (slash == STR_NONE)
            return;
        strbuf_truncate(&folder, slash);
    }
}

static void look_at_watcher(struct diagnosis *diagnosis)
{
    char name[64];
    STRBUF_SCOPED why = {0};
    snprintf(name, sizeof name, "doctor-%ld.tmp", (long)getpid());
    if (watch_selftest(diagnosis->nexus_fd, name, &why))
        return;
    if (str_find_str(strbuf_str(&why), STR("used up")) != STR_NONE)
        strbuf_addf(&diagnosis->remedy, "sudo sysctl fs.inotify.max_user_%s",
                    str_find_str(strbuf_str(&why), STR("instances")) != STR_NONE
                        ? "instances=1024"
                        : "watches=524288");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "watcher", "%s", strbuf_str(&why).at);
}

void diagnose_place(struct diagnosis *diagnosis)
{
    static const char *const private_files[] = {".nexus/vault.sqlite", ".nexus/vault.sqlite-wal",
                                                ".nexus/vault.sqlite-shm",
                                                ".nexus/permissions.json"};
    look_at_owner(diagnosis);
    look_at_mode(diagnosis, ".nexus", 0700);
    for (size_t i = 0; i < sizeof private_files / sizeof private_files[0]; i++)
        look_at_mode(diagnosis, private_files[i], 0600);
    look_at_filesystem(diagnosis);
    look_at_space(diagnosis);
    look_upwards(diagnosis);
    look_at_watcher(diagnosis);
}
