// SPDX-License-Identifier: MIT
/* What a YAML scalar is, by its tag, its quotes or its looks. */
#ifndef PARSE_YAML_RESOLVE_H
#define PARSE_YAML_RESOLVE_H

#include "model/problem.h"
#include "model/tape.h"
#include "parse/yaml_events.h"

/** The scalar's text: part of the source where nothing had to be decoded between `node->start` and
 *  `node->end`, else from the tape's arena, with NODE_DECODED set. */
struct str yaml_scalar_text(const struct yaml_event *event, struct tape *tape, struct node *node);

/** Fills in the type and the text of a value. False, with a problem, for what JSON cannot hold or
 * the tag does not allow (or memory is out: tape_failed() tells). */
bool yaml_resolve(const struct yaml_event *event, struct str text, struct tape *tape,
                  struct node *node, struct problem_list *problems);

/** Fills in a number, whose YAML text is a YAML_INTEGER or YAML_FLOAT. False, with a problem
 * (`problems` may be NULL), when it is too long. */
bool yaml_resolve_number(struct str text, struct tape *tape, struct node *node,
                         struct problem_list *problems);

/** Whether the tag of an array or object, if any, fits it: a problem when it says something else, a
 *  warning when it is unknown. */
bool yaml_check_collection_tag(const struct yaml_event *event, enum node_type type,
                               struct problem_list *problems);

#endif
