// SPDX-License-Identifier: MIT
/* A schema's text and tape, shared by the set and the schemas compiled from it. Never changes. */
#ifndef VALIDATE_DOCUMENT_H
#define VALIDATE_DOCUMENT_H

#include "validate/schema.h"

struct document {
    struct document *next; /* in the set's list */
    struct str uri;        /* as registered, without fragment */
    struct str id;         /* the root's own, resolved; `uri` where it has none */
    struct tape tape;
    struct arena texts;
    enum schema_draft fallback;
    _Atomic(uint32_t) holders;
};

struct document *document_new(schema_scan *scan, struct str uri, struct str text,
                              enum schema_draft fallback, struct problem_list *problems,
                              struct nexus_error *err);
const struct document *document_hold(const struct document *document);
/** Frees it when nobody else holds it. */
void document_drop(const struct document *document);

struct schema_set {
    schema_scan *scan;
    struct document *documents;           /* what was added */
    struct document *metaschemas;         /* the built-in ones that were asked for so far */
    struct schema *checkers[DRAFT_COUNT]; /* their compiled form, as far as it was needed */
};

/** The document added with this URI or `$id`, else the built-in metaschema, else NULL. */
const struct document *schema_set_find(struct schema_set *set, struct str uri);

#endif
