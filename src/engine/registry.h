// SPDX-License-Identifier: MIT
/*
 * The schemas that a vault knows, ready for use: found by name and by path, with their bindings.
 *
 * They come from three places: built in, the vault's `.nexus/schemas/` folder, and the `schemas`
 * table, where the other two end up as well. The registry is a picture of that table in memory.
 */
#ifndef ENGINE_REGISTRY_H
#define ENGINE_REGISTRY_H

#include "base/error.h"
#include "model/binding.h"

struct schema;

enum file_kind { FILE_MARKDOWN, FILE_JSON, FILE_ATTACHMENT };

/** By the name's end alone, without regard to ASCII case. */
enum file_kind file_kind_of(struct str path);

struct registered {
    int64_t id, version; /* in the `schemas` table */
    struct str name;
    struct binding binding;
    struct schema *schema; /* compiled; NULL when that is not possible any more */
};

struct registry {
    struct arena arena; /* owns all texts below */
    struct registered *schemas;
    size_t count, capacity;
};

/** The zero value is an empty registry. */
void registry_finish(struct registry *registry);

/** A new entry, zeroed, for the caller to fill. Pointers to entries are invalid after it. NULL when
 * memory is out. */
struct registered *registry_add(struct registry *registry);

/** Whether one of the schema's patterns claims the path. */
bool registered_claims(const struct registered *schema, struct str path);

/** The schema of that name, or NULL. */
const struct registered *registry_find(const struct registry *registry, struct str name);

/** The schema whose `files` pattern claims the path, the longest pattern first; NULL when none
 * does. When two equally long ones do, `*ret_rival` is the other one and the first by name is
 * returned; else it is NULL. */
const struct registered *registry_claim(const struct registry *registry, struct str path,
                                        const struct registered **ret_rival);

/** The schema of a file that nobody claims: core.note or core.json. NULL if it is not registered.
 */
const struct registered *registry_default(const struct registry *registry, enum file_kind kind);

#endif
