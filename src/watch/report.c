// SPDX-License-Identifier: MIT
#include "watch/report.h"

#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>

#define CIFS_MAGIC 0xFF534D42 /* these two are in no header of Debian 12 */
#define FUSE_MAGIC 0x65735546

static long read_limit(void)
{
    char line[32] = "";
    FILE *file = fopen("/proc/sys/fs/inotify/max_user_watches", "re");
    if (!file)
        return 0;
    long limit = fgets(line, sizeof line, file) ? strtol(line, NULL, 10) : 0;
    fclose(file);
    return limit > 0 ? limit : 0;
}

void report_watch_limit(struct strbuf *out, size_t unwatched, int64_t poll_s)
{
    long limit = read_limit(), wanted = 524288;
    while (wanted < limit * 2 && wanted < (1L << 30))
        wanted *= 2;
    strbuf_addf(out,
                "%zu folder%s not watched: this user's inotify watches (%ld) are used up; changes "
                "there are noticed within %lld s. To raise the limit: "
                "sudo sysctl fs.inotify.max_user_watches=%ld",
                unwatched, unwatched == 1 ? " is" : "s are", limit, (long long)poll_s, wanted);
}

bool report_is_remote(int folder_fd)
{
    struct statfs about;
    if (fstatfs(folder_fd, &about) != 0)
        return false;
    switch ((uint32_t)about.f_type) {
    case NFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case CIFS_MAGIC:
    case FUSE_MAGIC:
    case V9FS_MAGIC: return true;
    default: return false;
    }
}

void report_remote(struct strbuf *out, int64_t poll_s)
{
    strbuf_addf(out,
                "the vault is on a network or FUSE filesystem: changes by other machines are "
                "noticed within %lld s",
                (long long)poll_s);
}
