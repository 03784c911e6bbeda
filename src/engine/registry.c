// SPDX-License-Identifier: MIT
#include "engine/registry.h"

#include "base/glob.h"
#include "validate/schema.h"

#include <stdlib.h>

/** Whether the path ends with an ASCII suffix, in any case. */
static bool has_suffix(struct str path, struct str suffix)
{
    if (path.length < suffix.length)
        return false;
    const char *end = path.at + path.length - suffix.length;
    for (size_t i = 0; i < suffix.length; i++) {
        char c = end[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != suffix.at[i])
            return false;
    }
    return true;
}

enum file_kind file_kind_of(struct str path)
{
    if (has_suffix(path, STR(".md")))
        return FILE_MARKDOWN;
    if (has_suffix(path, STR(".json")))
        return FILE_JSON;
    return FILE_ATTACHMENT;
}

void registry_finish(struct registry *registry)
{
    for (size_t i = 0; i < registry->count; i++)
        schema_free(registry->schemas[i].schema);
    free(registry->schemas);
    arena_finish(&registry->arena);
    *registry = (struct registry){0};
}

struct registered *registry_add(struct registry *registry)
{
    if (!array_reserve(&registry->schemas, &registry->capacity, registry->count + 1,
                       sizeof *registry->schemas))
        return NULL;
    struct registered *added = &registry->schemas[registry->count++];
    *added = (struct registered){0};
    return added;
}

const struct registered *registry_find(const struct registry *registry, struct str name)
{
    for (size_t i = 0; i < registry->count; i++)
        if (str_equal(registry->schemas[i].name, name))
            return &registry->schemas[i];
    return NULL;
}

/** The length of the schema's longest pattern that matches, or 0. */
static size_t claim_length(const struct registered *schema, struct str path)
{
    size_t longest = 0;
    for (size_t i = 0; i < schema->binding.file_count; i++) {
        struct str pattern = schema->binding.files[i];
        if (pattern.length > longest && glob_match(pattern, path))
            longest = pattern.length;
    }
    return longest;
}

bool registered_claims(const struct registered *schema, struct str path)
{
    return claim_length(schema, path) > 0;
}

const struct registered *registry_claim(const struct registry *registry, struct str path,
                                        const struct registered **ret_rival)
{
    const struct registered *best = NULL, *rival = NULL;
    size_t best_length = 0;
    for (size_t i = 0; i < registry->count; i++) {
        const struct registered *schema = &registry->schemas[i];
        size_t length = claim_length(schema, path);
        if (length == 0 || length < best_length)
            continue;
        if (length > best_length) {
            best = schema;
            best_length = length;
            rival = NULL;
        } else if (str_compare(schema->name, best->name) < 0) {
            rival = best;
            best = schema;
        } else {
            rival = schema;
        }
    }
    *ret_rival = rival;
    return best;
}

const struct registered *registry_default(const struct registry *registry, enum file_kind kind)
{
    return registry_find(registry, kind == FILE_MARKDOWN ? STR("core.note") : STR("core.json"));
}
