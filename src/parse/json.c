// SPDX-License-Identifier: MIT
/*
 * A recursive scanner that writes nodes as it goes.
 *
 * The encoding of the whole text is checked first, eight bytes at a step, so that the scan itself
 * sees valid UTF-8 only and treats every byte past ASCII as a plain character of a string. Most
 * strings need no decoding: their node points into the source. A message is put together only where
 * a problem list waits for it; the scan stops at the first error, because what follows it is
 * guesswork.
 */
#include "parse/json.h"

#include "base/utf8.h"
#include "parse/json_string.h"
#include "parse/repeats.h"

#include <stdarg.h>
#include <stdio.h>

struct scanner {
    const char *at, *end;
    struct tape *tape;
    struct problem_list *problems; /* NULL: only the verdict is wanted */
    unsigned depth;
};

static uint32_t offset_of(const struct scanner *scanner, const char *at)
{
    return (uint32_t)(at - scanner->tape->source.at);
}

/** Reports what stands from `start` to `end`, and gives the verdict: false. */
__attribute__((cold, noinline, format(printf, 4, 5))) static bool reject(struct scanner *scanner,
                                                                         const char *start,
                                                                         const char *end,
                                                                         const char *format, ...)
{
    if (!scanner->problems)
        return false;
    va_list args;
    va_start(args, format);
    char message[256];
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    problem_add(scanner->problems, PROBLEM_ERROR, "json", offset_of(scanner, start),
                offset_of(scanner, end), "%s", message);
    return false;
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

/** Says that `wanted` was expected at the place of the scan, and what stands there instead. */
__attribute__((cold, noinline)) static bool reject_token(struct scanner *scanner,
                                                         const char *wanted)
{
    const char *at = scanner->at, *end = token_end(scanner, at);
    if (!scanner->problems)
        return false;
    if (at == scanner->end)
        return reject(scanner, at, at, "the text ends here: expected %s", wanted);
    struct str token = {at, (size_t)(end - at)};
    return reject(scanner, at, end, "expected %s, found '%s'", wanted,
                  problem_excerpt(scanner->problems, token));
}

static void skip_space(struct scanner *scanner)
{
    const char *at = scanner->at, *end = scanner->end;
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    scanner->at = at;
}

/** The byte that comes next, or -1 at the end. */
static int next_byte(const struct scanner *scanner)
{
    return scanner->at < scanner->end ? (unsigned char)*scanner->at : -1;
}

static bool take(struct scanner *scanner, char c)
{
    if (next_byte(scanner) != c)
        return false;
    scanner->at++;
    return true;
}

/** Adds the node of the bytes from `start` to the place of the scan. NULL when memory is out. */
static struct node *add_node(struct scanner *scanner, enum node_type type, const char *start)
{
    uint32_t index =
        tape_push(scanner->tape, type, offset_of(scanner, start), offset_of(scanner, scanner->at));
    return index == TAPE_NONE ? NULL : &scanner->tape->nodes[index];
}

__attribute__((noinline)) static bool check_encoding(struct scanner *scanner, struct str text)
{
    size_t broken = utf8_find_invalid(text);
    if (broken == STR_NONE)
        return true;
    const char *at = text.at + broken;
    return reject(scanner, at, at + 1, "not valid UTF-8 (byte 0x%02X)", (unsigned char)*at);
}

/** A string with escapes, or a broken one. */
__attribute__((noinline)) static bool decode_string(struct scanner *scanner, struct str *ret_text,
                                                    const char **ret_end)
{
    struct json_string string;
    if (!json_string_decode(scanner->at + 1, scanner->end, &scanner->tape->text, &string))
        return reject(scanner, string.error_start, string.error_end, "%s", string.error);
    *ret_text = string.text;
    *ret_end = string.end;
    const char *text = scanner->at + 1;
    return check_encoding(scanner, (struct str){text, (size_t)(string.end - text)});
}

static bool scan_string(struct scanner *scanner, enum node_type type)
{
    uint64_t bytes;
    const char *start = scanner->at, *end = json_string_stop(start + 1, scanner->end, &bytes);
    struct str text = {start + 1, (size_t)(end - start - 1)};
    bool is_plain = end < scanner->end && *end == '"';
    if (is_plain ? bytes && !check_encoding(scanner, text) : !decode_string(scanner, &text, &end))
        return false;
    end += is_plain;
    scanner->at = end;
    struct node *node = add_node(scanner, type, start);
    if (!node)
        return false;
    node->style = STYLE_DOUBLE;
    node->flags = is_plain ? 0 : NODE_DECODED;
    node->text = text.at;
    node->text_length = (uint32_t)text.length;
    if (type == NODE_KEY)
        node->hash = name_hash(text);
    return true;
}

static bool scan_word(struct scanner *scanner, enum node_type type, struct str word)
{
    const char *start = scanner->at, *end = token_end(scanner, start);
    if (!str_equal((struct str){start, (size_t)(end - start)}, word))
        return reject_token(scanner, "a value");
    scanner->at = end;
    return add_node(scanner, type, start);
}

static size_t skip_digits(struct scanner *scanner)
{
    const char *start = scanner->at;
    while (scanner->at < scanner->end && (unsigned)(*scanner->at - '0') <= 9)
        scanner->at++;
    return (size_t)(scanner->at - start);
}

/** The part behind a number's integer; false when it breaks the grammar. */
static bool scan_fraction_and_exponent(struct scanner *scanner)
{
    if (take(scanner, '.') && !skip_digits(scanner))
        return reject_token(scanner, "a digit behind the decimal point");
    if (take(scanner, 'e') || take(scanner, 'E')) {
        if (!take(scanner, '+'))
            take(scanner, '-');
        if (!skip_digits(scanner))
            return reject_token(scanner, "a digit in the exponent");
    }
    return true;
}

static bool scan_number(struct scanner *scanner)
{
    const char *start = scanner->at;
    take(scanner, '-');
    const char *digits = scanner->at;
    size_t count = skip_digits(scanner);
    if (!count)
        return reject_token(scanner, "a digit behind '-'");
    if (*digits == '0' && count > 1)
        return reject(scanner, start, scanner->at, "a number must not start with 0");
    if (!scan_fraction_and_exponent(scanner))
        return false;
    struct node *node = add_node(scanner, NODE_NUMBER, start);
    if (!node)
        return false;
    node_set_number(node, (struct str){start, (size_t)(scanner->at - start)});
    return true;
}

/** Something that starts like no JSON value: the usual mistakes get their own words. */
__attribute__((cold, noinline)) static bool reject_value(struct scanner *scanner)
{
    const char *at = scanner->at, *end = token_end(scanner, at);
    switch (next_byte(scanner)) {
    case '\'': return reject(scanner, at, end, "expected a value: strings need double quotes");
    case '/':
    case '#': return reject(scanner, at, end, "expected a value: JSON has no comments");
    case '+': return reject(scanner, at, end, "a number must not start with '+'");
    case '.': return reject(scanner, at, end, "a number must not start with '.' (write 0.5)");
    default: return reject_token(scanner, "a value");
    }
}

static bool scan_array(struct scanner *scanner);
static bool scan_object(struct scanner *scanner);

static bool scan_value(struct scanner *scanner)
{
    switch (next_byte(scanner)) {
    case '"': return scan_string(scanner, NODE_STRING);
    case '{': return scan_object(scanner);
    case '[': return scan_array(scanner);
    case 't': return scan_word(scanner, NODE_TRUE, STR("true"));
    case 'f': return scan_word(scanner, NODE_FALSE, STR("false"));
    case 'n': return scan_word(scanner, NODE_NULL, STR("null"));
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
    case '9': return scan_number(scanner);
    default: return reject_value(scanner);
    }
}

/** Steps over the opening bracket. TAPE_NONE when it cannot be. */
static uint32_t open_container(struct scanner *scanner, enum node_type type)
{
    const char *start = scanner->at++;
    if (scanner->depth == JSON_DEPTH_LIMIT) {
        reject(scanner, start, scanner->at, "nested more than %d levels deep", JSON_DEPTH_LIMIT);
        return TAPE_NONE;
    }
    struct node *node = add_node(scanner, type, start);
    if (!node)
        return TAPE_NONE;
    node->style = STYLE_FLOW;
    scanner->depth++;
    skip_space(scanner);
    return (uint32_t)scanner->tape->count - 1;
}

static bool close_container(struct scanner *scanner, uint32_t index, uint32_t count)
{
    struct node *node = &scanner->tape->nodes[index];
    node->end = offset_of(scanner, scanner->at);
    node->next = (uint32_t)scanner->tape->count;
    node->count = count;
    scanner->depth--;
    return true;
}

/** The text ends, or something wrong stands, where a container goes on or ends. */
__attribute__((cold, noinline)) static bool reject_separator(struct scanner *scanner,
                                                             uint32_t index)
{
    const struct node *container = &scanner->tape->nodes[index];
    bool is_object = container->type == NODE_OBJECT;
    if (scanner->at < scanner->end)
        return reject_token(scanner, is_object ? "',' or '}' after the value"
                                               : "',' or ']' after the value");
    return reject(
        scanner, scanner->at, scanner->at, "the text ends inside the %s that starts in line %u",
        is_object ? "object" : "array", source_line(scanner->tape->source, container->start));
}

static bool scan_array(struct scanner *scanner)
{
    uint32_t array = open_container(scanner, NODE_ARRAY), count = 0;
    if (array == TAPE_NONE)
        return false;
    if (take(scanner, ']'))
        return close_container(scanner, array, 0);
    for (;;) {
        if (count && next_byte(scanner) == ']')
            return reject_token(scanner, "a value after ','");
        if (!scan_value(scanner))
            return false;
        count++;
        skip_space(scanner);
        if (take(scanner, ']'))
            return close_container(scanner, array, count);
        if (!take(scanner, ','))
            return reject_separator(scanner, array);
        skip_space(scanner);
    }
}

/** `"name" : value`. */
static bool scan_member(struct scanner *scanner)
{
    uint32_t key = (uint32_t)scanner->tape->count;
    if (next_byte(scanner) != '"')
        return reject_token(scanner, "a key in double quotes");
    if (!scan_string(scanner, NODE_KEY))
        return false;
    skip_space(scanner);
    if (!take(scanner, ':'))
        return reject_token(scanner, "':' after the key");
    skip_space(scanner);
    if (!scan_value(scanner))
        return false;
    scanner->tape->nodes[key].next = (uint32_t)scanner->tape->count;
    return true;
}

static bool close_object(struct scanner *scanner, uint32_t object, uint32_t count, bool may_repeat)
{
    close_container(scanner, object, count);
    return !may_repeat || repeats_check(scanner->tape, object, scanner->problems);
}

/** One of 64 bits, chosen by a name's hash. */
static uint64_t hash_bit(uint64_t hash)
{
    return UINT64_C(1) << (hash * UINT64_C(0x9E3779B97F4A7C15) >> 58);
}

static bool scan_object(struct scanner *scanner)
{
    uint32_t object = open_container(scanner, NODE_OBJECT), count = 0;
    if (object == TAPE_NONE)
        return false;
    if (take(scanner, '}'))
        return close_container(scanner, object, 0);
    uint64_t seen = 0; /* one bit of each key's hash: two equal keys share it */
    bool may_repeat = false;
    for (;;) {
        uint32_t key = (uint32_t)scanner->tape->count;
        if (!scan_member(scanner))
            return false;
        uint64_t bit = hash_bit(scanner->tape->nodes[key].hash);
        may_repeat |= (seen & bit) != 0;
        seen |= bit;
        count++;
        skip_space(scanner);
        if (take(scanner, '}'))
            return close_object(scanner, object, count, may_repeat);
        if (!take(scanner, ','))
            return reject_separator(scanner, object);
        skip_space(scanner);
    }
}

static bool scan_document(struct scanner *scanner)
{
    skip_space(scanner);
    if (scanner->at == scanner->end)
        return reject(scanner, scanner->at, scanner->at,
                      "there is no JSON value: the text is empty");
    if (!scan_value(scanner))
        return false;
    skip_space(scanner);
    return scanner->at == scanner->end || reject_token(scanner, "nothing more after the value");
}

bool json_scan_part(struct str source, size_t start, size_t end, struct tape *tape,
                    struct problem_list *problems)
{
    static const struct str empty = {"", 0};
    if (!source.at)
        source = empty;
    tape_reset(tape, source);
    if (source.length >= UINT32_MAX) { /* spans have 32 bits */
        if (problems)
            problem_add(problems, PROBLEM_ERROR, "limit", 0, 0, "larger than 4 GiB");
        return false;
    }
    struct str part = str_slice(source, start, end);
    struct scanner scanner = {
        .at = part.at, .end = part.at + part.length, .tape = tape, .problems = problems};
    if (start == 0 && str_starts_with(part, STR("\xEF\xBB\xBF")))
        scanner.at += 3;
    if (scan_document(&scanner))
        return true;
    tape->count = 0;
    return false;
}

bool json_scan(struct str source, struct tape *tape, struct problem_list *problems)
{
    return json_scan_part(source, 0, source.length, tape, problems);
}
