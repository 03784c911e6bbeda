// SPDX-License-Identifier: MIT
#include "base/printable.h"

#include "base/unicode.h"
#include "base/utf8.h"

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/* Explicit directions (UAX #9, section 2), marks of direction, and U+2028 and U+2029. */
static bool is_direction(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F || c == 0x061C;
}

static bool must_escape(uint32_t c)
{
    return is_control(c) || is_direction(c) || c == 0x2028 || c == 0x2029;
}

static void add_escape(struct strbuf *out, uint32_t c)
{
    switch (c) {
    case '\n': strbuf_add_text(out, "\\n"); break;
    case '\t': strbuf_add_text(out, "\\t"); break;
    case '\r': strbuf_add_text(out, "\\r"); break;
    default: strbuf_addf(out, c < 0x80 ? "\\x%02x" : "\\u{%04x}", (unsigned)c); break;
    }
}

void printable_add(struct strbuf *out, struct str text, enum printable_lines lines)
{
    size_t plain = 0, next = 0; /* text[plain, start) needs nothing */
    while (next < text.length) {
        size_t start = next;
        uint32_t c = utf8_next(text, &next);
        bool is_broken = c == 0xFFFD && next - start == 1;
        bool is_kept = lines == PRINTABLE_KEEP_LINES && (c == '\n' || c == '\t');
        if (is_kept || (!is_broken && !must_escape(c)))
            continue;
        strbuf_add(out, str_slice(text, plain, start));
        plain = next;
        if (is_broken)
            strbuf_addf(out, "\\x%02x", (unsigned)(unsigned char)text.at[start]);
        else
            add_escape(out, c);
    }
    strbuf_add(out, str_slice(text, plain, text.length));
}

size_t printable_width(struct str text)
{
    size_t width = 0, next = 0;
    while (next < text.length)
        width += unicode_width(utf8_next(text, &next));
    return width;
}

struct str printable_cut(struct str text, size_t columns)
{
    size_t width = 0, end = 0, next = 0;
    while (next < text.length) {
        width += unicode_width(utf8_next(text, &next));
        if (width > columns)
            break;
        end = next;
    }
    return str_slice(text, 0, end);
}
