// SPDX-License-Identifier: MIT
#include "validate/document.h"
#include "validate/program.h"
#include "validate/uri.h"

#include <stdlib.h>

struct schema_set *schema_set_new(schema_scan *scan)
{
    struct schema_set *set = calloc(1, sizeof *set);
    if (set)
        set->scan = scan;
    return set;
}

static void drop_all(struct document *first)
{
    for (struct document *document = first, *next; document; document = next) {
        next = document->next;
        document_drop(document);
    }
}

void schema_set_free(struct schema_set *set)
{
    if (!set)
        return;
    for (int draft = 0; draft < DRAFT_COUNT; draft++)
        schema_free(set->checkers[draft]);
    drop_all(set->documents);
    drop_all(set->metaschemas);
    free(set);
}

/** The link that leads to the document with this URI, or NULL. */
static struct document **find_link(struct schema_set *set, struct str uri)
{
    for (struct document **link = &set->documents; *link; link = &(*link)->next)
        if (str_equal((*link)->uri, uri))
            return link;
    return NULL;
}

enum nexus_status schema_set_add(struct schema_set *set, struct str uri, struct str text,
                                 enum schema_draft fallback, struct problem_list *problems,
                                 struct nexus_error *err)
{
    struct nexus_error local;
    struct document *document =
        document_new(set->scan, uri, text, fallback, problems, err ? err : &local);
    if (!document)
        return err ? err->status : local.status;
    struct document **link = find_link(set, document->uri);
    if (link) {
        document->next = (*link)->next;
        document_drop(*link);
        *link = document;
    } else {
        document->next = set->documents;
        set->documents = document;
    }
    return NEXUS_OK;
}

bool schema_set_remove(struct schema_set *set, struct str uri)
{
    struct arena scratch = {0};
    struct document **link =
        find_link(set, uri_resolve(&scratch, (struct str){NULL, 0}, uri, NULL));
    arena_finish(&scratch);
    if (!link)
        return false;
    struct document *document = *link;
    *link = document->next;
    document_drop(document);
    return true;
}

static const struct document *find_metaschema(struct schema_set *set, struct str uri)
{
    struct str text;
    enum schema_draft draft;
    if (!metaschema_find(uri, &text, &draft))
        return NULL;
    for (const struct document *known = set->metaschemas; known; known = known->next)
        if (str_equal(known->uri, uri))
            return known;
    struct document *document = document_new(set->scan, uri, text, draft, NULL, NULL);
    if (document) {
        document->next = set->metaschemas;
        set->metaschemas = document;
    }
    return document;
}

const struct document *schema_set_find(struct schema_set *set, struct str uri)
{
    struct document **link = find_link(set, uri);
    if (link)
        return *link;
    for (const struct document *document = set->documents; document; document = document->next)
        if (str_equal(document->id, uri))
            return document;
    return find_metaschema(set, uri);
}
