// SPDX-License-Identifier: MIT
#include "engine/digest.h"

#include "engine/objects.h"
#include "validate/schema.h"
#include "watch/settle.h"

#include <stdlib.h>

enum {
    READ_TRIES = 10,                /* a file that changes under each of them is left for later */
    KEPT_BUFFER_BYTES = 256 * 1024, /* a slot does not hold on to the memory of one huge file */
};

enum nexus_status digest_init(struct digest *digest, struct nexus_error *err)
{
    *digest = (struct digest){0};
    document_init(&digest->document);
    digest->reader = markdown_reader_new();
    digest->run = schema_run_new();
    if (digest->reader && digest->run)
        return NEXUS_OK;
    digest_finish(digest);
    *digest = (struct digest){0}; /* whoever finishes it all the same finds nothing */
    return fail_no_memory(err);
}

void digest_finish(struct digest *digest)
{
    strbuf_finish(&digest->path);
    strbuf_finish(&digest->moved_from);
    strbuf_finish(&digest->bytes);
    document_finish(&digest->document);
    markdown_reader_free(digest->reader);
    schema_run_free(digest->run);
    arena_finish(&digest->arena);
}

static void reset(struct digest *digest, const struct file_record *known)
{
    struct fingerprint print = digest->record.print;
    if (digest->bytes.capacity > KEPT_BUFFER_BYTES)
        strbuf_finish(&digest->bytes);
    arena_reset(&digest->arena);
    digest->record = (struct file_record){
        .id = known ? known->id : 0,
        .path = strbuf_str(&digest->path),
        .print = print,
        .is_indexed = true,
        .state = FILE_SYNCED,
    };
    strbuf_reset(&digest->moved_from);
    digest->is_underived = known && !known->is_indexed;
    if (known && !str_equal(known->path, digest->record.path))
        strbuf_add(&digest->moved_from, known->path);
    digest->note = (struct note){0};
    digest->lines = (struct line_map){0};
    digest->schema = NULL;
    digest->objects = NULL;
    digest->object_count = 0;
}

/** A file that nobody can read now, but that is there: one problem, for the whole file. */
static enum nexus_status set_unreadable(struct digest *digest, const char *message,
                                        struct nexus_error *err)
{
    digest->outcome = DIGEST_BROKEN;
    digest->record.state = FILE_UNREADABLE;
    strbuf_reset(&digest->bytes);
    TRY(document_parse(&digest->document, DOCUMENT_JSON, STR("null"), err));
    problem_add(&digest->document.problems, PROBLEM_ERROR, "unreadable", 0, 0, "%s", message);
    return NEXUS_OK;
}

/** Reads the file; `*ret_read` is false when there is nothing more to do for it. */
static enum nexus_status read_bytes(struct digest *digest, const struct digest_context *context,
                                    bool *ret_read, struct nexus_error *err)
{
    enum settle_mode mode = context->reading == DIGEST_READ_QUIET ? SETTLE_QUIET : SETTLE_OPEN;
    struct nexus_error reason = {0};
    struct settled settled = {0};
    enum nexus_status status = NEXUS_ERROR_CHANGED;
    for (int i = 0; i < READ_TRIES && status == NEXUS_ERROR_CHANGED; i++)
        status = settle_read(context->root_fd, digest->path.at, mode, context->max_file_bytes,
                             &digest->bytes, &settled, &reason);
    *ret_read = status == NEXUS_OK;
    if (status == NEXUS_OK) {
        digest->record.print = settled.print;
        digest->record.is_racy = settled.is_racy;
    } else if (status == NEXUS_ERROR_CHANGED || status == NEXUS_ERROR_BUSY) {
        digest->outcome = DIGEST_BUSY;
    } else if (status == NEXUS_ERROR_NOT_FOUND || status == NEXUS_ERROR_REFUSED) {
        digest->outcome = DIGEST_GONE;
    } else {
        return set_unreadable(digest, reason.message, err);
    }
    return NEXUS_OK;
}

/* Where a file lies decides about its schema, and its name may be its title: a moved one is judged
 * again. */
static bool is_known(const struct digest *digest, const struct file_record *known)
{
    return known && known->is_indexed && known->has_hash && known->state != FILE_UNREADABLE &&
           !digest->moved_from.length && hash_equal(known->hash, digest->record.hash);
}

/** The same bytes: what was found out about them holds. */
static void keep_findings(struct digest *digest, const struct file_record *known)
{
    digest->record.state = known->state;
    digest->record.has_counts = known->has_counts;
    digest->record.lines = known->lines;
    digest->record.words = known->words;
}

