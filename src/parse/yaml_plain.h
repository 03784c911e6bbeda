// SPDX-License-Identifier: MIT
/*
 * The YAML that people write by hand, without libyaml: block mappings and block lists of scalars,
 * of each other, and of lists like [a, b]; each scalar plain or in quotes without escapes, on one
 * line. That is nearly all front matter there is, and it takes a tenth of the time.
 *
 * Whatever is not surely of that kind is left to libyaml: this reads all of it or nothing.
 */
#ifndef PARSE_YAML_PLAIN_H
#define PARSE_YAML_PLAIN_H

#include "model/tape.h"

/** Fills the tape, which is empty, just as yaml_compose() does. False when libyaml has to read it
 * (the tape holds rubbish then). `source` is valid UTF-8. */
bool yaml_plain_compose(struct str source, uint32_t start, uint32_t end, struct tape *tape);

#endif
