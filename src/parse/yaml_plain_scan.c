// SPDX-License-Identifier: MIT
#include "parse/yaml_plain_scan.h"

/* What a character may be in a scalar. */
enum {
    STOPS_BLOCK = 1,  /* of a plain scalar in a block */
    STOPS_FLOW = 2,   /* … in brackets */
    STOPS_SINGLE = 4, /* of a scalar in single quotes */
    STOPS_DOUBLE = 8,
    STOPS_ALL = 15,
    LEADS = 16,     /* may be the first byte of a character that is libyaml's */
    NO_START = 32,  /* cannot start a plain scalar, or not in every place */
    ENDS_LINE = 64, /* a line break's first byte */

    CONTROL = STOPS_ALL | NO_START,
    BREAK = CONTROL | ENDS_LINE,
};

/* clang-format off */
static const uint8_t kinds[256] = {
    CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
    BREAK,   CONTROL, CONTROL, BREAK,   CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
    CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
    CONTROL, CONTROL,
    [0x7F] = CONTROL,
    [':'] = STOPS_BLOCK | STOPS_FLOW | NO_START,
    ['#'] = STOPS_BLOCK | STOPS_FLOW | NO_START,
    [','] = STOPS_FLOW | NO_START,
    ['['] = STOPS_FLOW | NO_START,
    [']'] = STOPS_FLOW | NO_START,
    ['{'] = STOPS_FLOW | NO_START,
    ['}'] = STOPS_FLOW | NO_START,
    ['?'] = STOPS_FLOW | NO_START,
    ['\''] = STOPS_SINGLE | NO_START,
    ['"'] = STOPS_DOUBLE | NO_START,
    ['\\'] = STOPS_DOUBLE,
    [' '] = NO_START,
    ['-'] = NO_START,
    ['&'] = NO_START,
    ['*'] = NO_START,
    ['!'] = NO_START,
    ['|'] = NO_START,
    ['>'] = NO_START,
    ['%'] = NO_START,
    ['@'] = NO_START,
    ['`'] = NO_START,
    [0xC2] = STOPS_ALL | LEADS, /* U+0080 to U+009F, controls and a line break among them */
    [0xE2] = STOPS_ALL | LEADS, /* U+2028, U+2029: line breaks */
    [0xEF] = STOPS_ALL | LEADS, /* U+FEFF, U+FFFE, U+FFFF */
};
/* clang-format on */

static uint8_t kind_at(const struct plain *plain, uint32_t at)
{
    return at < plain->end ? kinds[(unsigned char)plain->text[at]] : BREAK;
}

/** Whether the character that begins at `at` with a LEADS byte is one like any other. */
static bool is_ordinary(const struct plain *plain, uint32_t at)
{
    const unsigned char *bytes = (const unsigned char *)plain->text + at;
    switch (bytes[0]) {
    case 0xC2: return plain->end - at >= 2 && bytes[1] >= 0xA0;
    case 0xE2:
        return plain->end - at >= 3 &&
               !(bytes[1] == 0x80 && (bytes[2] == 0xA8 || bytes[2] == 0xA9));
    default:
        return plain->end - at >= 3 && !(bytes[1] == 0xBB && bytes[2] == 0xBF) &&
               !(bytes[1] == 0xBF && bytes[2] >= 0xBE);
    }
}

/** The high bit of each byte of `word` that is not ASCII, a control character, `one` or `other`: of
 * the first such byte at least, those behind it are not to be trusted. */
static inline uint64_t stop_bits(uint64_t word, char one, char other)
{
    const uint64_t each = UINT64_C(0x0101010101010101), high = each << 7, low = high - each;
    uint64_t is_one = (word ^ each * (unsigned char)one) + low;     /* below the high bit: it is */
    uint64_t is_other = (word ^ each * (unsigned char)other) + low; /* the same */
    uint64_t printable = word + each * 0x60;
    uint64_t is_delete = word + each;
    return (word | is_delete | ~(is_one & is_other & printable)) & high;
}

/** The next byte from `at` on that stops; `plain->end` when there is none. `one` and `other` are
 * the printable characters that do. */
static inline uint32_t find_stop(const struct plain *plain, uint32_t at, unsigned stops, char one,
                                 char other)
{
    const unsigned char *text = (const unsigned char *)plain->text;
    const uint32_t end = plain->end;
    uint64_t word, bits;
    for (;;) {
        while (end - at >= sizeof word) {
            memcpy(&word, text + at, sizeof word);
            bits = stop_bits(le64toh(word), one, other);
            at += bits ? (uint32_t)__builtin_ctzll(bits) / 8 : (uint32_t)sizeof word;
            if (bits)
                break;
        }
        /* Bytes of characters that are not ASCII, and the last few before the end. */
        while (at < end && !(kinds[text[at]] & stops) &&
               (text[at] >= 0x80 || end - at < sizeof word))
            at++;
        if (at == end)
            return at;
        if (kinds[text[at]] & LEADS && is_ordinary(plain, at))
            at++;
        else if (kinds[text[at]] & stops)
            return at;
    }
}

