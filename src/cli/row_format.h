// SPDX-License-Identifier: MIT
/*
 * The rows of any statement, printed. Values are what the database holds, so a format that a
 * program reads gets them as they are; on a terminal, what could steer it is escaped.
 */
#ifndef CLI_ROW_FORMAT_H
#define CLI_ROW_FORMAT_H

#include "cli/command.h"

struct row_format {
    const char *name;
    enum nexus_status (*print)(struct invocation *call, struct nexus_rows *rows,
                               struct nexus_error *err);
};

/** NULL: there is none of that name. */
const struct row_format *row_format_find(const char *name);
/** What the help calls them. */
#define ROW_FORMAT_NAMES "table|line|list|csv|json|jsonl"

/* table.c: columns below their names; on a terminal cut to its width.
 * row_format_json.c: an array of objects, and an object a line. */
enum nexus_status row_format_table(struct invocation *call, struct nexus_rows *rows,
                                   struct nexus_error *err);
enum nexus_status row_format_json(struct invocation *call, struct nexus_rows *rows,
                                  struct nexus_error *err);
enum nexus_status row_format_jsonl(struct invocation *call, struct nexus_rows *rows,
                                   struct nexus_error *err);

#endif
