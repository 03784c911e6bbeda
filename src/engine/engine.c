// SPDX-License-Identifier: MIT
#include "engine/engine.h"

#include "base/file.h"
#include "base/time.h"
#include "engine/recovery.h"
#include "engine/register.h"
#include "engine/vault.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/** What `.nexus/config.json` and `.nexusignore` say. */
struct reading {
    struct arena arena;
    struct settings settings;
    struct ignore *ignore;
};

static enum nexus_status read_settings(const struct engine *engine, struct reading *reading,
                                       struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    enum nexus_status status =
        file_read_beneath(engine->nexus_fd, "config.json", SETTINGS_LIMIT_BYTES, &text, NULL, err);
    if (status != NEXUS_OK && status != NEXUS_ERROR_NOT_FOUND)
        return status;
    struct problem_list problems;
    problem_list_init(&problems, &reading->arena);
    return settings_read(&reading->settings, strbuf_str(&text), &reading->arena, &problems, err);
}

static enum nexus_status read_rules(const struct engine *engine, struct reading *reading,
                                    struct nexus_error *err)
{
    reading->ignore = ignore_new();
    if (!reading->ignore)
        return fail_no_memory(err);
    for (size_t i = 0; i < reading->settings.ignore_count; i++)
        TRY(ignore_add(reading->ignore, "config.json", reading->settings.ignore[i], err));
    STRBUF_SCOPED text = {0};
    enum nexus_status status =
        file_read_beneath(engine->root_fd, ".nexusignore", SETTINGS_LIMIT_BYTES, &text, NULL, err);
    if (status == NEXUS_ERROR_NOT_FOUND)
        return NEXUS_OK;
    TRY(status);
    return ignore_add(reading->ignore, ".nexusignore", strbuf_str(&text), err);
}

enum nexus_status engine_reload(struct engine *engine, struct nexus_error *err)
{
    struct reading reading = {0};
    enum nexus_status status = read_settings(engine, &reading, err);
    if (status == NEXUS_OK)
        status = read_rules(engine, &reading, err);
    if (status != NEXUS_OK) {
        ignore_free(reading.ignore);
        arena_finish(&reading.arena);
        return status;
    }
    ignore_free(engine->ignore);
    arena_finish(&engine->arena);
    engine->arena = reading.arena;
    engine->settings = reading.settings;
    engine->ignore = reading.ignore;
    engine->replacer.durability =
        engine->settings.durability == DURABILITY_FULL ? REPLACE_FULL : REPLACE_NORMAL;
    engine->replacer.limit_bytes = engine->settings.max_file_bytes;
    return NEXUS_OK;
}

enum nexus_status engine_lock(struct engine *engine, struct nexus_error *err)
{
    TRY(vault_lock(engine->nexus_fd, err));
    enum nexus_status status = engine_reload(engine, err);
    if (status != NEXUS_OK)
        vault_unlock(engine->nexus_fd);
    return status;
}

static enum nexus_status name_database(struct engine *engine, struct nexus_error *err)
{
    STRBUF_SCOPED path = {0};
    strbuf_add_text(&path, engine->root_path);
    strbuf_add_text(&path, "/.nexus/vault.sqlite");
    engine->database_path = strbuf_take(&path);
    return engine->database_path ? NEXUS_OK : fail_no_memory(err);
}

static enum nexus_status open_parts(struct engine *engine, const char *dir, struct nexus_error *err)
{
    TRY(vault_open_folders(dir, &engine->root_path, &engine->root_fd, &engine->nexus_fd, err));
    TRY(name_database(engine, err));
    replacer_init(&engine->replacer, engine->root_fd, REPLACE_NORMAL, 0);
    engine->replacer.displaced = ".nexus/displaced";
    return engine_reload(engine, err);
}

enum nexus_status engine_open(const char *dir, struct engine **ret_engine, struct nexus_error *err)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return fail_no_memory(err);
    engine->root_fd = engine->nexus_fd = -1;
    engine->now_ns = time_now_ns;
    enum nexus_status status = open_parts(engine, dir, err);
    if (status != NEXUS_OK) {
        engine_close(engine);
        return status;
    }
    *ret_engine = engine;
    return NEXUS_OK;
}

enum nexus_status engine_contest(struct engine *engine, int64_t file_id, struct nexus_error *err)
{
    if (!array_reserve(&engine->contested, &engine->contested_capacity, engine->contested_count + 1,
                       sizeof *engine->contested))
        return fail_no_memory(err);
    engine->contested[engine->contested_count++] = file_id;
    return NEXUS_OK;
}

void engine_close(struct engine *engine)
{
    if (!engine)
        return;
    replacer_finish(&engine->replacer);
    store_writer_close(engine->writer);
    recovery_leave(engine);
    strbuf_finish(&engine->recovery.news);
    registry_finish(&engine->registry);
    ignore_free(engine->ignore);
    arena_finish(&engine->arena);
    file_close(&engine->nexus_fd);
    file_close(&engine->root_fd);
    free(engine->contested);
    free(engine->database_path);
    free(engine->root_path);
    free(engine);
}

enum nexus_status engine_ready(struct engine *engine, bool *ret_is_first, struct nexus_error *err)
{
    bool is_first = false;
    if (engine->store && store_is_bulk(engine->store))
        recovery_close(engine); /* its pass was stopped or failed */
    if (!engine->store)
        TRY(recovery_open(engine, &is_first, err));
    TRY(register_all(engine->store, engine->nexus_fd, engine->now_ns(), &engine->registry, err));
    *ret_is_first = is_first;
    return NEXUS_OK;
}

enum nexus_status engine_look(struct engine *engine, struct nexus_error *err)
{
    if (!engine->store)
        TRY(recovery_look(engine, err));
    return register_read(engine->store, &engine->registry, err);
}
