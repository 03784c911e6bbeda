// SPDX-License-Identifier: MIT
#include "engine/beside.h"

enum nexus_status beside_take(struct engine *engine, struct store **ret_store,
                              struct nexus_error *err)
{
    const struct store_options options = {.abs_path = engine->database_path};
    if (!engine->beside_users && engine->beside &&
        store_check_beside(engine->beside, NULL) != NEXUS_OK)
        beside_close(engine);
    if (!engine->beside)
        TRY(store_open_beside(&options, &engine->beside, err));
    engine->beside_users++;
    *ret_store = engine->beside;
    return NEXUS_OK;
}

void beside_give_back(struct engine *engine)
{
    store_rollback(engine->beside);
    engine->beside_users--;
}

void beside_close(struct engine *engine)
{
    if (engine->beside_users)
        return;
    store_close(engine->beside);
    engine->beside = NULL;
}
