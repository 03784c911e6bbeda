// SPDX-License-Identifier: MIT
#include "daemon/socket.h"

#include "base/file.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 16, NAME_DIGITS = 16 };

static void add_name(struct strbuf *path, const char *vault_path)
{
    char hash[HASH_TEXT_SIZE];
    hash_format(hash_of(str_of(vault_path)), hash);
    strbuf_addf(path, "/nexus/%.*s.sock", NAME_DIGITS, hash);
}

enum nexus_status socket_find_path(const char *vault_path, struct strbuf *path,
                                   struct nexus_error *err)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct stat status;
    strbuf_reset(path);
    if (runtime && runtime[0] == '/' && stat(runtime, &status) == 0 && S_ISDIR(status.st_mode)) {
        strbuf_addf(path, "%s/nexus", runtime);
        if (!path->failed && mkdir(path->at, 0700) != 0 && errno != EEXIST)
            return fail_errno(err, errno, "cannot make the folder '%s'", path->at);
        strbuf_reset(path);
        strbuf_add_text(path, runtime);
        add_name(path, vault_path);
    } else {
        strbuf_addf(path, "%s/.nexus/control.sock", vault_path);
    }
    return path->failed ? fail_no_memory(err) : NEXUS_OK;
}

/** Fills the address. A path too long for it goes by way of a descriptor of its folder, which is
 * left open in
 *  `*ret_folder_fd` for as long as the address is used. */
static enum nexus_status fill_address(const char *path, struct sockaddr_un *address,
                                      int *ret_folder_fd, struct nexus_error *err)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    *ret_folder_fd = -1;
    if (strlen(path) < sizeof address->sun_path) {
        memcpy(address->sun_path, path, strlen(path));
        return NEXUS_OK;
    }
    STRBUF_SCOPED folder = {0}, shorter = {0};
    const char *name = strrchr(path, '/') + 1;
    strbuf_add(&folder, (struct str){path, (size_t)(name - path)});
    if (folder.failed)
        return fail_no_memory(err);
    *ret_folder_fd = open(folder.at, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*ret_folder_fd < 0)
        return fail_errno(err, errno, "cannot open the folder '%s'", folder.at);
    strbuf_addf(&shorter, "/proc/self/fd/%d/%s", *ret_folder_fd, name);
    if (shorter.failed || shorter.length >= sizeof address->sun_path)
        return fail(err, NEXUS_ERROR_LIMIT, "the path of the control socket is too long");
    memcpy(address->sun_path, shorter.at, shorter.length);
    return NEXUS_OK;
}

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static enum nexus_status bind_and_listen(int fd, const char *path, struct nexus_error *err)
{
    struct sockaddr_un address;
    int folder_fd;
    enum nexus_status status = fill_address(path, &address, &folder_fd, err);
    mode_t mask = umask(0177);
    if (status == NEXUS_OK && unlink(path) != 0 && errno != ENOENT)
        status = fail_errno(err, errno, "cannot remove the old socket '%s'", path);
    if (status == NEXUS_OK &&
        (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, BACKLOG) != 0))
        status = fail_errno(err, errno, "cannot listen at '%s'", path);
    umask(mask);
    file_close(&folder_fd);
    return status;
}

enum nexus_status socket_listen(const char *vault_path, int *ret_fd, struct strbuf *ret_path,
                                struct nexus_error *err)
{
    FD_SCOPED fd = new_socket();
    if (fd < 0)
        return fail_errno(err, errno, "cannot make a socket");
    TRY(socket_find_path(vault_path, ret_path, err));
    TRY(bind_and_listen(fd, ret_path->at, err));
    *ret_fd = fd;
    fd = -1;
    return NEXUS_OK;
}

enum nexus_status socket_connect(const char *vault_path, int *ret_fd, struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    struct sockaddr_un address;
    FD_SCOPED folder_fd = -1;
    FD_SCOPED fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail_errno(err, errno, "cannot make a socket");
    TRY(socket_find_path(vault_path, &path, err));
    TRY(fill_address(path.at, &address, &folder_fd, err));
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        if (errno == ENOENT || errno == ECONNREFUSED)
            return fail(err, NEXUS_ERROR_NOT_FOUND, "no daemon is running for this vault");
        return fail_errno(err, errno, "cannot reach the daemon at '%s'", path.at);
    }
    *ret_fd = fd;
    fd = -1;
    return NEXUS_OK;
}

int socket_accept(int listener_fd)
{
    for (;;) {
        struct ucred peer;
        socklen_t size = sizeof peer;
        int fd = accept4(listener_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return -1;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid())
            return fd;
        close(fd);
    }
}
