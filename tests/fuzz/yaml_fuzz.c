// SPDX-License-Identifier: MIT
/* Any UTF-8 as YAML: what is accepted is a sound tape, and each scalar that needed no decoding
 * stands in the source as it is. */
#include "base/utf8.h"
#include "parse/yaml.h"
#include "parse/yaml_anchors.h"
#include "tape_promises.h"

static void promise_texts(const struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++) {
        const struct node *node = &tape->nodes[i];
        bool is_text = node->type == NODE_STRING || node->type == NODE_KEY;
        if (!is_text || node->flags & (NODE_DECODED | NODE_ALIAS))
            continue;
        uint32_t quote = node->style == STYLE_SINGLE || node->style == STYLE_DOUBLE;
        PROMISE(str_equal(node_text(node),
                          str_slice(tape->source, node->start + quote, node->end - quote)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = {(const char *)data, size};
    if (utf8_find_invalid(source) != STR_NONE)
        return 0;
    struct arena arena = {0};
    struct tape tape = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    bool composed = yaml_compose(source, 0, (uint32_t)size, &tape, &problems);
    PROMISE(composed != problems.has_error);
    if (composed) {
        promise_tape(&tape);
        promise_texts(&tape);
        PROMISE(tape.count <= 2 * size + YAML_ALIAS_NODES + 1);
    } else {
        PROMISE(tape.count == 0);
    }
    promise_problems(&problems, source);
    tape_finish(&tape);
    arena_finish(&arena);
    return 0;
}
