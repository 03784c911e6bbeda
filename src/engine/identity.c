// SPDX-License-Identifier: MIT
#include "engine/identity.h"

#include <stdlib.h>

void identity_finish(struct identity *identity)
{
    free(identity->gone);
    free(identity->appeared);
    arena_finish(&identity->arena);
    *identity = (struct identity){0};
}

enum nexus_status identity_add_gone(struct identity *identity, const struct file_record *known,
                                    struct nexus_error *err)
{
    if (!array_reserve(&identity->gone, &identity->gone_capacity, identity->gone_count + 1,
                       sizeof *identity->gone))
        return fail_no_memory(err);
    struct gone_file *gone = &identity->gone[identity->gone_count++];
    *gone = (struct gone_file){.known = *known};
    gone->known.path = arena_copy(&identity->arena, known->path);
    return identity->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

enum nexus_status identity_add_appeared(struct identity *identity, struct str path,
                                        const struct fingerprint *print, struct nexus_error *err)
{
    if (!array_reserve(&identity->appeared, &identity->appeared_capacity,
                       identity->appeared_count + 1, sizeof *identity->appeared))
        return fail_no_memory(err);
    struct appeared_file *appeared = &identity->appeared[identity->appeared_count++];
    *appeared = (struct appeared_file){arena_copy(&identity->arena, path), *print, NULL};
    return identity->arena.failed ? fail_no_memory(err) : NEXUS_OK;
}

/** A mark by which one side is found from the other: the incarnation of a file, or its bytes. */
struct mark {
    unsigned char bytes[16];
    struct gone_file *gone; /* one of the two is set */
    struct appeared_file *appeared;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(((const struct mark *)a)->bytes, ((const struct mark *)b)->bytes,
                  sizeof((const struct mark *)a)->bytes);
}

static void pair(struct gone_file *gone, struct appeared_file *appeared)
{
    gone->is_paired = true;
    appeared->was = &gone->known;
}

/** Pairs where a mark stands exactly once on each side. */
static void pair_by_marks(struct mark *marks, size_t count)
{
    qsort(marks, count, sizeof *marks, by_bytes);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && by_bytes(&marks[start], &marks[end]) == 0; end++)
            ;
        if (end - start != 2)
            continue;
        const struct mark *gone = &marks[start], *appeared = &marks[start + 1];
        if (!gone->gone) {
            gone = &marks[start + 1];
            appeared = &marks[start];
        }
        if (gone->gone && appeared->appeared)
            pair(gone->gone, appeared->appeared);
    }
}

/** The file's incarnation; false where the filesystem does not tell when a file was born. */
static bool mark_incarnation(const struct fingerprint *print, struct mark *mark)
{
    if (!print->birth_ns)
        return false;
    memcpy(mark->bytes, &print->inode, sizeof print->inode);
    memcpy(mark->bytes + sizeof print->inode, &print->birth_ns, sizeof print->birth_ns);
    return true;
}

static void pair_by_incarnation(struct identity *identity, struct mark *marks)
{
    size_t count = 0;
    for (size_t i = 0; i < identity->gone_count; i++) {
        marks[count] = (struct mark){.gone = &identity->gone[i]};
        count += mark_incarnation(&identity->gone[i].known.print, &marks[count]);
    }
    for (size_t i = 0; i < identity->appeared_count; i++) {
        marks[count] = (struct mark){.appeared = &identity->appeared[i]};
        count += mark_incarnation(&identity->appeared[i].print, &marks[count]);
    }
    pair_by_marks(marks, count);
}

/** The hash of the bytes that appeared; false when they cannot be had, or there are none. */
static bool mark_content(const struct engine *engine, const struct appeared_file *file,
                         struct strbuf *bytes, struct mark *mark)
{
    if (!file->print.size_bytes || file_kind_of(file->path) == FILE_ATTACHMENT ||
        file_read_beneath(engine->root_fd, file->path.at, engine->settings.max_file_bytes, bytes,
                          NULL, NULL) != NEXUS_OK)
        return false;
    struct hash hash = hash_of(strbuf_str(bytes));
    memcpy(mark->bytes, hash.bytes, sizeof mark->bytes);
    return true;
}

static void pair_by_content(struct identity *identity, const struct engine *engine,
                            struct mark *marks)
{
    size_t count = 0;
    for (size_t i = 0; i < identity->gone_count; i++) {
        const struct file_record *known = &identity->gone[i].known;
        if (identity->gone[i].is_paired || !known->has_hash || !known->print.size_bytes)
            continue;
        marks[count] = (struct mark){.gone = &identity->gone[i]};
        memcpy(marks[count++].bytes, known->hash.bytes, sizeof known->hash.bytes);
    }
    if (!count)
        return;
    STRBUF_SCOPED bytes = {0};
    for (size_t i = 0; i < identity->appeared_count; i++) {
        if (identity->appeared[i].was)
            continue;
        marks[count] = (struct mark){.appeared = &identity->appeared[i]};
        count += mark_content(engine, &identity->appeared[i], &bytes, &marks[count]);
    }
    pair_by_marks(marks, count);
}

enum nexus_status identity_pair(struct identity *identity, const struct engine *engine,
                                struct nexus_error *err)
{
    if (!identity->gone_count || !identity->appeared_count)
        return NEXUS_OK;
    size_t most = identity->gone_count + identity->appeared_count + 1;
    struct mark *marks = calloc(most, sizeof *marks);
    if (!marks)
        return fail_no_memory(err);
    pair_by_incarnation(identity, marks);
    pair_by_content(identity, engine, marks);
    free(marks);
    return NEXUS_OK;
}
