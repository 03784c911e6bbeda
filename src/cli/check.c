// SPDX-License-Identifier: MIT
/*
 * Problems in the form that compilers print, so that an editor's list of errors can be filled from
 * it. What is about a file as a whole stands at its first character: editors go there.
 */
#include "base/arena.h"
#include "cli/ask.h"
#include "cli/census.h"
#include "cli/commands.h"
#include "cli/place.h"

/* Columns of the statement. */
enum { PATH, LINE, COLUMN, SEVERITY, POINTER, KEYWORD, MESSAGE, COLUMNS = 10 };

/** The files and folders that are asked for; none: all of them. */
struct selection {
    struct arena arena;    /* owns the rest */
    struct strbuf current; /* where the user stands */
    struct str *paths;
    int count;
};

static void selection_finish(struct selection *selection)
{
    arena_finish(&selection->arena);
    strbuf_finish(&selection->current);
}
#define SELECTION_SCOPED __attribute__((cleanup(selection_finish))) struct selection

static enum nexus_status is_known(struct invocation *call, const char *path, bool *ret_known,
                                  struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask_text(call, "check", "is_known", path, &rows, err));
    TRY(row_only(rows, err));
    *ret_known = nexus_rows_integer(rows, 0) != 0;
    return NEXUS_OK;
}

static enum nexus_status select_path(struct invocation *call, const char *name,
                                     struct selection *selection, struct nexus_error *err)
{
    READINGS_SCOPED readings = {0};
    TRY(place_read(call, name, &readings, err));
    for (int i = 0; i < readings.count; i++) {
        struct str path = strbuf_str(&readings.paths[i]);
        bool known;
        TRY(is_known(call, path.at, &known, err));
        if (!known)
            continue;
        selection->paths[selection->count++] = arena_copy(&selection->arena, path);
        return selection->arena.failed ? fail_no_memory(err) : NEXUS_OK;
    }
    return fail(err, NEXUS_ERROR_NOT_FOUND, "the vault knows no file or folder '%s'", name);
}

static enum nexus_status select_paths(struct invocation *call, struct selection *selection,
                                      struct nexus_error *err)
{
    TRY(place_current(call, &selection->current, err));
    selection->paths = arena_alloc_array(&selection->arena, (size_t)call->operand_count + 1,
                                         sizeof *selection->paths);
    if (!selection->paths)
        return fail_no_memory(err);
    for (int i = 0; i < call->operand_count; i++)
        TRY(select_path(call, call->operands[i], selection, err));
    return NEXUS_OK;
}

static bool is_selected(const struct selection *selection, struct str path)
{
    for (int i = 0; i < selection->count; i++) {
        struct str wanted = selection->paths[i];
        if (!wanted.length || str_equal(path, wanted) ||
            (str_starts_with(path, wanted) && path.at[wanted.length] == '/'))
            return true;
    }
    return !selection->count;
}

static void print_place(struct output *out, const struct selection *selection,
                        struct nexus_rows *rows)
{
    STRBUF_SCOPED name = {0};
    place_to_user(strbuf_str(&selection->current), row_text(rows, PATH), &name);
    output_line_of(out, strbuf_str(&name), STYLE_NAME);
    out->scratch.failed |= name.failed;
    int64_t line = nexus_rows_integer(rows, LINE), column = nexus_rows_integer(rows, COLUMN);
    output_format(out, ":%lld:%lld: ", (long long)(line ? line : 1),
                  (long long)(column ? column : 1));
}

static void print_problem(struct output *out, const struct selection *selection,
                          struct nexus_rows *rows)
{
    bool is_error = str_is(row_text(rows, SEVERITY), "error");
    print_place(out, selection, rows);
    output_line_of(out, is_error ? STR("error") : STR("warning"),
                   is_error ? STYLE_BAD : STYLE_WARNING);
    output_text(out, ": ");
    if (row_text(rows, POINTER).length) {
        output_line_of(out, row_text(rows, POINTER), STYLE_PLAIN);
        output_text(out, ": ");
    }
    output_line_of(out, row_text(rows, MESSAGE), STYLE_PLAIN);
    output_text(out, " [");
    output_line_of(out, row_text(rows, KEYWORD), STYLE_FAINT);
    output_text(out, "]\n");
}

static enum nexus_status print_text(struct invocation *call, const struct selection *selection,
                                    struct nexus_rows *rows, int64_t *ret_count,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    int64_t count = 0;
    while (row_next(call, rows, &status, err))
        if (is_selected(selection, row_text(rows, PATH))) {
            print_problem(&call->out, selection, rows);
            count++;
        }
    TRY(status);
    if (!count)
        TRY(nexus_reader_check(call->reader, err));
    TRY(output_finish(&call->out, err)); /* what is told on stderr stands behind it */
    if (count)
        output_count(&call->notes, count, "problem");
    else
        output_text(&call->notes, "no problems");
    output_text(&call->notes, "\n");
    *ret_count = count;
    return NEXUS_OK;
}

static enum nexus_status print_json(struct invocation *call, const struct selection *selection,
                                    struct nexus_rows *rows, int64_t *ret_count,
                                    struct nexus_error *err)
{
    enum nexus_status status = NEXUS_OK;
    int64_t count = 0;
    JSON_SCOPED json;
    json_init(&json, &call->out);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "problems");
    while (row_next(call, rows, &status, err))
        if (is_selected(selection, row_text(rows, PATH))) {
            json_begin_object(&json, NULL);
            json_columns(&json, rows, 0, COLUMNS);
            json_end(&json);
            count++;
        }
    json_end(&json);
    json_end(&json);
    *ret_count = count;
    TRY(status);
    if (!count)
        TRY(nexus_reader_check(call->reader, err));
    return json_finish(&json, err);
}

static enum nexus_status run_check(struct invocation *call, struct nexus_error *err)
{
    SELECTION_SCOPED selection = {0};
    ROWS_SCOPED *rows = NULL;
    int64_t count = 0;
    TRY(select_paths(call, &selection, err));
    TRY(ask(call, "check", "problems", &rows, err));
    TRY(call->form == FORM_JSON ? print_json(call, &selection, rows, &count, err)
                                : print_text(call, &selection, rows, &count, err));
    call->exit_code = count ? EXIT_FOUND : EXIT_DONE;
    return NEXUS_OK;
}

const struct command command_check = {
    .name = "check",
    .operands = "[PATH...]",
    .summary = "list what is wrong in the files",
    .details = "Prints a line for each problem, of all files or of those at or below PATH:\n"
               "    path:line:column: error: /property: what is wrong [rule]\n"
               "The exit code is 1 if there is one, an error or a warning.\n",
    .examples = "nexus check\n"
                "nexus check journal/\n"
                "vim -q <(nexus check)  # one problem after the other\n",
    .max_operands = OPERANDS_ANY,
    .group = GROUP_READ,
    .needs = NEEDS_READER,
    .run = run_check,
};
