// SPDX-License-Identifier: MIT
#include "engine/edit.h"

#include "engine/compose.h"
#include "engine/sync.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>

/** A change at work, inside the person's transaction. */
struct change {
    struct engine *engine;
    struct store_writer *writer;
    struct store_mark mark;
    struct arena arena;
    struct strbuf content;
    int64_t object_id;
};

/** A pass brings back a database that cannot be opened as it is. */
static enum nexus_status open_store(struct engine *engine, struct nexus_error *err)
{
    struct nexus_sync_report report;
    enum nexus_status status = engine_look(engine, err);
    return status == NEXUS_ERROR_DAMAGED ? engine_sync(engine, 0, NULL, NULL, &report, err)
                                         : status;
}

static enum nexus_status open_writer(struct engine *engine, struct nexus_error *err)
{
    if (!engine->store)
        TRY(open_store(engine, err));
    return engine->writer ? NEXUS_OK
                          : store_writer_open(engine->database_path, &engine->writer, err);
}

static enum nexus_status begin(struct change *change, struct nexus_error *err)
{
    TRY(open_writer(change->engine, err));
    change->writer = change->engine->writer;
    return store_writer_begin(change->writer, &change->mark, err);
}

static enum nexus_status end(struct change *change, enum nexus_status status,
                             struct nexus_edit *ret_edit, struct nexus_error *err)
{
    if (status == NEXUS_OK)
        status = store_writer_commit(change->writer, err);
    if (status != NEXUS_OK && change->writer)
        store_writer_rollback(change->writer);
    arena_finish(&change->arena);
    strbuf_finish(&change->content);
    if (status == NEXUS_OK)
        *ret_edit = (struct nexus_edit){change->object_id, change->mark.history_seq,
                                        change->mark.conflict_id};
    return status;
}

static const struct registered *schema_by_id(const struct registry *registry, int64_t id)
{
    for (size_t i = 0; i < registry->count; i++)
        if (registry->schemas[i].id == id)
            return &registry->schemas[i];
    return NULL;
}

enum nexus_status edit_find(struct engine *engine, struct str name, int64_t *ret_id,
                            struct nexus_error *err)
{
    TRY(open_writer(engine, err));
    return store_writer_find(engine->writer, name, ret_id, err);
}

static bool has_value(struct str property, const struct nexus_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(property, values[i].property))
            return true;
    return false;
}

/** An item without a key gets the next number, as a number or as a text, whichever its schema
 * wants.
 */
