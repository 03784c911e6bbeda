// SPDX-License-Identifier: MIT
/* A value as JSON text, spaced as its neighbours are. */
#ifndef WRITEBACK_JSON_TEXT_H
#define WRITEBACK_JSON_TEXT_H

#include "writeback/patch.h"

struct json_look {
    bool has_lines;     /* a child on a line of its own, else all on one line */
    struct str unit;    /* indentation of a level */
    struct str indent;  /* of the line on which the value starts */
    struct str eol;     /* one line's end */
    struct str colon;   /* between a name and its value: ": " */
    struct str comma;   /* on one line: ", " */
    struct str padding; /* on one line: inside the braces of an object */
};

/** Two spaces a level. */
extern const struct json_look json_look_new;

void json_add_value(struct strbuf *out, struct patch_value value, const struct json_look *look);

/** A member, without what goes before and behind it. */
void json_add_member(struct strbuf *out, struct str name, struct patch_value value,
                     const struct json_look *look);

/** A line break, the look's indentation, and `levels` more. */
void json_add_line(struct strbuf *out, const struct json_look *look, unsigned levels);

#endif
