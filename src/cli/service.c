// SPDX-License-Identifier: MIT
#include "cli/child.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/service_text.h"
#include "daemon/client.h"

#include "base/file.h"
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { OPTION_AUTOSTART, OPTION_PRINT };
static const struct option options[] = {
    [OPTION_AUTOSTART] = {"autostart", NULL, "with install: let the desktop start it, not systemd"},
    [OPTION_PRINT] = {"print", NULL, "with install: print the file, and change nothing"},
    {0},
};

enum { FILE_LIMIT_BYTES = 64 * 1024 };

/** Where things are, and what they should say. */
struct service {
    struct strbuf name;                    /* of the unit, "….service" */
    struct strbuf unit_path, desktop_path; /* below `home` */
    struct strbuf unit, desktop;           /* what `install` writes there */
    bool has_systemd;
};

static void service_finish(struct service *service)
{
    strbuf_finish(&service->name);
    strbuf_finish(&service->unit_path);
    strbuf_finish(&service->desktop_path);
    strbuf_finish(&service->unit);
    strbuf_finish(&service->desktop);
}

/** $XDG_CONFIG_HOME, else ~/.config. */
static enum nexus_status add_config_folder(struct strbuf *path, struct nexus_error *err)
{
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (folder && folder[0] == '/')
        strbuf_add_text(path, folder);
    else if (home && home[0] == '/')
        strbuf_addf(path, "%s/.config", home);
    else
        return fail(err, NEXUS_ERROR_NOT_FOUND,
                    "neither $HOME nor $XDG_CONFIG_HOME says where "
                    "settings of yours are kept");
    return NEXUS_OK;
}

static enum nexus_status find_program(struct strbuf *program, struct nexus_error *err)
{
    char *path = realpath("/proc/self/exe", NULL);
    if (!path)
        return fail_errno(err, errno, "cannot tell where nexus is installed");
    strbuf_add_text(program, path);
    free(path);
    return program->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status systemctl(const char *verb, const char *more, const char *unit,
                                   enum child_errors errors, struct strbuf *answer, int *ret_code,
                                   struct nexus_error *err)
{
    const char *words[] = {"systemctl",        "--user",           verb,
                           more ? more : unit, more ? unit : NULL, NULL};
    return child_run(words, errors, answer, ret_code, err);
}

/** Whether a user manager answers. */
static enum nexus_status find_systemd(struct service *service, struct nexus_error *err)
{
    STRBUF_SCOPED answer = {0};
    int code;
    TRY(systemctl("show-environment", NULL, NULL, CHILD_ERRORS_HIDDEN, &answer, &code, err));
    service->has_systemd = code == 0;
    return NEXUS_OK;
}

static enum nexus_status find_service(const struct invocation *call, struct service *service,
                                      struct nexus_error *err)
{
    STRBUF_SCOPED program = {0};
    STRBUF_SCOPED folder = {0};
    TRY(add_config_folder(&folder, err));
    TRY(find_program(&program, err));
    service_add_name(&service->name, call->vault_path);
    strbuf_addf(&service->desktop_path, "%s/autostart/%s.desktop", strbuf_str(&folder).at,
                strbuf_str(&service->name).at);
    strbuf_add_text(&service->name, ".service");
    strbuf_addf(&service->unit_path, "%s/systemd/user/%s", strbuf_str(&folder).at,
                strbuf_str(&service->name).at);
    TRY(service_add_unit(&service->unit, program.at, call->vault_path, err));
    TRY(service_add_desktop(&service->desktop, program.at, call->vault_path, err));
    if (folder.failed || service->name.failed || service->unit_path.failed ||
        service->desktop_path.failed)
        return fail_no_memory(err);
    return find_systemd(service, err);
}

static enum nexus_status write_file(const struct strbuf *path, const struct strbuf *text,
                                    struct nexus_error *err)
{
    FD_SCOPED top_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    FD_SCOPED folder_fd = -1;
    const char *name;
    size_t there;
    if (top_fd < 0)
        return fail_errno(err, errno, "cannot open '/'");
    TRY(folder_make(top_fd, path->at + 1, &folder_fd, &name, &there, err));
    FD_SCOPED fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, errno, "cannot open the folder of '%s'", path->at);
    return file_write_atomically(fd, name, strbuf_str(text), 0644, err);
}

