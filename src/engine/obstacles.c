// SPDX-License-Identifier: MIT
#include "engine/obstacles.h"

#include "base/printable.h"
#include "base/utf8.h"
#include "model/problem.h"
#include "store/notes.h"

#include <fcntl.h>
#include <stdlib.h>

#define KEYWORD "unreached"

void obstacles_reset(struct obstacles *obstacles)
{
    arena_reset(&obstacles->arena);
    *obstacles = (struct obstacles){.arena = obstacles->arena};
}

void obstacles_finish(struct obstacles *obstacles)
{
    arena_finish(&obstacles->arena);
}

struct str obstacle_name(struct str path)
{
    size_t at = utf8_find_invalid(path);
    if (at == STR_NONE)
        return STR("");
    size_t rest = str_find(str_slice(path, at, path.length), '/');
    return str_slice(path, 0, rest == STR_NONE ? path.length : at + rest);
}

/** As a row can say it. */
static struct str sayable(struct str path, struct arena *arena)
{
    STRBUF_SCOPED text = {0};
    if (utf8_find_invalid(path) == STR_NONE)
        return arena_copy(arena, path);
    printable_add(&text, path, PRINTABLE_ONE_LINE);
    arena->failed |= text.failed;
    return arena_copy(arena, strbuf_str(&text));
}

static struct str message_of(const struct walk_entry *entry, struct arena *arena)
{
    bool is_folder = entry->kind == ENTRY_FOLDER;
    if (entry->verdict == WALK_MISNAMED && is_folder)
        return STR("the folder's name is not UTF-8, so no row can say it: rename it, and what is "
                   "in it is taken in");
    if (entry->verdict == WALK_MISNAMED)
        return STR("its name is not UTF-8, so no row can say it: rename it, and it is taken in");
    return arena_format(arena, "%.*s; what is known of it stays as it is", STR_ARG(entry->reason));
}

enum nexus_status obstacles_meet(struct obstacles *obstacles, const struct walk_entry *entry,
                                 struct nexus_error *err)
{
    struct arena *arena = &obstacles->arena;
    if (!arena_reserve(arena, &obstacles->items, &obstacles->capacity, obstacles->count + 1,
                       sizeof *obstacles->items))
        return fail_no_memory(err);
    obstacles->items[obstacles->count++] =
        (struct obstacle){sayable(entry->path, arena), message_of(entry, arena)};
    return arena->failed ? fail_no_memory(err) : NEXUS_OK;
}

static int by_path(const void *a, const void *b)
{
    return str_compare(((const struct obstacle *)a)->path, ((const struct obstacle *)b)->path);
}

static bool is_at(struct str path, struct str place)
{
    return !place.length || str_equal(path, place) ||
           (str_starts_with(path, place) && path.at[place.length] == '/');
}

struct settling {
    const struct engine *engine;
    bool is_begun; /* a transaction, with the first change */
};

static enum nexus_status begin(struct settling *settling, struct nexus_error *err)
{
    if (settling->is_begun)
        return NEXUS_OK;
    settling->is_begun = true;
    return store_begin(settling->engine->store, settling->engine->now_ns(), err);
}

static enum nexus_status drop(struct settling *settling, struct str path, struct nexus_error *err)
{
    TRY(begin(settling, err));
    return store_problem_drop(settling->engine->store, path, KEYWORD, err);
}

static enum nexus_status tell(struct settling *settling, const struct obstacle *obstacle,
                              struct nexus_error *err)
{
    const struct problem problem = {
        .severity = PROBLEM_ERROR,
        .keyword = KEYWORD,
        .message = obstacle->message,
    };
    TRY(begin(settling, err));
    return store_problem_tell(settling->engine->store, obstacle->path, &problem, err);
}

/** The two sorted lists, side by side. */
static enum nexus_status settle(struct settling *settling, const struct obstacles *obstacles,
                                struct str place, const struct str *known, size_t count,
                                struct nexus_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        while (at < obstacles->count && str_compare(obstacles->items[at].path, known[i]) < 0)
            TRY(tell(settling, &obstacles->items[at++], err));
        if (at < obstacles->count && str_equal(obstacles->items[at].path, known[i]))
            at++;
        else if (is_at(known[i], place))
            TRY(drop(settling, known[i], err));
    }
    while (at < obstacles->count)
        TRY(tell(settling, &obstacles->items[at++], err));
    return settling->is_begun ? store_commit(settling->engine->store, err) : NEXUS_OK;
}

enum nexus_status obstacles_settle(struct obstacles *obstacles, const struct engine *engine,
                                   struct str place, struct nexus_error *err)
{
    struct arena arena = {0};
    struct settling settling = {.engine = engine};
    struct str *known, where = sayable(place, &arena);
    size_t count;
    if (obstacles->count)
        qsort(obstacles->items, obstacles->count, sizeof *obstacles->items, by_path);
    enum nexus_status status =
        store_problem_paths(engine->store, KEYWORD, &arena, &known, &count, err);
    if (status == NEXUS_OK)
        status = settle(&settling, obstacles, where, known, count, err);
    if (status != NEXUS_OK)
        store_rollback(engine->store);
    arena_finish(&arena);
    return status;
}

enum nexus_status obstacles_look(struct obstacles *obstacles, const struct engine *engine,
                                 struct str name, struct nexus_error *err)
{
    struct walk_entry entry = {.verdict = WALK_MISNAMED, .path = name};
    struct fingerprint print;
    mode_t mode;
    FD_SCOPED fd = -1;
    STRBUF_SCOPED path = {0};
    strbuf_add(&path, name);
    if (path.failed)
        return fail_no_memory(err);
    obstacles_reset(obstacles);
    if (file_open_beneath(engine->root_fd, path.at, O_PATH, &fd, NULL) == NEXUS_OK &&
        file_look(fd, "", &print, &mode) == 0 && (S_ISDIR(mode) || S_ISREG(mode))) {
        entry.kind = S_ISDIR(mode) ? ENTRY_FOLDER : ENTRY_FILE;
        if (!ignore_rule_above(engine->ignore, name, entry.kind).length)
            TRY(obstacles_meet(obstacles, &entry, err));
    }
    return obstacles_settle(obstacles, engine, name, err);
}
