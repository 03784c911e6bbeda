// SPDX-License-Identifier: MIT
/* A store in a folder of its own for each test, and short ways to fill and ask it. */
#ifndef UNIT_STORE_FIXTURE_H
#define UNIT_STORE_FIXTURE_H

#include "base/time.h"
#include "store/files.h"
#include "store/notes.h"
#include "store/objects.h"
#include "store/reader.h"
#include "store/schemas.h"
#include "store/store.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define START_NS (INT64_C(1768473000) * NS_PER_S) /* 2026-01-15T10:30:00.000Z */

static char folder[64], database[96];
static struct store *store;
static int64_t clock_ns;
static int64_t note_schema;

static inline struct store_options options(void)
{
    return (struct store_options){.abs_path = database, .now_ns = clock_ns};
}

/* cmocka counts a NULL error message as its own, so a failure is printed where it happened. */
#define OK(expression)                                                                             \
    do {                                                                                           \
        struct nexus_error ok_error_ = {0};                                                        \
        struct nexus_error *err = &ok_error_;                                                      \
        if ((expression) != NEXUS_OK)                                                              \
            fail_msg("%s: %s", #expression, ok_error_.message);                                    \
    } while (0)
#define FAILS(wanted, expression)                                                                  \
    do {                                                                                           \
        struct nexus_error *err = NULL;                                                            \
        assert_int_equal((expression), (wanted));                                                  \
    } while (0)

static inline void begin(void)
{
    clock_ns += NS_PER_S;
    OK(store_begin(store, clock_ns, err));
}

static inline void commit(void)
{
    OK(store_commit(store, err));
}

static inline int make_folder(void **state)
{
    (void)state;
    /* In memory where that is possible: hundreds of databases are made and synced. */
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof folder, "%s/nexus-unit-XXXXXX", parent);
    if (!mkdtemp(folder))
        return -1;
    snprintf(database, sizeof database, "%s/vault.sqlite", folder);
    clock_ns = START_NS;
    store = NULL;
    return 0;
}

static inline void register_note_schema(void)
{
    struct binding_column content = {
        .property = STR("content"), .name = STR("content"), .types = COLUMN_TEXT};
    const struct binding binding = {.body = STR("content"), .columns = &content, .column_count = 1};
    OK(store_schema_put(store, STR("core.note"), STR("{}"), &binding, &note_schema, err));
}

static inline int make_store(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    const struct store_options o = options();
    OK(store_open(&o, &store, err));
    begin();
    register_note_schema();
    commit();
    return 0;
}

static inline int remove_store(void **state)
{
    (void)state;
    char command[128];
    store_close(store);
    store = NULL;
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder);
    return system(command);
}

/** The first column of all rows, joined by '|'; NULL is "∅". Owned by a static buffer. */
static inline const char *ask(const char *sql)
{
    static struct strbuf text;
    struct store_reader *reader;
    struct store_rows *rows;
    strbuf_reset(&text);
    strbuf_add_text(&text, "");
    OK(store_reader_open(database, &reader, err));
    OK(store_query(reader, str_of(sql), &rows, err));
    bool more, is_first = true;
    for (;;) {
        OK(store_rows_next(rows, &more, err));
        if (!more)
            break;
        if (!is_first)
            strbuf_add_char(&text, '|');
        is_first = false;
        bool is_null = store_rows_type(rows, 0) == STORE_NULL;
        strbuf_add(&text, is_null ? STR("\xE2\x88\x85") : store_rows_text(rows, 0));
    }
    store_rows_close(rows);
    store_reader_close(reader);
    return text.at ? text.at : "";
}

#define TELLS(sql, wanted) assert_string_equal(ask(sql), wanted)

static inline int64_t put_file(const char *path)
{
    struct file_record file = {.path = str_of(path), .state = FILE_SYNCED, .is_indexed = true};
    int64_t id = 0;
    OK(store_file_put(store, &file, &id, err));
    return id;
}

static inline struct store_object object_of(int64_t file_id, struct str path, struct str json)
{
    return (struct store_object){.schema_id = note_schema,
                                 .file_id = file_id,
                                 .path = path,
                                 .content_json = json,
                                 .content_hash = hash_of(json)};
}

/** Content of a note whose body is `body` (without characters that JSON escapes). */
static inline int64_t put_object(const char *path, const char *body)
{
    STRBUF_SCOPED json = {0};
    strbuf_add_text(&json, "{\"content\":");
    strbuf_add_json(&json, str_of(body));
    strbuf_add_char(&json, '}');
    struct store_object object = object_of(put_file(path), str_of(path), strbuf_str(&json));
    int64_t id = 0;
    OK(store_object_put(store, &object, ORIGIN_FILE, &id, NULL, err));
    return id;
}

/** A note that links to each of the NULL-terminated targets, and has the alias if it is not NULL.
 */
static inline int64_t put_linking_note(const char *path, const char *alias,
                                       const char *const *targets)
{
    struct note_link links[64] = {0};
    struct note_alias one = {.name = str_of(alias)};
    struct note note = {.links = links, .aliases = &one, .alias_count = alias ? 1 : 0};
    for (; targets && targets[note.link_count]; note.link_count++)
        links[note.link_count] = (struct note_link){
            .kind = LINK_WIKI,
            .raw = str_of(targets[note.link_count]),
            .target = str_of(targets[note.link_count]),
        };
    const struct line_map lines = {0};
    const struct store_derived derived = {
        .title = str_of(path), .body_property = STR("content"), .note = &note, .lines = &lines};
    int64_t id = put_object(path, "text");
    OK(store_derived_put(store, id, &derived, err));
    return id;
}

static inline void delete_file(const char *path)
{
    struct arena arena = {0};
    struct file_record file;
    struct store_object_row *objects;
    size_t count;
    OK(store_file_get(store, str_of(path), &arena, &file, err));
    OK(store_objects_of_file(store, file.id, &arena, &objects, &count, err));
    for (size_t i = 0; i < count; i++)
        OK(store_object_delete(store, objects[i].id, ORIGIN_FILE, err));
    OK(store_file_delete(store, file.id, err));
    arena_finish(&arena);
}

static inline void move_file(const char *from, const char *to)
{
    struct arena arena = {0};
    struct file_record file;
    OK(store_file_get(store, str_of(from), &arena, &file, err));
    OK(store_file_move(store, file.id, file.path, str_of(to), ORIGIN_FILE, err));
    arena_finish(&arena);
}

#endif
