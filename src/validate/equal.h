// SPDX-License-Identifier: MIT
/*
 * When two values are the same (JSON Schema core, section 4.2.2): numbers by value (1 is 1.0),
 * strings by code point, arrays item by item, objects without regard to the order of their members.
 * 1 is not true.
 *
 * Two large objects in different orders cost members x members; `work` bounds that. It is counted
 * down, and at zero the answer is no.
 */
#ifndef VALIDATE_EQUAL_H
#define VALIDATE_EQUAL_H

#include "model/tape.h"

bool value_equal(const struct tape *a, uint32_t a_index, const struct tape *b, uint32_t b_index,
                 int64_t *work);

/** Equal values have equal hashes. */
uint64_t value_hash(const struct tape *tape, uint32_t index);

#endif
