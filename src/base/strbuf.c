// SPDX-License-Identifier: MIT
#include "base/strbuf.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void strbuf_init(struct strbuf *buf)
{
    *buf = (struct strbuf){0};
}

void strbuf_finish(struct strbuf *buf)
{
    if (!buf)
        return;
    free(buf->at);
    *buf = (struct strbuf){0};
}

void strbuf_reset(struct strbuf *buf)
{
    strbuf_truncate(buf, 0);
    buf->failed = false;
}

void strbuf_truncate(struct strbuf *buf, size_t length)
{
    if (length > buf->length || !buf->at)
        return;
    buf->length = length;
    buf->at[length] = '\0';
}

static bool is_plain_word(struct str text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-+,:@%=";
    for (size_t i = 0; i < text.length; i++)
        if (!memchr(plain, text.at[i], sizeof plain - 1))
            return false;
    return text.length > 0;
}

void strbuf_add_shell(struct strbuf *buf, struct str text)
{
    if (is_plain_word(text)) {
        strbuf_add(buf, text);
        return;
    }
    strbuf_add_char(buf, '\'');
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] == '\'')
            strbuf_add_text(buf, "'\\''");
        else
            strbuf_add_char(buf, text.at[i]);
    strbuf_add_char(buf, '\'');
}

char *strbuf_reserve(struct strbuf *buf, size_t more)
{
    if (buf->failed)
        return NULL;
    size_t needed;
    if (__builtin_add_overflow(buf->length, more, &needed) || needed == SIZE_MAX) {
        buf->failed = true;
        return NULL;
    }
    if (needed >= buf->capacity) {
        size_t capacity = buf->capacity + buf->capacity / 2 + 64;
        if (capacity <= needed)
            capacity = needed + 1;
        char *grown = realloc(buf->at, capacity);
        if (!grown) {
            buf->failed = true;
            return NULL;
        }
        buf->at = grown;
        buf->capacity = capacity;
        buf->at[buf->length] = '\0';
    }
    return buf->at + buf->length;
}

void strbuf_add(struct strbuf *buf, struct str text)
{
    char *room = strbuf_reserve(buf, text.length);
    if (!room || !text.length)
        return;
    memcpy(room, text.at, text.length);
    buf->length += text.length;
    buf->at[buf->length] = '\0';
}

void strbuf_add_text(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, str_of(text));
}

void strbuf_add_char(struct strbuf *buf, char c)
{
    strbuf_add(buf, (struct str){&c, 1});
}

void strbuf_add_utf8(struct strbuf *buf, uint32_t code_point)
{
    char bytes[4];
    strbuf_add(buf, (struct str){bytes, utf8_encode(code_point, bytes)});
}

void strbuf_addf(struct strbuf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *room = length >= 0 ? strbuf_reserve(buf, (size_t)length) : NULL;
    if (room) {
        vsnprintf(room, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    } else {
        buf->failed = true;
    }
    va_end(again);
}

static void add_json_escape(struct strbuf *buf, unsigned char c)
{
    switch (c) {
    case '"': strbuf_add_text(buf, "\\\""); break;
    case '\\': strbuf_add_text(buf, "\\\\"); break;
    case '\b': strbuf_add_text(buf, "\\b"); break;
    case '\f': strbuf_add_text(buf, "\\f"); break;
    case '\n': strbuf_add_text(buf, "\\n"); break;
    case '\r': strbuf_add_text(buf, "\\r"); break;
    case '\t': strbuf_add_text(buf, "\\t"); break;
    default: strbuf_addf(buf, "\\u%04x", c);
    }
}

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

static void add_json_valid(struct strbuf *buf, struct str text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (!needs_escape((unsigned char)text.at[i]))
            continue;
        strbuf_add(buf, str_slice(text, start, i));
        add_json_escape(buf, (unsigned char)text.at[i]);
        start = i + 1;
    }
    strbuf_add(buf, str_slice(text, start, text.length));
}

void strbuf_add_json(struct strbuf *buf, struct str text)
{
    strbuf_add_char(buf, '"');
    size_t broken;
    while ((broken = utf8_find_invalid(text)) != STR_NONE) {
        add_json_valid(buf, str_slice(text, 0, broken));
        strbuf_add_utf8(buf, 0xFFFD);
        text = str_slice(text, broken + 1, text.length);
    }
    add_json_valid(buf, text);
    strbuf_add_char(buf, '"');
}

char *strbuf_take(struct strbuf *buf)
{
    char *room = strbuf_reserve(buf, 0);
    if (!room) {
        strbuf_finish(buf);
        return NULL;
    }
    char *text = buf->at;
    *buf = (struct strbuf){0};
    return text;
}
