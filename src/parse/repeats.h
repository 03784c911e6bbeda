// SPDX-License-Identifier: MIT
/* Names that an object has twice: an error in JSON and YAML alike, because whoever reads the file
 * next may take either value. */
#ifndef PARSE_REPEATS_H
#define PARSE_REPEATS_H

#include "model/problem.h"
#include "model/tape.h"

/** True when no two keys of the object at `object` are equal. Each repeat is added to `problems`
 * (NULL allowed) and names the line of the first. Also false when memory is out: `tape->failed` is
 * set. */
bool repeats_check(struct tape *tape, uint32_t object, struct problem_list *problems);

#endif
