// SPDX-License-Identifier: MIT
/*
 * A recursive scanner that writes nodes as it goes. Each scan_ function gets the place where its
 * part starts and returns the place behind it, or NULL once something is wrong.
 *
 * Bytes past ASCII are allowed in strings alone, so the encoding is checked there alone. Most
 * strings need no decoding: their node points into the source. A message is put together only where
 * a problem list waits for it; the scan stops at the first error, because what follows it is
 * guesswork.
 */
#include "parse/json.h"

#include "base/utf8.h"
#include "parse/encoding.h"
#include "parse/json_string.h"
#include "parse/repeats.h"

#include <stdarg.h>
#include <strings.h>

struct scanner {
    const char *source, *end;
    struct tape *tape;
    struct problem_list *problems; /* NULL: only the verdict is wanted */
    unsigned depth;
};

#define UNLIKELY __attribute__((cold, noinline))

/** Reports what stands from `start` to `end`. NULL, as every scan_ function that fails. */
UNLIKELY __attribute__((format(printf, 4, 5))) static const char *reject(struct scanner *scanner,
                                                                         const char *start,
                                                                         const char *end,
                                                                         const char *format, ...)
{
    if (!scanner->problems)
        return NULL;
    va_list args;
    va_start(args, format);
    problem_addv(scanner->problems, PROBLEM_ERROR, "json", (uint32_t)(start - scanner->source),
                 (uint32_t)(end - scanner->source), format, args);
    va_end(args);
    return NULL;
}

/** Where the word, number or character that starts at `at` ends: what a message quotes. */
static const char *token_end(const struct scanner *scanner, const char *at)
{
    const char *end = at;
    while (end < scanner->end && (unsigned char)*end > ' ' && !strchr(",:[]{}\"'", *end))
        end++;
    if (end == at && at < scanner->end)
        end++;
    return end;
}

/** Behind the string's text; NULL with a problem when it is not UTF-8. */
__attribute__((noinline)) static const char *check_encoding(struct scanner *scanner,
                                                            const char *text, const char *end)
{
    size_t broken = utf8_find_invalid((struct str){text, (size_t)(end - text)});
    if (broken == STR_NONE)
        return end;
    encoding_report(scanner->tape->source, (size_t)(text - scanner->source) + broken,
                    scanner->problems);
    return NULL;
}

/** Says that `wanted` was expected at `at`, and what stands there instead. */
UNLIKELY static const char *reject_token(struct scanner *scanner, const char *at,
                                         const char *wanted)
{
    if (!scanner->problems)
        return NULL;
    if (at == scanner->end)
        return reject(scanner, at, at, "expected %s, but the text ends here", wanted);
    const char *end = token_end(scanner, at);
    if (!check_encoding(scanner, at, end))
        return NULL;
    return reject(scanner, at, end, "expected %s, found '%s'", wanted,
                  problem_excerpt(scanner->problems, (struct str){at, (size_t)(end - at)}));
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/** The byte at `at`, or -1 at the end. */
static int byte_at(const struct scanner *scanner, const char *at)
{
    return at < scanner->end ? (unsigned char)*at : -1;
}

/** Adds the node of the bytes from `start` to `end`. NULL when memory is out. */
static struct node *add_node(struct scanner *scanner, enum node_type type, const char *start,
                             const char *end)
{
    uint32_t index = tape_push(scanner->tape, type, (uint32_t)(start - scanner->source),
                               (uint32_t)(end - scanner->source));
    return index == TAPE_NONE ? NULL : &scanner->tape->nodes[index];
}

/** A string with escapes, or a broken one; its text starts at `text`. */
UNLIKELY static const char *decode_string(struct scanner *scanner, const char *text,
                                          struct str *ret_text)
{
    struct json_string string;
    if (!json_string_decode(text, scanner->end, &scanner->tape->text, &string))
        return reject(scanner, string.error_start, string.error_end, "%s", string.error);
    *ret_text = string.text;
    return check_encoding(scanner, text, string.end);
}

static const char *scan_string(struct scanner *scanner, const char *start, enum node_type type)
{
    uint64_t high_bits;
    const char *stop = json_string_stop(start + 1, scanner->end, &high_bits);
    struct str text = {start + 1, (size_t)(stop - start - 1)};
    bool is_plain = byte_at(scanner, stop) == '"';
    const char *end = is_plain ? stop + 1 : decode_string(scanner, start + 1, &text);
    if (is_plain && high_bits)
        end = check_encoding(scanner, start + 1, end);
    struct node *node = end ? add_node(scanner, type, start, end) : NULL;
    if (!node)
        return NULL;
    node->style = STYLE_DOUBLE;
    node->flags = is_plain ? 0 : NODE_DECODED;
    node->text = text.at;
    node->text_length = (uint32_t)text.length;
    if (type == NODE_KEY)
        node->hash = name_hash(text);
    return end;
}

static const char *scan_word(struct scanner *scanner, const char *start, enum node_type type,
                             struct str word)
{
    struct str found = {start, (size_t)(scanner->end - start)};
    const char *end = start + word.length;
    if (!str_starts_with(found, word) || token_end(scanner, end - 1) != end)
        return reject_token(scanner, start, "a value");
    return add_node(scanner, type, start, end) ? end : NULL;
}

static const char *skip_digits(const struct scanner *scanner, const char *at)
{
    while (at < scanner->end && (unsigned)(*at - '0') <= 9)
        at++;
    return at;
}

/** `.5`, `e-3` or both, behind a number's integer at `at`. */
static const char *scan_fraction(struct scanner *scanner, const char *at)
{
    if (byte_at(scanner, at) == '.') {
        const char *digits = at + 1;
        at = skip_digits(scanner, digits);
        if (at == digits)
            return reject_token(scanner, at, "a digit behind the decimal point");
    }
    if ((byte_at(scanner, at) | 0x20) == 'e') {
        const char *digits = at + 1;
        if (byte_at(scanner, digits) == '-' || byte_at(scanner, digits) == '+')
            digits++;
        at = skip_digits(scanner, digits);
        if (at == digits)
            return reject_token(scanner, at, "a digit in the exponent");
    }
    return at;
}

static const char *scan_number(struct scanner *scanner, const char *start)
{
    const char *digits = start + (*start == '-'), *end = skip_digits(scanner, digits);
    if (end == digits)
        return reject_token(scanner, end, "a digit behind '-'");
    if (*digits == '0' && end - digits > 1)
        return reject(scanner, start, end, "a number must not start with 0");
    end = scan_fraction(scanner, end);
    struct node *node = end ? add_node(scanner, NODE_NUMBER, start, end) : NULL;
    if (!node)
        return NULL;
    node_set_number(node, (struct str){start, (size_t)(end - start)});
    return end;
}

static bool is_word_but_for_case(struct str text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.at, word, text.length) == 0;
}

