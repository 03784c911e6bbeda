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

/** One column of the typed view. */
struct binding_column {
    struct str property; /* as in the content */
    struct str name; /* as in SQL: the property's name unless `x-nexus.columns` says otherwise */
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
