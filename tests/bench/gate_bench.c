// SPDX-License-Identifier: MIT
/*
 * What reading through the gate costs.
 *
 *   gate_bench VAULT ROUNDS
 *
 * Each statement runs ROUNDS times with the owner's reader and with the gate's, in turn. One JSON
 * line comes out for each: processor time of the fastest round, and how many rows came out. Two
 * more lines are what deciding costs.
 */
#include "base/error.h"
#include "permissions/decide.h"

#include <malloc.h>
#include <nexus/permission.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Scans, what the owner's reader answers from an index, and counts of whole tables, which it takes
 * from what the pages of an index say of themselves. Each access that is recorded is a commit, so
 * both readers read the pages anew each time: one that nobody writes beside counts in no time. */
static const char *const statements[] = {
    "SELECT count(*) FROM objects",
    "SELECT path FROM objects",
    "SELECT * FROM objects",
    "SELECT path, title FROM objects WHERE title LIKE '%77%'",
    "SELECT schema, count(*) FROM objects GROUP BY schema",
    "SELECT sum(length(content_json)) FROM object_content",
    "SELECT json_extract(content_json, '$.mood') AS m, count(*) FROM object_content GROUP BY m",
    "SELECT tag, count(*) FROM tags GROUP BY tag",
    "SELECT path, value FROM properties WHERE key = 'mood'",
    "SELECT path, text FROM headings WHERE text LIKE '%9'",
    "SELECT title FROM core_note WHERE title LIKE '%33%'",
    "SELECT path, rank FROM search WHERE search MATCH 'word7' ORDER BY rank",
    "SELECT path, target FROM links",
    "SELECT path, target_path FROM links WHERE target_id IS NOT NULL",
    "SELECT count(*) FROM backlinks",
    "SELECT o.path, t.tag FROM objects o JOIN tags t ON t.object_id = o.id WHERE t.tag = 't7'",
    "SELECT path FROM tags WHERE tag = 't7' ORDER BY path",
    "SELECT count(*) FROM tags WHERE tag = 't7'",
    "SELECT o.path, p.value FROM objects o JOIN properties p ON p.object_id = o.id"
    " WHERE p.key = 'mood' AND p.value = 'm3'",
    "SELECT count(*) FROM headings h JOIN data_objects o ON o.id = h.object_id",
    "SELECT count(*) FROM data_objects",
    "SELECT count(*) FROM object_permissions",
};

static double cpu_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void stop_if(enum nexus_status status, const struct nexus_error *err)
{
    if (status == NEXUS_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

/** What the statement took, its rows looked at as a printer does. */
static double run(struct nexus_reader *reader, const char *sql, long *ret_rows)
{
    struct nexus_error err = {0};
    struct nexus_rows *rows;
    double start = cpu_ms();
    long count = 0;
    size_t length;
    stop_if(nexus_query(reader, sql, &rows, &err), &err);
    for (bool more = true;; count++) {
        stop_if(nexus_rows_next(rows, &more, &err), &err);
        if (!more)
            break;
        for (int i = 0; i < nexus_rows_column_count(rows); i++)
            nexus_rows_text(rows, i, &length);
    }
    nexus_rows_close(rows);
    *ret_rows = count;
    return cpu_ms() - start;
}

static double faster(double best, double took)
{
    return best == 0 || took < best ? took : best;
}

static void compare(struct nexus_reader *owner, struct nexus_reader *gate, const char *sql,
                    int rounds)
{
    double owner_ms = 0, gate_ms = 0;
    long owner_rows = 0, gate_rows = 0;
    for (int i = 0; i < rounds; i++) {
        owner_ms = faster(owner_ms, run(owner, sql, &owner_rows));
        gate_ms = faster(gate_ms, run(gate, sql, &gate_rows));
    }
    printf("{\"statement\": \"%s\", \"owner_ms\": %.3f, \"gate_ms\": %.3f, "
           "\"owner_rows\": %ld, \"gate_rows\": %ld}\n",
           sql, owner_ms, gate_ms, owner_rows, gate_rows);
}

/** What the first statement pays for the decisions on all objects: later ones do not, until the
 * database changes. */
static void measure_first(struct nexus_reader *gate)
{
    static const char *const sql = "SELECT count(*) FROM object_permissions";
    long rows;
    double first_ms = run(gate, sql, &rows), again_ms = run(gate, sql, &rows);
    printf("{\"first_ms\": %.3f}\n", first_ms - again_ms);
}

static void measure_decisions(void)
{
    enum { DECISIONS = 1000000 };
    const struct permission row = {FLAG_YES, FLAG_NO, FLAG_NO, STR("2200-01-01T00:00:00.000Z")};
    struct permission_question question = {
        .who = AUDIENCE_AI, .what = PERMISSION_READ, .row = &row};
    long allowed = 0;
    double start = cpu_ms();
    for (int i = 0; i < DECISIONS; i++) {
        question.now_ns = i;
        allowed += permission_decide(&question).is_allowed;
    }
    printf("{\"decision_us\": %.4f, \"allowed\": %ld}\n", (cpu_ms() - start) * 1e3 / DECISIONS,
           allowed);
}

int main(int argc, char **argv)
{
    struct nexus_error err = {0};
    struct nexus_reader *owner, *gate;
    int rounds = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (rounds < 1) {
        fprintf(stderr, "usage: gate_bench VAULT ROUNDS\n");
        return 2;
    }
    /* A reader's page cache is freed when the database changes, as it does with each access that is
     * recorded. Whether the C library then gives the memory back to the kernel, and each page of it
     * has to be had again, depends on which reader's lies last: that is not to be measured. */
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    stop_if(nexus_reader_open(argv[1], &owner, &err), &err);
    stop_if(nexus_reader_open_as(argv[1], NEXUS_AI, &gate, &err), &err);
    measure_first(gate);
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        compare(owner, gate, statements[i], rounds);
    measure_decisions();
    nexus_reader_close(gate);
    nexus_reader_close(owner);
    return 0;
}
