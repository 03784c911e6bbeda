// SPDX-License-Identifier: MIT
#include "base/hash.h"
#include "base/time.h"
#include "writeback/trash.h"

#include <limits.h>

enum { EXTENSION_MAX = 32, HASH_DIGITS = 16 };

/** " (2026-01-15 103000)", with a number from the second attempt on. */
static void add_mark(struct strbuf *mark, int64_t when_ns, unsigned attempt)
{
    char time[TIME_TEXT_SIZE];
    time_format(when_ns, time);
    strbuf_addf(mark, " (%.10s %.2s%.2s%.2s", time, time + 11, time + 14, time + 17);
    if (attempt > 1)
        strbuf_addf(mark, " %u", attempt);
    strbuf_add_char(mark, ')');
}

/** As much of the text as fits, up to a character's border. */
static struct str cut(struct str text, size_t length)
{
    while (length && length < text.length && ((unsigned char)text.at[length] & 0xC0) == 0x80)
        length--;
    return str_slice(text, 0, length);
}

static void add_name(struct strbuf *path, struct str name, struct str mark)
{
    size_t dot = str_find_last(name, '.');
    if (dot == STR_NONE || dot == 0 || name.length - dot > EXTENSION_MAX)
        dot = name.length;
    struct str stem = str_slice(name, 0, dot), extension = str_slice(name, dot, name.length);
    if (name.length + mark.length > NAME_MAX) {
        char digits[HASH_TEXT_SIZE];
        strbuf_add(path, cut(stem, NAME_MAX - extension.length - mark.length - HASH_DIGITS - 1));
        strbuf_addf(path, "~%.*s", HASH_DIGITS, hash_format(hash_of(name), digits));
    } else {
        strbuf_add(path, stem);
    }
    strbuf_add(path, mark);
    strbuf_add(path, extension);
}

void trash_name(struct str trash, struct str path, int64_t when_ns, unsigned attempt,
                struct strbuf *ret_path)
{
    STRBUF_SCOPED mark = {0};
    size_t slash = str_find_last(path, '/'), name_at = slash == STR_NONE ? 0 : slash + 1;
    strbuf_reset(ret_path);
    strbuf_add(ret_path, trash);
    strbuf_add_char(ret_path, '/');
    if (attempt)
        add_mark(&mark, when_ns, attempt);
    /* Now and then without the folders: a file may be in the way of one. */
    bool is_flat = attempt && attempt % 2 == 0;
    if (!is_flat)
        strbuf_add(ret_path, str_slice(path, 0, name_at));
    add_name(ret_path, str_slice(path, name_at, path.length), strbuf_str(&mark));
    ret_path->failed |= mark.failed;
}
