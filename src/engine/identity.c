// SPDX-License-Identifier: MIT
#include "engine/identity.h"

#include "store/files.h"

#include <fcntl.h>
#include <stdlib.h>

void identity_finish(struct identity *identity)
{
    free(identity->gone);
    free(identity->appeared);
    free(identity->looks);
    arena_finish(&identity->arena);
    *identity = (struct identity){0};
}

static enum nexus_status add_look(struct identity *identity, struct str path, size_t appeared,
                                  struct nexus_error *err)
{
    if (!path.at || !array_reserve(&identity->looks, &identity->look_capacity,
                                   identity->look_count + 1, sizeof *identity->looks))
        return fail_no_memory(err);
    identity->looks[identity->look_count] =
        (struct path_look){path, appeared, identity->look_count};
    identity->look_count++;
    return NEXUS_OK;
}

enum nexus_status identity_add_missing(struct identity *identity, struct str path,
                                       struct nexus_error *err)
{
    return add_look(identity, arena_copy(&identity->arena, path), IDENTITY_NONE, err);
}

/** It went, or may have: by an event, or since another file is at its path. */
static enum nexus_status add_gone(struct identity *identity, const struct file_record *known,
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

enum nexus_status identity_add_gone(struct identity *identity, const struct file_record *known,
                                    struct nexus_error *err)
{
    TRY(add_gone(identity, known, err));
    return add_look(identity, identity->gone[identity->gone_count - 1].known.path, IDENTITY_NONE,
                    err);
}

enum nexus_status identity_add_appeared(struct identity *identity, struct str path,
                                        const struct fingerprint *print, struct nexus_error *err)
{
    if (!array_reserve(&identity->appeared, &identity->appeared_capacity,
                       identity->appeared_count + 1, sizeof *identity->appeared))
        return fail_no_memory(err);
    struct appeared_file *file = &identity->appeared[identity->appeared_count++];
    *file = (struct appeared_file){
        .path = arena_copy(&identity->arena, path),
        .print = *print,
        .was = IDENTITY_NONE,
        .replaces = IDENTITY_NONE,
    };
    return add_look(identity, file->path, identity->appeared_count - 1, err);
}

enum nexus_status identity_add_replaced(struct identity *identity, const struct file_record *known,
                                        const struct fingerprint *print, struct nexus_error *err)
{
    TRY(add_gone(identity, known, err));
    TRY(identity_add_appeared(identity, known->path, print, err));
    identity->appeared[identity->appeared_count - 1].replaces = identity->gone_count - 1;
    return NEXUS_OK;
}

enum nexus_status identity_add_moved(struct identity *identity, const struct file_record *before,
                                     const struct file_record *known, struct str path,
                                     const struct fingerprint *print, struct nexus_error *err)
{
    if (known)
        TRY(identity_add_replaced(identity, known, print, err));
    else
        TRY(identity_add_appeared(identity, path, print, err));
    TRY(add_gone(identity, before, err));
    identity->appeared[identity->appeared_count - 1].was = identity->gone_count - 1;
    identity->gone[identity->gone_count - 1].is_paired = true;
    return NEXUS_OK;
}

/* --- what was seen last --------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    const struct path_look *left = a, *right = b;
    int order = str_compare(left->path, right->path);
    return order ? order : (left->order > right->order) - (left->order < right->order);
}

/** What was seen is not so any more. Whoever was said to have come there is not there. */
static void drop(struct identity *identity, size_t appeared)
{
    struct appeared_file *file = &identity->appeared[appeared];
    if (file->was != IDENTITY_NONE)
        identity->gone[file->was].is_paired = false;
    file->path.at = NULL;
}

/** Another file was seen at the path later: it goes on with what was told of the first. */
static void hand_on(struct identity *identity, size_t earlier, size_t later)
{
    struct appeared_file *from = &identity->appeared[earlier], *to = &identity->appeared[later];
    if (to->replaces == IDENTITY_NONE)
        to->replaces = from->replaces;
    if (to->was == IDENTITY_NONE) {
        to->was = from->was;
        from->was = IDENTITY_NONE;
    }
    drop(identity, earlier);
}

/** Each path stands for what was last seen there. */
static void keep_last_looks(struct identity *identity)
{
    size_t seen = IDENTITY_NONE, kept = 0;
    if (identity->look_count)
        qsort(identity->looks, identity->look_count, sizeof *identity->looks, by_path);
    for (size_t i = 0; i < identity->look_count; i++) {
        const struct path_look *look = &identity->looks[i];
        if (i > 0 && !str_equal(look->path, look[-1].path))
            seen = IDENTITY_NONE;
        if (seen != IDENTITY_NONE && look->appeared != IDENTITY_NONE)
            hand_on(identity, seen, look->appeared);
        else if (seen != IDENTITY_NONE)
            drop(identity, seen);
        seen = look->appeared;
    }
    for (size_t i = 0; i < identity->appeared_count; i++)
        if (identity->appeared[i].path.at)
            identity->appeared[kept++] = identity->appeared[i];
    identity->appeared_count = kept;
}

/* --- pairs --------------------------------------------------------------------------------- */

/** A mark by which one side is found from the other: the incarnation of a file, or its bytes. */
struct mark {
    unsigned char bytes[16];
    size_t gone, appeared; /* one of the two; the other is IDENTITY_NONE */
};

static int by_bytes(const void *a, const void *b)
{
    const struct mark *left = a, *right = b;
    return memcmp(left->bytes, right->bytes, sizeof left->bytes);
}

static void pair(struct identity *identity, size_t gone, size_t appeared)
{
    identity->gone[gone].is_paired = true;
    identity->appeared[appeared].was = gone;
}

/** Pairs where a mark stands exactly once on each side. */
static void pair_by_marks(struct identity *identity, struct mark *marks, size_t count)
{
    qsort(marks, count, sizeof *marks, by_bytes);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && by_bytes(&marks[start], &marks[end]) == 0; end++)
            ;
        if (end - start != 2)
            continue;
        const struct mark *first = &marks[start], *second = &marks[start + 1];
        if (first->gone != IDENTITY_NONE && second->appeared != IDENTITY_NONE)
            pair(identity, first->gone, second->appeared);
        else if (second->gone != IDENTITY_NONE && first->appeared != IDENTITY_NONE)
            pair(identity, second->gone, first->appeared);
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
        marks[count] = (struct mark){.gone = i, .appeared = IDENTITY_NONE};
        if (!identity->gone[i].is_paired)
            count += mark_incarnation(&identity->gone[i].known.print, &marks[count]);
    }
    for (size_t i = 0; i < identity->appeared_count; i++) {
        marks[count] = (struct mark){.gone = IDENTITY_NONE, .appeared = i};
        if (identity->appeared[i].was == IDENTITY_NONE)
            count += mark_incarnation(&identity->appeared[i].print, &marks[count]);
    }
    pair_by_marks(identity, marks, count);
}

