// SPDX-License-Identifier: MIT
/*
 * What a program is told that reads for an AI through the public API.
 *
 *   gate_probe VAULT ai|cloud < STATEMENTS
 *
 * The statements have a NUL behind each. For each comes out whatever can be had of it, the names of
 * its columns, its rows, its error, and a NUL.
 */
#include <nexus/permission.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_rows(struct nexus_rows *rows, struct nexus_error *err)
{
    bool more = true;
    size_t length;
    for (int i = 0; i < nexus_rows_column_count(rows); i++)
        printf("%s\t", nexus_rows_column_name(rows, i));
    while (nexus_rows_next(rows, &more, err) == NEXUS_OK && more)
        for (int i = 0; i < nexus_rows_column_count(rows); i++) {
            const char *text = nexus_rows_text(rows, i, &length);
            for (size_t k = 0; k < length; k++)
                putchar(text[k] ? text[k] : ' ');
            putchar('\t');
        }
}

static void ask(struct nexus_reader *reader, const char *sql)
{
    struct nexus_error err = {0};
    struct nexus_rows *rows = NULL;
    if (nexus_query(reader, sql, &rows, &err) == NEXUS_OK)
        print_rows(rows, &err);
    nexus_rows_close(rows);
    printf("%s%c", err.message, '\0');
}

int main(int argc, char **argv)
{
    struct nexus_error err = {0};
    enum nexus_audience audience;
    struct nexus_reader *reader;
    char *sql = NULL;
    size_t capacity = 0;
    if (argc != 3 || nexus_audience_find(argv[2], &audience, &err) != NEXUS_OK ||
        nexus_reader_open_as(argv[1], audience, &reader, &err) != NEXUS_OK) {
        fprintf(stderr, "usage: gate_probe VAULT ai|cloud: %s\n", err.message);
        return 2;
    }
    while (getdelim(&sql, &capacity, '\0', stdin) > 0)
        ask(reader, sql);
    free(sql);
    nexus_reader_close(reader);
    return 0;
}
