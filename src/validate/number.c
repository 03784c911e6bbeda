// SPDX-License-Identifier: MIT
#include "validate/number.h"

#include <assert.h>

enum { SMALL_DIGITS = 18 }; /* any 18 digits fit an int64_t */

/* An exponent past this is as good as infinite beside any text that fits in memory. */
static const int64_t EXPONENT_LIMIT = INT64_C(1000000000000000);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct str take_digits(struct str *text)
{
    size_t length = 0;
    while (length < text->length && is_digit(text->at[length]))
        length++;
    struct str digits = str_slice(*text, 0, length);
    *text = str_slice(*text, length, text->length);
    return digits;
}

static bool take(struct str *text, char c)
{
    if (!text->length || text->at[0] != c)
        return false;
    *text = str_slice(*text, 1, text->length);
    return true;
}

static int64_t take_exponent(struct str *text)
{
    if (!take(text, 'e') && !take(text, 'E'))
        return 0;
    bool negative = take(text, '-');
    if (!negative)
        take(text, '+');
    struct str digits = take_digits(text);
    int64_t exponent = 0;
    for (size_t i = 0; i < digits.length && exponent < EXPONENT_LIMIT; i++)
        exponent = exponent * 10 + (digits.at[i] - '0');
    return negative ? -exponent : exponent;
}

static char written_digit(const struct decimal *number, size_t index)
{
    if (index < number->whole.length)
        return number->whole.at[index];
    assert(number->fraction.at);
    return number->fraction.at[index - number->whole.length];
}

/** The digit i places behind d₁, as a number; zero behind the last one. */
static int digit(const struct decimal *number, size_t i)
{
    return i < number->count ? written_digit(number, number->first + i) - '0' : 0;
}

static void set_small(struct decimal *number)
{
    number->is_small = number->count <= SMALL_DIGITS;
    if (!number->is_small)
        return;
    int64_t value = 0;
    for (size_t i = 0; i < number->count; i++)
        value = value * 10 + digit(number, i);
    number->small = number->negative ? -value : value;
}

struct decimal decimal_of(struct str text)
{
    struct decimal number = {.negative = take(&text, '-')};
    number.whole = take_digits(&text);
    if (take(&text, '.'))
        number.fraction = take_digits(&text);
    number.exponent = take_exponent(&text);

    size_t written = number.whole.length + number.fraction.length, end = written;
    while (number.first < end && written_digit(&number, number.first) == '0')
        number.first++;
    while (end > number.first && written_digit(&number, end - 1) == '0')
        end--;
    number.count = end - number.first;
    if (number.count)
        number.exponent += (int64_t)number.whole.length - (int64_t)end;
    else
        number = (struct decimal){0};
    set_small(&number);
    return number;
}

struct decimal decimal_of_node(const struct node *node)
{
    return decimal_of(node_text(node));
}

static int compare_digits(const struct decimal *a, const struct decimal *b)
{
    size_t longest = a->count > b->count ? a->count : b->count;
    for (size_t i = 0; i < longest; i++)
        if (digit(a, i) != digit(b, i))
            return digit(a, i) < digit(b, i) ? -1 : 1;
    return 0;
}

static int compare_magnitudes(const struct decimal *a, const struct decimal *b)
{
    if (!a->count || !b->count)
        return (a->count > 0) - (b->count > 0);
    int64_t left = (int64_t)a->count + a->exponent, right = (int64_t)b->count + b->exponent;
    if (left != right)
        return left < right ? -1 : 1;
    return compare_digits(a, b);
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    if (a->exponent == b->exponent && a->is_small && b->is_small)
        return (a->small > b->small) - (a->small < b->small);
    int order = compare_magnitudes(a, b);
    return a->negative ? -order : order;
}

bool decimal_is_integer(const struct decimal *number)
{
    return number->exponent >= 0;
}

uint64_t decimal_hash(const struct decimal *number)
{
    const uint64_t prime = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = (uint64_t)number->exponent * prime + number->negative;
    for (size_t i = 0; i < number->count; i++)
        hash = (hash ^ (uint64_t)digit(number, i)) * prime;
    return hash ^ hash >> 31;
}

bool decimal_to_count(const struct decimal *number, uint32_t limit, uint32_t *ret_count)
{
    if (number->negative || !decimal_is_integer(number))
        return false;
    uint64_t value = number->is_small ? (uint64_t)number->small : limit;
    for (int64_t i = 0; i < number->exponent && value < limit && value; i++)
        value *= 10;
    *ret_count = value < limit ? (uint32_t)value : limit;
    return true;
}
