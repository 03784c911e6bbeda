// SPDX-License-Identifier: MIT
/* What is in a vault, counted: for `init` and `status`. */
#ifndef CLI_CENSUS_H
#define CLI_CENSUS_H

#include "cli/json.h"

#include "cli/command.h"

struct census {
    int64_t files, objects;
    int64_t errors, warnings, files_with_problems;
    int64_t open_conflicts;
    int64_t held_writes, waiting_writes; /* files that SQL changed and that do not say it yet */
    char last_change_at[32];             /* empty: there was none */
};

enum nexus_status census_take(struct invocation *call, struct census *ret_census,
                              struct nexus_error *err);

/* The statements that count by group. */
#define CENSUS_SCHEMAS "objects_by_schema"
#define CENSUS_STATES "files_by_state"

/** "12 core.note, 3 core.todo" */
enum nexus_status census_print_groups(struct invocation *call, const char *statement,
                                      struct nexus_error *err);
/** {"core.note": 12, "core.todo": 3} */
enum nexus_status census_add_groups(struct invocation *call, struct json *json, const char *key,
                                    const char *statement, struct nexus_error *err);

/** "2 errors and 1 warning in 1 file", or "none" */
void census_print_problems(struct output *out, const struct census *census);
/** {"errors": 2, "warnings": 1, "files": 1} */
void census_add_problems(struct json *json, const struct census *census);

/** "1 file", "2 files" */
void output_count(struct output *out, int64_t count, const char *noun);

#endif
