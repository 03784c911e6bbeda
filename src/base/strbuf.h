// SPDX-License-Identifier: MIT
/*
 * Text that is being built. Invariants: `at` is NULL or ends with a NUL at `length`; once memory is
 * out `failed` stays true and every further addition does nothing, so one check at the end is
 * enough.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include "base/str.h"

struct strbuf {
    char *at;
    size_t length, capacity;
    bool failed;
};

void strbuf_init(struct strbuf *buf);
void strbuf_finish(struct strbuf *buf);
/** Empties it and keeps the memory. */
void strbuf_reset(struct strbuf *buf);
void strbuf_truncate(struct strbuf *buf, size_t length);

void strbuf_add(struct strbuf *buf, struct str text);
void strbuf_add_text(struct strbuf *buf, const char *text);
void strbuf_add_char(struct strbuf *buf, char c);
/** One code point (at most U+10FFFF) as UTF-8. */
void strbuf_add_utf8(struct strbuf *buf, uint32_t code_point);
void strbuf_addf(struct strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The text as a JSON string literal with its quotes (RFC 8259, section 7): what must be escaped
 * is, and nothing else. Bytes that are not UTF-8 become U+FFFD. */
void strbuf_add_json(struct strbuf *buf, struct str text);

/** The text as one word of a POSIX shell's command line, in single quotes where it needs any. */
void strbuf_add_shell(struct strbuf *buf, struct str text);

/** Room for `more` bytes; NULL when memory is out. The caller fills and adds to `length`. */
char *strbuf_reserve(struct strbuf *buf, size_t more);

/** What stands in it; never a NULL pointer. Borrowed until the next addition. */
static inline struct str strbuf_str(const struct strbuf *buf)
{
    return (struct str){buf->at ? buf->at : "", buf->length};
}

/** Hands the text over, NUL-terminated, to be freed by the caller; NULL when memory was out. */
char *strbuf_take(struct strbuf *buf);

#define STRBUF_SCOPED __attribute__((cleanup(strbuf_finish))) struct strbuf

#endif
