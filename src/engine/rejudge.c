// SPDX-License-Identifier: MIT
/*
 * For each schema the database keeps a mark: the hash of all that decides a verdict (the schema
 * with everything that it refers to, and this program's validator), and the hash of how it shapes
 * its objects (layout, body, key, patterns). A mark that differs tells what has to be done: the
 * first part, judge its objects again; the second, shape its files again, and ask of every file
 * whose it is.
 */
#include "engine/rejudge.h"

#include "base/hash.h"
#include "parse/json.h"
#include "store/contents.h"
#include "validate/schema.h"

struct mark {
    char verdict[HASH_TEXT_SIZE], shape[HASH_TEXT_SIZE];
};

static enum nexus_status mark_of(const struct registered *schema, struct mark *mark,
                                 struct nexus_error *err)
{
    STRBUF_SCOPED shape = {0};
    const struct binding *binding = &schema->binding;
    strbuf_addf(&shape, "%d\n%.*s\n%.*s\n", (int)binding->layout, STR_ARG(binding->body),
                STR_ARG(binding->key));
    for (size_t i = 0; i < binding->file_count; i++)
        strbuf_addf(&shape, "%.*s\n", STR_ARG(binding->files[i]));
    if (shape.failed)
        return fail_no_memory(err);
    hash_format(hash_of(strbuf_str(&shape)), mark->shape);
    struct hash none = {0};
    hash_format(schema->schema ? schema_hash(schema->schema) : none, mark->verdict);
    return NEXUS_OK;
}

static struct str meta_key(const struct registered *schema, struct arena *arena)
{
    return arena_format(arena, "schema:%.*s", STR_ARG(schema->name));
}

/** The mark that the database keeps; empty texts when it has none. */
static enum nexus_status read_mark(struct store *store, const struct registered *schema,
                                   struct mark *mark, struct nexus_error *err)
{
    struct arena arena = {0};
    struct str value;
    *mark = (struct mark){0};
    enum nexus_status status =
        store_meta_get(store, meta_key(schema, &arena).at, &arena, &value, err);
    if (status == NEXUS_OK && value.length == 2 * (size_t)(HASH_TEXT_SIZE - 1)) {
        memcpy(mark->verdict, value.at, HASH_TEXT_SIZE - 1);
        memcpy(mark->shape, value.at + HASH_TEXT_SIZE - 1, HASH_TEXT_SIZE - 1);
    }
    arena_finish(&arena);
    return status == NEXUS_ERROR_NOT_FOUND ? NEXUS_OK : status;
}

static enum nexus_status write_mark(struct store *store, const struct registered *schema,
                                    const struct mark *mark, struct nexus_error *err)
{
    struct arena arena = {0};
    struct str value = arena_format(&arena, "%s%s", mark->verdict, mark->shape);
    enum nexus_status status = store_meta_set(store, meta_key(schema, &arena).at, value, err);
    arena_finish(&arena);
    return status;
}

enum nexus_status rejudge_is_needed(struct store *store, const struct registry *registry,
                                    bool *ret_needed, struct nexus_error *err)
{
    *ret_needed = false;
    for (size_t i = 0; i < registry->count && !*ret_needed; i++) {
        struct mark now, before;
        TRY(mark_of(&registry->schemas[i], &now, err));
        TRY(read_mark(store, &registry->schemas[i], &before, err));
        *ret_needed = memcmp(&now, &before, sizeof now) != 0;
    }
    return NEXUS_OK;
}

/** Judging the objects of one schema. */
struct judging {
    struct store *store;
    const struct registered *schema;
    struct rejudgement *rejudgement;
    struct tape tape;
    struct schema_run *run;
};

static enum nexus_status judge_object(struct judging *judging, const struct store_content *content,
                                      struct nexus_error *err)
{
    judging->rejudgement->judged++;
    if (!judging->schema->schema || !json_scan(content->content_json, &judging->tape, NULL) ||
        schema_accepts(judging->schema->schema, &judging->tape, 0, judging->run))
        return NEXUS_OK;
    judging->rejudgement->became_invalid += content->file_state != FILE_INVALID;
    return content->file_id ? store_file_unindex(judging->store, content->file_id, err) : NEXUS_OK;
}

/** Calls `visit` for each object of the schema (id 0: of all). */
static enum nexus_status for_each_content(struct judging *judging, int64_t schema_id,
                                          enum nexus_status (*visit)(struct judging *,
                                                                     const struct store_content *,
                                                                     struct nexus_error *),
                                          struct nexus_error *err)
{
    struct store_contents *contents;
    TRY(store_contents_open(judging->store, schema_id, &contents, err));
    const struct store_content *content = NULL;
    enum nexus_status status;
    while ((status = store_contents_next(contents, &content, err)) == NEXUS_OK && content) {
        status = visit(judging, content, err);
        if (status != NEXUS_OK)
            break;
    }
    store_contents_close(contents);
    return status;
}

static enum nexus_status unindex_object(struct judging *judging,
                                        const struct store_content *content,
                                        struct nexus_error *err)
{
    return content->file_id ? store_file_unindex(judging->store, content->file_id, err) : NEXUS_OK;
}

/** A file that this schema claims is read again, whosever it was. */
static enum nexus_status unindex_if_claimed(struct judging *judging,
                                            const struct store_content *content,
                                            struct nexus_error *err)
{
    if (!content->file_id || !registered_claims(judging->schema, content->path))
        return NEXUS_OK;
    return store_file_unindex(judging->store, content->file_id, err);
}

static enum nexus_status rejudge_schema(struct judging *judging, const struct mark *now,
                                        const struct mark *before, struct nexus_error *err)
{
    const struct registered *schema = judging->schema;
    if (strcmp(now->verdict, before->verdict) != 0) {
        TRY(for_each_content(judging, schema->id, judge_object, err));
        TRY(store_files_unindex_violating(judging->store, err));
    }
    if (strcmp(now->shape, before->shape) != 0) {
        if (before->shape[0])
            TRY(for_each_content(judging, schema->id, unindex_object, err));
        if (schema->binding.file_count)
            TRY(for_each_content(judging, 0, unindex_if_claimed, err));
        TRY(store_files_unindex_invalid(judging->store, err));
        TRY(store_files_unindex_by_problem(judging->store, "schema", err));
    }
    return write_mark(judging->store, schema, now, err);
}

enum nexus_status rejudge_all(struct store *store, const struct registry *registry,
                              struct rejudgement *rejudgement, struct nexus_error *err)
{
    struct judging judging = {.store = store, .rejudgement = rejudgement, .run = schema_run_new()};
    enum nexus_status status = judging.run ? NEXUS_OK : fail_no_memory(err);
    for (size_t i = 0; status == NEXUS_OK && i < registry->count; i++) {
        struct mark now, before;
        judging.schema = &registry->schemas[i];
        status = mark_of(judging.schema, &now, err);
        if (status == NEXUS_OK)
            status = read_mark(store, judging.schema, &before, err);
        if (status == NEXUS_OK && memcmp(&now, &before, sizeof now) != 0) {
            rejudgement->is_needed = true;
            status = rejudge_schema(&judging, &now, &before, err);
        }
    }
    tape_finish(&judging.tape);
    schema_run_free(judging.run);
    return status;
}
