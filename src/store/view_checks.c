// SPDX-License-Identifier: MIT
/*
 * The checks are one CASE, whose first alternative that holds is the answer. In an UPDATE a column
 * is looked at only when it got another value, so what was wrong before does not stand in the way.
 *
 * There is no IN with a list here: SQLite makes a temporary table of it for each row.
 *
 * Each check refuses only what the validator would refuse, too: see validate/columns.c.
 */
#include "store/view_checks.h"

#include "store/view.h"

#include <stdarg.h>
#include <stdlib.h>

static bool has_only(const struct binding_column *column, enum column_type type)
{
    for (size_t i = 0; i < column->choice_count; i++)
        if (column->choices[i].type != type && column->choices[i].type != COLUMN_NULL)
            return false;
    return column->choice_count > 0;
}

static unsigned types_of(const struct binding_column *column)
{
    if (column->types)
        return column->types;
    if (has_only(column, COLUMN_TEXT))
        return COLUMN_TEXT | COLUMN_NULL;
    return has_only(column, COLUMN_BOOLEAN) ? COLUMN_BOOLEAN | COLUMN_NULL : 0;
}

static bool open_column(struct view_column *column, const struct view *view,
                        const struct binding_column *binding, const struct binding *whole)
{
    unsigned types = types_of(binding);
    bool is_key = whole->layout == LAYOUT_COLLECTION && str_equal(binding->property, whole->key);
    *column = (struct view_column){
        .binding = binding,
        .verb = view->verb,
        .types = types,
        .is_text = (types & ~(unsigned)COLUMN_NULL) == COLUMN_TEXT,
        .is_settable = property_has_path(binding->property),
        .is_fresh_key = is_key && view->verb == VIEW_INSERT && property_has_path(binding->property),
        .new_value = sqlite3_mprintf("new.\"%.*w\"", (int)binding->name.length, binding->name.at),
        .old_value = sqlite3_mprintf("old.\"%.*w\"", (int)binding->name.length, binding->name.at),
    };
    return column->new_value && column->old_value;
}

bool view_open(struct view *view, enum view_verb verb, int64_t schema_id, struct str schema_name,
               const struct binding *binding)
{
    *view = (struct view){
        .verb = verb,
        .schema_id = schema_id,
        .schema_name = schema_name,
        .name = view_name(schema_name),
        .not_an_object = sqlite3_mprintf("%.*s: the content is no JSON object: write it whole",
                                         STR_ARG(schema_name)),
        .too_wide = sqlite3_mprintf("%.*s: too many properties to be written here: write the "
                                    "content as a whole",
                                    STR_ARG(schema_name)),
        .columns = calloc(binding->column_count + 1, sizeof *view->columns),
        .settable = calloc(binding->column_count + 1, sizeof *view->settable),
    };
    if (!view->name || !view->not_an_object || !view->too_wide || !view->columns || !view->settable)
        return false;
    for (size_t i = 0; i < binding->column_count; i++) {
        struct view_column *column = &view->columns[view->column_count++];
        if (!open_column(column, view, &binding->columns[i], binding))
            return false;
        if (column->is_settable)
            view->settable[view->settable_count++] = *column;
    }
    return true;
}

void view_close(struct view *view)
{
    for (size_t i = 0; i < view->column_count; i++) {
        sqlite3_free(view->columns[i].new_value);
        sqlite3_free(view->columns[i].old_value);
    }
    free(view->columns);
    free(view->settable);
    sqlite3_free(view->name);
    sqlite3_free(view->not_an_object);
    sqlite3_free(view->too_wide);
}

/** " THEN RAISE(…)" with "schema: property reason". */
static void add_refusal(sqlite3_str *sql, const struct view *view, struct str property,
                        const char *reason, ...)
{
    va_list arguments;
    va_start(arguments, reason);
    char *text = sqlite3_vmprintf(reason, arguments);
    va_end(arguments);
    char *sentence = sqlite3_mprintf("%.*s: %.*s %s", STR_ARG(view->schema_name), STR_ARG(property),
                                     text ? text : "");
    if (sentence)
        sqlite3_str_appendf(sql, " THEN RAISE(ABORT, %Q)", sentence);
    else
        sqlite3_str_appendall(sql, " THEN ("); /* no memory: no statement */
    sqlite3_free(sentence);
    sqlite3_free(text);
}