/** Something that starts like no JSON value: the usual mistakes get their own words. */
UNLIKELY static const char *reject_value(struct scanner *scanner, const char *at)
{
    const char *end = token_end(scanner, at);
    struct str word = {at, (size_t)(end - at)};
    if (is_word_but_for_case(word, "true") || is_word_but_for_case(word, "false") ||
        is_word_but_for_case(word, "null"))
        return reject(scanner, at, end, "true, false and null are written in small letters");
    switch (byte_at(scanner, at)) {
    case '\'': return reject(scanner, at, end, "expected a value: strings need double quotes");
    case '/':
    case '#': return reject(scanner, at, end, "expected a value: JSON has no comments");
    case '+': return reject(scanner, at, end, "a number must not start with '+'");
    case '.': return reject(scanner, at, end, "a number must not start with '.' (write 0.5)");
    default: return reject_token(scanner, at, "a value");
    }
}

static const char *scan_array(struct scanner *scanner, const char *start);
static const char *scan_object(struct scanner *scanner, const char *start);

static const char *scan_value(struct scanner *scanner, const char *at)
{
    switch (byte_at(scanner, at)) {
    case '"': return scan_string(scanner, at, NODE_STRING);
    case '{': return scan_object(scanner, at);
    case '[': return scan_array(scanner, at);
    case 't': return scan_word(scanner, at, NODE_TRUE, STR("true"));
    case 'f': return scan_word(scanner, at, NODE_FALSE, STR("false"));
    case 'n': return scan_word(scanner, at, NODE_NULL, STR("null"));
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return scan_number(scanner, at);
    default: return reject_value(scanner, at);
    }
}

/** Adds the container whose bracket is at `start`; TAPE_NONE when that cannot be. */
static uint32_t open_container(struct scanner *scanner, const char *start, enum node_type type)
{
    if (scanner->depth == JSON_DEPTH_LIMIT) {
        reject(scanner, start, start + 1, "nested more than %d levels deep", JSON_DEPTH_LIMIT);
        return TAPE_NONE;
    }
    struct node *node = add_node(scanner, type, start, start + 1);
    if (!node)
        return TAPE_NONE;
    node->style = STYLE_FLOW;
    scanner->depth++;
    return (uint32_t)scanner->tape->count - 1;
}

/** Completes the container whose closing bracket is at `at`, and steps over it. */
static const char *close_container(struct scanner *scanner, uint32_t index, uint32_t count,
                                   const char *at)
{
    struct node *node = &scanner->tape->nodes[index];
    node->end = (uint32_t)(at + 1 - scanner->source);
    node->next = (uint32_t)scanner->tape->count;
    node->count = count;
    scanner->depth--;
    return at + 1;
}

