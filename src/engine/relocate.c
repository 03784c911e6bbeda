// SPDX-License-Identifier: MIT
#include "engine/relocate.h"

#include "engine/obstacles.h"
#include "store/files.h"

/** Moves the row. Where another schema claims the new path, or no schema does any more, what was
 * found out about the file does not hold: the next look reads it again. */
static enum nexus_status move_row(struct engine *engine, const struct file_record *file,
                                  struct str to, struct nexus_error *err)
{
    const struct registry *registry = &engine->registry;
    const struct registered *rival;
    TRY(store_file_move(engine->store, file->id, file->path, to, ORIGIN_FILE, err));
    if (registry_claim(registry, file->path, &rival) == registry_claim(registry, to, &rival))
        return NEXUS_OK;
    struct file_record moved = *file;
    moved.path = to;
    moved.is_indexed = false;
    return store_file_put(engine->store, &moved, NULL, err);
}

enum nexus_status relocate_folder(struct engine *engine, struct str from, struct str to,
                                  struct nexus_error *err)
{
    struct store *store = engine->store;
    struct store_files *files = NULL;
    const struct file_record *file = NULL;
    STRBUF_SCOPED path = {0};
    if (obstacle_name(to).length)
        return NEXUS_OK; /* no row can say where its files are now: they went */
    TRY(store_begin(store, engine->now_ns(), err));
    enum nexus_status status = store_files_open(store, from, &files, err);
    while (status == NEXUS_OK && (status = store_files_next(files, &file, err)) == NEXUS_OK &&
           file) {
        strbuf_reset(&path);
        strbuf_add(&path, to);
        strbuf_add(&path, str_slice(file->path, from.length, file->path.length));
        status = path.failed ? fail_no_memory(err) : move_row(engine, file, strbuf_str(&path), err);
        if (status == NEXUS_ERROR_EXISTS)
            status = NEXUS_OK; /* a file of that name was taken in before: the folder's own look
                                  decides */
    }
    store_files_close(files);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}
