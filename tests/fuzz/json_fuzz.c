// SPDX-License-Identifier: MIT
/* Any bytes as JSON: the verdict is the same with and without a problem list, and what is accepted
 * is a sound tape. */
#include "tape_promises.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = {(const char *)data, size};
    struct arena arena = {0};
    struct tape tape = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    bool valid = json_scan(source, &tape, NULL);
    PROMISE(json_scan(source, &tape, &problems) == valid);
    PROMISE(valid != problems.has_error);
    if (valid)
        promise_tape(&tape);
    else
        PROMISE(tape.count == 0);
    promise_problems(&problems, source);
    tape_finish(&tape);
    arena_finish(&arena);
    return 0;
}
