// SPDX-License-Identifier: MIT
#include "engine/diagnose.h"

#include "base/file.h"
#include "engine/settings_file.h"
#include "engine/vault.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void diagnosis_tell(struct diagnosis *diagnosis, enum nexus_finding_kind kind, const char *check,
                    const char *format, ...)
{
    char message[sizeof(struct nexus_error)];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    struct nexus_finding finding = {
        .kind = kind,
        .check = check,
        .message = message,
        .remedy =
            diagnosis->remedy.length && !diagnosis->remedy.failed ? diagnosis->remedy.at : NULL,
    };
    diagnosis->listener(diagnosis->context, &finding);
    strbuf_reset(&diagnosis->remedy);
}

void diagnosis_add_path(struct diagnosis *diagnosis, const char *path)
{
    STRBUF_SCOPED whole = {0};
    strbuf_addf(&whole, "%s%s%s", diagnosis->root_path, *path ? "/" : "", path);
    strbuf_add_shell(&diagnosis->remedy, strbuf_str(&whole));
}

static void ignore_setting(void *context, const struct nexus_setting *setting)
{
    (void)context;
    (void)setting;
}

static void take_setting_problem(void *context, const struct nexus_setting_problem *problem)
{
    struct diagnosis *diagnosis = context;
    strbuf_add_text(&diagnosis->remedy, "${EDITOR:-vi} ");
    diagnosis_add_path(diagnosis, ".nexus/config.json");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "settings", ".nexus/config.json:%u:%u: %s",
                   problem->line, problem->column, problem->message);
}

/** Without settings nothing can be opened. */
static bool diagnose_settings(struct diagnosis *diagnosis)
{
    struct nexus_error reason;
    if (settings_file_list(diagnosis->root_path, ignore_setting, take_setting_problem, diagnosis,
                           &reason) == NEXUS_OK)
        return true;
    strbuf_add_text(&diagnosis->remedy, "${EDITOR:-vi} ");
    diagnosis_add_path(diagnosis, ".nexus/config.json");
    diagnosis_tell(diagnosis, NEXUS_FINDING_ILLNESS, "settings", "%s", reason.message);
    return false;
}

enum nexus_status diagnose(const char *dir, nexus_finding_listener *listener, void *context,
                           struct nexus_error *err)
{
    char *path;
    FD_SCOPED root_fd = -1;
    FD_SCOPED nexus_fd = -1;
    TRY(vault_open_folders(dir, &path, &root_fd, &nexus_fd, err));
    struct diagnosis diagnosis = {.root_path = path,
                                  .root_fd = root_fd,
                                  .nexus_fd = nexus_fd,
                                  .listener = listener,
                                  .context = context};
    diagnose_place(&diagnosis);
    if (diagnose_settings(&diagnosis))
        diagnose_database(&diagnosis);
    strbuf_finish(&diagnosis.remedy);
    free(path);
    return NEXUS_OK;
}
