// SPDX-License-Identifier: MIT
/* What the feed (table `changes`) tells of. */
#ifndef STORE_FEED_H
#define STORE_FEED_H

#include "store/reader.h"
#include "store/store.h"

/** The number of the last change; 0: there was none. */
enum nexus_status store_feed_last(struct store *store, int64_t *ret_seq, struct nexus_error *err);

/** The same for whoever only reads. */
enum nexus_status store_feed_ask_last(struct store_reader *reader, int64_t *ret_seq,
                                      struct nexus_error *err);
/** The changes behind `seq`: seq, at, op, origin, object_id, uid, path, old_path. */
enum nexus_status store_feed_ask(struct store_reader *reader, int64_t seq,
                                 struct store_rows **ret_rows, struct nexus_error *err);

/** In a transaction: another database is in the place of the one that was followed. */
enum nexus_status store_feed_tell_recovery(struct store *store, struct nexus_error *err);

/** Adds the paths of up to `limit` objects whose files changed after `seq`, each once and with a
 * NUL behind it. An item's path ends with "#" and its key. */
enum nexus_status store_feed_paths_since(struct store *store, int64_t seq, int limit,
                                         struct strbuf *paths, struct nexus_error *err);

#endif
