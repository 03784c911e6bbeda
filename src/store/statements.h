// SPDX-License-Identifier: MIT
/*
 * The named statements of sql/queries/, prepared when first used and kept.
 *
 * struct query is one run of one of them: parameters are bound in their order, and the first
 * binding that fails is what the run returns. Bound texts are borrowed until the query is closed.
 */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"

#include <sqlite3.h>

#define STORE_STATEMENTS(X)                                                                        \
    X(begin)                                                                                       \
    X(begin_reading)                                                                               \
    X(commit)                                                                                      \
    X(rollback)                                                                                    \
    X(meta_get)                                                                                    \
    X(meta_set)                                                                                    \
    X(count_files)                                                                                 \
    X(count_objects)                                                                               \
    X(count_open_conflicts)                                                                        \
    X(change_add)                                                                                  \
    X(change_last)                                                                                 \
    X(changes_since)                                                                               \
    X(change_paths_since)                                                                          \
    X(file_by_path)                                                                                \
    X(file_by_incarnation)                                                                         \
    X(file_by_next_name)                                                                           \
    X(file_by_id)                                                                                  \
    X(facts)                                                                                       \
    X(salvage_objects)                                                                             \
    X(salvage_objects_bare)                                                                        \
    X(salvage_tombstones)                                                                          \
    X(salvage_tombstone_put)                                                                       \
    X(salvage_history)                                                                             \
    X(salvage_history_put)                                                                         \
    X(salvage_decided)                                                                             \
    X(salvage_history_start)                                                                       \
    X(salvage_conflicts)                                                                           \
    X(salvage_conflict_put)                                                                        \
    X(salvage_conflicts_start)                                                                     \
    X(salvage_changes)                                                                             \
    X(salvage_change_put)                                                                          \
    X(salvage_changes_start)                                                                       \
    X(salvage_audit)                                                                               \
    X(salvage_audit_put)                                                                           \
    X(salvage_audit_start)                                                                         \
    X(salvage_edits)                                                                               \
    X(salvage_edit_object)                                                                         \
    X(salvage_edit_outbox)                                                                         \
    X(salvage_edit_content)                                                                        \
    X(salvage_edit_stamp)                                                                          \
    X(sequence_raise)                                                                              \
    X(sequence_begin)                                                                              \
    X(meta_drop)                                                                                   \
    X(plant_is_known)                                                                              \
    X(plant)                                                                                       \
    X(plant_close_others)                                                                          \
    X(edits_forget_deleted)                                                                        \
    X(edits_forget)                                                                                \
    X(sweep_keep)                                                                                  \
    X(permission_edit_of)                                                                          \
    X(search_check)                                                                                \
    X(files_after)                                                                                 \
    X(file_insert)                                                                                 \
    X(file_update)                                                                                 \
    X(file_set_state)                                                                              \
    X(file_set_path)                                                                               \
    X(file_delete)                                                                                 \
    X(file_has_objects)                                                                            \
    X(file_move_objects)                                                                           \
    X(file_displace_objects)                                                                       \
    X(file_move_outbox)                                                                            \
    X(contents_after)                                                                              \
    X(file_unindex)                                                                                \
    X(files_unindex_by_problem)                                                                    \
    X(files_unindex_violating)                                                                     \
    X(files_unindex_invalid)                                                                       \
    X(problems_of)                                                                                 \
    X(problems_delete)                                                                             \
    X(problems_move)                                                                               \
    X(problem_insert)                                                                              \
    X(object_by_id)                                                                                \
    X(object_by_path)                                                                              \
    X(objects_of_file)                                                                             \
    X(object_insert)                                                                               \
    X(object_update)                                                                               \
    X(object_set_base)                                                                             \
    X(content_insert)                                                                              \
    X(content_update)                                                                              \
    X(permission_insert)                                                                           \
    X(permission_revive)                                                                           \
    X(object_delete)                                                                               \
    X(content_delete)                                                                              \
    X(permission_delete)                                                                           \
    X(tombstone_insert)                                                                            \
    X(tombstone_get)                                                                               \
    X(tombstone_delete)                                                                            \
    X(tombstones_by_path)                                                                          \
    X(tombstones_by_incarnation)                                                                   \
    X(tombstones_by_file_hash)                                                                     \
    X(tombstones_expire)                                                                           \
    X(tag_insert)                                                                                  \
    X(alias_insert)                                                                                \
    X(link_insert)                                                                                 \
    X(heading_insert)                                                                              \
    X(task_insert)                                                                                 \
    X(property_insert)                                                                             \
    X(block_insert)                                                                                \
    X(tags_delete)                                                                                 \
    X(aliases_delete)                                                                              \
    X(links_delete)                                                                                \
    X(headings_delete)                                                                             \
    X(tasks_delete)                                                                                \
    X(properties_delete)                                                                           \
    X(blocks_delete)                                                                               \
    X(object_file)                                                                                 \
    X(aliases_of)                                                                                  \
    X(aliases_of_file)                                                                             \
    X(text_insert)                                                                                 \
    X(text_insert_path)                                                                            \
    X(text_delete)                                                                                 \
    X(search_merge)                                                                                \
    X(search_content)                                                                              \
    X(search_has)                                                                                  \
    X(search_insert)                                                                               \
    X(search_delete)                                                                               \
    X(name_insert)                                                                                 \
    X(name_delete)                                                                                 \
    X(name_key)                                                                                    \
    X(name_exact)                                                                                  \
    X(name_candidates)                                                                             \
    X(name_alias)                                                                                  \
    X(links_by_key)                                                                                \
    X(links_of_object)                                                                             \
    X(links_open)                                                                                  \
    X(links_all)                                                                                   \
    X(link_set_target)                                                                             \
    X(schemas_list)                                                                                \
    X(schema_edits)                                                                                \
    X(schema_restore)                                                                              \
    X(schema_registered)                                                                           \
    X(schema_reword)                                                                               \
    X(schema_history_reword)                                                                       \
    X(schema_refused)                                                                              \
    X(schema_problem_paths)                                                                        \
    X(problem_paths)                                                                               \
    X(schema_by_name)                                                                              \
    X(schema_by_id)                                                                                \
    X(schema_insert)                                                                               \
    X(schema_update)                                                                               \
    X(schema_delete)                                                                               \
    X(schema_count_objects)                                                                        \
    X(schema_history_add)                                                                          \
    X(view_owner)                                                                                  \
    X(view_is_taken)                                                                               \
    X(view_add)                                                                                    \
    X(view_delete)                                                                                 \
    X(shape_sql)                                                                                   \
    X(shape_all)                                                                                   \
    X(shape_two_names)                                                                             \
    X(shape_column)                                                                                \
    X(shape_triggers)                                                                              \
    X(index_of_schema)                                                                             \
    X(index_missing)                                                                               \
    X(index_add)                                                                                   \
    X(index_delete)                                                                                \
    X(index_unused)                                                                                \
    X(history_add)                                                                                 \
    X(history_finish)                                                                              \
    X(history_drop)                                                                                \
    X(history_get)                                                                                 \
    X(history_unfinished)                                                                          \
    X(history_last_batch)                                                                          \
    X(history_expire)                                                                              \
    X(conflict_add)                                                                                \
    X(conflict_get)                                                                                \
    X(conflict_settle)                                                                             \
    X(conflict_drop)                                                                               \
    X(request_next)                                                                                \
    X(request_answer)                                                                              \
    X(requests_expire)                                                                             \
    X(refusals_expire)                                                                             \
    X(refusals_drop)                                                                               \
    X(problem_drop)                                                                                \
    X(object_place)                                                                                \
    X(clock_get)                                                                                   \
    X(clock_set)                                                                                   \
    X(clock_raise)                                                                                 \
    X(audit_next)                                                                                  \
    X(audit_add)                                                                                   \
    X(audit_rows)                                                                                  \
    X(audit_lines)                                                                                 \
    X(audit_line)                                                                                  \
    X(permission_get)                                                                              \
    X(permission_put)                                                                              \
    X(permissions_ending)                                                                          \
    X(permissions_lines)                                                                           \
    X(permission_edit_next)                                                                        \
    X(permission_edit_drop)                                                                        \
    X(locks_due)                                                                                   \
    X(lock_put)                                                                                    \
    X(lock_settle)                                                                                 \
    X(lock_touch)                                                                                  \
    X(lock_drop)                                                                                   \
    X(lock_get)                                                                                    \
    X(lock_is_wanted)                                                                              \
    X(file_is_read_only)                                                                           \
    X(decided_put)                                                                                 \
    X(undecided)                                                                                   \
    X(tags_folded)                                                                                 \
    X(default_put)                                                                                 \
    X(default_drop)                                                                                \
    X(default_share)                                                                               \
    X(feed_since)                                                                                  \
    X(lock_break)                                                                                  \
    X(outbox_files)                                                                                \
    X(outbox_of_file)                                                                              \
    X(outbox_fileless)                                                                             \
    X(outbox_get)                                                                                  \
    X(outbox_has_file)                                                                             \
    X(outbox_count)                                                                                \
    X(outbox_mark)                                                                                 \
    X(outbox_delay_file)                                                                           \
    X(outbox_delay_object)                                                                         \
    X(outbox_hurry)                                                                                \
    X(outbox_hurry_file)                                                                           \
    X(outbox_know)                                                                                 \
    X(outbox_drop)                                                                                 \
    X(outbox_place)                                                                                \
    X(outbox_rebase)                                                                               \
    X(outbox_add_deleted)                                                                          \
    X(outbox_renew)                                                                                \
    X(outbox_detach)                                                                               \
    X(object_unplace)                                                                              \
    X(tombstone_of_outbox)                                                                         \
    X(restore_object)                                                                              \
    X(restore_content)                                                                             \
    X(restore_permissions)                                                                         \
    X(restore_tasks)                                                                               \
    X(sweep_contents)                                                                              \
    X(sweep_add)                                                                                   \
    X(sweep_stamp)                                                                                 \
    X(sweep_vanished)                                                                              \
    X(sweep_orphans)                                                                               \
    X(sweep_unindex)                                                                               \
    X(writer_mark)                                                                                 \
    X(writer_get)                                                                                  \
    X(writer_find)                                                                                 \
    X(writer_create)                                                                               \
    X(writer_next_key)                                                                             \
    X(writer_create_content)                                                                       \
    X(writer_set_content)                                                                          \
    X(writer_set_path)                                                                             \
    X(writer_remove)                                                                               \
    X(writer_fate)                                                                                 \
    X(writer_count)                                                                                \
    X(writer_ask)                                                                                  \
    X(writer_answer)                                                                               \
    X(content_drop_broken)                                                                         \
    X(search_rebuild)

