// SPDX-License-Identifier: MIT
/*
 * YAML -> tape: what JSON could say as well, in the core schema of YAML 1.2.
 *
 * Keys are the text of their scalar, `<<` is a key like any other, an alias is a copy of what its
 * anchor names. Not values: .inf and .nan, keys that are lists or mappings, a key twice.
 *
 * A scalar's span covers exactly its own text, quotes included, anchor and tag not; a block
 * scalar's goes from its `|` or `>` to the end of its last line that is not blank. A block
 * collection's goes from its first key or dash to the end of its last value. An empty value's span
 * is empty and lies behind its colon or dash (or its tag).
 */
#ifndef PARSE_YAML_H
#define PARSE_YAML_H

#include "model/problem.h"
#include "model/tape.h"

enum {
    YAML_DEPTH_LIMIT = 64,         /* the time that libyaml takes grows with its square */
    YAML_BYTES_LIMIT = 1024 * 1024 /* front matter is written by hand */
};

/** Resets the tape and fills it with the one document that `source`, valid UTF-8, holds from
 * `start` up to `end`: a null when there is none. False when that cannot be, or memory is out
 * (tape_failed() tells): the tape is empty then. Problems and warnings are added to `problems`. The
 * tape borrows `source`. */
bool yaml_compose(struct str source, uint32_t start, uint32_t end, struct tape *tape,
                  struct problem_list *problems);

/** The same by libyaml alone, for comparing; yaml_compose() asks it for what yaml_plain.h leaves.
 */
bool yaml_compose_by_events(struct str source, uint32_t start, uint32_t end, struct tape *tape,
                            struct problem_list *problems);

#endif
