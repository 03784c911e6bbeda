// SPDX-License-Identifier: MIT
/* Any UTF-8 as YAML: what is read without libyaml is the same tape, node for node, and libyaml has
 * nothing to tell about it. */
#include "base/utf8.h"
#include "parse/yaml.h"
#include "parse/yaml_plain.h"
#include "tape_promises.h"

static void promise_same(const struct tape *plain, const struct tape *whole)
{
    PROMISE(plain->count == whole->count);
    for (size_t i = 0; i < plain->count; i++) {
        const struct node *a = &plain->nodes[i], *b = &whole->nodes[i];
        PROMISE(same_node(a, b) && a->flags == b->flags && a->style == b->style);
        PROMISE(a->start == b->start && a->end == b->end);
        PROMISE(a->type != NODE_KEY || a->hash == b->hash);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = {(const char *)data, size};
    if (utf8_find_invalid(source) != STR_NONE)
        return 0;
    struct arena arena = {0};
    struct tape plain = {0}, whole = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    tape_reset(&plain, source);
    if (yaml_plain_compose(source, 0, (uint32_t)size, &plain)) {
        PROMISE(yaml_compose_by_events(source, 0, (uint32_t)size, &whole, &problems));
        PROMISE(problems.count == 0);
        promise_same(&plain, &whole);
    }
    tape_finish(&plain);
    tape_finish(&whole);
    arena_finish(&arena);
    return 0;
}