/** The text ends, or something wrong stands, where the container goes on or ends. */
UNLIKELY static const char *reject_separator(struct scanner *scanner, uint32_t index,
                                             const char *at)
{
    const struct node *container = &scanner->tape->nodes[index];
    bool is_object = container->type == NODE_OBJECT;
    if (at < scanner->end)
        return reject_token(
            scanner, at, is_object ? "',' or '}' after the value" : "',' or ']' after the value");
    return reject(scanner, at, at, "the text ends inside the %s that starts in line %u",
                  is_object ? "object" : "array",
                  source_line(scanner->tape->source, container->start));
}

static const char *scan_array(struct scanner *scanner, const char *start)
{
    uint32_t array = open_container(scanner, start, NODE_ARRAY), count = 0;
    if (array == TAPE_NONE)
        return NULL;
    const char *at = skip_space(start + 1, scanner->end);
    if (byte_at(scanner, at) == ']')
        return close_container(scanner, array, 0, at);
    for (;;) {
        if (count && byte_at(scanner, at) == ']')
            return reject_token(scanner, at, "a value after ','");
        at = scan_value(scanner, at);
        if (!at)
            return NULL;
        count++;
        at = skip_space(at, scanner->end);
        if (byte_at(scanner, at) == ']')
            return close_container(scanner, array, count, at);
        if (byte_at(scanner, at) != ',')
            return reject_separator(scanner, array, at);
        at = skip_space(at + 1, scanner->end);
    }
}

/** `"name" : value`. */
static const char *scan_member(struct scanner *scanner, const char *at)
{
    uint32_t key = (uint32_t)scanner->tape->count;
    if (byte_at(scanner, at) != '"')
        return reject_token(scanner, at, "a key in double quotes");
    at = scan_string(scanner, at, NODE_KEY);
    if (!at)
        return NULL;
    at = skip_space(at, scanner->end);
    if (byte_at(scanner, at) != ':')
        return reject_token(scanner, at, "':' after the key");
    at = scan_value(scanner, skip_space(at + 1, scanner->end));
    scanner->tape->nodes[key].next = (uint32_t)scanner->tape->count;
    return at;
}

/** A set of names that forgets nothing but may think it knows a name: it spares nearly every object
 *  the comparing of its keys. */
struct name_filter {
    uint64_t first, second;
};

/** Adds a name by its hash; true when it may have been there. */
static bool filter_add(struct name_filter *filter, uint64_t hash)
{
    uint64_t mixed = hash * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t first = UINT64_C(1) << (mixed >> 58), second = UINT64_C(1) << (mixed >> 52 & 63);
    bool is_known = (filter->first & first) && (filter->second & second);
    filter->first |= first;
    filter->second |= second;
    return is_known;
}

static const char *scan_object(struct scanner *scanner, const char *start)
{
    uint32_t object = open_container(scanner, start, NODE_OBJECT), count = 0;
    if (object == TAPE_NONE)
        return NULL;
    const char *at = skip_space(start + 1, scanner->end);
    if (byte_at(scanner, at) == '}')
        return close_container(scanner, object, 0, at);
    struct name_filter names = {0};
    bool may_repeat = false;
    for (;;) {
        uint32_t key = (uint32_t)scanner->tape->count;
        at = scan_member(scanner, at);
        if (!at)
            return NULL;
        may_repeat |= filter_add(&names, scanner->tape->nodes[key].hash);
        count++;
        at = skip_space(at, scanner->end);
        if (byte_at(scanner, at) == '}')
            break;
        if (byte_at(scanner, at) != ',')
            return reject_separator(scanner, object, at);
        at = skip_space(at + 1, scanner->end);
    }
    at = close_container(scanner, object, count, at);
    return may_repeat && !repeats_check(scanner->tape, object, scanner->problems) ? NULL : at;
}

static bool scan_document(struct scanner *scanner, const char *at)
{
    at = skip_space(at, scanner->end);
    if (at == scanner->end) {
        reject(scanner, at, at, "there is no JSON value: the text is empty");
        return false;
    }
    at = scan_value(scanner, at);
    if (!at)
        return false;
    at = skip_space(at, scanner->end);
    if (at < scanner->end)
        reject_token(scanner, at, "nothing more after the value");
    return at == scanner->end;
}

bool json_scan_part(struct str source, size_t start, size_t end, struct tape *tape,
                    struct problem_list *problems)
{
    if (!source.at)
        source = STR("");
    tape_reset(tape, source);
    if (source.length >= UINT32_MAX) { /* spans have 32 bits */
        if (problems)
            problem_add(problems, PROBLEM_ERROR, "limit", 0, 0, "larger than 4 GiB");
        return false;
    }
    struct str part = str_slice(source, start, end);
    struct scanner scanner = {
        .source = source.at, .end = part.at + part.length, .tape = tape, .problems = problems};
    bool has_mark = start == 0 && str_starts_with(part, STR("\xEF\xBB\xBF"));
    if (scan_document(&scanner, part.at + (has_mark ? 3 : 0)))
        return true;
    tape->count = 0;
    return false;
}

bool json_scan(struct str source, struct tape *tape, struct problem_list *problems)
{
    return json_scan_part(source, 0, source.length, tape, problems);
}
