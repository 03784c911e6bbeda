// SPDX-License-Identifier: MIT
/*
 * What a plain (unquoted, untagged) YAML scalar is, by the core schema of YAML 1.2.2,
 * section 10.3.2: no, off and 2024-01-01 are strings, 007 is seven.
 */
#ifndef PARSE_YAML_SCALAR_H
#define PARSE_YAML_SCALAR_H

#include "base/arena.h"

enum yaml_scalar {
    YAML_STRING,
    YAML_NULL,
    YAML_TRUE,
    YAML_FALSE,
    YAML_INTEGER,    /* 12, +5, 007, 0x1F, 0o17 */
    YAML_FLOAT,      /* 1.5, .5, 1., 1e3 */
    YAML_NOT_FINITE, /* .inf, -.inf, .nan: what JSON cannot say */
};

enum yaml_scalar yaml_scalar_of(struct str plain);

/* A hexadecimal or octal number longer than this is refused: turning it into decimal digits takes
 * time that grows with the square of its length. Decimal ones of any length are kept. */
enum { YAML_RADIX_DIGITS = 1024 };

/** The JSON text of a YAML_INTEGER or YAML_FLOAT, no digit lost: part of `plain` where that will
 * do, else from the arena. False when it has more than YAML_RADIX_DIGITS digits, or memory is out
 *  (`arena->failed` tells). */
bool yaml_number_text(struct str plain, struct arena *arena, struct str *ret_text);

#endif