/** Whether the file is among those that are gone: then its mark has spoken already. */
static bool is_noted(const struct identity *identity, int64_t id)
{
    for (size_t i = 0; i < identity->gone_count; i++)
        if (identity->gone[i].known.id == id)
            return true;
    return false;
}

/** Whether the known file is still where it was: then what appeared is a second name of it. */
static bool is_still_there(const struct engine *engine, const struct file_record *known)
{
    struct fingerprint print;
    mode_t mode;
    FD_SCOPED fd = -1;
    return file_open_beneath(engine->root_fd, known->path.at, O_PATH, &fd, NULL) == NEXUS_OK &&
           file_look(fd, "", &print, &mode) == 0 && print.inode == known->print.inode &&
           print.birth_ns == known->print.birth_ns;
}

/** Events come in batches, and the old name of a file may be told of in a later one: so its row is
 * looked for by the file itself. */
static enum nexus_status pair_with_rows(struct identity *identity, const struct engine *engine,
                                        struct nexus_error *err)
{
    for (size_t i = 0; engine->store && i < identity->appeared_count; i++) {
        const struct appeared_file *file = &identity->appeared[i];
        struct file_record known;
        if (file->was != IDENTITY_NONE || !file->print.birth_ns)
            continue;
        enum nexus_status status =
            store_file_find(engine->store, &file->print, &identity->arena, &known, err);
        if (status == NEXUS_ERROR_NOT_FOUND)
            continue;
        TRY(status);
        if (is_noted(identity, known.id) || is_still_there(engine, &known))
            continue;
        TRY(add_gone(identity, &known, err));
        pair(identity, identity->gone_count - 1, i);
    }
    return NEXUS_OK;
}

