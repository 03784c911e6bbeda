// SPDX-License-Identifier: MIT
/*
 * Whoever follows the vault is asked over its socket and looked at in /proc; git is asked itself.
 * What is not there, such as git or a daemon, is no illness.
 */
#include "cli/doctor.h"

#include "cli/child.h"
#include "cli/service_text.h"
#include "daemon/client.h"
#include "daemon/socket.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { PROC_LIMIT_BYTES = 1024 * 1024 };

struct round {
    const char *vault_path;
    nexus_finding_listener *listener;
    void *context;
    bool is_followed;
    struct client_status status;
};

static void tell(const struct round *round, enum nexus_finding_kind kind, const char *check,
                 const char *message, const char *remedy)
{
    struct nexus_finding finding = {kind, check, message, remedy};
    round->listener(round->context, &finding);
}

static void look_at_watches(const struct round *round)
{
    STRBUF_SCOPED message = {0};
    if (!round->is_followed || !round->status.live.folders_unwatched)
        return;
    uint64_t count = round->status.live.folders_unwatched;
    strbuf_addf(&message, "%llu %s not watched, and looked at every half minute only",
                (unsigned long long)count, count == 1 ? "folder is" : "folders are");
    if (!message.failed)
        tell(round, NEXUS_FINDING_ILLNESS, "watches", message.at,
             "sudo sysctl fs.inotify.max_user_watches=524288");
}

/** A socket on which nobody listens is what a crash left; a lock that is held while nobody listens
 * is somebody who does not answer. */
static void look_at_socket(const struct round *round)
{
    STRBUF_SCOPED path = {0}, message = {0}, remedy = {0};
    if (round->is_followed || socket_find_path(round->vault_path, &path, NULL) != NEXUS_OK ||
        access(path.at, F_OK) != 0)
        return;
    strbuf_addf(&message, "the socket '%s' is there, and nobody listens on it", path.at);
    strbuf_add_text(&remedy, "rm ");
    strbuf_add_shell(&remedy, strbuf_str(&path));
    if (!message.failed && !remedy.failed)
        tell(round, NEXUS_FINDING_ILLNESS, "socket", message.at, remedy.at);
}

static void look_at_lock(const struct round *round)
{
    STRBUF_SCOPED path = {0}, remedy = {0};
    strbuf_addf(&path, "%s/.nexus", round->vault_path);
    if (path.failed || round->is_followed)
        return;
    FD_SCOPED fd = open(path.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return;
    strbuf_add_text(&remedy, "fuser -v ");
    strbuf_add_shell(&remedy, strbuf_str(&path));
    if (!remedy.failed)
        tell(round, NEXUS_FINDING_ILLNESS, "lock",
             "a process holds the vault's lock and does not answer: see who it is, and end it",
             remedy.at);
}

static bool read_proc(int64_t pid, const char *name, struct strbuf *text)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%lld/%s", (long long)pid, name);
    FILE *file = fopen(path, "re");
    char *room;
    while (file && text->length < PROC_LIMIT_BYTES && (room = strbuf_reserve(text, 4096)) != NULL) {
        size_t got = fread(room, 1, 4096, file);
        text->length += got;
        room[got] = '\0';
        if (!got)
            break;
    }
    if (file)
        fclose(file);
    return file && !text->failed;
}

/** No new privileges, a filter for system calls, and a root that cannot be written to. */
static bool is_in_sandbox(int64_t pid)
{
    STRBUF_SCOPED status = {0}, mounts = {0};
    return read_proc(pid, "status", &status) && read_proc(pid, "mountinfo", &mounts) &&
           str_find_str(strbuf_str(&status), STR("NoNewPrivs:\t1")) != STR_NONE &&
           str_find_str(strbuf_str(&status), STR("Seccomp:\t2")) != STR_NONE &&
           str_find_str(strbuf_str(&mounts), STR(" / / ro")) != STR_NONE;
}

