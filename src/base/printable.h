// SPDX-License-Identifier: MIT
/*
 * Text that somebody else wrote, made fit for a terminal: a file's name must not be able to clear
 * the screen, move the cursor, or show its letters in another order than they stand in.
 *
 * Control characters become \n, \t, \r, \xHH (bytes below 0x80) or \u{HHHH}, as do the characters
 * that embed, override or isolate writing directions, and the separators of lines and paragraphs.
 * Bytes that are not UTF-8 become \xHH. All else stays, the backslash too.
 */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include "base/strbuf.h"

enum printable_lines {
    PRINTABLE_ONE_LINE,   /* escapes line ends and tabs, too */
    PRINTABLE_KEEP_LINES, /* leaves \n and \t as they are */
};

void printable_add(struct strbuf *out, struct str text, enum printable_lines lines);

/** How many columns of a terminal the text takes, once printable_add() made it one line. */
size_t printable_width(struct str text);

/** The longest part of the text, from its start, that takes at most `columns`. */
struct str printable_cut(struct str text, size_t columns);

#endif
