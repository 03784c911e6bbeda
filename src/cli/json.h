// SPDX-License-Identifier: MIT
/*
 * The JSON printer: one document on stdout, which is written while it grows. What has to be known
 * as a whole (an item of a list) is built in memory and printed when it is complete, one a line;
 * the frame around goes out at once. So a million rows take the memory of one.
 *
 *     json_begin_object(&json, NULL);
 *     json_text(&json, "vault", path);
 *     json_begin_array(&json, "tasks");
 *     ... json_begin_object(&json, NULL) ... json_end(&json) for each
 *     json_end(&json);
 *     json_end(&json);
 *     return json_finish(&json, err);
 *
 * `key` is NULL in an array and at the top. Text that is not UTF-8 gets U+FFFD for the bytes that
 * are not. Numbers keep all their digits. The only door to cJSON of the program.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include "cli/output.h"

#include <nexus/query.h>

struct cJSON;

enum { JSON_DEPTH_LIMIT = 8 }; /* of what our commands print; a user's own JSON is one value */

struct json_level {
    struct cJSON *node; /* what is being built; NULL: this level is written as it grows */
    bool is_array;
    bool has_items;
};

struct json {
    struct output *out;
    struct json_level levels[JSON_DEPTH_LIMIT];
    int depth;
    struct strbuf value, key; /* scratch */
    bool failed;              /* out of memory; nothing is printed any more */
};

void json_init(struct json *json, struct output *out);
/** Ends the document with a line end. All that was begun must have ended. */
enum nexus_status json_finish(struct json *json, struct nexus_error *err);
/** Frees what is there; harmless after json_finish(), and for a scope that ends early. */
void json_close(struct json *json);
#define JSON_SCOPED __attribute__((cleanup(json_close))) struct json

void json_begin_object(struct json *json, const char *key);
void json_begin_array(struct json *json, const char *key);
void json_end(struct json *json);

void json_text(struct json *json, const char *key, struct str value);
void json_integer(struct json *json, const char *key, int64_t value);
void json_count(struct json *json, const char *key, uint64_t value);
void json_boolean(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/** A value that is JSON text already, put in as it is. */
void json_value(struct json *json, const char *key, struct str json_text);

/** A value of the current row, by its type. A real is written with the fewest digits that read back
 *  as the same number. */
void json_column(struct json *json, const char *key, struct nexus_rows *rows, int column);
/** The columns from `first` on, `count` of them, under their own names. */
void json_columns(struct json *json, struct nexus_rows *rows, int first, int count);

#endif
