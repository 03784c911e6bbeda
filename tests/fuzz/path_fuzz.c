// SPDX-License-Identifier: MIT
/* Any bytes as a path that SQL asks for: what is accepted lies below the vault, can be made there
 * and taken away again, and nothing that is opened by a path lies anywhere else.
 *
 * The input is the path, a title and a pattern for new files, with NUL bytes between them. The
 * vault has what a path could stumble over: links out of it, up, and in circles, a file, a FIFO. */
#include "base/folder.h"
#include "base/strbuf.h"
#include "base/time.h"
#include "base/utf8.h"
#include "engine/naming.h"
#include "folder.h"
#include "parse/json.h"

#include <fcntl.h>

enum {
    NOW_S = 1700000000,
    SLUG_LIMIT_BYTES = 90, /* 80 and what the last character needs, with a dash before it */
};

static struct engine engine = {.root_fd = -1};
static const struct registered any_layout = {.binding = {.layout = LAYOUT_ANY}};

static void make_vault(void)
{
    engine.root_fd = open(folder_new(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    engine.ignore = ignore_new();
    PROMISE(engine.root_fd >= 0 && engine.ignore);
    PROMISE(symlinkat("/", engine.root_fd, "out") == 0);
    PROMISE(symlinkat("..", engine.root_fd, "up") == 0);
    PROMISE(symlinkat("loop", engine.root_fd, "loop") == 0);
    PROMISE(mkdirat(engine.root_fd, "folder", 0700) == 0);
    PROMISE(symlinkat("folder", engine.root_fd, "in") == 0);
    PROMISE(mkfifoat(engine.root_fd, "fifo", 0600) == 0);
    PROMISE(mknodat(engine.root_fd, "file", S_IFREG | 0600, 0) == 0);
}

/** Where the descriptor is, as the kernel has it. */
static void promise_beneath(int fd)
{
    char link[64], place[2 * PATH_MAX];
    size_t root = strlen(folder_path);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, place, sizeof place - 1);
    if (length < 0)
        return; /* longer than the kernel tells */
    place[length] = '\0';
    PROMISE(strncmp(place, folder_path, root) == 0);
    PROMISE(place[root] == '\0' || place[root] == '/');
}

static void promise_opening(const char *path)
{
    FD_SCOPED fd = -1, folder_fd = -1;
    const char *name;
    if (file_open_beneath(engine.root_fd, path, O_PATH, &fd, NULL) == NEXUS_OK)
        promise_beneath(fd);
    if (folder_open(engine.root_fd, path, &folder_fd, &name, NULL) == NEXUS_OK)
        promise_beneath(folder_fd);
}

/** Folders are made for it, which lie where the path says, and nothing is left of them. */
static void promise_making(const char *path)
{
    FD_SCOPED fd = -1;
    const char *name;
    size_t there;
    struct stat status;
    if (folder_make(engine.root_fd, path, &fd, &name, &there, NULL) != NEXUS_OK)
        return;
    promise_beneath(fd);
    PROMISE(strcmp(path + strlen(path) - strlen(name), name) == 0);
    PROMISE(*name && !strchr(name, '/'));
    folder_unmake(engine.root_fd, path, there);
    PROMISE(there == strlen(path) || fstat(fd, &status) != 0 || status.st_nlink == 0);
}

static void promise_accepted(struct str path)
{
    PROMISE(path.length && path.at[0] != '/' && path.at[path.length - 1] != '/');
    PROMISE(utf8_find_invalid(path) == STR_NONE);
    PROMISE(file_kind_of(path) != FILE_ATTACHMENT);
    for (struct str rest = path; rest.length;) {
        size_t slash = str_find(rest, '/');
        struct str name = str_slice(rest, 0, slash);
        PROMISE(name.length && name.length <= NAME_MAX && name.at[0] != '.');
        rest = slash == STR_NONE ? STR("") : str_slice(rest, slash + 1, rest.length);
    }
    promise_making(path.at);
}

static void promise_path(struct str path)
{
    struct nexus_error err = {0};
    promise_opening(path.at);
    enum nexus_status status = naming_check(&engine, &any_layout, path, &err);
    PROMISE(status == NEXUS_OK || (status == NEXUS_ERROR_REFUSED && err.message[0]));
    if (status == NEXUS_OK)
        promise_accepted(path);
}

/** A title makes a short name; a pattern of anybody's makes what is a path or is refused. */
static void promise_names(struct str title, struct str pattern)
{
    struct tape object = {0};
    STRBUF_SCOPED json = {0}, name = {0};
    strbuf_add_text(&json, "{\"title\":");
    strbuf_add_json(&json, title);
    strbuf_add_text(&json, "}");
    PROMISE(json_scan(strbuf_str(&json), &object, NULL));
    naming_expand(STR("{title:slug}"), &object, NOW_S * NS_PER_S, &name);
    PROMISE(name.length && name.length <= SLUG_LIMIT_BYTES);
    PROMISE(str_find(strbuf_str(&name), '/') == STR_NONE && name.at[0] != '-');
    strbuf_reset(&name);
    naming_expand(STR("{title}"), &object, NOW_S * NS_PER_S, &name);
    PROMISE(name.length && name.at[0] != '.' && str_find(strbuf_str(&name), '/') == STR_NONE);
    strbuf_reset(&name);
    naming_expand(pattern, &object, NOW_S * NS_PER_S, &name);
    strbuf_add_text(&name, ".md");
    promise_path(strbuf_str(&name));
    tape_finish(&object);
}

/** The part up to the next NUL byte, ended by one. */
static struct str take(struct str *rest, struct strbuf *out)
{
    size_t end = str_find(*rest, '\0');
    strbuf_add(out, str_slice(*rest, 0, end));
    *rest = end == STR_NONE ? STR("") : str_slice(*rest, end + 1, rest->length);
    return strbuf_str(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    STRBUF_SCOPED path = {0}, title = {0}, pattern = {0};
    if (engine.root_fd < 0)
        make_vault();
    if (take(&rest, &path).length)
        promise_path(strbuf_str(&path));
    take(&rest, &title);
    promise_names(strbuf_str(&title), take(&rest, &pattern));
    return 0;
}
