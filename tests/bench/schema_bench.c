// SPDX-License-Identifier: MIT
/*
 * How fast a schema judges documents.
 *
 *   schema_bench SCHEMA INSTANCES BUDGET_MS
 *
 * INSTANCES holds one JSON document a line, or (a name that ends with .bin) YAML documents with a
 * NUL behind each. Parsing and judging are timed apart and together, each as passes over all
 * documents until the budget is used; the fastest pass counts. Formats are not asserted. One JSON
 * line comes out: nanoseconds for a pass over all documents.
 *
 * A pass meets each document unprepared, as a program does that reads a folder. `judge_each_ns` and
 * `text_each_ns` are of one document REPEATS times in a row, for each of them: what a program tells
 * that measures its documents one by one, such as blaze.
 */
#include "parse/json.h"
#include "parse/yaml.h"
#include "validate/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static struct str read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t length = 0, capacity = 0, got = 0;
    if (!file)
        return (struct str){NULL, 0};
    do {
        length += got;
        if (!array_reserve(&text, &capacity, length + 65537, 1))
            abort();
        got = fread(text + length, 1, 65536, file);
    } while (got);
    fclose(file);
    return (struct str){text, length};
}

struct bench {
    struct str *lines;
    struct tape *tapes;
    size_t count, bytes, invalid;
    bool is_yaml;
    const struct schema *schema;
    struct schema_run *run;
};

static void split(struct bench *bench, struct str text)
{
    size_t capacity = 0;
    while (text.length) {
        size_t end = str_find(text, bench->is_yaml ? '\0' : '\n');
        struct str line = str_slice(text, 0, end);
        text = str_slice(text, end == STR_NONE ? text.length : end + 1, text.length);
        if (!str_trim(line).length)
            continue;
        if (!array_reserve(&bench->lines, &capacity, bench->count + 1, sizeof *bench->lines))
            abort();
        bench->lines[bench->count++] = line;
        bench->bytes += line.length;
    }
    bench->tapes = calloc(bench->count + 1, sizeof *bench->tapes);
}

static bool parse(const struct bench *bench, size_t i, struct tape *tape)
{
    static struct arena arena;
    struct str line = bench->lines[i];
    struct problem_list problems;
    if (!bench->is_yaml)
        return json_scan(line, tape, NULL);
    problem_list_init(&problems, &arena);
    return yaml_compose(line, 0, (uint32_t)line.length, tape, &problems);
}

/** A tape for keeping: no room for more nodes behind it. */
static void parse_exactly(const struct bench *bench, size_t i, struct tape *tape)
{
    if (!parse(bench, i, tape))
        return;
    struct node *exact = realloc(tape->nodes, tape->count * sizeof *exact);
    if (exact) {
        tape->nodes = exact;
        tape->capacity = tape->count;
    }
}

typedef size_t pass(struct bench *bench);

static size_t pass_scan(struct bench *bench)
{
    static struct tape tape;
    size_t bad = 0;
    for (size_t i = 0; i < bench->count; i++)
        bad += !parse(bench, i, &tape);
    return bad;
}

static size_t pass_judge(struct bench *bench)
{
    size_t bad = 0;
    for (size_t i = 0; i < bench->count; i++)
        bad += !schema_accepts(bench->schema, &bench->tapes[i], 0, bench->run);
    return bad;
}

static size_t pass_both(struct bench *bench)
{
    static struct tape tape;
    size_t bad = 0;
    for (size_t i = 0; i < bench->count; i++)
        bad += !parse(bench, i, &tape) || !schema_accepts(bench->schema, &tape, 0, bench->run);
    return bad;
}

/** The fastest of as many passes as the budget allows. */
static uint64_t fastest(struct bench *bench, pass *call, uint64_t budget_ns)
{
    uint64_t best = UINT64_MAX, start = now_ns(), before = start, after;
    do {
        call(bench);
        after = now_ns();
        if (after - before < best)
            best = after - before;
        before = after;
    } while (after - start < budget_ns);
    return best;
}

enum { REPEATS = 200 }; /* of one document */

