// SPDX-License-Identifier: MIT
/* What Unicode says about a character, and which texts read the same. The only door to utf8proc,
 * whose tables answer. */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include "base/strbuf.h"

/** May start (or go on with) an identifier: UAX #31's ID_Start and ID_Continue. */
bool unicode_is_id_start(uint32_t code_point);
bool unicode_is_id_continue(uint32_t code_point);

/* The Bidi_Class, as far as RFC 5893 tells the classes apart. */
enum unicode_direction {
    DIRECTION_LEFT_TO_RIGHT,   /* L */
    DIRECTION_RIGHT_TO_LEFT,   /* R and AL */
    DIRECTION_ARABIC_NUMBER,   /* AN */
    DIRECTION_EUROPEAN_NUMBER, /* EN */
    DIRECTION_MARK,            /* NSM */
    DIRECTION_NEUTRAL,         /* ES, CS, ET, ON and BN */
    DIRECTION_OTHER,           /* what no label may hold */
};

enum unicode_direction unicode_direction(uint32_t code_point);

/** Columns of a terminal that the character takes: 0 (combining, control), 1 or 2 (wide). */
unsigned unicode_width(uint32_t code_point);

/** Appends the text as names are compared: canonical composition (NFC) and full case folding, so
 *  that "É" in one code point equals "e" with a combining accent, and "STRASSE" equals "straße".
 *  Bytes that are not UTF-8 stay as they are. */
void unicode_add_folded(struct strbuf *out, struct str text);

#endif