/** The same in brackets, where many characters stop. */
static uint32_t find_flow_stop(const struct plain *plain, uint32_t at)
{
    for (;; at++) {
        while (!(kind_at(plain, at) & STOPS_FLOW))
            at++;
        if (at >= plain->end || !(kind_at(plain, at) & LEADS) || !is_ordinary(plain, at))
            return at;
    }
}

/** Whether a line ends at `at`: \n, \r\n, or nothing follows. */
static bool is_line_end(const struct plain *plain, uint32_t at)
{
    if (at == plain->end || plain->text[at] == '\n')
        return true;
    return plain->text[at] == '\r' && at + 1 < plain->end && plain->text[at + 1] == '\n';
}

static bool end_of_text(struct plain *plain)
{
    plain->indent = -1;
    plain->at = plain->end;
    return true;
}

bool plain_find_content(struct plain *plain, uint32_t at)
{
    while (at < plain->end) {
        uint32_t start = at;
        at = plain_skip_spaces(plain, at);
        if (plain_char(plain, at) == '#') {
            while (kind_at(plain, at = find_stop(plain, at, STOPS_SINGLE, '\'', '\'')) ==
                   kinds['\''])
                at++;
        } else if (!(kind_at(plain, at) & ENDS_LINE)) {
            plain->indent = at - start;
            plain->at = at;
            return true;
        }
        if (!is_line_end(plain, at))
            return false;
        at += plain_char(plain, at) == '\r' ? 2 : 1;
    }
    return end_of_text(plain);
}

bool plain_next_line(struct plain *plain)
{
    uint32_t at = plain->at;
    if (!is_line_end(plain, at))
        return false;
    return plain_find_content(plain, at + (plain_char(plain, at) == '\r' ? 2 : 1));
}

/** A colon that makes what stands before it a key. */
static bool is_colon(const struct plain *plain, uint32_t at)
{
    char next = plain_char(plain, at + 1);
    return plain_char(plain, at) == ':' && (next == ' ' || next == '\n' || next == '\r');
}

static bool read_quoted(const struct plain *plain, uint32_t at, struct scalar *scalar)
{
    char quote = plain->text[at];
    bool is_single = quote == '\'';
    uint32_t close = is_single ? find_stop(plain, at + 1, STOPS_SINGLE, '\'', '\'')
                               : find_stop(plain, at + 1, STOPS_DOUBLE, '"', '\\');
    if (close == plain->end || plain->text[close] != quote ||
        (is_single && plain_char(plain, close + 1) == '\''))
        return false;
    *scalar = (struct scalar){
        .style = is_single ? STYLE_SINGLE : STYLE_DOUBLE,
        .start = at,
        .end = close + 1,
        .text = {plain->text + at + 1, close - at - 1},
        .is_key = is_colon(plain, close + 1),
    };
    return true;
}

static bool may_start(const struct plain *plain, uint32_t at)
{
    uint8_t kind = kind_at(plain, at);
    if (at == plain->end || !(kind & NO_START))
        return at < plain->end && (!(kind & LEADS) || is_ordinary(plain, at));
    return plain->text[at] == '-' && !(kind_at(plain, at + 1) & NO_START);
}

/** One in a block: up to the line's end, or a colon that makes it a key. */
static bool read_plain(const struct plain *plain, uint32_t start, struct scalar *scalar)
{
    if (!may_start(plain, start))
        return false;
    uint32_t at = start;
    for (;;) {
        at = find_stop(plain, at, STOPS_BLOCK, ':', '#');
        if (is_line_end(plain, at) || is_colon(plain, at))
            break;
        bool is_ours =
            plain->text[at] == ':' || (plain->text[at] == '#' && plain->text[at - 1] != ' ');
        if (!is_ours)
            return false;
        at++;
    }
    scalar->is_key = plain_char(plain, at) == ':';
    while (plain->text[at - 1] == ' ')
        at--;
    scalar->style = STYLE_PLAIN;
    scalar->start = start;
    scalar->end = at;
    scalar->text = (struct str){plain->text + start, at - start};
    return true;
}

/** One in brackets: up to a comma or the closing bracket. */
static bool read_flow_plain(const struct plain *plain, uint32_t start, struct scalar *scalar)
{
    if (!may_start(plain, start))
        return false;
    uint32_t at = find_flow_stop(plain, start);
    if (plain_char(plain, at) != ',' && plain_char(plain, at) != ']')
        return false;
    while (plain->text[at - 1] == ' ')
        at--;
    *scalar = (struct scalar){
        .style = STYLE_PLAIN, .start = start, .end = at, .text = {plain->text + start, at - start}};
    return true;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

bool plain_read(const struct plain *plain, uint32_t start, struct scalar *scalar)
{
    return is_quote(plain_char(plain, start)) ? read_quoted(plain, start, scalar)
                                              : read_plain(plain, start, scalar);
}

bool plain_read_in_brackets(const struct plain *plain, uint32_t start, struct scalar *scalar)
{
    return is_quote(plain_char(plain, start)) ? read_quoted(plain, start, scalar)
                                              : read_flow_plain(plain, start, scalar);
}
