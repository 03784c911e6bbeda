// SPDX-License-Identifier: MIT
/*
 * Runs the official JSON Schema test suite: every test in the fast and in the explaining mode,
 * which must agree.
 *
 *   suite [-v] DIRECTORY…    each DIRECTORY has tests/<draft>/ and remotes/; a draft is taken from
 *                            the first one that has it. -v names each test that fails.
 *
 * Passes when all required tests do, 99.4 % of the optional and 98.5 % of those on formats. Exits
 * with 77 (skipped) when no directory is there.
 */
#include "parse/json.h"
#include "validate/schema.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum part { PART_REQUIRED, PART_OPTIONAL, PART_FORMAT, PART_COUNT };

static const char *const part_names[] = {"required", "optional", "format"};
static const double part_least[] = {1.0, 0.994, 0.985};

static const struct {
    const char *folder;
    enum schema_draft draft;
} drafts[] = {
    {"draft4", DRAFT_4},          {"draft6", DRAFT_6},          {"draft7", DRAFT_7},
    {"draft2019-09", DRAFT_2019}, {"draft2020-12", DRAFT_2020},
};

struct count {
    unsigned passed, total;
};

struct runner {
    bool is_verbose;
    bool has_old_formats; /* an older suite: formats have no folder of their own */
    enum schema_draft draft;
    enum part part;
    struct schema_set *set;
    struct schema_run *run;
    struct count counts[PART_COUNT];
    struct count file;
    const char *path;
};

static char *read_file(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = NULL;
    size_t length = 0, capacity = 0, got;
    do {
        if (!array_reserve(&text, &capacity, length + 65536, 1))
            abort();
        got = fread(text + length, 1, 65536, file);
        length += got;
    } while (got);
    fclose(file);
    *ret_length = length;
    return text;
}

typedef void file_function(void *context, const char *path);

/** Calls for each *.json in the folder, sorted by name; into its folders too, when `deep`. */
static void for_each_file(const char *folder, int deep, file_function *call, void *context)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        bool is_hidden = entries[i]->d_name[0] == '.';
        free(entries[i]);
        if (is_hidden || stat(path, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode) && deep)
            for_each_file(path, deep, call, context);
        else if (str_ends_with(str_of(path), STR(".json")))
            call(context, path);
    }
    if (count >= 0)
        free(entries);
}

struct remotes {
    struct runner *runner;
    size_t prefix; /* length of ".../remotes/" */
};

static void add_remote(void *context, const char *path)
{
    const struct remotes *remotes = context;
    const char *name = path + remotes->prefix;
    enum schema_draft draft = remotes->runner->draft;
    for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++)
        if (strncmp(name, drafts[i].folder, strlen(drafts[i].folder)) == 0 &&
            name[strlen(drafts[i].folder)] == '/')
            draft = drafts[i].draft;
    char uri[4096];
    size_t length;
    char *text = read_file(path, &length);
    snprintf(uri, sizeof uri, "http://localhost:1234/%s", name);
    struct nexus_error error;
    if (!text || schema_set_add(remotes->runner->set, str_of(uri), (struct str){text, length},
                                draft, NULL, &error) != NEXUS_OK)
        printf("remote %s: cannot be added\n", path);
    free(text);
}

static struct str member_text(const struct tape *tape, uint32_t object, const char *name)
{
    uint32_t value = tape_member(tape, object, str_of(name));
    return value == TAPE_NONE ? STR("") : node_text(&tape->nodes[value]);
}

static void print_problems(const struct problem_list *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        printf("        %.*s: %.*s [%s] %.*s\n", STR_ARG(problems->items[i].pointer),
               STR_ARG(problems->items[i].message), problems->items[i].keyword,
               STR_ARG(problems->items[i].schema_uri));
}

static bool run_test(struct runner *runner, const struct schema *schema, const struct tape *tape,
                     uint32_t test, struct arena *arena)
{
    uint32_t data = tape_member(tape, test, STR("data"));
    bool wanted = tape->nodes[tape_member(tape, test, STR("valid"))].type == NODE_TRUE;
    struct problem_list problems;
    problem_list_init(&problems, arena);
    bool fast = schema_accepts(schema, tape, data, runner->run);
    bool slow = schema_explain(schema, tape, data, runner->run, &problems);
    bool told = problems.has_error == !slow;
    if (fast == wanted && slow == wanted && told)
        return true;
    if (runner->is_verbose) {
        printf("    FAIL %s: %.*s: wanted %d, fast %d, explained %d with %zu problems\n",
               runner->path, STR_ARG(member_text(tape, test, "description")), wanted, fast, slow,
               problems.count);
        print_problems(&problems);
    }
    return false;
}

