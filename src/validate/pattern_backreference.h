// SPDX-License-Identifier: MIT
/*
 * Where PCRE2's back references are not ECMA-262's.
 *
 * ECMA-262 forgets the groups of a repeat's body before each turn, and takes back an optional turn
 * that took nothing; PCRE2 does neither. Without back references nobody can tell. With one, the
 * answer may differ, and then the pattern is refused: better no verdict than a wrong one.
 */
#ifndef VALIDATE_PATTERN_BACKREFERENCE_H
#define VALIDATE_PATTERN_BACKREFERENCE_H

#include "validate/pattern_tree.h"

/** NEXUS_ERROR_INVALID when the two might disagree about this reference. */
enum nexus_status pattern_backreference_check(const struct pattern_tree *tree,
                                              const struct pattern_node *reference,
                                              struct nexus_error *err);

#endif
