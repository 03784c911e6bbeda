// SPDX-License-Identifier: MIT
/*
 * U+0085, U+2028 and U+2029 end a line in YAML 1.1, which libyaml follows. In YAML 1.2, and for
 * every editor, they are characters of the line; pasted text has them. So libyaml is given other
 * characters of the same length, which the text does not have, and they are put back into what it
 * returns.
 */
#ifndef PARSE_YAML_BREAKS_H
#define PARSE_YAML_BREAKS_H

#include "base/str.h"

enum { YAML_BREAKS = 3 };

struct yaml_breaks {
    char *copy; /* the text with the stand-ins, to be freed; NULL when it has no such character */
    char stand_ins[YAML_BREAKS][4]; /* NUL-terminated; empty where none was needed */
};

/** Looks through `text` and makes the copy where one is needed. False when memory is out. */
bool yaml_breaks_init(struct yaml_breaks *breaks, struct str text);
void yaml_breaks_finish(struct yaml_breaks *breaks);

/** Puts the characters back, in place. */
void yaml_breaks_restore(const struct yaml_breaks *breaks, char *text, size_t length);

#endif
