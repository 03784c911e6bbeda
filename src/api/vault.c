// SPDX-License-Identifier: MIT
#include "nexus/vault.h"

#include "base/error.h"
#include "base/time.h"
#include "engine/sync.h"
#include "engine/vault.h"
#include "store/store.h"

/* A public vault is an engine; the cast keeps the engine's inside out of the public headers. */
static struct engine *engine_of(struct nexus_vault *vault)
{
    return (struct engine *)(void *)vault;
}

void nexus_claim_process(void)
{
    store_claim_process();
}

enum nexus_status nexus_vault_find(const char *start_dir, char **ret_path, struct nexus_error *err)
{
    if (!start_dir || !ret_path)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder and a place for the path are needed");
    return vault_find(start_dir, ret_path, err);
}

enum nexus_status nexus_vault_init(const char *dir, struct nexus_error *err)
{
    if (!dir)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder is needed");
    return vault_init(dir, time_now_ns(), err);
}

enum nexus_status nexus_vault_open(const char *dir, struct nexus_vault **ret_vault,
                                   struct nexus_error *err)
{
    if (!dir || !ret_vault)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a folder and a place for the vault are needed");
    struct engine *engine;
    TRY(engine_open(dir, &engine, err));
    *ret_vault = (struct nexus_vault *)(void *)engine;
    return NEXUS_OK;
}

void nexus_vault_close(struct nexus_vault *vault)
{
    engine_close(engine_of(vault));
}

const char *nexus_vault_path(const struct nexus_vault *vault)
{
    return ((const struct engine *)(const void *)vault)->root_path;
}

enum nexus_status nexus_sync(struct nexus_vault *vault, unsigned options, nexus_progress *progress,
                             void *progress_context, struct nexus_sync_report *report,
                             struct nexus_error *err)
{
    if (!vault)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault is needed");
    return engine_sync(engine_of(vault), options, progress, progress_context, report, err);
}

enum nexus_status nexus_list_skipped(struct nexus_vault *vault, nexus_skipped *skipped,
                                     void *context, struct nexus_error *err)
{
    if (!vault || !skipped)
        return fail(err, NEXUS_ERROR_ARGUMENT, "a vault and a function are needed");
    return engine_list_skipped(engine_of(vault), skipped, context, err);
}
