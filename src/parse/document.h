// SPDX-License-Identifier: MIT
/*
 * A file's text, parsed: what it says as one tape, where its parts are, and what is wrong with it.
 *
 * One document is used for many files, one after the other, without giving its memory back. It
 * borrows the source; everything it hands out is valid until the next parse.
 */
#ifndef PARSE_DOCUMENT_H
#define PARSE_DOCUMENT_H

#include "model/problem.h"
#include "model/tape.h"
#include "nexus/error.h"
#include "parse/front_matter.h"

enum document_format { DOCUMENT_MARKDOWN, DOCUMENT_JSON };

struct document {
    enum document_format format;
    struct str source;
    struct front_matter front_matter; /* of Markdown */
    struct tape tape;                 /* of Markdown always an object: {} without front matter */
    struct arena arena;               /* owns the problems */
    struct problem_list problems;     /* the validator adds its own */
    bool is_parsed;                   /* the tape holds a value */
};

void document_init(struct document *document);
void document_finish(struct document *document);

/** Parses a file. NEXUS_OK also when it is broken: `is_parsed` is false then, and `problems` say
 * why. Front matter in TOML is a warning, not read; the document has no properties then. */
enum nexus_status document_parse(struct document *document, enum document_format format,
                                 struct str source, struct nexus_error *err);

/** Adds the body of a parsed Markdown file as the property of that name. Where the front matter has
 * the key, too, the body wins: the front matter's is taken out and a warning added. */
enum nexus_status document_add_body(struct document *document, struct str property,
                                    struct nexus_error *err);

/** What a parsed document says of itself. */
struct document_schema {
    struct str name;  /* its own `schema`, empty if none */
    uint32_t data;    /* the node that the schema is about: the root, or an envelope's `data` */
    uint32_t version; /* the node of an envelope's `version`, else TAPE_NONE */
    bool is_envelope; /* {"schema": …, "version": …, "data": {…} or […]} */
};
struct document_schema document_own_schema(const struct document *document);

/** Sorts the problems and gives each its line and column: when all are there. */
void document_locate(struct document *document);

#endif
