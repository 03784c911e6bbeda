// SPDX-License-Identifier: MIT
/*
 * The official JSON Schema Test Suite, where it lies beside the sources or is installed: each of
 * its files is an array of {description, schema, tests: [{description, data, valid}]}.
 */
#ifndef UNIT_VALIDATE_OFFICIAL_H
#define UNIT_VALIDATE_OFFICIAL_H

#include "base/file.h"
#include "parse/json.h"
#include "unit/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct official_test {
    const char *file; /* such as "draft7/optional/format/date.json" */
    const struct tape *tape;
    uint32_t schema, data; /* nodes of the tape */
    struct str group, description;
    bool valid;
};

typedef void official_visit(void *context, const struct official_test *test);

static const char *official_folder(void)
{
    static const char *const places[] = {"../shared/json-schema-test-suite/tests",
                                         "/usr/share/json-schema-test-suite/tests"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (access(places[i], R_OK) == 0)
            return places[i];
    return NULL;
}

static struct str official_text(const struct tape *tape, uint32_t object, struct str name)
{
    uint32_t member = tape_member(tape, object, name);
    return member == TAPE_NONE ? STR("") : node_text(&tape->nodes[member]);
}

static size_t official_visit_group(const char *file, const struct tape *tape, uint32_t group,
                                   official_visit *visit, void *context)
{
    struct official_test test = {.file = file,
                                 .tape = tape,
                                 .schema = tape_member(tape, group, STR("schema")),
                                 .group = official_text(tape, group, STR("description"))};
    uint32_t tests = tape_member(tape, group, STR("tests"));
    size_t count = 0;
    tape_for_each_item (tape, tests, item) {
        test.data = tape_member(tape, item, STR("data"));
        test.description = official_text(tape, item, STR("description"));
        test.valid = tape->nodes[tape_member(tape, item, STR("valid"))].type == NODE_TRUE;
        visit(context, &test);
        count++;
    }
    return count;
}

/** Visits the tests of one file, such as "draft7/optional/format/date.json"; how many there were.
 */
static size_t official_visit_file(const char *file, official_visit *visit, void *context)
{
    STRBUF_SCOPED path = {0}, text = {0};
    strbuf_addf(&path, "%s/%s", official_folder(), file);
    struct nexus_error error;
    if (file_read(path.at, 16 << 20, &text, &error) != NEXUS_OK)
        return 0;
    struct tape tape;
    tape_init(&tape);
    assert_true(json_scan(strbuf_str(&text), &tape, NULL));
    size_t count = 0;
    tape_for_each_item (&tape, 0, group) {
        count += official_visit_group(file, &tape, group, visit, context);
    }
    tape_finish(&tape);
    return count;
}

static int official_is_json(const struct dirent *entry)
{
    return str_ends_with(str_of(entry->d_name), STR(".json"));
}

/** Visits every file right below a folder, such as "draft7/optional/format", in their order. */
__attribute__((unused)) static size_t official_visit_folder(const char *folder,
                                                            official_visit *visit, void *context)
{
    STRBUF_SCOPED path = {0};
    strbuf_addf(&path, "%s/%s", official_folder(), folder);
    struct dirent **entries;
    int found = scandir(path.at, &entries, official_is_json, alphasort);
    size_t count = 0;
    for (int i = 0; i < found; i++) {
        strbuf_reset(&path);
        strbuf_addf(&path, "%s/%s", folder, entries[i]->d_name);
        count += official_visit_file(path.at, visit, context);
        free(entries[i]);
    }
    if (found >= 0)
        free(entries);
    return count;
}

#endif