static enum nexus_status ask_unit(const struct round *round, const char *property,
                                  struct strbuf *answer, struct nexus_error *err)
{
    STRBUF_SCOPED name = {0};
    int code;
    service_add_name(&name, round->vault_path);
    strbuf_add_text(&name, ".service");
    if (name.failed)
        return fail_no_memory(err);
    const char *words[] = {"systemctl", "--user", "show", property, "--value", name.at, NULL};
    TRY(child_run(words, CHILD_ERRORS_HIDDEN, answer, &code, err));
    strbuf_truncate(answer, str_trim(strbuf_str(answer)).length);
    return NEXUS_OK;
}

static enum nexus_status look_at_service(const struct round *round, struct nexus_error *err)
{
    STRBUF_SCOPED enabled = {0}, pid = {0};
    TRY(ask_unit(round, "--property=UnitFileState", &enabled, err));
    bool is_enabled = str_is(strbuf_str(&enabled), "enabled");
    if (is_enabled)
        TRY(ask_unit(round, "--property=MainPID", &pid, err));
    bool is_service = is_enabled && strtoll(strbuf_str(&pid).at, NULL, 10) == round->status.pid;
    if (!round->is_followed && is_enabled)
        tell(round, NEXUS_FINDING_ILLNESS, "service", "the service is installed and does not run",
             "nexus service install");
    else if (!round->is_followed)
        tell(round, NEXUS_FINDING_NOTE, "service", "nobody follows the vault",
             "nexus service install");
    else if (is_service && !is_in_sandbox(round->status.pid))
        tell(round, NEXUS_FINDING_ILLNESS, "sandbox",
             "the service runs without its sandbox: the kernel allows no user namespaces",
             "sudo sysctl kernel.unprivileged_userns_clone=1 && nexus service install");
    else if (!is_service)
        tell(round, NEXUS_FINDING_NOTE, "sandbox",
             "the vault is followed by a process of yours, in no sandbox", "nexus service install");
    return NEXUS_OK;
}

/** `git -C VAULT VERB OPTION MORE -- .nexus/vault.sqlite` */
static enum nexus_status ask_git(const struct round *round, const char *verb, const char *option,
                                 const char *more, int *ret_code, struct nexus_error *err)
{
    STRBUF_SCOPED answer = {0};
    const char *words[] = {"git", "-C", round->vault_path,     verb, option,
                           more,  "--", ".nexus/vault.sqlite", NULL};
    return child_run(words, CHILD_ERRORS_HIDDEN, &answer, ret_code, err);
}

static enum nexus_status look_at_git(const struct round *round, struct nexus_error *err)
{
    STRBUF_SCOPED remedy = {0}, vault = {0};
    int tracked, ignored;
    TRY(ask_git(round, "ls-files", "--cached", "--error-unmatch", &tracked, err));
    TRY(ask_git(round, "check-ignore", "--no-index", "--quiet", &ignored, err));
    strbuf_add_shell(&vault, str_of(round->vault_path));
    strbuf_addf(&remedy, "git -C %s rm -r --cached --quiet .nexus/vault.sqlite",
                strbuf_str(&vault).at);
    if (tracked == 0 && !remedy.failed)
        tell(round, NEXUS_FINDING_ILLNESS, "git", "git has the database under version control",
             remedy.at);
    strbuf_reset(&remedy);
    strbuf_add_text(&remedy, "echo '/.nexus/*' >> ");
    strbuf_reset(&vault);
    strbuf_addf(&vault, "%s/.gitignore", round->vault_path);
    strbuf_add_shell(&remedy, strbuf_str(&vault));
    if (ignored == 1 && !remedy.failed)
        tell(round, NEXUS_FINDING_ILLNESS, "git",
             "git does not ignore '.nexus': the next 'git add' of everything takes the "
             "database in",
             remedy.at);
    return NEXUS_OK;
}

enum nexus_status doctor_look_around(struct invocation *call, nexus_finding_listener *listener,
                                     void *context, struct nexus_error *err)
{
    struct round round = {.vault_path = call->vault_path, .listener = listener, .context = context};
    CLIENT_SCOPED client;
    round.is_followed = client_open(call->vault_path, &client, NULL) == NEXUS_OK &&
                        client_status(&client, &round.status, NULL) == NEXUS_OK;
    look_at_watches(&round);
    look_at_socket(&round);
    look_at_lock(&round);
    TRY(look_at_service(&round, err));
    return look_at_git(&round, err);
}
