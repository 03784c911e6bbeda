// SPDX-License-Identifier: MIT
/* What the files of the gate share; nothing else but reader.c includes it. */
#ifndef STORE_GATE_INTERNAL_H
#define STORE_GATE_INTERNAL_H

#include "store/gate.h"
#include "store/internal.h"

struct gate_cursor;
struct gate_table;

/* In ascending order. */
struct gate_ids {
    int64_t *ids;
    size_t count, capacity;
    bool is_known;
};

/* What a foreign statement looks at, as the authorizer is asked about it. */
struct gate_shape {
    unsigned selects, tables;
    bool looks_closer; /* at a column; or it calls something else than count() */
};

/* A foreign statement at work, for those who count its rows. */
struct gate_tally {
    bool is_alike;      /* it cannot tell its rows from each other */
    bool has_counted;   /* it has counted the row that it got last … */
    bool has_done_more; /* … and has done something else with it */
    int64_t weight;     /* of that row: how many it stands for */
};

struct gate {
    struct store_gate_options options;
    sqlite3 *outer;                /* the reader's: foreign statements run here. Borrowed */
    sqlite3 *inner;                /* the vault's database */
    struct store *linker;          /* resolves links among what is shared, with `inner` */
    int64_t now_ns, clock_mark_ns; /* of the moment that is read */
    int64_t latest_ns;             /* ever seen by this gate */
    struct gate_ids shared, files; /* objects that are shared; files that are one of them */
    size_t range_count;            /* of what is shared: ids that follow each other are one */
    int64_t shared_until_ns;       /* what is kept of the decisions holds until then */
    bool is_stale;                 /* what is kept is of a database that has changed since */
    int asked;                     /* single questions, since `shared` was forgotten */
    struct gate_lookup *lookups;   /* what was found out about what is shared */
    sqlite3_stmt *question;        /* on the inner connection: the permission of an object … */
    sqlite3_stmt *by_path;         /* … and the object that lies at a path */
    int open_rows;
    struct gate_cursor *cursors; /* those that are open */
    int64_t cursor_count;        /* that ever were: their names */
    struct gate_tally *tally;    /* of the statement that is being run; NULL: of none. Borrowed */
};

/* gate.c */

enum nexus_status gate_open(const struct store_gate_options *options, sqlite3 *outer,
                            struct gate **ret_gate, struct nexus_error *err);
/** The outer connection must be closed, or have no statements any more. */
void gate_close(struct gate *gate);
/** Around each statement: the first one begins the moment, the last one ends it. */
enum nexus_status gate_begin(struct gate *gate, struct nexus_error *err);
void gate_end(struct gate *gate);
/** The text of gate.sql. */
struct str gate_statement(const char *name);
/** Prepares a statement on the inner connection: over "all" that is shared, or over what is
 * "wanted", the pointer ?1 to a struct gate_wanted, of which the caller knows that it is shared. */
int gate_prepare(struct gate *gate, const char *over, struct str sql, sqlite3_stmt **ret_statement);

/* gate_shared.c: who is allowed, for the inner connection */

enum nexus_status gate_register_shared(struct gate *gate, struct nexus_error *err);
/** The decisions are to be made anew. */
void gate_forget_shared(struct gate *gate);
void gate_finish_shared(struct gate *gate);
/** `gate->shared` is known afterwards. */
int gate_learn_shared(struct gate *gate);
/** Whether the audience may see the object; an id of none is one that they may not. */
int gate_allows(struct gate *gate, int64_t id, bool *ret_allowed);
/** The object at the path, shared or not; 0: there is none. */
int gate_find_path(struct gate *gate, sqlite3_value *path, int64_t *ret_id);
/** Text whose `at` is NULL only for NULL: any other kind of value is no time, and so is "". */
struct str gate_time_text(sqlite3_stmt *row, int column);

