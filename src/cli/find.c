// SPDX-License-Identifier: MIT
/*
 * The ways to name an object are tried one after the other, the exact ones first; the first way by
 * which something is found decides. If it finds more than one, the user is asked to be clearer.
 */
#include "cli/find.h"

#include "cli/ask.h"
#include "cli/place.h"

enum { CANDIDATES_SHOWN = 10 };
enum { ID, PATH, TITLE }; /* columns of all statements */

/** What a statement finds for `text`: how many up to two, and the first one's id. */
static enum nexus_status look(struct invocation *call, const char *statement, const char *text,
                              int *ret_count, int64_t *ret_id, struct nexus_error *err)
{
    ROWS_SCOPED *rows = NULL;
    TRY(ask_text(call, "find", statement, text, &rows, err));
    enum nexus_status status = NEXUS_OK;
    *ret_count = 0;
    for (; *ret_count < 2 && row_next(call, rows, &status, err); ++*ret_count)
        if (*ret_count == 0)
            *ret_id = nexus_rows_integer(rows, ID);
    return status;
}

/** A path may be without its ".md". */
static enum nexus_status look_for_path(struct invocation *call, const char *name, int *ret_count,
                                       int64_t *ret_id, struct nexus_error *err)
{
    READINGS_SCOPED readings = {0};
    TRY(place_read(call, name, &readings, err));
    for (int i = 0; i < readings.count && !*ret_count; i++) {
        struct strbuf *path = &readings.paths[i];
        TRY(look(call, "by_path", strbuf_str(path).at, ret_count, ret_id, err));
        strbuf_add_text(path, ".md");
        if (path->failed)
            return fail_no_memory(err);
        if (!*ret_count)
            TRY(look(call, "by_path", path->at, ret_count, ret_id, err));
    }
    return NEXUS_OK;
}

static enum nexus_status print_candidates(struct invocation *call, const char *statement,
                                          const char *name, struct nexus_error *err)
{
    struct output *notes = &call->notes;
    ROWS_SCOPED *rows = NULL;
    TRY(ask_text(call, "find", statement, name, &rows, err));
    enum nexus_status status = NEXUS_OK;
    for (int i = 0; i <= CANDIDATES_SHOWN && row_next(call, rows, &status, err); i++) {
        if (i == CANDIDATES_SHOWN) {
            output_text(notes, "  ...\n");
            break;
        }
        output_format(notes, "  %lld  ", (long long)nexus_rows_integer(rows, ID));
        output_line_of(notes, row_text(rows, PATH), STYLE_NAME);
        output_text(notes, "  ");
        output_line_of(notes, row_text(rows, TITLE), STYLE_PLAIN);
        output_text(notes, "\n");
    }
    return status;
}

static bool is_number(const char *text)
{
    size_t length = strlen(text);
    return length && length <= 18 && strspn(text, "0123456789") == length;
}

static enum nexus_status explain(struct invocation *call, const char *name, bool is_ambiguous,
                                 struct nexus_error *err)
{
    int count = 2;
    int64_t id;
    if (!is_ambiguous)
        TRY(look(call, "by_part", name, &count, &id, err));
    output_text(&call->notes, "nexus: '");
    output_line_of(&call->notes, str_of(name), STYLE_PLAIN);
    output_text(&call->notes, is_ambiguous ? "' may be one of these; name it by path or id:\n"
                              : count      ? "' is no object; near it are:\n"
                                           : "' is no object (see 'nexus search')\n");
    call->exit_code = EXIT_FOUND;
    return print_candidates(call, is_ambiguous ? "by_name" : "by_part", name, err);
}

enum nexus_status find_object(struct invocation *call, const char *name, int64_t *ret_id,
                              struct nexus_error *err)
{
    int count = 0;
    int64_t id = 0;
    if (is_number(name))
        TRY(look(call, "by_id", name, &count, &id, err));
    if (!count)
        TRY(look(call, "by_uid", name, &count, &id, err));
    if (!count)
        TRY(look_for_path(call, name, &count, &id, err));
    if (!count)
        TRY(look(call, "by_name", name, &count, &id, err));
    *ret_id = count == 1 ? id : 0;
    return count == 1 ? NEXUS_OK : explain(call, name, count > 1, err);
}
