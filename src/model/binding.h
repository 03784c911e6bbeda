// SPDX-License-Identifier: MIT
/*
 * What Nexus needs to know of a schema beside its validation: which files are its own, how they
 * hold their objects, and what its typed view looks like. Read from the keyword `x-nexus` and from
 * `properties`.
 */
#ifndef MODEL_BINDING_H
#define MODEL_BINDING_H

#include "base/arena.h"

/** How a file of this schema holds its objects. */
enum object_layout {
    LAYOUT_ANY,        /* the schema does not say: as the file's kind and envelope have it */
    LAYOUT_MARKDOWN,   /* front matter and body are one object */
    LAYOUT_OBJECT,     /* the whole JSON value is one object */
    LAYOUT_COLLECTION, /* the JSON value is an array of objects */
};

/** What a column's value may be in JSON; a set of them. */
enum column_type {
    COLUMN_NULL = 1,
    COLUMN_BOOLEAN = 2,
    COLUMN_INTEGER = 4,
    COLUMN_NUMBER = 8, /* integers are among them */
    COLUMN_TEXT = 16,
    COLUMN_ARRAY = 32,
    COLUMN_OBJECT = 64,
};

/** One of the values that a column may have: no array and no object. */
struct column_choice {
    enum column_type type;
    struct str text; /* decoded; of a number: its JSON; of a boolean: "1" or "0" */
};

/** What can be told of a number at once. */
struct column_bound {
    struct str text; /* JSON; `at` NULL: there is none */
    bool is_open;    /* the bound itself is out */
};

/** One column of the typed view, and what a value of it must be: no more than every validator would
 *  say, and only what the schema says in the open. Zero means that nothing is asked. */
struct binding_column {
    struct str property; /* as in the content */
    struct str name; /* as in SQL: the property's name unless `x-nexus.columns` says otherwise */
    bool is_required;
    unsigned types;                /* of enum column_type; 0: any */
    struct str type_words;         /* "true or false" */
    struct column_choice *choices; /* at least one, or any value goes */
    size_t choice_count;
    struct str choice_words; /* one of "high", "low" */
    struct column_bound minimum, maximum;
    uint32_t min_length, max_length; /* in code points */
    bool has_max_length;
};

struct binding {
    int64_t version; /* 0 when the schema names none */
    enum object_layout layout;
    struct str body;     /* the property that holds a note's body; "content" unless named */
    struct str key;      /* the property that tells a collection's items apart; "id" unless named */
    struct str new_file; /* pattern for new objects' paths; empty if none */
    struct str *files;   /* path patterns that claim files */
    struct str *indexes; /* properties that get an index */
    struct binding_column *columns; /* in the order of `properties` */
    size_t file_count, index_count, column_count;
};

#endif
