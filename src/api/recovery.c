// SPDX-License-Identifier: MIT
#include "nexus/recovery.h"

#include "base/error.h"
#include "base/strbuf.h"
#include "base/time.h"
#include "engine/backup.h"
#include "engine/sync.h"

#include <errno.h>
#include <stdlib.h>

static struct engine *engine_of(struct nexus_vault *vault)
{
    return (struct engine *)(void *)vault;
}

enum nexus_status nexus_backup(struct nexus_vault *vault, const char *file, char **ret_path,
                               struct nexus_error *err)
{
    if (!vault || !ret_path)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a place for the path are needed");
    if (!file || *file == '/')
        return backup_make(engine_of(vault), file, ret_path, err);
    STRBUF_SCOPED path = {0};
    char *here = realpath(".", NULL);
    if (!here)
        return fail_errno(err, errno, "cannot tell which folder '%s' is to be made in", file);
    strbuf_addf(&path, "%s/%s", here, file);
    free(here);
    return path.failed ? fail_no_memory(err)
                       : backup_make(engine_of(vault), path.at, ret_path, err);
}

enum nexus_status nexus_list_backups(struct nexus_vault *vault, nexus_backup_listener *listener,
                                     void *context, struct nexus_error *err)
{
    struct backup *backups;
    size_t count;
    if (!vault || !listener)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a function are needed");
    TRY(backup_list(engine_of(vault), &backups, &count, err));
    for (size_t i = 0; i < count; i++) {
        char at[TIME_TEXT_SIZE];
        const struct nexus_backup backup = {backups[i].name, time_format(backups[i].at_ns, at),
                                            backups[i].is_replaced};
        listener(context, &backup);
    }
    free(backups);
    return NEXUS_OK;
}

enum nexus_status nexus_restore(struct nexus_vault *vault, const char *backup,
                                struct nexus_sync_report *report, struct nexus_error *err)
{
    if (!vault)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault is needed");
    return engine_restore(engine_of(vault), backup, report, err);
}

enum nexus_status nexus_rebuild(struct nexus_vault *vault, struct nexus_sync_report *report,
                                struct nexus_error *err)
{
    if (!vault)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault is needed");
    return engine_rebuild(engine_of(vault), report, err);
}

const char *nexus_vault_news(const struct nexus_vault *vault)
{
    const struct engine *engine = (const struct engine *)(const void *)vault;
    return engine && engine->recovery.news.at ? engine->recovery.news.at : "";
}
