// SPDX-License-Identifier: MIT
#include "parse/yaml_scalar.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(struct str text, size_t at)
{
    while (at < text.length && is_digit(text.at[at]))
        at++;
    return at;
}

static bool is_sign(struct str text, size_t at)
{
    return at < text.length && (text.at[at] == '-' || text.at[at] == '+');
}

/** 0o17 and 0x1F: both digits and the radix count, or 0 when it is neither. No sign is allowed. */
static unsigned radix_of(struct str text)
{
    bool is_octal = str_starts_with(text, STR("0o"));
    if (text.length < 3 || (!is_octal && !str_starts_with(text, STR("0x"))))
        return 0;
    for (size_t i = 2; i < text.length; i++) {
        char c = text.at[i], letter = (char)(c | 0x20);
        bool fits =
            is_octal ? c >= '0' && c <= '7' : is_digit(c) || (letter >= 'a' && letter <= 'f');
        if (!fits)
            return 0;
    }
    return is_octal ? 8 : 16;
}

/** [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? or [-+]?[0-9]+ or a radix. */
static enum yaml_scalar number_of(struct str text)
{
    if (radix_of(text))
        return YAML_INTEGER;
    size_t start = is_sign(text, 0), at = skip_digits(text, start);
    size_t digits = at - start;
    if (digits && at == text.length)
        return YAML_INTEGER;
    if (at < text.length && text.at[at] == '.') {
        size_t behind = skip_digits(text, at + 1);
        digits += behind - at - 1;
        at = behind;
    }
    if (!digits)
        return YAML_STRING;
    if (at < text.length && (text.at[at] | 0x20) == 'e') {
        size_t exponent = at + 1 + is_sign(text, at + 1);
        at = skip_digits(text, exponent);
        if (at == exponent)
            return YAML_STRING;
    }
    return at == text.length ? YAML_FLOAT : YAML_STRING;
}

/** One of the three ways to write a word: null, Null, NULL. */
static bool is_word(struct str text, const char *small, const char *capital, const char *big)
{
    return str_is(text, small) || str_is(text, capital) || str_is(text, big);
}

static bool is_not_finite(struct str text)
{
    struct str unsigned_text = str_slice(text, is_sign(text, 0), text.length);
    return is_word(unsigned_text, ".inf", ".Inf", ".INF") || is_word(text, ".nan", ".NaN", ".NAN");
}

enum yaml_scalar yaml_scalar_of(struct str plain)
{
    if (!plain.length)
        return YAML_NULL;
    switch (plain.at[0]) {
    case '~': return plain.length == 1 ? YAML_NULL : YAML_STRING;
    case 'n':
    case 'N': return is_word(plain, "null", "Null", "NULL") ? YAML_NULL : YAML_STRING;
    case 't':
    case 'T': return is_word(plain, "true", "True", "TRUE") ? YAML_TRUE : YAML_STRING;
    case 'f':
    case 'F': return is_word(plain, "false", "False", "FALSE") ? YAML_FALSE : YAML_STRING;
    case '.':
    case '-':
    case '+': return is_not_finite(plain) ? YAML_NOT_FINITE : number_of(plain);
    default: return is_digit(plain.at[0]) ? number_of(plain) : YAML_STRING;
    }
}

enum { LIMB_DIGITS = 9, LIMB = 1000 * 1000 * 1000, LIMBS = YAML_RADIX_DIGITS * 4 / 29 + 2 };

/** digits * radix + digit, over all limbs (nine decimal digits each, the lowest first). */
static size_t multiply_add(uint32_t *limbs, size_t count, unsigned radix, unsigned digit)
{
    uint64_t carry = digit;
    for (size_t i = 0; i < count; i++) {
        carry += (uint64_t)limbs[i] * radix;
        limbs[i] = (uint32_t)(carry % LIMB);
        carry /= LIMB;
    }
    if (carry)
        limbs[count++] = (uint32_t)carry;
    return count;
}

static unsigned digit_value(char c)
{
    return (unsigned)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

/** The limbs' decimal digits, the highest limb first, without leading zeros. */
static bool limbs_text(const uint32_t *limbs, size_t count, struct arena *arena,
                       struct str *ret_text)
{
    char *text = arena_alloc(arena, count * LIMB_DIGITS);
    if (!text)
        return false;
    char *end = text + count * LIMB_DIGITS, *at = end;
    for (size_t i = 0; i < count; i++) {
        uint32_t limb = limbs[i];
        for (int digit = 0; digit < LIMB_DIGITS; digit++, limb /= 10)
            *--at = (char)('0' + limb % 10);
    }
    while (at + 1 < end && *at == '0')
        at++;
    *ret_text = (struct str){at, (size_t)(end - at)};
    return true;
}

static bool radix_text(struct str digits, unsigned radix, struct arena *arena, struct str *ret_text)
{
    uint32_t limbs[LIMBS] = {0};
    size_t count = 1;
    while (digits.length > 1 && digits.at[0] == '0')
        digits = str_slice(digits, 1, digits.length);
    if (digits.length > YAML_RADIX_DIGITS)
        return false;
    for (size_t i = 0; i < digits.length; i++)
        count = multiply_add(limbs, count, radix, digit_value(digits.at[i]));
    return limbs_text(limbs, count, arena, ret_text);
}

/** What JSON wants otherwise: no '+', no leading zeros, digits on both sides of the point. */
static struct str decimal_text(struct str plain, struct arena *arena)
{
    bool is_negative = plain.at[0] == '-';
    struct str rest = str_slice(plain, is_sign(plain, 0), plain.length);
    size_t whole = skip_digits(rest, 0), zeros = 0;
    while (zeros + 1 < whole && rest.at[zeros] == '0')
        zeros++;
    size_t behind = whole;
    if (whole < rest.length && rest.at[whole] == '.')
        behind++;
    bool lacks_fraction = behind > whole && skip_digits(rest, behind) == behind;
    if (!is_negative && whole && !lacks_fraction)
        return str_slice(rest, zeros, rest.length);
    if (whole && !zeros && !lacks_fraction)
        return plain;
    return arena_format(arena, "%s%s%.*s%s%.*s", is_negative ? "-" : "", whole ? "" : "0",
                        STR_ARG(str_slice(rest, zeros, behind)), lacks_fraction ? "0" : "",
                        STR_ARG(str_slice(rest, behind, rest.length)));
}

bool yaml_number_text(struct str plain, struct arena *arena, struct str *ret_text)
{
    unsigned radix = radix_of(plain);
    if (radix)
        return radix_text(str_slice(plain, 2, plain.length), radix, arena, ret_text);
    struct str text = decimal_text(plain, arena);
    if (!text.length)
        return false;
    *ret_text = text;
    return true;
}
