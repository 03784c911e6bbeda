// SPDX-License-Identifier: MIT
/*
 * Rows as a table.
 *
 * How wide a column must be is not known before its last row, and rows may be more than memory
 * holds: so the first ROWS_MEASURED rows are kept and measured, and the table goes out with those
 * widths; a wider value of a later row moves the rest of its line. On a terminal the widest columns
 * give way until a row fits, and values that are cut end with "…".
 */
#include "base/arena.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/row_format.h"

enum {
    ROWS_MEASURED = 1000,
    BYTES_MEASURED = 8 * 1024 * 1024, /* long texts end the measuring earlier */
    NARROWEST = 8,                    /* a column is cut to no less than this */
    GAP = 2,
};

struct cell {
    struct str text; /* printable */
    bool is_number;
};

struct table {
    struct output *out;
    struct arena arena; /* owns the widths and the cells that are kept */
    struct strbuf scratch;
    int columns;
    size_t *widths;
    struct cell *cells; /* `rows` times `columns` */
    size_t rows;
};

static void table_finish(struct table *table)
{
    arena_finish(&table->arena);
    strbuf_finish(&table->scratch);
}
#define TABLE_SCOPED __attribute__((cleanup(table_finish))) struct table

/** The text as it is printed; borrowed until the next call. */
static struct str printable(struct table *table, struct str text)
{
    strbuf_reset(&table->scratch);
    printable_add(&table->scratch, text, PRINTABLE_ONE_LINE);
    table->arena.failed |= table->scratch.failed;
    return strbuf_str(&table->scratch);
}

static bool is_number(struct nexus_rows *rows, int column)
{
    enum nexus_column_type type = nexus_rows_column_type(rows, column);
    return type == NEXUS_COLUMN_INTEGER || type == NEXUS_COLUMN_REAL;
}

static void widen(struct table *table, int column, struct str text)
{
    size_t width = printable_width(text);
    if (width > table->widths[column])
        table->widths[column] = width;
}

static void keep_row(struct table *table, struct nexus_rows *rows)
{
    struct cell *row = table->cells + table->rows++ * (size_t)table->columns;
    for (int i = 0; i < table->columns; i++) {
        row[i].is_number = is_number(rows, i);
        row[i].text = arena_copy(&table->arena, printable(table, row_text(rows, i)));
        widen(table, i, row[i].text);
    }
}

/** Takes from the widest column until all fit into the terminal, as far as that goes. */
static void fit(struct table *table)
{
    size_t total = GAP * (size_t)(table->columns - 1);
    for (int i = 0; i < table->columns; i++)
        total += table->widths[i];
    while (table->out->columns && total > table->out->columns) {
        int widest = 0;
        for (int i = 1; i < table->columns; i++)
            if (table->widths[i] > table->widths[widest])
                widest = i;
        if (table->widths[widest] <= NARROWEST)
            return;
        table->widths[widest]--;
        total--;
    }
}

static void print_cell(struct table *table, int column, struct cell cell, enum style style)
{
    struct output *out = table->out;
    size_t wanted = table->widths[column], width = printable_width(cell.text);
    bool is_cut = out->columns && width > wanted;
    if (is_cut) {
        cell.text = printable_cut(cell.text, wanted - 1);
        width = printable_width(cell.text) + 1;
    }
    size_t padding = width < wanted ? wanted - width : 0;
    output_spaces(out, cell.is_number ? padding : 0);
    output_begin_style(out, style);
    output_raw(out, cell.text);
    output_text(out, is_cut ? "…" : "");
    output_end_style(out, style);
    if (column + 1 < table->columns)
        output_spaces(out, (cell.is_number ? 0 : padding) + GAP);
    else
        output_text(out, "\n");
}

static void print_head(struct table *table, struct nexus_rows *rows)
{
    for (int i = 0; i < table->columns; i++) {
        struct str name = printable(table, str_of(nexus_rows_column_name(rows, i)));
        print_cell(table, i, (struct cell){.text = name}, STYLE_NAME);
    }
    for (int i = 0; i < table->columns; i++) {
        for (size_t k = 0; k < table->widths[i]; k++)
            output_text(table->out, "-");
        if (i + 1 < table->columns)
            output_spaces(table->out, GAP);
    }
    output_text(table->out, "\n");
}

static void print_row(struct table *table, struct nexus_rows *rows)
{
    for (int i = 0; i < table->columns; i++) {
        struct cell cell = {.is_number = is_number(rows, i)};
        cell.text = printable(table, row_text(rows, i));
        print_cell(table, i, cell, STYLE_PLAIN);
    }
}

static void print_kept(struct table *table, struct nexus_rows *rows)
{
    fit(table);
    print_head(table, rows);
    for (size_t i = 0; i < table->rows; i++)
        for (int k = 0; k < table->columns; k++)
            print_cell(table, k, table->cells[i * (size_t)table->columns + (size_t)k], STYLE_PLAIN);
}

static enum nexus_status table_init(struct table *table, struct invocation *call,
                                    struct nexus_rows *rows, struct nexus_error *err)
{
    table->out = &call->out;
    table->columns = nexus_rows_column_count(rows);
    size_t columns = (size_t)table->columns;
    table->widths = arena_alloc_array(&table->arena, columns, sizeof *table->widths);
    table->cells = arena_alloc_array(&table->arena, columns * ROWS_MEASURED, sizeof *table->cells);
    if (!table->widths || !table->cells)
        return fail_no_memory(err);
    for (int i = 0; i < table->columns; i++)
        widen(table, i, printable(table, str_of(nexus_rows_column_name(rows, i))));
    return NEXUS_OK;
}

enum nexus_status row_format_table(struct invocation *call, struct nexus_rows *rows,
                                   struct nexus_error *err)
{
    TABLE_SCOPED table = {0};
    TRY(table_init(&table, call, rows, err));
    size_t limit = table.arena.used_bytes + BYTES_MEASURED;
    enum nexus_status status = NEXUS_OK;
    bool measures = true;
    while (measures && row_next(call, rows, &status, err)) {
        keep_row(&table, rows);
        measures = table.rows < ROWS_MEASURED && table.arena.used_bytes < limit;
    }
    if (status == NEXUS_OK && table.arena.failed)
        status = fail_no_memory(err);
    if (status != NEXUS_OK)
        return status;
    print_kept(&table, rows);
    while (!measures && row_next(call, rows, &status, err))
        print_row(&table, rows);
    return status;
}
