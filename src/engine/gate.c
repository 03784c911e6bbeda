// SPDX-License-Identifier: MIT
#include "engine/gate.h"

#include "base/strbuf.h"
#include "permissions/decide.h"

#include <stdlib.h>

/** Whose gate it is. */
struct visitor {
    enum audience who;
    int64_t (*now_ns)(void);
};

static int64_t now_ns(void *context)
{
    return ((const struct visitor *)context)->now_ns();
}

static bool allows(void *context, const struct permission *row, int64_t now, int64_t clock_mark_ns)
{
    const struct permission_question question = {
        .who = ((const struct visitor *)context)->who,
        .what = PERMISSION_READ,
        .row = row,
        .now_ns = now,
        .clock_mark_ns = clock_mark_ns,
    };
    return permission_decide(&question).is_allowed;
}

enum nexus_status engine_gate_open(const char *dir, enum audience audience,
                                   int64_t (*clock_ns)(void), struct store_reader **ret_reader,
                                   struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "%s/.nexus/vault.sqlite", dir);
    struct visitor *visitor = path.failed ? NULL : malloc(sizeof *visitor);
    if (!visitor)
        return fail_no_memory(err);
    *visitor = (struct visitor){.who = audience, .now_ns = clock_ns};
    const struct store_gate_options options = {
        .abs_path = path.at,
        .audience = audience,
        .context = visitor,
        .now_ns = now_ns,
        .allows = allows,
        .close = free,
    };
    return store_gate_open(&options, ret_reader, err);
}
