// SPDX-License-Identifier: MIT
/*
 * JSON text -> tape, as RFC 8259 has it and not a byte more: no comments, no trailing commas, no
 * leading zeros, nothing that is not UTF-8, no name twice in an object.
 */
#ifndef PARSE_JSON_H
#define PARSE_JSON_H

#include "model/problem.h"
#include "model/tape.h"

/* Every reader of a tape recurses, so depth is stack. Nobody nests data this deep by hand. */
enum { JSON_DEPTH_LIMIT = 512 };

/** Resets the tape and fills it with the value that `source` holds; a byte order mark before it is
 *  skipped. False when it is not one JSON value, or memory is out (tape_failed() tells): the tape
 * is empty then. What is wrong is added to `problems`; pass NULL where the verdict is enough. The
 * tape borrows `source`. */
bool json_scan(struct str source, struct tape *tape, struct problem_list *problems);

/** The same for the bytes from `start` up to `end`. Spans still count from the start of `source`.
 */
bool json_scan_part(struct str source, size_t start, size_t end, struct tape *tape,
                    struct problem_list *problems);

#endif