/** Whether a file is there, and whether it says what it should. */
static enum nexus_status compare_file(const struct strbuf *path, const struct strbuf *text,
                                      bool *ret_is_there, bool *ret_is_current,
                                      struct nexus_error *err)
{
    STRBUF_SCOPED found = {0};
    enum nexus_status status = file_read(path->at, FILE_LIMIT_BYTES, &found, err);
    *ret_is_there = status == NEXUS_OK;
    *ret_is_current = status == NEXUS_OK && str_equal(strbuf_str(&found), strbuf_str(text));
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

/** How systemd says the unit is. */
struct unit_state {
    char active[32], enabled[32]; /* "active", "enabled"; empty: it does not say */
    long pid;
};

static void take_property(struct unit_state *state, struct str line)
{
    size_t equals = str_find(line, '=');
    struct str name = str_slice(line, 0, equals), value = str_slice(line, equals + 1, line.length);
    char *place = str_is(name, "ActiveState")     ? state->active
                  : str_is(name, "UnitFileState") ? state->enabled
                                                  : NULL;
    if (place)
        snprintf(place, sizeof state->active, "%.*s", STR_ARG(value));
    else if (str_is(name, "MainPID"))
        state->pid = strtol(value.at, NULL, 10);
}

static enum nexus_status ask_state(const struct service *service, struct unit_state *state,
                                   struct nexus_error *err)
{
    STRBUF_SCOPED answer = {0};
    int code;
    *state = (struct unit_state){0};
    if (!service->has_systemd)
        return NEXUS_OK;
    TRY(systemctl("show", "--property=ActiveState,UnitFileState,MainPID", service->name.at,
                  CHILD_ERRORS_HIDDEN, &answer, &code, err));
    for (struct str left = strbuf_str(&answer); left.length;) {
        struct str line = str_slice(left, 0, str_find(left, '\n'));
        take_property(state, line);
        left = str_slice(left, line.length + 1, left.length);
    }
    return NEXUS_OK;
}

/** What is so now, for people and for programs. */
struct state {
    struct unit_state unit;
    bool has_unit, is_current, has_desktop, is_followed;
    int64_t pid; /* of whoever follows the vault */
};

static enum nexus_status find_state(const struct invocation *call, const struct service *service,
                                    struct state *state, struct nexus_error *err)
{
    bool is_desktop_current;
    *state = (struct state){0};
    TRY(compare_file(&service->unit_path, &service->unit, &state->has_unit, &state->is_current,
                     err));
    TRY(compare_file(&service->desktop_path, &service->desktop, &state->has_desktop,
                     &is_desktop_current, err));
    TRY(ask_state(service, &state->unit, err));
    CLIENT_SCOPED client;
    struct client_status status;
    state->is_followed = client_open(call->vault_path, &client, NULL) == NEXUS_OK &&
                         client_status(&client, &status, NULL) == NEXUS_OK;
    state->pid = state->is_followed ? status.pid : 0;
    return NEXUS_OK;
}

static void print_state(struct invocation *call, const struct service *service,
                        const struct state *state)
{
    struct output *out = &call->out;
    if (!service->has_systemd)
        output_text(out, "systemd: no user manager answers here\n");
    else if (state->has_unit)
        output_format(out, "systemd: %s is %s, %s\n", service->name.at, state->unit.enabled,
                      state->unit.active);
    else
        output_text(out, "systemd: not installed; 'nexus service install' does\n");
    if (state->has_unit && !state->is_current)
        output_text(out, "         its file is not what this nexus would write: run 'nexus service "
                         "install' again\n");
    if (state->has_desktop) {
        output_text(out, "desktop: starts it, by ");
        output_line_of(out, strbuf_str(&service->desktop_path), STYLE_NAME);
        output_text(out, "\n");
    } else if (!service->has_systemd) {
        output_text(out, "desktop: not installed; 'nexus service install --autostart' does\n");
    }
    if (state->is_followed)
        output_format(out, "the vault is followed, by process %lld\n", (long long)state->pid);
    else
        output_text(out, "the vault is not followed\n");
}

static enum nexus_status print_document(struct invocation *call, const struct service *service,
                                        const struct state *state, struct nexus_error *err)
{
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_text(&json, "vault", str_of(call->vault_path));
    json_boolean(&json, "systemd", service->has_systemd);
    json_text(&json, "unit", strbuf_str(&service->name));
    json_boolean(&json, "installed", state->has_unit);
    json_boolean(&json, "current", state->is_current);
    json_text(&json, "enabled", str_of(state->unit.enabled));
    json_text(&json, "active", str_of(state->unit.active));
    json_boolean(&json, "autostart", state->has_desktop);
    if (state->is_followed)
        json_integer(&json, "pid", state->pid);
    else
        json_null(&json, "pid");
    json_end(&json);
    return json_finish(&json, err);
}

static enum nexus_status show(struct invocation *call, const struct service *service,
                              struct nexus_error *err)
{
    struct state state;
    TRY(find_state(call, service, &state, err));
    call->exit_code = state.is_followed ? EXIT_DONE : EXIT_FOUND;
    if (call->form == FORM_JSON)
        return print_document(call, service, &state, err);
    print_state(call, service, &state);
    return NEXUS_OK;
}

/** One order to systemd, which says itself what is wrong. */
static enum nexus_status order(const char *verb, const char *more, const char *unit,
                               struct nexus_error *err)
{
    STRBUF_SCOPED answer = {0};
    int code;
    TRY(systemctl(verb, more, unit, CHILD_ERRORS_SHOWN, &answer, &code, err));
    if (code == 0)
        return NEXUS_OK;
    return fail(err, NEXUS_ERROR_IO,
                "'systemctl --user %s' failed; 'journalctl --user -u %s' may tell", verb,
                unit ? unit : "nexus");
}

static enum nexus_status install_unit(struct invocation *call, const struct service *service,
                                      struct nexus_error *err)
{
    struct state state;
    if (!service->has_systemd)
        return fail(err, NEXUS_ERROR_NOT_FOUND,
                    "no user manager of systemd answers here: 'nexus service install --autostart' "
                    "lets the desktop start it");
    TRY(find_state(call, service, &state, err));
    bool is_ours = strcmp(state.unit.active, "active") == 0;
    if (state.is_followed && !is_ours)
        return fail(err, NEXUS_ERROR_BUSY, "process %lld follows this vault already: end it first",
                    (long long)state.pid);
    TRY(write_file(&service->unit_path, &service->unit, err));
    TRY(order("daemon-reload", NULL, NULL, err));
    TRY(order("enable", "--quiet", service->name.at, err));
    TRY(order("restart", NULL, service->name.at, err));
    return show(call, service, err);
}

static enum nexus_status install(struct invocation *call, const struct service *service,
                                 struct nexus_error *err)
{
    const struct strbuf *text =
        call->options[OPTION_AUTOSTART] ? &service->desktop : &service->unit;
    if (call->options[OPTION_PRINT]) {
        output_raw(&call->out, strbuf_str(text));
        return NEXUS_OK;
    }
    if (!call->options[OPTION_AUTOSTART])
        return install_unit(call, service, err);
    TRY(write_file(&service->desktop_path, &service->desktop, err));
    TRY(show(call, service, err));
    call->exit_code = EXIT_DONE; /* it is followed from the next login on */
    return NEXUS_OK;
}

static enum nexus_status remove_file(const struct strbuf *path, struct nexus_error *err)
{
    if (unlink(path->at) != 0 && errno != ENOENT)
        return fail_errno(err, errno, "cannot remove '%s'", path->at);
    return NEXUS_OK;
}

static enum nexus_status uninstall(struct invocation *call, const struct service *service,
                                   struct nexus_error *err)
{
    struct state state;
    TRY(find_state(call, service, &state, err));
    if (service->has_systemd && state.has_unit) {
        TRY(order("disable", "--quiet", service->name.at, err));
        TRY(order("stop", NULL, service->name.at, err));
    }
    TRY(remove_file(&service->unit_path, err));
    TRY(remove_file(&service->desktop_path, err));
    if (service->has_systemd && state.has_unit)
        TRY(order("daemon-reload", NULL, NULL, err));
    TRY(show(call, service, err));
    call->exit_code = EXIT_DONE;
    return NEXUS_OK;
}

static enum nexus_status run_action(struct invocation *call, const struct service *service,
                                    struct nexus_error *err)
{
    const char *action = call->operands[0];
    bool is_install = strcmp(action, "install") == 0;
    if (!is_install && (call->options[OPTION_AUTOSTART] || call->options[OPTION_PRINT]))
        return fail(err, NEXUS_ERROR_ARGUMENT, "--autostart and --print go with install");
    if (call->options[OPTION_PRINT] && call->form == FORM_JSON)
        return fail(err, NEXUS_ERROR_ARGUMENT, "--print prints the file, and no JSON");
    if (is_install)
        return install(call, service, err);
    if (strcmp(action, "uninstall") == 0)
        return uninstall(call, service, err);
    if (strcmp(action, "status") == 0)
        return show(call, service, err);
    return fail(err, NEXUS_ERROR_ARGUMENT, "'%s' is not install, uninstall or status", action);
}

static enum nexus_status run_service(struct invocation *call, struct nexus_error *err)
{
    struct service service = {0};
    enum nexus_status status = find_service(call, &service, err);
    if (status == NEXUS_OK)
        status = run_action(call, &service, err);
    service_finish(&service);
    return status;
}

const struct command command_service = {
    .name = "service",
    .operands = "install|uninstall|status",
    .summary = "let systemd or the desktop keep 'nexus watch' running",
    .details =
        "install writes a unit for systemd's user manager, one for each vault, and starts it: "
        "with\n"
        "a watchdog, and in a sandbox that may write into the vault and nowhere else. It runs "
        "while\n"
        "you are logged in ('loginctl enable-linger': always). --autostart is for a desktop "
        "without\n"
        "systemd: it starts with your next login. uninstall ends it and removes both files. Exit\n"
        "code 1 of status: nobody follows the vault.\n",
    .examples = "nexus service install --print  # look at the unit first\n"
                "nexus service install\n"
                "nexus service status\n"
                "nexus service install --autostart\n"
                "nexus service uninstall\n",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .group = GROUP_CARE,
    .needs = NEEDS_VAULT,
    .run = run_service,
};