static enum nexus_status add_key(struct change *change, const struct registered *schema,
                                 const struct nexus_value **values, size_t *count,
                                 struct nexus_error *err)
{
    const struct binding *binding = &schema->binding;
    int64_t key;
    if (binding->layout != LAYOUT_COLLECTION || has_value(binding->key, *values, *count))
        return NEXUS_OK;
    TRY(store_writer_next_key(change->writer, schema->id, &key, err));
    struct str text = arena_format(&change->arena, "%lld", (long long)key);
    struct nexus_value *all = arena_alloc_array(&change->arena, *count + 1, sizeof *all);
    if (!all || change->arena.failed)
        return fail_no_memory(err);
    all[0] = (struct nexus_value){.property = arena_copy(&change->arena, binding->key).at,
                                  .kind = NEXUS_VALUE_WORD,
                                  .text = text.at,
                                  .length = text.length};
    if (*count)
        memcpy(all + 1, *values, *count * sizeof *all);
    *values = all;
    ++*count;
    return change->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status create(struct change *change, struct str name, struct str path,
                                const struct nexus_value *values, size_t count,
                                struct nexus_error *err)
{
    TRY(begin(change, err));
    const struct registered *schema = registry_find(&change->engine->registry, name);
    if (!schema)
        return fail(err, NEXUS_ERROR_NOT_FOUND,
                    "no schema is called '%.*s' (see 'nexus schema list')", STR_ARG(name));
    TRY(add_key(change, schema, &values, &count, err));
    TRY(compose(schema, STR(""), values, count, &change->content, err));
    return store_writer_create(change->writer, schema->id, path, strbuf_str(&change->content),
                               &change->object_id, err);
}

enum nexus_status edit_create(struct engine *engine, struct str schema, struct str path,
                              const struct nexus_value *values, size_t count,
                              struct nexus_edit *ret_edit, struct nexus_error *err)
{
    struct change change = {.engine = engine};
    return end(&change, create(&change, schema, path, values, count, err), ret_edit, err);
}

static enum nexus_status set(struct change *change, struct str path,
                             const struct nexus_value *values, size_t count,
                             struct nexus_error *err)
{
    struct store_known_object object;
    TRY(begin(change, err));
    TRY(store_writer_get(change->writer, change->object_id, &change->arena, &object, err));
    const struct registered *schema = schema_by_id(&change->engine->registry, object.schema_id);
    if (!schema)
        return fail(err, NEXUS_ERROR_REFUSED, "its schema is not registered");
    struct str key = schema->binding.key;
    if (schema->binding.layout == LAYOUT_COLLECTION && has_value(key, values, count))
        return fail(err, NEXUS_ERROR_REFUSED,
                    "an item is known by its key '%.*s': make another one, and remove this",
                    STR_ARG(key));
    if (path.at)
        TRY(store_writer_set_path(change->writer, change->object_id, path, err));
    if (!count)
        return NEXUS_OK;
    TRY(compose(schema, object.content_json, values, count, &change->content, err));
    return store_writer_set_content(change->writer, change->object_id, strbuf_str(&change->content),
                                    err);
}

enum nexus_status edit_set(struct engine *engine, int64_t object_id, struct str path,
                           const struct nexus_value *values, size_t count,
                           struct nexus_edit *ret_edit, struct nexus_error *err)
{
    struct change change = {.engine = engine, .object_id = object_id};
    return end(&change, set(&change, path, values, count, err), ret_edit, err);
}

static enum nexus_status delete (struct change *change, struct nexus_error *err) {
    struct store_known_object object; TRY(begin(change, err));
    TRY(store_writer_get(change->writer, change->object_id, &change->arena, &object, err));
    return store_writer_remove(change->writer, change->object_id, err);
}

enum nexus_status edit_remove(struct engine *engine, int64_t object_id, struct nexus_edit *ret_edit,
                              struct nexus_error *err)
{
    struct change change = {.engine = engine, .object_id = object_id};
    return end(&change, delete (&change, err), ret_edit, err);
}

static enum nexus_edit_state state_of(const struct store_fate *fate)
{
    if (fate->is_refused)
        return NEXUS_EDIT_REFUSED;
    if (!fate->has_entry) /* one that is gone needs no other proof */
        return fate->is_written || !fate->is_there ? NEXUS_EDIT_WRITTEN : NEXUS_EDIT_UNCHANGED;
    return fate->state == OUTBOX_HELD ? NEXUS_EDIT_HELD : NEXUS_EDIT_WAITING;
}

/** For the caller to free. */
static char *text_or_null(struct str text, bool *is_failed)
{
    STRBUF_SCOPED copy = {0};
    if (!text.at)
        return NULL;
    strbuf_add(&copy, text.length ? text : STR(""));
    strbuf_reserve(&copy, 1);
    char *taken = strbuf_take(&copy);
    *is_failed |= !taken;
    return taken;
}

enum nexus_status edit_outcome(struct engine *engine, const struct nexus_edit *edit,
                               struct nexus_edit_outcome *ret_outcome, struct nexus_error *err)
{
    struct store_mark mark = {edit->history_seq, edit->conflict_id};
    struct store_fate fate;
    struct arena arena = {0};
    bool is_failed = false;
    TRY(open_writer(engine, err));
    enum nexus_status status =
        store_writer_fate(engine->writer, edit->object_id, &mark, &arena, &fate, err);
    if (status == NEXUS_OK) {
        struct nexus_edit_outcome outcome = {
            .state = state_of(&fate),
            .path = text_or_null(fate.path, &is_failed),
            .reason = text_or_null(fate.is_refused ? fate.refusal : fate.pending, &is_failed),
            .conflict_id = fate.conflict_id,
            .has_file_won = fate.has_file_won,
        };
        if (is_failed) {
            free(outcome.path);
            free(outcome.reason);
            status = fail_no_memory(err);
        } else {
            *ret_outcome = outcome;
        }
    }
    arena_finish(&arena);
    return status;
}

static enum request_kind kind_of_request(enum nexus_request_kind kind)
{
    switch (kind) {
    case NEXUS_REQUEST_APPLY: return REQUEST_APPLY;
    case NEXUS_REQUEST_DISCARD: return REQUEST_DISCARD;
    case NEXUS_REQUEST_UNDO: return REQUEST_UNDO;
    case NEXUS_REQUEST_RESOLVE: break;
    }
    return REQUEST_RESOLVE;
}

enum nexus_status edit_request(struct engine *engine, struct nexus_request *requests, size_t count,
                               struct nexus_error *err)
{
    struct store_mark mark;
    TRY(open_writer(engine, err));
    TRY(store_writer_begin(engine->writer, &mark, err));
    enum nexus_status status = NEXUS_OK;
    for (size_t i = 0; status == NEXUS_OK && i < count; i++) {
        struct store_request request = {
            .kind = kind_of_request(requests[i].kind),
            .argument = requests[i].argument,
            .choice = str_of(requests[i].choice),
        };
        status = store_writer_ask(engine->writer, &request, err);
        requests[i].id = request.id;
    }
    if (status == NEXUS_OK)
        status = store_writer_commit(engine->writer, err);
    if (status != NEXUS_OK)
        store_writer_rollback(engine->writer);
    return status;
}

enum nexus_status edit_request_answer(struct engine *engine, int64_t id,
                                      struct nexus_answer *ret_answer, struct nexus_error *err)
{
    struct arena arena = {0};
    struct nexus_answer answer = {0};
    struct str reason;
    TRY(open_writer(engine, err));
    enum nexus_status status = store_writer_answer(engine->writer, id, &arena, &answer.is_given,
                                                   &reason, &answer.done, err);
    if (status == NEXUS_OK) {
        snprintf(answer.reason, sizeof answer.reason, "%.*s", STR_ARG(reason));
        *ret_answer = answer;
    }
    arena_finish(&arena);
    return status;
}
