// SPDX-License-Identifier: MIT
#include "engine/rules.h"

#include <dirent.h>
#include <fcntl.h>

bool rules_have(struct str path)
{
    return str_is(path, ".nexus") || str_starts_with(path, STR(".nexus/")) ||
           str_is(path, ".nexusignore");
}

static void add_file(struct strbuf *prints, int folder_fd, const char *name)
{
    struct fingerprint print;
    mode_t mode;
    if (file_look(folder_fd, name, &print, &mode) != 0)
        return;
    strbuf_addf(prints, "%s %llu %lld %lld %lld\n", name, (unsigned long long)print.inode,
                (long long)print.size_bytes, (long long)print.mtime_ns, (long long)print.ctime_ns);
}

static void add_schemas(struct strbuf *prints, int nexus_fd)
{
    int fd = openat(nexus_fd, "schemas", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    if (!listing) {
        file_close(&fd);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL)
        if (entry->d_name[0] != '.')
            add_file(prints, fd, entry->d_name);
    closedir(listing);
}

struct hash rules_print(const struct engine *engine)
{
    STRBUF_SCOPED prints = {0};
    add_file(&prints, engine->root_fd, ".nexusignore");
    add_file(&prints, engine->nexus_fd, "config.json");
    add_schemas(&prints, engine->nexus_fd);
    return hash_of(strbuf_str(&prints));
}
