// SPDX-License-Identifier: MIT
#include "engine/settings_file.h"

#include "base/file.h"
#include "engine/settings.h"
#include "engine/vault.h"

#include <stdlib.h>

/** The file, in which a missing one is an empty text. */
static enum nexus_status read_text(int nexus_fd, struct strbuf *text, struct fingerprint *print,
                                   struct nexus_error *err)
{
    *print = (struct fingerprint){0};
    enum nexus_status status =
        file_read_beneath(nexus_fd, "config.json", SETTINGS_LIMIT_BYTES, text, print, err);
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

static enum nexus_status open_folder(const char *dir, int *ret_nexus_fd, struct nexus_error *err)
{
    char *path;
    FD_SCOPED root_fd = -1;
    TRY(vault_open_folders(dir, &path, &root_fd, ret_nexus_fd, err));
    free(path);
    return NEXUS_OK;
}

static enum nexus_status tell_settings(const struct settings *settings,
                                       nexus_setting_listener *listener, void *context,
                                       struct nexus_error *err)
{
    struct setting_description text = {0};
    bool failed = false;
    for (size_t i = 0; !failed && settings_describe(i, settings, &text); i++) {
        failed = text.value.failed || text.fallback.failed || text.allowed.failed;
        struct nexus_setting setting = {
            .name = text.name,
            .meaning = text.meaning,
            .value = text.value.at,
            .fallback = text.is_recorded ? NULL : text.fallback.at,
            .allowed = strbuf_str(&text.allowed).at,
        };
        if (!failed)
            listener(context, &setting);
    }
    setting_description_finish(&text);
    return failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status tell_problems(const struct problem_list *list,
                                       nexus_setting_problems *problems, void *context,
                                       struct nexus_error *err)
{
    for (size_t i = 0; problems && i < list->count; i++) {
        STRBUF_SCOPED message = {0};
        strbuf_add(&message, list->items[i].message);
        if (message.failed)
            return fail_no_memory(err);
        problems(context, &(struct nexus_setting_problem){list->items[i].line,
                                                          list->items[i].column, message.at});
    }
    return NEXUS_OK;
}

enum nexus_status settings_file_list(const char *dir, nexus_setting_listener *listener,
                                     nexus_setting_problems *problems, void *context,
                                     struct nexus_error *err)
{
    FD_SCOPED nexus_fd = -1;
    STRBUF_SCOPED text = {0};
    struct fingerprint print;
    if (dir)
        TRY(open_folder(dir, &nexus_fd, err));
    if (dir)
        TRY(read_text(nexus_fd, &text, &print, err));
    struct arena arena = {0};
    struct problem_list list;
    struct settings settings;
    problem_list_init(&list, &arena);
    enum nexus_status status = settings_read(&settings, strbuf_str(&text), &arena, &list, err);
    if (status == NEXUS_OK)
        status = tell_settings(&settings, listener, context, err);
    if (status == NEXUS_OK)
        status = tell_problems(&list, problems, context, err);
    arena_finish(&arena);
    return status;
}

enum nexus_status settings_file_change(const char *dir, const char *name, const char *value,
                                       struct nexus_error *err)
{
    FD_SCOPED nexus_fd = -1;
    STRBUF_SCOPED before = {0}, after = {0};
    struct fingerprint read, now = {0};
    mode_t mode;
    TRY(open_folder(dir, &nexus_fd, err));
    TRY(read_text(nexus_fd, &before, &read, err));
    TRY(settings_change(strbuf_str(&before), name, value, &after, err));
    if (after.failed)
        return fail_no_memory(err);
    if (str_equal(strbuf_str(&before), strbuf_str(&after)))
        return NEXUS_OK;
    file_look(nexus_fd, "config.json", &now, &mode);
    if (!fingerprint_equal(&read, &now))
        return fail(err, NEXUS_ERROR_CHANGED,
                    "'.nexus/config.json' was written by somebody else just now: try again");
    return file_write_atomically(nexus_fd, "config.json", strbuf_str(&after), 0600, err);
}
