// SPDX-License-Identifier: MIT
/*
 * Writing text to stdout or stderr. Nothing has to be checked at each call: an output remembers its
 * first failure, and output_finish() tells it.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/error.h"
#include "base/strbuf.h"

#include <stdio.h>

struct output {
    FILE *stream;
    bool is_terminal;
    bool has_cursor;  /* a terminal that can write a line again: TERM is not dumb */
    bool has_colour;  /* the same, and nobody said NO_COLOR */
    size_t columns;   /* the terminal's width; 0: no terminal, or it does not say */
    int error_number; /* errno of the first write that failed; 0: none did */
    struct strbuf scratch;
};

/** What a piece of text is, for its colour. */
enum style {
    STYLE_PLAIN,
    STYLE_NAME,  /* where: paths, titles of columns */
    STYLE_MATCH, /* what was looked for */
    STYLE_BAD,   /* errors, overdue */
    STYLE_WARNING,
    STYLE_GOOD,
    STYLE_FAINT, /* beside the point */
};

void output_init(struct output *out, FILE *stream);
/** Flushes; NEXUS_OK when all that was written arrived. The stream stays open. */
enum nexus_status output_finish(struct output *out, struct nexus_error *err);

/** As it is: for text of our own, and for data that a program reads. */
void output_raw(struct output *out, struct str text);
void output_text(struct output *out, const char *text);
void output_format(struct output *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Text of somebody else, on one line. */
void output_line_of(struct output *out, struct str text, enum style style);
/** Text of somebody else, with its lines. */
void output_lines_of(struct output *out, struct str text);
/** As output_raw(), but a terminal gets what output_lines_of() writes. */
void output_data(struct output *out, struct str text);
void output_spaces(struct output *out, size_t count);

/** Begins and ends a style around pieces that are written in between. */
void output_begin_style(struct output *out, enum style style);
void output_end_style(struct output *out, enum style style);

#endif
