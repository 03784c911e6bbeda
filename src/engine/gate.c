// SPDX-License-Identifier: MIT
#include "engine/gate.h"

#include "base/file.h"
#include "base/sha256.h"
#include "base/strbuf.h"
#include "engine/audit.h"
#include "engine/vault.h"
#include "permissions/decide.h"
#include "store/foreign.h"

#include <stdlib.h>

/** Whose gate it is. */
struct visitor {
    enum audience who;
    int64_t (*now_ns)(void);
    char *root_path;
    int root_fd, nexus_fd;
    struct store *store; /* for the audit log */
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

static enum nexus_status add_entry(struct visitor *visitor, const struct audit_entry *entry,
                                   struct nexus_error *err)
{
    TRY(store_begin(visitor->store, visitor->now_ns(), err));
    enum nexus_status status = store_audit_add(visitor->store, entry, err);
    if (status == NEXUS_OK)
        status = store_commit(visitor->store, err);
    if (status != NEXUS_OK)
        store_rollback(visitor->store);
    return status;
}

/** Which statement it was is told by its hash: the statement itself may quote what it looks for. */
static enum nexus_status record(void *context, const struct store_access *access,
                                struct nexus_error *err)
{
    struct visitor *visitor = context;
    char hash[SHA256_TEXT_SIZE];
    STRBUF_SCOPED detail = {0};
    strbuf_addf(&detail, "{\"statement\":\"%s\"}", sha256_of(access->statement, hash));
    if (detail.failed)
        return fail_no_memory(err);
    const struct audit_entry entry = {
        .actor = audience_name(visitor->who),
        .action = "read",
        .origin = ORIGIN_API,
        .object_id = access->object_id,
        .detail_json = strbuf_str(&detail),
    };
    TRY(add_entry(visitor, &entry, err));
    return audit_copy(visitor->nexus_fd, visitor->store, err);
}

/** The visitor's own connection has written nothing but what record() wrote. */
static enum nexus_status has_changed(void *context, bool *ret_changed, struct nexus_error *err)
{
    return store_foreign_changed(((const struct visitor *)context)->store, ret_changed, err);
}

static void forget_visitor(void *context)
{
    struct visitor *visitor = context;
    store_close(visitor->store);
    file_close(&visitor->nexus_fd);
    file_close(&visitor->root_fd);
    free(visitor->root_path);
    free(visitor);
}

static enum nexus_status prepare_visitor(struct visitor *visitor, const char *dir,
                                         struct strbuf *database_path, struct nexus_error *err)
{
    TRY(vault_open_folders(dir, &visitor->root_path, &visitor->root_fd, &visitor->nexus_fd, err));
    strbuf_addf(database_path, "%s/.nexus/vault.sqlite", visitor->root_path);
    if (database_path->failed)
        return fail_no_memory(err);
    const struct store_options options = {.abs_path = database_path->at};
    return store_open_beside(&options, &visitor->store, err);
}

enum nexus_status engine_gate_open(const char *dir, enum audience audience,
                                   int64_t (*clock_ns)(void), struct store_reader **ret_reader,
                                   struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    struct visitor *visitor = calloc(1, sizeof *visitor);
    if (!visitor)
        return fail_no_memory(err);
    *visitor = (struct visitor){.who = audience, .now_ns = clock_ns, .root_fd = -1, .nexus_fd = -1};
    enum nexus_status status = prepare_visitor(visitor, dir, &path, err);
    if (status != NEXUS_OK) {
        forget_visitor(visitor);
        return status;
    }
    const struct store_gate_options options = {
        .abs_path = path.at,
        .audience = audience,
        .context = visitor,
        .now_ns = now_ns,
        .allows = allows,
        .record = record,
        .has_changed = has_changed,
        .close = forget_visitor,
    };
    return store_gate_open(&options, ret_reader, err);
}
