// SPDX-License-Identifier: MIT
/* The setting 'permissions': rules for objects that nobody decided on. */
#ifndef ENGINE_DEFAULT_RULES_H
#define ENGINE_DEFAULT_RULES_H

#include "base/arena.h"
#include "model/problem.h"
#include "model/tape.h"
#include "permissions/rules.h"

struct default_rules {
    struct default_rule *items;
    size_t count;
    struct str json; /* as it was written; `at` NULL: it was not */
};

/** Reads the array at `value`; texts are copied into `arena`. One rule that makes no sense and none
 *  counts: what it was to keep back would be shared else. False then, with a problem. */
bool default_rules_read(const struct tape *tape, uint32_t value, struct arena *arena,
                        struct problem_list *problems, struct default_rules *ret_rules);

/** A rule in a few words, such as "tag garden, schema core.todo". */
void default_rule_describe(const struct default_rule *rule, struct strbuf *out);

#endif
