// SPDX-License-Identifier: MIT
/*
 * multipleOf without rounding. With value a·10ˣ and divisor b·10ʸ (a and b not ending in zero) let
 * e = x - y. Is e below zero, then 10 would have to divide a, which it does not. Else the question
 * is whether b divides a·10ᵉ: a long division, digit by digit, of which only the rest is kept.
 *
 * Past a bound more zeros change nothing: 10ᵉ can only help b with factors 2 and 5, and a b of n
 * digits has fewer than 4n of them. So 1e308 costs no more than 1e80.
 */
#include "validate/number.h"

#include "base/arena.h"

#include <stdlib.h>

__extension__ typedef unsigned __int128 wide_number;

static int digit_at(const struct decimal *number, size_t i)
{
    size_t index = number->first + i;
    return (index < number->whole.length ? number->whole.at[index]
                                         : number->fraction.at[index - number->whole.length]) -
           '0';
}

static uint64_t zeros_needed(const struct decimal *divisor, int64_t exponent)
{
    uint64_t bound = 4 * (uint64_t)divisor->count;
    return (uint64_t)exponent < bound ? (uint64_t)exponent : bound;
}

static bool divides_small(const struct decimal *number, uint64_t divisor, uint64_t zeros)
{
    wide_number rest = 0;
    if (number->is_small) {
        rest = (uint64_t)(number->negative ? -number->small : number->small) % divisor;
    } else {
        for (size_t i = 0; i < number->count; i++)
            rest = (rest * 10 + (unsigned)digit_at(number, i)) % divisor;
    }
    for (uint64_t i = 0; i < zeros && rest; i++)
        rest = rest * 10 % divisor;
    return rest == 0;
}

/* Natural numbers below 10¹⁸ⁿ, least part first. */
enum { PART_DIGITS = 18 };
static const uint64_t PART = UINT64_C(1000000000000000000);

static void multiply_add(uint64_t *parts, size_t count, unsigned add)
{
    uint64_t carry = add;
    for (size_t i = 0; i < count; i++) {
        wide_number wide = (wide_number)parts[i] * 10 + carry;
        parts[i] = (uint64_t)(wide % PART);
        carry = (uint64_t)(wide / PART);
    }
}

static bool is_below(const uint64_t *a, const uint64_t *b, size_t count)
{
    for (size_t i = count; i-- > 0;)
        if (a[i] != b[i])
            return a[i] < b[i];
    return false;
}

static void subtract(uint64_t *a, const uint64_t *b, size_t count)
{
    uint64_t borrow = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t minus = b[i] + borrow;
        borrow = a[i] < minus;
        a[i] = a[i] + (borrow ? PART : 0) - minus;
    }
}

static void take_digit(uint64_t *rest, const uint64_t *divisor, size_t count, int digit)
{
    multiply_add(rest, count, (unsigned)digit);
    while (!is_below(rest, divisor, count))
        subtract(rest, divisor, count);
}

static bool divides_large(const struct decimal *number, const struct decimal *divisor,
                          uint64_t zeros)
{
    uint64_t parts[NUMBER_DIGITS_LIMIT / PART_DIGITS + 2] = {0};
    uint64_t rest[NUMBER_DIGITS_LIMIT / PART_DIGITS + 2] = {0};
    size_t count = divisor->count / PART_DIGITS + 2;
    for (size_t i = 0; i < divisor->count; i++)
        multiply_add(parts, count, (unsigned)digit_at(divisor, i));
    for (size_t i = 0; i < number->count; i++)
        take_digit(rest, parts, count, digit_at(number, i));
    for (uint64_t i = 0; i < zeros; i++)
        take_digit(rest, parts, count, 0);
    for (size_t i = 0; i < count; i++)
        if (rest[i])
            return false;
    return true;
}

enum multiple_outcome decimal_multiple(const struct decimal *number, const struct decimal *divisor)
{
    if (!number->count)
        return MULTIPLE_YES;
    int64_t exponent = number->exponent - divisor->exponent;
    if (exponent < 0)
        return MULTIPLE_NO;
    uint64_t zeros = zeros_needed(divisor, exponent);
    bool divides;
    if (divisor->is_small)
        divides = divides_small(number, (uint64_t)divisor->small, zeros);
    else if (number->count > NUMBER_DIGITS_LIMIT || divisor->count > NUMBER_DIGITS_LIMIT)
        return MULTIPLE_TOO_LONG;
    else
        divides = divides_large(number, divisor, zeros);
    return divides ? MULTIPLE_YES : MULTIPLE_NO;
}
