// SPDX-License-Identifier: MIT
/* Edits of a patch's source, and the lines that they stand in. */
#ifndef WRITEBACK_EDITS_H
#define WRITEBACK_EDITS_H

#include "writeback/patch.h"

/** An empty text on its way into an edit: good until the next one is asked for. That memory was out
 * for the last one stays known. */
static inline struct strbuf *fresh_text(struct patch *patch)
{
    patch->arena.failed |= patch->scratch.failed;
    strbuf_reset(&patch->scratch);
    return &patch->scratch;
}

/** Replaces the bytes from `start` up to `end` by `text`, which is copied: less what both have in
 * common at either end; nothing when they are the same. */
void edit_replace(struct patch *patch, uint32_t start, uint32_t end, struct str text);

static inline void edit_insert(struct patch *patch, uint32_t at, struct str text)
{
    edit_replace(patch, at, at, text);
}

static inline void edit_remove(struct patch *patch, uint32_t start, uint32_t end)
{
    edit_replace(patch, start, end, STR(""));
}

/** The source's byte at `at`, or NUL behind its end. */
static inline char source_char(const struct patch *patch, uint32_t at)
{
    struct str source = patch->source.tape->source;
    return at < source.length ? source.at[at] : '\0';
}

static inline struct str source_slice(const struct patch *patch, uint32_t start, uint32_t end)
{
    return str_slice(patch->source.tape->source, start, end);
}

/** Where the line that holds `at` starts. */
uint32_t line_start(const struct patch *patch, uint32_t at);
/** Where the text of that line ends, before its line break. */
uint32_t line_text_end(const struct patch *patch, uint32_t at);
/** Where the next line starts; the source's end when there is none. */
uint32_t line_next(const struct patch *patch, uint32_t at);

/** Whether nothing but blanks stands between the line's start and `at` … */
bool line_is_blank_before(const struct patch *patch, uint32_t at);
/** … or between `at` and the line's end. */
bool line_is_blank_behind(const struct patch *patch, uint32_t at);

/** How many bytes stand before `at` on its line. */
uint32_t column_of(const struct patch *patch, uint32_t at);

/** The line break of the front matter's lines, or of the file's first. */
struct str line_break(const struct patch *patch);

/** Behind blanks, line breaks and, in YAML, comments; at most `limit`. */
uint32_t skip_filling(const struct patch *patch, uint32_t at, uint32_t limit);

#endif
