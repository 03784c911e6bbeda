// SPDX-License-Identifier: MIT
/*
 * All entries of a file become one patch. Where that cannot be proven, the entries are halved until
 * those that are to blame stand alone; they are refused, and the others are carried out together.
 */
#include "engine/splice.h"

#include "engine/prove.h"
#include "parse/json.h"

/** One file's splicing at work. */
struct splicing {
    struct writing *writing;
    const struct engine *engine;
    const struct digest *file; /* as it is */
    struct patch_source source;
    struct nexus_error reason; /* of the last refusal */
};

static bool is_spliced(const struct writing_entry *entry)
{
    return !entry->is_refused && !entry->is_left &&
           (entry->action == PLAN_WRITE || entry->action == PLAN_ROW_WINS ||
            entry->action == PLAN_MERGE || entry->action == PLAN_TRASH);
}

static enum nexus_status ask(struct patch *patch, const struct splicing *splicing,
                             const struct writing_entry *entry, struct nexus_error *err)
{
    struct patch_value wanted = {.tape = &entry->wanted, .node = 0};
    if (entry->action == PLAN_TRASH)
        return entry->node == TAPE_NONE || !splicing->file->is_collection
                   ? NEXUS_OK
                   : patch_remove_item(patch, splicing->file->data, entry->node, err);
    if (entry->node != TAPE_NONE)
        return patch_object(patch, entry->node, wanted, err);
    if (splicing->file->is_collection)
        return patch_add_item(patch, splicing->file->data, wanted, err);
    return fail(err, NEXUS_ERROR_REFUSED, "its file does not hold it any more");
}

static void refuse(struct writing *writing, struct writing_entry *entry, struct str reason)
{
    entry->is_refused = true;
    entry->reason = arena_copy(&writing->arena, reason);
}

static struct str key_of(const struct writing_entry *entry)
{
    return entry->entry.op == OUTBOX_UPDATE   ? entry->entry.was.item_key
           : entry->entry.op == OUTBOX_DELETE ? entry->entry.was.item_key
                                              : writing_key_of(entry);
}

/** Whether the schemas take what is proven: the object that a change was about is there, under its
 * key, and valid. */
static bool is_accepted(const struct digest *after, const struct digest_object *objects,
                        const struct writing_entry *entry)
{
    const struct digest_object *object = digest_find(objects, after->object_count, key_of(entry));
    return entry->action == PLAN_TRASH ? object == NULL : object && object->is_valid;
}

static enum nexus_status judge(struct splicing *splicing, size_t start, size_t end,
                               bool *ret_accepted, struct nexus_error *err)
{
    struct writing *writing = splicing->writing;
    const struct digest *after = &writing->digest;
    struct digest_object *objects = digest_index(&writing->digest.arena, after);
    *ret_accepted = after->outcome == DIGEST_WHOLE;
    if (!objects)
        return fail_no_memory(err);
    for (size_t i = start; i < end && *ret_accepted; i++)
        if (is_spliced(&writing->entries[i]))
            *ret_accepted = is_accepted(after, objects, &writing->entries[i]);
    return NEXUS_OK;
}

static enum nexus_status digest_next(struct writing *writing, const struct engine *engine,
                                     struct str bytes, struct nexus_error *err)
{
    struct digest_context context = {
        .root_fd = engine->root_fd,
        .max_file_bytes = engine->settings.max_file_bytes,
        .registry = &engine->registry,
    };
    strbuf_reset(&writing->digest.path);
    strbuf_add(&writing->digest.path, strbuf_str(&writing->path));
    writing->digest.record.print = writing->before_print;
    TRY(digest_bytes(&writing->digest, &context, writing->file_id, bytes, err));
    writing->digest.record.is_racy = writing->is_before_racy;
    return NEXUS_OK;
}