static unsigned options_of(const struct runner *runner)
{
    unsigned options = runner->part == PART_FORMAT ? 0 : SCHEMA_FORMAT_ANNOTATES;
    if (str_ends_with(str_of(runner->path), STR("/optional/content.json")))
        options |= SCHEMA_CONTENT_ASSERTED;
    /* The older suite asks in this file, too, whether a text has the format "regex". */
    bool is_regex = str_ends_with(str_of(runner->path), STR("/optional/ecmascript-regex.json"));
    if (runner->part == PART_OPTIONAL && (runner->has_old_formats || is_regex))
        options = 0;
    return options;
}

static void run_group(struct runner *runner, const struct tape *tape, uint32_t group)
{
    struct arena arena = {0};
    struct problem_list problems;
    problem_list_init(&problems, &arena);
    const struct node *node = &tape->nodes[tape_member(tape, group, STR("schema"))];
    uint32_t tests = tape_member(tape, group, STR("tests"));
    struct schema *schema = NULL;
    struct nexus_error error = {0};
    const struct str uri = STR("vault:schema/test");
    schema_set_add(runner->set, uri, str_slice(tape->source, node->start, node->end), runner->draft,
                   &problems, &error);
    if (error.status == NEXUS_OK)
        schema_compile(runner->set, uri, options_of(runner), &schema, &problems, &error);
    if (!schema && runner->is_verbose) {
        printf("    FAIL %s: %.*s: does not compile: %s\n", runner->path,
               STR_ARG(member_text(tape, group, "description")), error.message);
        print_problems(&problems);
    }
    tape_for_each_item (tape, tests, test) {
        runner->file.total++;
        runner->file.passed += schema && run_test(runner, schema, tape, test, &arena);
    }
    schema_free(schema);
    arena_finish(&arena);
}

static void run_file(void *context, const char *path)
{
    struct runner *runner = context;
    struct tape tape = {0};
    size_t length;
    char *text = read_file(path, &length);
    runner->path = path;
    runner->file = (struct count){0};
    if (text && json_scan((struct str){text, length}, &tape, NULL)) {
        tape_for_each_item (&tape, 0, group)
            run_group(runner, &tape, group);
    }
    if (runner->file.passed < runner->file.total)
        printf("  %s: %u of %u\n", path, runner->file.passed, runner->file.total);
    runner->counts[runner->part].passed += runner->file.passed;
    runner->counts[runner->part].total += runner->file.total;
    tape_finish(&tape);
    free(text);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/** The three parts of one draft below `directory`. True when each reaches its mark. */
static bool run_draft(struct runner *runner, const char *directory, const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/remotes/", directory);
    struct remotes remotes = {runner, strlen(path)};
    path[strlen(path) - 1] = '\0';
    for_each_file(path, 1, add_remote, &remotes);

    snprintf(path, sizeof path, "%s/tests/%s/optional/format", directory, folder);
    runner->has_old_formats = !is_folder(path);

    static const char *const below[] = {"", "/optional", "/optional/format"};
    bool is_good = true;
    for (int part = 0; part < PART_COUNT; part++) {
        runner->part = (enum part)part;
        snprintf(path, sizeof path, "%s/tests/%s%s", directory, folder, below[part]);
        for_each_file(path, 0, run_file, runner);
        struct count count = runner->counts[part];
        printf("%s %s: %u of %u\n", folder, part_names[part], count.passed, count.total);
        is_good &= count.passed >= part_least[part] * count.total;
    }
    return is_good;
}

int main(int argc, char **argv)
{
    bool is_good = true, is_verbose = false;
    unsigned found = 0;
    for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++) {
        for (int argument = 1; argument < argc; argument++) {
            char path[4096];
            is_verbose |= strcmp(argv[argument], "-v") == 0;
            snprintf(path, sizeof path, "%s/tests/%s", argv[argument], drafts[i].folder);
            if (!is_folder(path))
                continue;
            struct runner runner = {.is_verbose = is_verbose,
                                    .draft = drafts[i].draft,
                                    .set = schema_set_new(json_scan),
                                    .run = schema_run_new()};
            is_good &= run_draft(&runner, argv[argument], drafts[i].folder);
            schema_run_free(runner.run);
            schema_set_free(runner.set);
            found++;
            break;
        }
    }
    if (!found)
        printf("skipped: the JSON Schema test suite is not here\n");
    return !found ? 77 : is_good ? 0 : 1;
}
