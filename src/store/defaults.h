// SPDX-License-Identifier: MIT
/* Objects that nobody decided on, and what rules of the settings share of them. */
#ifndef STORE_DEFAULTS_H
#define STORE_DEFAULTS_H

#include "base/arena.h"
#include "store/permissions.h"

struct store_default {
    int64_t object_id;
    struct str uid, path, schema;
    struct str ai_rule, cloud_rule; /* what shares it now; `at` NULL: nothing does */
};

/** The next ones behind the id `after`, at most `limit`, copied into the arena; only those that the
 *  feed tells of behind `since`, or all with -1. */
enum nexus_status store_undecided(struct store *store, int64_t after, int64_t since, size_t limit,
                                  struct arena *arena, struct store_default **ret_objects,
                                  size_t *ret_count, struct nexus_error *err);
/** Its tags, folded, copied into the arena. */
enum nexus_status store_folded_tags(struct store *store, int64_t object_id, struct arena *arena,
                                    struct str **ret_tags, size_t *ret_count,
                                    struct nexus_error *err);
/** Shares what has a rule and nothing else, and tells the feed. */
enum nexus_status store_default_put(struct store *store, const struct store_default *object,
                                    struct nexus_error *err);

/** Which rules were applied, and up to which place of the feed. */
struct store_rules_mark {
    struct str hash; /* `at` NULL: there are none */
    int64_t seq;
};
enum nexus_status store_rules_mark_get(struct store *store, struct arena *arena,
                                       struct store_rules_mark *ret_mark, struct nexus_error *err);
enum nexus_status store_rules_mark_set(struct store *store, const struct store_rules_mark *mark,
                                       struct nexus_error *err);

/** The last place of the feed behind `since` that says more than a permission; 0: there is none.
 *  `*ret_schemas`: a schema was changed. */
enum nexus_status store_feed_since(struct store *store, int64_t since, int64_t *ret_seq,
                                   bool *ret_schemas, struct nexus_error *err);

#endif