enum statement {
#define X(name) SQL_##name,
    STORE_STATEMENTS(X)
#undef X
        STATEMENT_COUNT
};

/** The statement's name in the .sql files. Static. */
const char *statement_name(enum statement statement);
/** Its text, from behind its name to the next one. */
struct str statement_text(enum statement statement);
/** The text below "-- name: NAME" in a file of statements; `at` NULL when there is none. */
struct str statement_find(struct str file, const char *name);

struct statement_cache {
    sqlite3 *db;
    sqlite3_stmt *prepared[STATEMENT_COUNT];
};

void statement_cache_init(struct statement_cache *cache, sqlite3 *db);
/** Finalizes all; needed before the connection is closed. */
void statement_cache_finish(struct statement_cache *cache);

struct query {
    sqlite3_stmt *statement;
    int bound; /* how many parameters have their value */
    int code;  /* the first failure */
};

enum nexus_status query_open(struct query *query, struct statement_cache *cache,
                             enum statement statement, struct nexus_error *err);
/** Ready for the next use; harmless on a zeroed query. */
void query_close(struct query *query);
#define QUERY_SCOPED __attribute__((cleanup(query_close))) struct query

void query_integer(struct query *query, int64_t value);
/** NULL for 0: an id that is not there. */
void query_id(struct query *query, int64_t id);
/** Never NULL: the zero value is the empty text. */
void query_text(struct query *query, struct str text);
/** NULL when `at` is NULL. */
void query_text_or_null(struct query *query, struct str text);
/** NULL when it is empty. */
void query_text_if_any(struct query *query, struct str text);
void query_null(struct query *query);
/** NULL when `at` is NULL. */
void query_blob_or_null(struct query *query, struct str bytes);
/** As 32 digits, which are copied. */
void query_hash(struct query *query, struct hash hash);

/** The value of a column of another query's row, which must not step before this one is done. */
void query_column(struct query *query, const struct query *row, int column);

/** Steps to the next row; false behind the last. */
enum nexus_status query_next(struct query *query, bool *ret_row, struct nexus_error *err);
/** Runs a statement without rows to its end, and closes it. */
enum nexus_status query_run(struct query *query, struct nexus_error *err);

/** A column's text, borrowed until the next step; `at` is NULL for NULL. */
struct str column_text(const struct query *query, int column);
struct str column_copy(const struct query *query, int column, struct arena *arena);
/** A blob's bytes; `at` is NULL for NULL alone. */
struct str column_copy_blob(const struct query *query, int column, struct arena *arena);
int64_t column_integer(const struct query *query, int column);
bool column_is_null(const struct query *query, int column);
/** False when it is NULL or not a hash. */
bool column_hash(const struct query *query, int column, struct hash *ret_hash);

#endif
