// SPDX-License-Identifier: MIT
#include "validate/compiler.h"
#include "validate/uri.h"

static bool resolve_fragment(const struct site *site, struct str fragment, struct target *target)
{
    struct str name = uri_decode(site->compiler->arena, fragment);
    const struct resource *resource = target->resource;
    target->node = resource->root;
    if (!name.length)
        return true;
    if (name.at[0] == '/') {
        target->node = tape_find_pointer_from(&resource->document->tape, resource->root, name);
        return target->node != TAPE_NONE;
    }
    target->anchor = (const struct anchor *)name_map_get(&resource->anchors, name);
    if (target->anchor)
        target->node = target->anchor->node;
    return target->anchor != NULL;
}

bool compiler_resolve(const struct site *site, uint32_t node, struct str reference,
                      struct target *ret_target)
{
    struct compiler *compiler = site->compiler;
    const struct resource *home = site->rule->home;
    struct str fragment;
    struct str uri = uri_resolve(compiler->arena, home->uri.name, reference, &fragment);
    const struct resource *resource = compiler_find(compiler, uri);
    if (compiler->out_of_memory)
        return false;
    if (!resource) {
        compiler_complain(compiler, home, node, "$ref",
                          "refers to '%.*s', which is not a registered schema", STR_ARG(uri));
        return false;
    }
    struct target target = {.resource = resource,
                            .loaded = compiler_loaded(compiler, resource->document)};
    if (!resolve_fragment(site, fragment, &target)) {
        compiler_complain(compiler, home, node, "$ref",
                          "refers to '%.*s', and there is no '#%.*s' in '%.*s'", STR_ARG(reference),
                          STR_ARG(fragment), STR_ARG(uri));
        return false;
    }
    *ret_target = target;
    return true;
}