/** " WHEN the column got another value". No check must hold for NULL. */
static void add_when_given(sqlite3_str *sql, const struct view_column *column)
{
    sqlite3_str_appendf(sql, " WHEN %s IS NOT %s", column->new_value,
                        column->verb == VIEW_UPDATE ? column->old_value : "NULL");
}

static void check_fixed(sqlite3_str *sql, const struct view *view)
{
    static const char *const names[] = {"_id", "_created_at", "_updated_at"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bool is_update = view->verb == VIEW_UPDATE;
        sqlite3_str_appendf(sql, " WHEN new.%s IS NOT %s%s", names[i], is_update ? "old." : "NULL",
                            is_update ? names[i] : "");
        add_refusal(sql, view, str_of(names[i]),
                    is_update ? "cannot be changed" : "cannot be given");
    }
}

/** There is no way to change it with what SQLite has. */
static void check_path(sqlite3_str *sql, const struct view *view, const struct view_column *column)
{
    if (column->is_settable)
        return;
    add_when_given(sql, column);
    add_refusal(sql, view, column->binding->property,
                "can only be changed in the file, because of its name");
}

static void check_required(sqlite3_str *sql, const struct view *view,
                           const struct view_column *column)
{
    if (!column->binding->is_required || column->is_fresh_key || !column->is_settable)
        return;
    sqlite3_str_appendf(sql, " WHEN %s IS NULL", column->new_value);
    if (column->verb == VIEW_UPDATE)
        sqlite3_str_appendf(sql, " AND %s IS NOT NULL", column->old_value);
    add_refusal(sql, view, column->binding->property, "is required");
}

/** " OR the value is one of that type". JSON has no infinity. */
static void add_accepted(sqlite3_str *sql, const char *value, enum column_type type)
{
    switch (type) {
    case COLUMN_NULL: return;
    case COLUMN_BOOLEAN:
        sqlite3_str_appendf(sql, " OR (typeof(%s) = 'integer' AND %s IN (0, 1))", value, value);
        return;
    case COLUMN_INTEGER:
        sqlite3_str_appendf(sql,
                            " OR typeof(%s) = 'integer' OR (typeof(%s) = 'real'"
                            " AND abs(%s) < 9e15 AND %s = CAST(%s AS INTEGER))",
                            value, value, value, value, value);
        return;
    case COLUMN_NUMBER:
        sqlite3_str_appendf(sql,
                            " OR typeof(%s) = 'integer' OR (typeof(%s) = 'real' AND abs(%s) <= "
                            "1.7976931348623157e308)",
                            value, value, value);
        return;
    case COLUMN_TEXT: sqlite3_str_appendf(sql, " OR typeof(%s) = 'text'", value); return;
    case COLUMN_ARRAY:
    case COLUMN_OBJECT:
        sqlite3_str_appendf(sql,
                            " OR CASE WHEN typeof(%s) = 'text' AND json_valid(%s)"
                            " THEN json_type(%s) END IS '%s'",
                            value, value, value, type == COLUMN_ARRAY ? "array" : "object");
        return;
    }
}

/** " AND the value is of no such type". Where text and numbers may be, which is nearly everywhere,
 * the few words for what may not: SQLite parses all of this whenever somebody opens the database.
 */
static void add_refused(sqlite3_str *sql, const struct view_column *column, unsigned accepted)
{
    const char *value = column->new_value;
    if (accepted & COLUMN_TEXT && accepted & COLUMN_NUMBER) {
        sqlite3_str_appendf(sql,
                            " AND (typeof(%s) = 'blob' OR (typeof(%s) = 'real' AND abs(%s) > "
                            "1.7976931348623157e308))",
                            value, value, value);
        return;
    }
    sqlite3_str_appendf(sql, " AND %s IS NOT NULL AND NOT (0", value);
    for (unsigned type = COLUMN_BOOLEAN; type <= COLUMN_OBJECT; type *= 2)
        if (accepted & type)
            add_accepted(sql, value, (enum column_type)type);
    sqlite3_str_appendall(sql, ")");
}

static void check_type(sqlite3_str *sql, const struct view *view, const struct view_column *column)
{
    unsigned accepted = column->types ? column->types : COLUMN_TEXT | COLUMN_NUMBER;
    if (column->is_text)
        accepted |= COLUMN_NUMBER;
    add_when_given(sql, column);
    add_refused(sql, column, accepted);
    const struct binding_column *binding = column->binding;
    if (binding->types || binding->choice_count)
        add_refusal(sql, view, binding->property, "must be %.*s",
                    STR_ARG(binding->types ? binding->type_words : binding->choice_words));
    else
        add_refusal(sql, view, binding->property, "cannot be such a value in JSON");
}