/** Tries the entries from `start` up to `end` as one patch. What the patcher refuses is refused. */
static enum nexus_status attempt(struct splicing *splicing, size_t start, size_t end,
                                 bool *ret_proven, struct nexus_error *err)
{
    struct writing *writing = splicing->writing;
    struct nexus_error reason = {0};
    STRBUF_SCOPED bytes = {0};
    struct patch patch;
    patch_init(&patch, &splicing->source);
    enum nexus_status status = NEXUS_OK;
    for (size_t i = start; i < end && status == NEXUS_OK; i++) {
        if (!is_spliced(&writing->entries[i]))
            continue;
        status = ask(&patch, splicing, &writing->entries[i], &reason);
        if (status == NEXUS_ERROR_REFUSED) {
            refuse(writing, &writing->entries[i], str_of(reason.message));
            status = NEXUS_OK;
        }
    }
    if (status == NEXUS_OK)
        status = patch_close(&patch, &reason);
    if (status == NEXUS_OK)
        status = patch_apply(&patch, &bytes, &reason);
    if (status == NEXUS_OK)
        status = prove_patch(&splicing->file->document, &patch, strbuf_str(&bytes), &reason);
    patch_finish(&patch);
    *ret_proven = false;
    splicing->reason.message[0] = '\0';
    if (status == NEXUS_ERROR_REFUSED) {
        splicing->reason = reason;
        return NEXUS_OK;
    }
    if (status != NEXUS_OK)
        return fail(err, status, "%s", reason.message);
    TRY(digest_next(writing, splicing->engine, strbuf_str(&bytes), err));
    return judge(splicing, start, end, ret_proven, err);
}

/** Refuses those of the entries that cannot be proven. */
static enum nexus_status sift(struct splicing *splicing, size_t start, size_t end,
                              struct nexus_error *err)
{
    bool is_proven;
    TRY(attempt(splicing, start, end, &is_proven, err));
    if (is_proven)
        return NEXUS_OK;
    if (end - start == 1) {
        struct writing_entry *entry = &splicing->writing->entries[start];
        if (is_spliced(entry))
            refuse(splicing->writing, entry,
                   splicing->reason.message[0] ? str_of(splicing->reason.message)
                                               : STR("its file would not be valid with it"));
        return NEXUS_OK;
    }
    size_t middle = start + (end - start) / 2;
    TRY(sift(splicing, start, middle, err));
    return sift(splicing, middle, end, err);
}

static void set_kind(struct writing *writing)
{
    bool is_same = str_equal(strbuf_str(&writing->digest.bytes), strbuf_str(&writing->before));
    writing->kind = is_same ? WRITING_NONE : WRITING_REPLACE;
}

static enum nexus_status refuse_all(struct writing *writing, const struct engine *engine,
                                    struct str reason, struct nexus_error *err)
{
    for (size_t i = 0; i < writing->count; i++)
        if (is_spliced(&writing->entries[i]))
            refuse(writing, &writing->entries[i], reason);
    return splice_nothing(writing, engine, err);
}

