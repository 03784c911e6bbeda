// SPDX-License-Identifier: MIT
/* Any bytes: what base/utf8 and base/strbuf say about them agrees, and a JSON string made of them
 * is UTF-8 on one line. */
#include "base/strbuf.h"
#include "base/utf8.h"
#include "fuzz.h"

/** Reads it character by character, writes it again, and tells where the first broken byte stood.
 */
static size_t read_and_write(struct str text, struct strbuf *out)
{
    size_t broken = STR_NONE;
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        uint32_t c = utf8_next(text, &at);
        if (c == 0xFFFD && at - start == 1 && broken == STR_NONE)
            broken = start;
        strbuf_add_utf8(out, c);
    }
    return broken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    STRBUF_SCOPED copy = {0}, json = {0};
    size_t broken = read_and_write(text, &copy);
    PROMISE(broken == utf8_find_invalid(text));
    PROMISE(utf8_find_invalid(strbuf_str(&copy)) == STR_NONE);
    if (broken == STR_NONE) {
        PROMISE(str_equal(strbuf_str(&copy), text));
        PROMISE(utf8_utf16_length(text) >= utf8_count(text));
    }

    strbuf_add_json(&json, text);
    struct str literal = strbuf_str(&json);
    PROMISE(!json.failed && literal.length >= 2 && literal.at[0] == '"');
    PROMISE(utf8_find_invalid(literal) == STR_NONE);
    for (size_t i = 0; i < literal.length; i++)
        PROMISE((unsigned char)literal.at[i] >= 0x20);
    return 0;
}
