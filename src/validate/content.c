// SPDX-License-Identifier: MIT
/* contentEncoding and contentMediaType of draft 7: base64 (RFC 4648, section 4) and JSON. */
#include "validate/run.h"

static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/** Decodes into `bytes`, which has room for 3/4 of the text. False when it is not base64. */
static bool decode(struct str text, char *bytes, size_t *ret_length)
{
    size_t padding = 0, length = 0;
    while (padding < 2 && padding < text.length && text.at[text.length - 1 - padding] == '=')
        padding++;
    if (text.length % 4 != 0)
        return false;
    uint32_t bits = 0;
    for (size_t i = 0; i < text.length - padding; i++) {
        int value = digit_value(text.at[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 == 3)
            for (int shift = 16; shift >= 0; shift -= 8)
                bytes[length++] = (char)(bits >> shift);
    }
    if (padding == 1)
        bytes[length++] = (char)(bits >> 10), bytes[length++] = (char)(bits >> 2);
    else if (padding == 2)
        bytes[length++] = (char)(bits >> 4);
    *ret_length = length;
    return true;
}

bool content_matches(struct schema_run *run, const struct string_checks *checks, struct str text)
{
    arena_reset(&run->scratch);
    if (checks->is_base64) {
        char *bytes = arena_alloc(&run->scratch, text.length + 1);
        size_t length;
        if (!bytes || !decode(text, bytes, &length))
            return false;
        text = (struct str){bytes, length};
    }
    return !checks->is_json || run->schema->scan(text, &run->content, NULL);
}
