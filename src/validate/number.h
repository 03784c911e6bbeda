// SPDX-License-Identifier: MIT
/*
 * Numbers by their digits, never as doubles: 0.1 is a tenth, 1e400 is an integer, and
 * 9007199254740993 is not its neighbour. A number is read from its JSON text into sign, digits and
 * a power of ten; the digits stay where they are.
 */
#ifndef VALIDATE_NUMBER_H
#define VALIDATE_NUMBER_H

#include "model/tape.h"

/* multipleOf by division costs digits x digits: nobody writes a number this long for a reason. */
enum { NUMBER_DIGITS_LIMIT = 4096 };

/* The value is ± d₁d₂…dₙ x 10^exponent, with neither d₁ nor dₙ zero; zero itself has no digits. */
struct decimal {
    struct str whole, fraction; /* the digits before and behind the point, as written */
    size_t first, count;        /* which of them are d₁…dₙ */
    int64_t exponent;
    int64_t small; /* ± d₁…dₙ, when is_small */
    bool negative, is_small;
};

/** `text` must be a number as JSON has it. */
struct decimal decimal_of(struct str text);
struct decimal decimal_of_node(const struct node *node);

/** Below, equal to or above zero as a is to b. */
int decimal_compare(const struct decimal *a, const struct decimal *b);
/** No fraction: 1.0 and 1e2 are integers. */
bool decimal_is_integer(const struct decimal *number);
/** The same number has the same hash, however it is written. */
uint64_t decimal_hash(const struct decimal *number);
/** The value as an unsigned count; everything past `limit` is `limit`. False when it is not a whole
 *  number from 0. */
bool decimal_to_count(const struct decimal *number, uint32_t limit, uint32_t *ret_count);

enum multiple_outcome { MULTIPLE_NO, MULTIPLE_YES, MULTIPLE_TOO_LONG };
/** Is `number` a whole number of times `divisor`, which is above zero? */
enum multiple_outcome decimal_multiple(const struct decimal *number, const struct decimal *divisor);

#endif