/** Nanoseconds for each document, asked again and again before the next is. */
static double *measure_each(struct bench *bench, bool from_text)
{
    double *each = calloc(bench->count + 1, sizeof *each);
    struct tape tape = {0};
    size_t bad = 0;
    if (!each)
        abort();
    for (size_t i = 0; i < bench->count; i++) {
        uint64_t start = now_ns();
        for (int repeat = 0; repeat < REPEATS; repeat++)
            bad += from_text ? !parse(bench, i, &tape) ||
                                   !schema_accepts(bench->schema, &tape, 0, bench->run)
                             : !schema_accepts(bench->schema, &bench->tapes[i], 0, bench->run);
        each[i] = (double)(now_ns() - start) / REPEATS;
    }
    tape_finish(&tape);
    bench->invalid = bad / REPEATS;
    return each;
}

static void print_each(const char *name, double *each, size_t count)
{
    printf(",\"%s\":[", name);
    for (size_t i = 0; i < count; i++)
        printf("%s%.1f", i ? "," : "", each[i]);
    printf("]");
    free(each);
}

static void print_problems(const struct problem_list *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        fprintf(stderr, "%.*s: %.*s [%s]\n", STR_ARG(problems->items[i].pointer),
                STR_ARG(problems->items[i].message), problems->items[i].keyword);
}

static struct schema *compile(struct schema_set *set, uint64_t *ret_ns)
{
    struct nexus_error error;
    struct arena arena = {0};
    struct problem_list problems;
    struct schema *schema = NULL;
    *ret_ns = UINT64_MAX;
    problem_list_init(&problems, &arena);
    for (int i = 0; i < 5; i++) {
        schema_free(schema);
        schema = NULL;
        uint64_t start = now_ns();
        if (schema_compile(set, STR("vault:schema/bench"), SCHEMA_FORMAT_ANNOTATES, &schema,
                           &problems, &error) != NEXUS_OK) {
            fprintf(stderr, "%s\n", error.message);
            print_problems(&problems);
            break;
        }
        if (now_ns() - start < *ret_ns)
            *ret_ns = now_ns() - start;
    }
    arena_finish(&arena);
    return schema;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: schema_bench SCHEMA INSTANCES BUDGET_MS\n");
        return 2;
    }
    struct bench bench = {.run = schema_run_new(),
                          .is_yaml = str_ends_with(str_of(argv[2]), STR(".bin"))};
    struct schema_set *set = schema_set_new(json_scan);
    struct str schema = read_file(argv[1]), instances = read_file(argv[2]);
    uint64_t budget_ns = (uint64_t)strtoul(argv[3], NULL, 10) * 1000000u, compile_ns;
    struct nexus_error error;
    if (schema_set_add(set, STR("vault:schema/bench"), schema, DRAFT_2020, NULL, &error) !=
        NEXUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    struct schema *compiled = compile(set, &compile_ns);
    if (!compiled)
        return 1;
    bench.schema = compiled;
    split(&bench, instances);
    for (size_t i = 0; i < bench.count; i++)
        parse_exactly(&bench, i, &bench.tapes[i]);
    uint64_t start = now_ns();
    size_t invalid = pass_judge(&bench);
    uint64_t cold_ns = now_ns() - start;
    uint64_t scan_ns = fastest(&bench, pass_scan, budget_ns / 3);
    uint64_t warm_ns = fastest(&bench, pass_judge, budget_ns / 3);
    uint64_t both_ns = fastest(&bench, pass_both, budget_ns / 3);
    double *judge_each = measure_each(&bench, false), *text_each = measure_each(&bench, true);
    printf("{\"impl\":\"nexus\",\"docs\":%zu,\"bytes\":%zu,\"parse_ns\":%llu,\"compile_ns\":%llu,"
           "\"cold_ns\":%llu,\"warm_ns\":%llu,\"text_ns\":%llu,\"invalid\":%zu",
           bench.count, bench.bytes, (unsigned long long)scan_ns, (unsigned long long)compile_ns,
           (unsigned long long)cold_ns, (unsigned long long)warm_ns, (unsigned long long)both_ns,
           invalid);
    print_each("judge_each_ns", judge_each, bench.count);
    print_each("text_each_ns", text_each, bench.count);
    printf("}\n");
    return 0;
}
