// SPDX-License-Identifier: MIT
/*
 * What to say to a person about YAML that is broken, or that says something else than it seems to.
 * libyaml's words are for those who know its grammar; most mistakes in front matter are of a few
 * kinds, and for these the text around the place tells which.
 */
#ifndef PARSE_YAML_HINTS_H
#define PARSE_YAML_HINTS_H

#include "model/problem.h"
#include "model/tape.h"
#include "parse/yaml_events.h"

/** Adds the problem for what libyaml stumbled over in the YAML between `start` and `end`. */
void yaml_explain_fault(struct str source, uint32_t start, uint32_t end,
                        const struct yaml_fault *fault, struct problem_list *problems);

/** Warns of `[[Link]]`: without quotes it is a list in a list. */
void yaml_warn_link(const struct tape *tape, uint32_t array, struct problem_list *problems);

/** Warns of `key: #tag` and `- #tag`: what stands behind the `#` is a comment, the value at `index`
 * is empty. */
void yaml_warn_comment(const struct tape *tape, uint32_t index, struct problem_list *problems);

#endif