/** Another file under a known name is the known one, if neither has anybody else. */
static void pair_by_path(struct identity *identity)
{
    for (size_t i = 0; i < identity->appeared_count; i++) {
        struct appeared_file *file = &identity->appeared[i];
        if (file->replaces == IDENTITY_NONE)
            continue;
        if (file->was == IDENTITY_NONE && !identity->gone[file->replaces].is_paired)
            pair(identity, file->replaces, i);
        else if (file->was != file->replaces)
            identity->gone[file->replaces].is_taken = true;
    }
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
        marks[count] = (struct mark){.gone = i, .appeared = IDENTITY_NONE};
        memcpy(marks[count++].bytes, known->hash.bytes, sizeof known->hash.bytes);
    }
    if (!count)
        return;
    STRBUF_SCOPED bytes = {0};
    for (size_t i = 0; i < identity->appeared_count; i++) {
        if (identity->appeared[i].was != IDENTITY_NONE)
            continue;
        marks[count] = (struct mark){.gone = IDENTITY_NONE, .appeared = i};
        count += mark_content(engine, &identity->appeared[i], &bytes, &marks[count]);
    }
    pair_by_marks(identity, marks, count);
}

/** A place in `gone`, for bringing together what was added twice. */
struct place {
    int64_t id;
    size_t index;
};

static int by_id(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    return (left->index > right->index) - (left->index < right->index);
}

static void refer_to_first(struct identity *identity, const size_t *first)
{
    for (size_t i = 0; i < identity->gone_count; i++)
        if (first[i] != i) {
            identity->gone[first[i]].is_paired |= identity->gone[i].is_paired;
            identity->gone[i].is_paired = true;
        }
    for (size_t i = 0; i < identity->appeared_count; i++) {
        struct appeared_file *file = &identity->appeared[i];
        if (file->was != IDENTITY_NONE)
            file->was = first[file->was];
        if (file->replaces != IDENTITY_NONE)
            file->replaces = first[file->replaces];
    }
}

/** The same file may have been told of more than once: by an event, and by its missing name.
 * Everybody refers to the first of them then, and the others are out of the game. */
static enum nexus_status unite(struct identity *identity, struct nexus_error *err)
{
    size_t count = identity->gone_count;
    struct place *places = calloc(count + 1, sizeof *places);
    size_t *first = calloc(count + 1, sizeof *first);
    bool is_done = places && first;
    for (size_t i = 0; is_done && i < count; i++)
        places[i] = (struct place){identity->gone[i].known.id, i};
    if (is_done) {
        qsort(places, count, sizeof *places, by_id);
        for (size_t i = 0; i < count; i++) {
            bool is_again = i > 0 && places[i].id == places[i - 1].id;
            first[places[i].index] = is_again ? first[places[i - 1].index] : places[i].index;
        }
        refer_to_first(identity, first);
    }
    free(places);
    free(first);
    return is_done ? NEXUS_OK : fail_no_memory(err);
}

enum nexus_status identity_pair(struct identity *identity, const struct engine *engine,
                                struct nexus_error *err)
{
    keep_last_looks(identity);
    TRY(unite(identity, err));
    if (!identity->appeared_count)
        return NEXUS_OK;
    size_t most = identity->gone_count + identity->appeared_count + 1;
    struct mark *marks = calloc(most, sizeof *marks);
    if (!marks)
        return fail_no_memory(err);
    pair_by_incarnation(identity, marks);
    enum nexus_status status = pair_with_rows(identity, engine, err);
    if (status == NEXUS_OK) {
        pair_by_path(identity);
        pair_by_content(identity, engine, marks);
    }
    free(marks);
    return status;
}

uint64_t identity_count_lost(const struct identity *identity)
{
    uint64_t count = 0;
    for (size_t i = 0; i < identity->gone_count; i++)
        count += !identity->gone[i].is_paired && !identity->gone[i].is_taken;
    return count;
}

bool identity_is_anybody_in_the_way(const struct identity *identity)
{
    for (size_t i = 0; i < identity->gone_count; i++)
        if (identity->gone[i].is_taken)
            return true;
    return false;
}

const struct file_record *identity_was(const struct identity *identity,
                                       const struct appeared_file *file)
{
    return file->was == IDENTITY_NONE ? NULL : &identity->gone[file->was].known;
}
