// SPDX-License-Identifier: MIT
/* The gate's own connection: the moment that is read, and the decision within it. */
#include "store/gate_internal.h"

#include "base/embed.h"
#include "store/connection.h"

#include <stdlib.h>

enum { GATE_BUSY_MS = 5000 };

struct str gate_statement(const char *name)
{
    return statement_find(embedded_text("src/store/sql/gate.sql"), name);
}

int gate_prepare(struct gate *gate, const char *over, struct str sql, sqlite3_stmt **ret_statement)
{
    STRBUF_SCOPED text = {0};
    strbuf_add(&text, gate_statement(over));
    strbuf_add(&text, gate_statement("shared"));
    strbuf_add(&text, sql);
    return text.failed
               ? SQLITE_NOMEM
               : sqlite3_prepare_v2(gate->inner, text.at, (int)text.length, ret_statement, NULL);
}

static struct str text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text ? (struct str){text, (size_t)sqlite3_value_bytes(value)} : STR("");
}

/** nx_lead(target, path): the shared file that a link of the note at `path` leads to. */
static void lead(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const struct gate *gate = sqlite3_user_data(context);
    int64_t file_id = 0;
    struct nexus_error err;
    if (link_resolve(gate->linker, text_of(values[0]), text_of(values[1]), &file_id, &err) !=
        NEXUS_OK)
        sqlite3_result_error(context, err.message, -1);
    else if (file_id)
        sqlite3_result_int64(context, file_id);
}

static enum nexus_status register_functions(struct gate *gate, struct nexus_error *err)
{
    const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
    if (sqlite3_create_function_v2(gate->inner, "nx_lead", 2, flags, gate, lead, NULL, NULL,
                                   NULL) != SQLITE_OK)
        return fail_sqlite(err, gate->inner, NULL);
    TRY(gate_register_shared(gate, err));
    return gate_register_rank(gate, err);
}

/** The connection writes nothing, but its temporary views have to be made first. */
static enum nexus_status open_inner(struct gate *gate, struct nexus_error *err)
{
    TRY(connection_open(gate->options.abs_path, CONNECTION_READER, GATE_BUSY_MS, &gate->inner,
                        err));
    TRY(register_functions(gate, err));
    TRY(connection_run(gate->inner, STR("PRAGMA query_only = OFF"), err));
    TRY(connection_run(gate->inner, gate_statement("helpers"), err));
    return connection_run(gate->inner, STR("PRAGMA query_only = ON"), err);
}

static enum nexus_status open_parts(struct gate *gate, struct nexus_error *err)
{
    gate->linker = calloc(1, sizeof *gate->linker);
    if (!gate->linker)
        return fail_no_memory(err);
    TRY(open_inner(gate, err));
    gate->linker->db = gate->inner;
    statement_cache_init(&gate->linker->statements, gate->inner);
    TRY(gate_register_tables(gate, err));
    TRY(gate_register_auxiliary(gate, err));
    TRY(gate_register_count(gate, err));
    return gate_make_tables(gate, err);
}

enum nexus_status gate_open(const struct store_gate_options *options, sqlite3 *outer,
                            struct gate **ret_gate, struct nexus_error *err)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return fail_no_memory(err);
    gate->options = *options;
    gate->options.close = NULL; /* the caller's until all has gone well */
    gate->outer = outer;
    enum nexus_status status = open_parts(gate, err);
    if (status != NEXUS_OK) {
        gate_close(gate);
        return status;
    }
    gate->options.close = options->close;
    *ret_gate = gate;
    return NEXUS_OK;
}

void gate_close(struct gate *gate)
{
    if (!gate)
        return;
    if (gate->linker) {
        statement_cache_finish(&gate->linker->statements);
        strbuf_finish(&gate->linker->fold);
        strbuf_finish(&gate->linker->link_path);
        strbuf_finish(&gate->linker->link_form);
        free(gate->linker);
    }
    gate_finish_shared(gate);
    sqlite3_close(gate->inner);
    if (gate->options.close)
        gate->options.close(gate->options.context);
    free(gate);
}

/** The latest time that was ever seen. One that cannot be read is the end of all times: then what
 *  ends some day has ended. */
static enum nexus_status read_clock_mark(struct gate *gate, struct nexus_error *err)
{
    struct str text = gate_statement("clock_mark");
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(gate->inner, text.at, (int)text.length, &statement, NULL) != SQLITE_OK)
        return fail_sqlite(err, gate->inner, NULL);
    int64_t mark = 0;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW && !time_parse(gate_time_text(statement, 0), &mark))
        mark = INT64_MAX;
    if (sqlite3_finalize(statement) != SQLITE_OK)
        return fail_sqlite(err, gate->inner, NULL);
    gate->clock_mark_ns = mark > gate->latest_ns ? mark : gate->latest_ns;
    return NEXUS_OK;
}

/** What was found out in the moment before holds in this one if nobody committed from before that
 * one's first look to behind this one's. So it is asked on both sides of the look, and what is
 * found out in a moment that somebody committed in does not outlive it. */
static enum nexus_status look(struct gate *gate, bool *ret_changed, struct nexus_error *err)
{
    bool before, since, was_stale = gate->is_stale;
    gate->is_stale = true; /* until all has gone well */
    TRY(gate->options.has_changed(gate->options.context, &before, err));
    TRY(connection_run(gate->inner, STR("BEGIN"), err));
    TRY(read_clock_mark(gate, err));
    TRY(gate->options.has_changed(gate->options.context, &since, err));
    gate->is_stale = since;
    *ret_changed = was_stale || before || since;
    return NEXUS_OK;
}

static enum nexus_status begin_moment(struct gate *gate, struct nexus_error *err)
{
    bool is_changed;
    gate->now_ns = gate->options.now_ns(gate->options.context);
    if (gate->now_ns > gate->latest_ns)
        gate->latest_ns = gate->now_ns;
    TRY(look(gate, &is_changed, err));
    gate->asked = 0;
    if (is_changed || gate->now_ns >= gate->shared_until_ns ||
        gate->clock_mark_ns >= gate->shared_until_ns)
        gate_forget_shared(gate);
    return is_changed ? gate_drop_views(gate, err) : NEXUS_OK;
}

static void end_moment(struct gate *gate)
{
    /* It wrote nothing: whether this fails is of no consequence, and the next BEGIN would tell. */
    if (!sqlite3_get_autocommit(gate->inner))
        sqlite3_exec(gate->inner, "ROLLBACK", NULL, NULL, NULL);
}

enum nexus_status gate_begin(struct gate *gate, struct nexus_error *err)
{
    if (gate->open_rows == 0) {
        enum nexus_status status = begin_moment(gate, err);
        if (status != NEXUS_OK) {
            end_moment(gate);
            return status;
        }
    }
    gate->open_rows++;
    return NEXUS_OK;
}

void gate_end(struct gate *gate)
{
    if (--gate->open_rows == 0)
        end_moment(gate);
}
