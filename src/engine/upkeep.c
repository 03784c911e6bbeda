// SPDX-License-Identifier: MIT
#include "engine/upkeep.h"

#include "base/time.h"
#include "engine/beside.h"
#include "store/objects.h"
#include "store/outbox.h"
#include "store/writes.h"

static enum nexus_status sweep(struct engine *engine, enum sweep_trust trust, struct strbuf *what,
                               struct nexus_error *err)
{
    uint64_t found;
    TRY(store_begin(engine->store, engine->now_ns(), err));
    enum nexus_status status = store_outbox_sweep(engine->store, trust, &found, err);
    if (status == NEXUS_OK && trust == SWEEP_FILES)
        status = store_derive_again(
            engine->store, found || engine->recovery.is_unexplained ? DERIVE_ALL : DERIVE_DAMAGED,
            err);
    if (status == NEXUS_OK)
        status = store_commit(engine->store, err);
    if (status != NEXUS_OK) {
        store_rollback(engine->store);
        return status;
    }
    if (what && found)
        strbuf_addf(what,
                    trust == SWEEP_ROWS ? "%llu rows had been changed meanwhile\n"
                                        : "%llu rows were damaged: their files are read again\n",
                    (unsigned long long)found);
    return NEXUS_OK;
}

enum nexus_status upkeep_check(struct engine *engine, struct strbuf *what, struct nexus_error *err)
{
    STRBUF_SCOPED unheard = {0};
    bool was_repaired;
    TRY(store_check_place(engine->store, err));
    TRY(store_repair(engine->store, &was_repaired, what ? what : &unheard, err));
    store_shape_tell(engine->store, engine->recovery.shape);
    bool is_needed = was_repaired || engine->recovery.is_suspect;
    bool is_meant = was_repaired && !engine->recovery.is_cookie_same;
    if (is_needed)
        TRY(sweep(engine, is_meant ? SWEEP_ROWS : SWEEP_FILES, what, err));
    /* What was found when it was opened says nothing of what comes later. */
    engine->recovery.is_suspect = engine->recovery.is_cookie_same = false;
    engine->recovery.is_unexplained = false;
    return NEXUS_OK;
}

void upkeep_let_go(struct engine *engine)
{
    beside_close(engine);
    store_close(engine->store);
    engine->store = NULL;
    engine->is_marked = false;
    engine->recovery.is_cookie_same = false;
}

enum nexus_status upkeep_expire(struct engine *engine, struct nexus_error *err)
{
    int64_t now_ns = engine->now_ns();
    int64_t history_ns = now_ns - engine->settings.history_days * 24 * 3600 * NS_PER_S;
    TRY(store_begin(engine->store, now_ns, err));
    enum nexus_status status = store_history_expire(engine->store, history_ns, err);
    if (status == NEXUS_OK)
        status = store_tombstones_expire(engine->store, err);
    if (status == NEXUS_OK)
        status = store_refusals_expire(engine->store, err);
    if (status == NEXUS_OK)
        status = store_commit(engine->store, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    return status;
}