struct gate_finding {
    uint64_t word; /* its hash */
    int64_t id;    /* of the object */
};
/* Shared objects that are wanted, one after the other. When the statement is through with one it
 * takes the next, and is at its end when there is none; whoever has a row of it may put more. */
struct gate_wanted {
    const struct gate_finding *next, *end;
};
#define GATE_WANTED "nx_wanted" /* the type of a pointer to it */

/* gate_lookup.c: shared objects by a word in one of their columns */

struct gate_findings {
    const struct gate_finding *at;
    size_t count;
};
/** Whether the value is a word: no number is equal to it, however it is compared, and texts are
 * only when they are equal as texts. */
bool gate_is_word(sqlite3_value *value);
/** The objects among which are all whose column is equal to the value; `*ret_known` false: they
 *  are not known. They stand until the decisions are forgotten. */
int gate_look_up(const struct gate_table *table, int column, sqlite3_value *value,
                 struct gate_findings *ret_findings, bool *ret_known);
void gate_forget_lookups(struct gate *gate);

/* gate_table.c: the virtual tables */

enum nexus_status gate_register_tables(struct gate *gate, struct nexus_error *err);
/** Makes the tables that every vault has, in the outer connection. */
enum nexus_status gate_make_tables(struct gate *gate, struct nexus_error *err);
/** Makes the table of a typed view, if a shared object has its schema. They are made when somebody
 *  asks for them: to know which there are takes a look at all that is shared. */
enum nexus_status gate_make_view(struct gate *gate, const char *name, bool *ret_made,
                                 struct nexus_error *err);
/** Drops them; no statement may be open. */
enum nexus_status gate_drop_views(struct gate *gate, struct nexus_error *err);

/* gate_cursor.c: reading one of them */

/* A condition that a table takes over: a character of its plan. A letter from 'A' on is a MATCH on
 * that column. A plan has one PLAN_ID or PLAN_PATH at most. */
enum { PLAN_ID = 'i', PLAN_PATH = 'p', PLAN_MATCH = 'm', PLAN_RANK = 'r', PLAN_COLUMN = 'A' };
/* A plan is a text: the codes, the mask of the columns that are used, and then, where there are no
 * codes, what is said of columns: "e2" that the third one is equal to a parameter. The letter tells
 * by which collation. */
enum { WORD_BINARY = 'e', WORD_NOCASE = 'n', WORD_RTRIM = 't', WORD_LIKE = 'l', WORD_GLOB = 'g' };
enum { GATE_WORD_LIMIT = 6, GATE_INDEX_LIMIT = 2 };
/* The kinds of plans. */
enum {
    PLAN_ROWS,
    PLAN_BARE,  /* nothing but the ids of what is shared, or one of them */
    PLAN_WORDS, /* all rows for which what is said holds */
};
enum { GATE_PLAN_LIMIT = 24 };
enum { FIRST_PARAMETER = 2 }; /* of what is said; the first one is an object's id */
enum { SEARCH_COLUMNS = 4, SEARCH_SELF = 4, SEARCH_RANK = 5 };

/* snippet(), highlight() or bm25(). */
struct gate_function {
    struct gate *gate;
    const char *inner_name;
};
enum { GATE_FUNCTIONS = 3 };

struct gate_table {
    sqlite3_vtab base; /* must be first */
    struct gate *gate;
    char *name;
    char *statement;                     /* what its rows are */
    char **columns;                      /* names, the last one is nx_id */
    int column_count;                    /* without nx_id */
    int id_column;                       /* which object a row belongs to; -1: none */
    int path_column;                     /* of that object */
    int index_columns[GATE_INDEX_LIMIT]; /* which an index of the vault begins with; -1: none */
    char index_codes[GATE_INDEX_LIMIT];  /* how it compares */
    bool has_id_as_rowid, is_search;
    bool is_object; /* a row is an object: the tables have as many as are shared */
    bool is_within; /* rows belong to objects, and are found by them */
    struct gate_function functions[GATE_FUNCTIONS]; /* of a search */
};

