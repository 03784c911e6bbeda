// SPDX-License-Identifier: MIT
#include "cli/row_format.h"

#include "base/printable.h"
#include "cli/ask.h"

/** `name = value`, a line for each column, and an empty one between rows. */
static enum nexus_status row_format_line(struct invocation *call, struct nexus_rows *rows,
                                         struct nexus_error *err)
{
    struct output *out = &call->out;
    int count = nexus_rows_column_count(rows);
    size_t width = 0;
    for (int i = 0; i < count; i++) {
        size_t name_width = printable_width(str_of(nexus_rows_column_name(rows, i)));
        width = name_width > width ? name_width : width;
    }
    enum nexus_status status = NEXUS_OK;
    for (const char *gap = ""; row_next(call, rows, &status, err); gap = "\n") {
        output_text(out, gap);
        for (int i = 0; i < count; i++) {
            struct str name = str_of(nexus_rows_column_name(rows, i));
            output_spaces(out, width - printable_width(name));
            output_line_of(out, name, STYLE_NAME);
            output_text(out, " = ");
            output_data(out, row_text(rows, i));
            output_text(out, "\n");
        }
    }
    return status;
}

/** As the sqlite3 shell prints by default: `a|b`, without names. */
static enum nexus_status row_format_list(struct invocation *call, struct nexus_rows *rows,
                                         struct nexus_error *err)
{
    int count = nexus_rows_column_count(rows);
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err))
        for (int i = 0; i < count; i++) {
            output_data(&call->out, row_text(rows, i));
            output_text(&call->out, i + 1 < count ? "|" : "\n");
        }
    return status;
}

/** RFC 4180, with Unix line ends. The empty text is quoted, NULL is not. */
static void print_csv(struct output *out, struct str text, bool is_null, const char *end)
{
    bool quoted = !is_null && !text.length;
    for (size_t i = 0; i < text.length && !quoted; i++)
        quoted = strchr(",\"\r\n", text.at[i]) != NULL;
    if (!quoted) {
        output_data(out, text);
        output_text(out, end);
        return;
    }
    output_text(out, "\"");
    while (text.length) {
        size_t quote = str_find(text, '"');
        size_t end_of_part = quote == STR_NONE ? text.length : quote + 1;
        output_data(out, str_slice(text, 0, end_of_part));
        output_text(out, quote == STR_NONE ? "" : "\"");
        text = str_slice(text, end_of_part, text.length);
    }
    output_format(out, "\"%s", end);
}

static enum nexus_status row_format_csv(struct invocation *call, struct nexus_rows *rows,
                                        struct nexus_error *err)
{
    struct output *out = &call->out;
    int count = nexus_rows_column_count(rows);
    for (int i = 0; i < count; i++)
        print_csv(out, str_of(nexus_rows_column_name(rows, i)), false, i + 1 < count ? "," : "\n");
    enum nexus_status status = NEXUS_OK;
    while (row_next(call, rows, &status, err))
        for (int i = 0; i < count; i++) {
            bool is_null = row_is_null(rows, i);
            print_csv(out, row_text(rows, i), is_null, i + 1 < count ? "," : "\n");
        }
    return status;
}

static const struct row_format row_formats[] = {
    {"table", row_format_table}, {"line", row_format_line}, {"list", row_format_list},
    {"csv", row_format_csv},     {"json", row_format_json}, {"jsonl", row_format_jsonl},
};

const struct row_format *row_format_find(const char *name)
{
    for (size_t i = 0; i < sizeof row_formats / sizeof row_formats[0]; i++)
        if (strcmp(row_formats[i].name, name) == 0)
            return &row_formats[i];
    return NULL;
}
