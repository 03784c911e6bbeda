// SPDX-License-Identifier: MIT
/* The names of declared properties are known, so which patterns of patternProperties match them is,
 * too: only members with other names are held against the patterns when a value is judged. */
#include "validate/compiler.h"

static bool holds_always(const struct rule *rule)
{
    return rule->is_linked && rule->types == KINDS_ALL && !rule->more;
}

/** A name that costs too much to match is left to the judging, which then says so. */
static bool matches(struct compiler *compiler, const struct compiled_pattern *pattern,
                    struct str name)
{
    if (!compiler->matcher)
        compiler->matcher = pattern_context_new();
    compiler->out_of_memory |= !compiler->matcher;
    return compiler->matcher &&
           pattern_match(pattern->pattern, compiler->matcher, name) != PATTERN_DIFFERS;
}

static void link_property(struct compiler *compiler, const struct object_checks *checks,
                          struct property *property)
{
    uint32_t count = 0;
    const struct rule **also =
        arena_alloc_array(compiler->arena, checks->pattern_count + 1, sizeof *also);
    if (!also)
        return;
    for (uint32_t i = 0; i < checks->pattern_count; i++) {
        const struct pattern_rule *pattern = &checks->patterns[i];
        if (!holds_always(pattern->rule) &&
            matches(compiler, pattern->pattern, property->name.name))
            also[count++] = pattern->rule;
    }
    property->also = count ? also : NULL;
}

void link_object(struct compiler *compiler, struct object_checks *checks)
{
    struct name_map *map = &checks->properties;
    bool is_open = !checks->pattern_count && !checks->additional && !checks->names &&
                   !checks->late_required_count && !checks->dependency_count;
    for (uint32_t i = 0; map->slots && i <= map->mask; i++) {
        struct property *property = (struct property *)(uintptr_t)map->slots[i].thing;
        if (property && map->count == 1 && is_open)
            checks->only = property;
        if (property && property->rule && checks->pattern_count)
            link_property(compiler, checks, property);
    }
}