struct gate_cursor {
    sqlite3_vtab_cursor base; /* must be first */
    struct gate_cursor *next; /* in gate->cursors */
    int64_t name;
    sqlite3_stmt *statement; /* on the inner connection */
    char *plan;              /* what `statement` was made for */
    char codes[GATE_PLAN_LIMIT + 1];
    sqlite3_value *arguments[GATE_PLAN_LIMIT]; /* of the codes */
    bool has_row;
    bool is_rest;              /* the row stands for all that were left */
    bool is_bare;              /* it goes through ids, by `id` … */
    const int64_t *id, *end;   /* (of gate->shared, or `one`) */
    int64_t one;               /* the object that is asked for */
    bool is_wanted;            /* `statement` is about what is `wanted`: */
    struct gate_wanted wanted; /* `only` `one`, or what was found */
    struct gate_finding only;
    unsigned words; /* `statement` asks for these of what is said: bits */
    int64_t number; /* of the row */
    int places[];   /* of the table's columns in `statement`, behind the object's id */
};

extern const sqlite3_module gate_module;
/** The object that the row belongs to; not for rows that are ids alone. */
int64_t gate_cursor_object(const struct gate_cursor *cursor);
int gate_cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **ret_cursor);
int gate_cursor_close(sqlite3_vtab_cursor *base);
int gate_cursor_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int count,
                       sqlite3_value **values);
int gate_cursor_next(sqlite3_vtab_cursor *base);
int gate_cursor_eof(sqlite3_vtab_cursor *base);
int gate_cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column);
int gate_cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid);

/* gate_count.c: rows that look the same */

/** Notes what the authorizer is asked about; `second` is its second word. */
void gate_note_action(struct gate_shape *shape, int action, const char *second);
/** Whether a statement of that shape cannot tell its rows from each other. */
bool gate_cannot_tell_apart(const struct gate_shape *shape);
/** Runs the foreign statement to its next row; without a gate, too. */
int gate_step(struct gate *gate, struct gate_tally *tally, sqlite3_stmt *statement);
/** Between two rows: whether one row with a weight may stand for all that are left. */
bool gate_may_weigh(struct gate *gate);
/** count() for the outer connection. */
enum nexus_status gate_register_count(struct gate *gate, struct nexus_error *err);

/* gate_inner.c: the statement that reads a table */

/** Prepares what the plan asks for, of the cursor's `words` and of what `is_wanted`. */
int gate_cursor_prepare(struct gate_cursor *cursor, const char *plan);
/** Whether all columns of the table's index are said, of the words that can be asked for in SQL. */
bool gate_has_index(const struct gate_table *table, const char *said, unsigned words);
/** Where the plan says which object is asked for; NULL: it asks for all. */
const char *gate_object_code(const char *plan);
/** Whether the code of a plan asks something of FTS5. */
bool gate_is_match(char code);
bool gate_has_match(const char *codes);
/** It asks something of FTS5 and of one object. */
bool gate_is_match_of_one(const struct gate_cursor *cursor);
/** Appends what a plan's codes ask of a search; the n-th one's parameter is the n-th from
 *  FIRST_PARAMETER on. */
void gate_add_conditions(struct strbuf *sql, const char *codes);

/* gate_search.c: ranks, snippets and highlights */

/** nx_rank() for the inner connection. */
enum nexus_status gate_register_rank(struct gate *gate, struct nexus_error *err);
/** snippet(), highlight() and bm25() for the outer one. */
enum nexus_status gate_register_auxiliary(struct gate *gate, struct nexus_error *err);
int gate_find_function(sqlite3_vtab *base, int count, const char *name,
                       void (**ret_function)(sqlite3_context *, int, sqlite3_value **),
                       void **ret_context);
/** Gives the columns their weights: those of the plan's rank, else 1. */
int gate_bind_weights(struct gate_cursor *cursor);

#endif
