// SPDX-License-Identifier: MIT
/* An open vault: its folders, settings, rules, schemas and database. What the passes work on. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/recovery_state.h"
#include "engine/registry.h"
#include "engine/settings.h"
#include "store/store.h"
#include "store/writer.h"
#include "watch/ignore.h"
#include "writeback/replace.h"

struct engine {
    char *root_path;
    char *database_path;
    int root_fd, nexus_fd;
    struct arena arena; /* the settings' texts */
    struct settings settings;
    struct ignore *ignore;
    struct store *store;  /* NULL until the database is there: the first pass makes it */
    struct store *beside; /* of beside.h */
    size_t beside_users;
    struct store_writer *writer; /* a person's connection; NULL until something is edited */
    struct registry registry;
    struct replacer replacer; /* what writes into the vault */
    struct recovered recovery;
    bool is_marked;          /* the database knows that files may be under way: see carry.h */
    bool is_cut_off;         /* carrying out failed half-way: crash_finish() has to see to it */
    int64_t (*now_ns)(void); /* the wall clock */
    /* Ids of files that were read and differ, while rows of theirs are changed: the push decides.
     */
    int64_t *contested;
    size_t contested_count, contested_capacity;
};

/** Opens the vault whose root is `dir`. */
enum nexus_status engine_open(const char *dir, struct engine **ret_engine, struct nexus_error *err);
void engine_close(struct engine *engine);

/** Reads settings and rules anew. On an error those of before stay. */
enum nexus_status engine_reload(struct engine *engine, struct nexus_error *err);

/** Takes the vault's lock, given back with vault_unlock(), and reads settings and rules anew: they
 * may have changed while another held it. NEXUS_ERROR_BUSY: somebody holds it. */
enum nexus_status engine_lock(struct engine *engine, struct nexus_error *err);

/** Opens the database (a new one for a first index when there is none) and reads the schemas,
 * unless that is done already. */
enum nexus_status engine_ready(struct engine *engine, bool *ret_is_first, struct nexus_error *err);

/** The same for looking only, without the vault's lock: nothing is made, mended or registered.
 * NEXUS_ERROR_DAMAGED: a pass has to see to the database first. */
enum nexus_status engine_look(struct engine *engine, struct nexus_error *err);

/** The next push looks at the file, also when its rows are held. */
enum nexus_status engine_contest(struct engine *engine, int64_t file_id, struct nexus_error *err);

#endif
