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

void writing_add_body(struct writing_entry *entry, struct str path)
{
    struct tape *wanted = &entry->wanted;
    const struct binding *binding = &entry->schema->binding;
    bool is_note = binding->layout == LAYOUT_MARKDOWN ||
                   (binding->layout == LAYOUT_ANY && file_kind_of(path) == FILE_MARKDOWN);
    if (!is_note || tape_member(wanted, 0, binding->body) != TAPE_NONE)
        return;
    uint32_t key = tape_push(wanted, NODE_KEY, 0, 0), value = tape_push(wanted, NODE_STRING, 0, 0);
    if (key == TAPE_NONE || value == TAPE_NONE)
        return; /* tape_failed() tells */
    wanted->nodes[key].text = binding->body.at;
    wanted->nodes[key].text_length = (uint32_t)binding->body.length;
    wanted->nodes[key].hash = name_hash(binding->body);
    wanted->nodes[key].flags = NODE_DECODED;
    wanted->nodes[key].next = value + 1;
    wanted->nodes[value].text = "";
    wanted->nodes[0].next = value + 1;
    wanted->nodes[0].count++;
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
    bool is_too_long = outbox->is.content_json.at &&
                       (int64_t)outbox->is.content_json.length > engine->settings.max_file_bytes;
    entry->has_wanted = outbox->is.content_json.at && !is_too_long &&
                        json_scan(outbox->is.content_json, &entry->wanted, NULL) &&
                        entry->wanted.nodes[0].type == NODE_OBJECT;
    if (!entry->schema)
        writing_refuse(writing, entry, "its schema is not registered");
    else if (is_too_long)
        writing_refuse(writing, entry,
                       "it is longer than a file may be (setting 'max_file_bytes')");
    else if (!entry->has_wanted)
        writing_refuse(writing, entry, "its content is not a JSON object");
    else if (outbox->op == OUTBOX_UPDATE && outbox->was.schema_id != outbox->is.schema_id)
        writing_refuse(writing, entry,
                       "the schema of an object is told by its file, not by its row");
    if (!entry->schema || !entry->has_wanted)
        return;
    writing_add_body(entry, outbox->is.path);
    if (!entry->is_refused)
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
