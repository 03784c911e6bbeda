// SPDX-License-Identifier: MIT
/*
 * Markdown -> what a note contains: links, tags, headings, tasks, inline fields, block ids.
 *
 * The dialect is Obsidian's: CommonMark with tables, as md4c reads it, and on top wikilinks,
 * embeds, tags, comments, formulas, highlights, callouts, footnotes and block ids. Tasks are those
 * of the Tasks plugin, inline fields those of Dataview. Where the three leave a choice:
 *
 * - A tag follows white space, the start of a line, the start of emphasis, or another tag. Its name
 *   has no ASCII punctuation but `_ - /`, no general punctuation, no space, and not only digits.
 * - A wikilink inside a link's text wins over the link, also in `[[1]](https://…)`. An embed
 *   there is like an image: both are links.
 * - Comments and formulas hide everything in them, other blocks included. A `%%` or `$$` that is
 *   never closed is text: nothing vanishes because of a stray sign. A `%%` in the middle of a line
 *   is closed in that line, one at its start anywhere below.
 * - Headings without text, and links without a target, are none.
 * - Words: runs of letters, digits and `_`; apostrophes, hyphens, and points between digits join.
 *   Each Chinese or Japanese character is a word. Code counts, as in Obsidian's status bar. Front
 *   matter, comments, formulas, HTML, embeds, images and what a link points to do not.
 *
 * All spans are offsets in the whole file. Lists are in the order of their spans' starts.
 */
#ifndef PARSE_MARKDOWN_H
#define PARSE_MARKDOWN_H

#include "base/error.h"
#include "model/note.h"
#include "model/tape.h"

enum {
    /* md4c needs up to 60 bytes of memory for a byte of text; long books are below 8 MiB. What is
     * behind the limit is not looked into. */
    MARKDOWN_BODY_LIMIT = 16 * 1024 * 1024,
    /* Of one kind in one note. A link takes 112 bytes. */
    MARKDOWN_ITEM_LIMIT = 250000,
    /* The lead of a note is for lists and previews. */
    MARKDOWN_LEAD_LIMIT = 500,
};

/** Reads notes, one after the other; keeps its memory between them (1 MiB at most of each sort).
 * Not for two threads at once. */
struct markdown_reader;

/** NULL when memory is out. */
struct markdown_reader *markdown_reader_new(void);
void markdown_reader_free(struct markdown_reader *reader);

/** Fills `*note` from the file's bytes: from the front matter (an object at index 0; NULL: none),
 *  whose spans and texts refer to `source`, too, and from the body, `body_start` up to `body_end`.
 *  Any bytes are allowed. The note borrows from `source`, and from the reader until its next call.
 */
enum nexus_status markdown_read(struct markdown_reader *reader, struct str source,
                                uint32_t body_start, uint32_t body_end,
                                const struct tape *front_matter, struct note *note,
                                struct nexus_error *err);

#endif
