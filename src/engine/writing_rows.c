// SPDX-License-Identifier: MIT
#include "engine/writing_rows.h"

#include "parse/json.h"
#include "validate/schema.h"

void writing_refuse(struct writing *writing, struct writing_entry *entry, const char *reason)
{
    entry->is_refused = true;
    entry->reason = arena_copy(&writing->arena, str_of(reason));
}

static const struct registered *find_schema(const struct registry *registry, int64_t id)
{
    for (size_t i = 0; i < registry->count; i++)
        if (registry->schemas[i].id == id)
            return &registry->schemas[i];
    return NULL;
}

/** Whether the row's content is what its schema wants; refuses it else. */
static void judge(struct writing *writing, struct writing_entry *entry)
{
    const struct schema *schema = entry->schema->schema;
    struct problem_list problems;
    if (!schema || schema_accepts(schema, &entry->wanted, 0, writing->digest.run))
        return;
    problem_list_init(&problems, &writing->arena);
    schema_explain(schema, &entry->wanted, 0, writing->digest.run, &problems);
    const char *reason = "it breaks its schema";
    for (size_t i = 0; i < problems.count && problems.items[i].severity == PROBLEM_ERROR; i++) {
        const struct problem *problem = &problems.items[i];
        reason = arena_format(&writing->arena, "%.*s: %.*s [%s]", STR_ARG(entry->schema->name),
                              STR_ARG(problem->message), problem->keyword)
                     .at;
        if (problem->pointer.length)
            reason =
                arena_format(&writing->arena, "%.*s: %.*s: %.*s [%s]", STR_ARG(entry->schema->name),
                             STR_ARG(problem->pointer), STR_ARG(problem->message), problem->keyword)
                    .at;
        break;
    }
    writing_refuse(writing, entry, reason);
}

/** What the row says now, read and judged. */
static void read_row(struct writing *writing, const struct engine *engine,
                     struct writing_entry *entry)
{
    const struct outbox_entry *outbox = &entry->entry;
    tape_init(&entry->wanted);
    entry->node = TAPE_NONE;
    if (outbox->op == OUTBOX_DELETE) {
        entry->schema = find_schema(&engine->registry, outbox->was.schema_id);
        return;
    }
    entry->schema = find_schema(&engine->registry, outbox->is.schema_id);
    entry->has_wanted = outbox->is.content_json.at &&
                        json_scan(outbox->is.content_json, &entry->wanted, NULL) &&
                        entry->wanted.nodes[0].type == NODE_OBJECT;
    if (!entry->schema)
        writing_refuse(writing, entry, "its schema is not registered");
    else if (!entry->has_wanted)
        writing_refuse(writing, entry, "its content is not a JSON object");
    else if (outbox->op == OUTBOX_UPDATE && outbox->was.schema_id != outbox->is.schema_id)
        writing_refuse(writing, entry,
                       "the schema of an object is told by its file, not by its row");
    else
        judge(writing, entry);
}

enum nexus_status writing_read_rows(struct writing *writing, const struct engine *engine,
                                    const struct outbox_entry *outbox, size_t count,
                                    struct nexus_error *err)
{
    writing->entries = arena_alloc_array(&writing->arena, count + 1, sizeof *writing->entries);
    if (!writing->entries)
        return fail_no_memory(err);
    for (; writing->count < count; writing->count++) {
        struct writing_entry *entry = &writing->entries[writing->count];
        *entry = (struct writing_entry){.entry = outbox[writing->count]};
        if (entry->entry.is_read_only)
            writing_refuse(writing, entry, "it is read-only");
        read_row(writing, engine, entry);
        if (tape_failed(&entry->wanted))
            writing->arena.failed = true;
    }
    return writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}