static enum nexus_status read_note(struct digest *digest, struct nexus_error *err)
{
    struct document *document = &digest->document;
    if (document->format != DOCUMENT_MARKDOWN)
        return NEXUS_OK;
    struct str source = document->source;
    TRY(markdown_read(digest->reader, source, document->front_matter.body_start,
                      (uint32_t)source.length, &document->tape, &digest->note, err));
    digest->record.words = digest->note.words;
    return NEXUS_OK;
}

static enum nexus_status parse(struct digest *digest, const struct digest_context *context,
                               enum file_kind kind, struct nexus_error *err)
{
    struct str source = strbuf_str(&digest->bytes);
    TRY(document_parse(&digest->document, kind == FILE_MARKDOWN ? DOCUMENT_MARKDOWN : DOCUMENT_JSON,
                       source, err));
    digest->lines = line_map_of(&digest->arena, source);
    digest->record.lines = digest->lines.count;
    digest->record.has_counts = true;
    digest->outcome = digest->document.is_parsed ? DIGEST_WHOLE : DIGEST_BROKEN;
    if (!digest->document.is_parsed)
        return NEXUS_OK;
    if (!context->is_note_left)
        TRY(read_note(digest, err));
    TRY(objects_of_document(digest, context->registry, err));
    return digest->outcome == DIGEST_WHOLE ? objects_judge(digest, err) : NEXUS_OK;
}

/** What the bytes say. */
static enum nexus_status understand(struct digest *digest, const struct digest_context *context,
                                    const struct file_record *known, enum file_kind kind,
                                    struct nexus_error *err)
{
    digest->record.hash = hash_of(strbuf_str(&digest->bytes));
    digest->record.has_hash = true;
    if (is_known(digest, known)) {
        digest->outcome = DIGEST_UNCHANGED;
        keep_findings(digest, known);
        return NEXUS_OK;
    }
    return parse(digest, context, kind, err);
}

static void conclude(struct digest *digest)
{
    if (digest->outcome != DIGEST_WHOLE && digest->outcome != DIGEST_BROKEN)
        return;
    document_locate(&digest->document);
    if (digest->document.problems.has_error && digest->record.state == FILE_SYNCED)
        digest->record.state = FILE_INVALID;
}

static enum nexus_status check_memory(const struct digest *digest, struct nexus_error *err)
{
    if (digest->bytes.failed || digest->arena.failed || digest->path.failed ||
        digest->moved_from.failed)
        return fail_no_memory(err);
    return NEXUS_OK;
}

/** Everything about a file that is no attachment. */
static enum nexus_status digest_document(struct digest *digest,
                                         const struct digest_context *context,
                                         const struct file_record *known, enum file_kind kind,
                                         struct nexus_error *err)
{
    bool is_read;
    TRY(read_bytes(digest, context, &is_read, err));
    if (is_read)
        TRY(understand(digest, context, known, kind, err));
    conclude(digest);
    return NEXUS_OK;
}

enum nexus_status digest_file(struct digest *digest, const struct digest_context *context,
                              const struct file_record *known, struct nexus_error *err)
{
    reset(digest, known);
    enum file_kind kind = file_kind_of(digest->record.path);
    if (kind == FILE_ATTACHMENT)
        digest->outcome = DIGEST_ATTACHMENT;
    else
        TRY(digest_document(digest, context, known, kind, err));
    return check_memory(digest, err);
}

enum nexus_status digest_bytes(struct digest *digest, const struct digest_context *context,
                               int64_t file_id, struct str bytes, struct nexus_error *err)
{
    struct file_record known = {
        .id = file_id, .path = strbuf_str(&digest->path), .is_indexed = true};
    reset(digest, &known);
    strbuf_reset(&digest->bytes);
    strbuf_add(&digest->bytes, bytes);
    TRY(understand(digest, context, NULL, file_kind_of(digest->record.path), err));
    conclude(digest);
    return check_memory(digest, err);
}

static int by_key(const void *a, const void *b)
{
    const struct digest_object *left = a, *right = b;
    return str_compare(left->key, right->key);
}

struct digest_object *digest_index(struct arena *arena, const struct digest *digest)
{
    struct digest_object *index = arena_alloc_array(arena, digest->object_count + 1, sizeof *index);
    if (index && digest->object_count)
        memcpy(index, digest->objects, digest->object_count * sizeof *index);
    if (index && digest->object_count > 1)
        qsort(index, digest->object_count, sizeof *index, by_key);
    return index;
}

const struct digest_object *digest_find(const struct digest_object *index, size_t count,
                                        struct str key)
{
    struct digest_object wanted = {.key = key};
    if (!key.at)
        return count == 1 && !index[0].key.at ? index : NULL;
    const struct digest_object *found =
        count ? bsearch(&wanted, index, count, sizeof *index, by_key) : NULL;
    return found && found->key.at ? found : NULL;
}
