// SPDX-License-Identifier: MIT
#include "cli/child.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BYTES = 4096, SIGNALLED = 128 };

/** In the child: never returns. */
static void become(const char *const *words, enum child_errors errors, int out_fd)
{
    int null_fd = open("/dev/null", O_RDWR);
    if (null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 || dup2(out_fd, STDOUT_FILENO) < 0 ||
        (errors == CHILD_ERRORS_HIDDEN && dup2(null_fd, STDERR_FILENO) < 0))
        _exit(CHILD_NOT_FOUND);
    execvp(words[0], (char *const *)(const void *)words);
    _exit(CHILD_NOT_FOUND);
}

static enum nexus_status read_all(int fd, struct strbuf *answer, struct nexus_error *err)
{
    for (;;) {
        char *room = strbuf_reserve(answer, READ_BYTES);
        if (!room)
            return fail_no_memory(err);
        ssize_t got = read(fd, room, READ_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, errno, "cannot read what a program says");
        if (got == 0)
            return NEXUS_OK;
        answer->length += (size_t)got;
        answer->at[answer->length] = '\0';
    }
}

enum nexus_status child_run(const char *const *words, enum child_errors errors,
                            struct strbuf *answer, int *ret_code, struct nexus_error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail_errno(err, errno, "cannot make a pipe");
    FD_SCOPED read_fd = ends[0];
    FD_SCOPED write_fd = ends[1];
    pid_t pid = fork();
    if (pid < 0)
        return fail_errno(err, errno, "cannot start '%s'", words[0]);
    if (pid == 0)
        become(words, errors, write_fd);
    file_close(&write_fd);
    enum nexus_status status = read_all(read_fd, answer, err);
    file_close(&read_fd);
    int ended;
    while (waitpid(pid, &ended, 0) < 0)
        if (errno != EINTR)
            return fail_errno(err, errno, "cannot wait for '%s'", words[0]);
    *ret_code = WIFEXITED(ended) ? WEXITSTATUS(ended) : SIGNALLED + WTERMSIG(ended);
    return status;
}
