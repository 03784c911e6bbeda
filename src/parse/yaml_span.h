// SPDX-License-Identifier: MIT
/* Where a YAML value's own text starts and ends, which libyaml's marks leave open. All offsets are
 * bytes of the source. */
#ifndef PARSE_YAML_SPAN_H
#define PARSE_YAML_SPAN_H

#include "base/str.h"

/** Behind the anchor and the tag that stand at `at`, and the blanks, breaks and comments around
 * them; at most `end`. */
uint32_t yaml_span_behind_properties(struct str source, uint32_t at, uint32_t end);

/** Whether one of the properties between `at` and `end` is the tag `!`, which makes any scalar a
 *  string. */
bool yaml_span_has_string_tag(struct str source, uint32_t at, uint32_t end);

/** The end of a block scalar that starts with its indicator at `start`: of its last line that is
 * not blank, or of the indicators when it has none. `end` is anywhere in the blanks behind it. */
uint32_t yaml_span_block_scalar_end(struct str source, uint32_t start, uint32_t end);

/** Behind the colon that follows a key's end, looked for up to `limit`; the key's end when there is
 *  none. */
uint32_t yaml_span_behind_colon(struct str source, uint32_t key_end, uint32_t limit);

#endif