enum nexus_status splice_file(struct writing *writing, const struct engine *engine,
                              const struct digest *file, struct nexus_error *err)
{
    struct splicing splicing = {
        .writing = writing,
        .engine = engine,
        .file = file,
        .source = patch_source_of(&file->document, file->schema->binding.body),
    };
    bool is_proven;
    TRY(attempt(&splicing, 0, writing->count, &is_proven, err));
    if (!is_proven) {
        TRY(sift(&splicing, 0, writing->count, err));
        TRY(attempt(&splicing, 0, writing->count, &is_proven, err));
    }
    if (!is_proven) /* each alone, but not all together */
        return refuse_all(writing, engine, STR("it cannot be written into its file exactly"), err);
    if ((int64_t)writing->digest.bytes.length > engine->settings.max_file_bytes)
        return refuse_all(writing, engine,
                          STR("its file would be longer than a file may be (setting "
                              "'max_file_bytes')"),
                          err);
    set_kind(writing);
    return writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status splice_nothing(struct writing *writing, const struct engine *engine,
                                 struct nexus_error *err)
{
    writing->kind = WRITING_NONE;
    return digest_next(writing, engine, strbuf_str(&writing->before), err);
}

/* --- new files -------------------------------------------------------------------------------- */

/** Whether a file at that path has the schema without saying so. */
static bool goes_without_saying(const struct engine *engine, const struct registered *schema,
                                struct str path)
{
    const struct registered *rival;
    const struct registered *claiming = registry_claim(&engine->registry, path, &rival);
    if (!claiming)
        claiming = registry_default(&engine->registry, file_kind_of(path));
    return claiming == schema;
}

/** The row's content with `schema` before all else, where only that can tell the file's schema. */
static enum nexus_status name_schema(struct writing *writing, struct writing_entry *entry,
                                     struct nexus_error *err)
{
    STRBUF_SCOPED json = {0};
    if (tape_member(&entry->wanted, 0, STR("schema")) != TAPE_NONE)
        return NEXUS_OK;
    strbuf_add_text(&json, "{\"schema\":");
    strbuf_add_json(&json, entry->schema->name);
    tape_for_each_member (&entry->wanted, 0, key) {
        strbuf_add_char(&json, ',');
        strbuf_add_json(&json, node_text(&entry->wanted.nodes[key]));
        strbuf_add_char(&json, ':');
        tape_add_json(&entry->wanted, key + 1, &json);
    }
    strbuf_add_char(&json, '}');
    struct str text = arena_copy(&writing->arena, strbuf_str(&json));
    if (json.failed || writing->arena.failed || !json_scan(text, &entry->wanted, NULL))
        return fail_no_memory(err);
    return NEXUS_OK;
}

static bool is_written(const struct writing_entry *entry)
{
    return entry->has_wanted && !entry->is_refused && !entry->is_left &&
           (entry->action == PLAN_WRITE || entry->action == PLAN_ROW_WINS);
}

static enum nexus_status add_new_json(struct writing *writing, const struct engine *engine,
                                      struct writing_entry *entry, struct strbuf *out,
                                      struct nexus_error *err)
{
    struct patch_json_form form = {
        .is_collection = entry->schema->binding.layout == LAYOUT_COLLECTION,
    };
    if (!goes_without_saying(engine, entry->schema, strbuf_str(&writing->path))) {
        form.schema = entry->schema->name;
        form.version = entry->schema->version;
    }
    return patch_new_json((struct patch_value){.tape = &entry->wanted}, &form, out, err);
}

static enum nexus_status add_new(struct writing *writing, const struct engine *engine,
                                 struct writing_entry *entry, struct strbuf *out,
                                 struct nexus_error *err)
{
    if (file_kind_of(strbuf_str(&writing->path)) != FILE_MARKDOWN)
        return add_new_json(writing, engine, entry, out, err);
    if (!goes_without_saying(engine, entry->schema, strbuf_str(&writing->path)))
        TRY(name_schema(writing, entry, err));
    return patch_new_markdown((struct patch_value){.tape = &entry->wanted},
                              entry->schema->binding.body, out, err);
}

/** A collection whose file is gone is written again with its first object; the others follow when
 * it is known. */
enum nexus_status splice_new_file(struct writing *writing, const struct engine *engine,
                                  struct nexus_error *err)
{
    struct nexus_error reason = {0};
    STRBUF_SCOPED bytes = {0};
    struct writing_entry *first = NULL;
    for (size_t i = 0; i < writing->count; i++) {
        if (!is_written(&writing->entries[i]))
            continue;
        writing->entries[i].is_left = first != NULL;
        first = first ? first : &writing->entries[i];
    }
    if (!first)
        return fail(err, NEXUS_ERROR_ARGUMENT, "there is nothing to write");
    enum nexus_status status = add_new(writing, engine, first, &bytes, &reason);
    if (status == NEXUS_OK)
        TRY(digest_next(writing, engine, strbuf_str(&bytes), err));
    else if (status != NEXUS_ERROR_REFUSED)
        return fail(err, status, "%s", reason.message);
    bool is_proven = status == NEXUS_OK && writing->digest.outcome == DIGEST_WHOLE &&
                     writing->digest.object_count == 1 && writing->digest.objects[0].is_valid &&
                     tape_equal(&writing->digest.document.tape, writing->digest.objects[0].node,
                                &first->wanted, 0);
    if (is_proven)
        return NEXUS_OK;
    refuse(writing, first,
           reason.message[0] ? str_of(reason.message) : STR("it cannot be written as a file"));
    writing->kind = WRITING_NONE;
    return writing->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status splice_loser(const struct writing *writing, const struct writing_entry *entry,
                               struct strbuf *out, struct nexus_error *err)
{
    struct nexus_error reason = {0};
    struct patch_value lost = {.tape = &entry->wanted};
    if (file_kind_of(strbuf_str(&writing->path)) == FILE_MARKDOWN) {
        enum nexus_status status =
            patch_new_markdown(lost, entry->schema->binding.body, out, &reason);
        if (status != NEXUS_ERROR_REFUSED)
            return status == NEXUS_OK ? NEXUS_OK : fail(err, status, "%s", reason.message);
        strbuf_reset(out); /* no Markdown says it: JSON does */
    }
    tape_add_json(&entry->wanted, 0, out);
    strbuf_add_char(out, '\n');
    return out->failed ? fail_no_memory(err) : NEXUS_OK;
}