/** The value as the content will have it, as far as comparing goes. */
static void add_compared(sqlite3_str *sql, const struct view_column *column)
{
    sqlite3_str_appendf(sql, column->is_text ? "CAST(%s AS TEXT)" : "%s", column->new_value);
}

static void check_choices(sqlite3_str *sql, const struct view *view,
                          const struct view_column *column)
{
    const struct binding_column *binding = column->binding;
    if (!binding->choice_count)
        return;
    add_when_given(sql, column);
    sqlite3_str_appendall(sql, " AND NOT (0");
    for (size_t i = 0; i < binding->choice_count; i++) {
        const struct column_choice *choice = &binding->choices[i];
        if (choice->type == COLUMN_NULL)
            continue;
        sqlite3_str_appendall(sql, " OR ");
        add_compared(sql, column);
        sqlite3_str_appendf(sql, choice->type == COLUMN_TEXT ? " = '%.*q'" : " = %.*s",
                            STR_ARG(choice->text));
    }
    sqlite3_str_appendall(sql, ")");
    add_refusal(sql, view, binding->property, "must be %.*s", STR_ARG(binding->choice_words));
}

static void check_bound(sqlite3_str *sql, const struct view *view, const struct view_column *column,
                        const struct column_bound *bound, bool is_minimum)
{
    if (!bound->text.at || column->is_text || column->types & COLUMN_BOOLEAN)
        return;
    add_when_given(sql, column);
    sqlite3_str_appendf(sql, " AND typeof(%s) IN ('integer', 'real') AND %s %s%s %.*s",
                        column->new_value, column->new_value, is_minimum ? "<" : ">",
                        bound->is_open ? "=" : "", STR_ARG(bound->text));
    const char *words = is_minimum       ? bound->is_open ? "above" : "at least"
                        : bound->is_open ? "below"
                                         : "at most";
    add_refusal(sql, view, column->binding->property, "must be %s %.*s", words,
                STR_ARG(bound->text));
}

/** Whether a text in the column is a text in JSON, too. */
static bool has_lengths(const struct view_column *column)
{
    return column->types & COLUMN_TEXT && !(column->types & (COLUMN_ARRAY | COLUMN_OBJECT));
}

/** " WHEN the text has that length". A number in a column of texts becomes one. */
static void add_when_long(sqlite3_str *sql, const struct view_column *column, char sign,
                          unsigned length)
{
    add_when_given(sql, column);
    if (!column->is_text)
        sqlite3_str_appendf(sql, " AND typeof(%s) = 'text'", column->new_value);
    sqlite3_str_appendf(sql, " AND length(%s) %c %u", column->new_value, sign, length);
}

static void check_lengths(sqlite3_str *sql, const struct view *view,
                          const struct view_column *column)
{
    const struct binding_column *binding = column->binding;
    if (!has_lengths(column))
        return;
    if (binding->min_length) {
        add_when_long(sql, column, '<', binding->min_length);
        if (binding->min_length == 1)
            add_refusal(sql, view, binding->property, "must not be empty");
        else
            add_refusal(sql, view, binding->property, "must have at least %u characters",
                        binding->min_length);
    }
    if (binding->has_max_length) {
        add_when_long(sql, column, '>', binding->max_length);
        add_refusal(sql, view, binding->property, "must have at most %u character%s",
                    binding->max_length, binding->max_length == 1 ? "" : "s");
    }
}

void view_add_checks(sqlite3_str *sql, const struct view *view)
{
    sqlite3_str_appendall(sql, " SELECT CASE");
    check_fixed(sql, view);
    for (size_t i = 0; i < view->column_count; i++) {
        const struct view_column *column = &view->columns[i];
        check_path(sql, view, column);
        check_required(sql, view, column);
        if (!column->is_settable)
            continue;
        check_type(sql, view, column);
        check_choices(sql, view, column);
        check_bound(sql, view, column, &column->binding->minimum, true);
        check_bound(sql, view, column, &column->binding->maximum, false);
        check_lengths(sql, view, column);
    }
    sqlite3_str_appendall(sql, " END;");
}
