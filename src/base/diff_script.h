// SPDX-License-Identifier: MIT
/* How one text becomes another, line by line: what diff_add() prints and diff_merge() puts
 * together. Nothing else includes it. */
#ifndef BASE_DIFF_SCRIPT_H
#define BASE_DIFF_SCRIPT_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/** A text's lines, each with its line end; they point into the text. */
struct diff_lines {
    struct str *at;
    size_t count;
};

/** What happens to a line, in the order of the diff. */
struct diff_script {
    char *ops; /* ' ' stays, '-' goes, '+' comes */
    size_t count;
};

/** False when memory is out. diff_lines_finish() in any case. */
bool diff_lines_init(struct diff_lines *lines, struct str text);
void diff_lines_finish(struct diff_lines *lines);

/** From `a` to `b`. False when memory is out. diff_script_finish() in any case. */
bool diff_script_init(struct diff_script *script, const struct diff_lines *a,
                      const struct diff_lines *b);
void diff_script_finish(struct diff_script *script);

#endif
