// SPDX-License-Identifier: MIT
/*
 * Wanted content -> the smallest edit of a file's bytes that says it.
 *
 * A patch is asked for any number of changes to one parsed file, and becomes a list of edits: bytes
 * from `start` up to `end` are replaced by `text`. Whatever is not in an edit stays as it is:
 * comments, quotes, key order, indentation, line ends, byte order mark. It all takes time that
 * grows with the file and what is asked, not with their product.
 *
 * A patch is a proposal. Whoever writes it to a file proves it first (engine/prove.h).
 */
#ifndef WRITEBACK_PATCH_H
#define WRITEBACK_PATCH_H

#include "model/note.h"
#include "model/tape.h"
#include "nexus/error.h"

/** What the file's properties are written in. */
enum patch_syntax {
    PATCH_JSON,    /* a JSON file, or front matter in JSON */
    PATCH_YAML,    /* front matter in YAML */
    PATCH_BARE,    /* Markdown without front matter */
    PATCH_FOREIGN, /* front matter in TOML: only the body can be changed */
};

/** A parsed file. */
struct patch_source {
    const struct tape *tape; /* borrowed, with its source */
    enum patch_syntax syntax;
    struct str body;     /* of Markdown: the name of the property that is the body; else empty */
    struct span content; /* of Markdown: what stands between the front matter's fences */
    uint32_t body_start;
};

/** A value that somebody wants: borrowed until the patch is finished. */
struct patch_value {
    const struct tape *tape;
    uint32_t node;
};

struct patch_edit {
    uint32_t start, end;
    struct str text;
    size_t order; /* edits at one place: in the order in which they were made */
};

enum patch_wish { PATCH_CHANGE, PATCH_ADD, PATCH_REMOVE };

/** What the patch was asked for: what its proof is held to. */
struct patch_ask {
    enum patch_wish wish;
    uint32_t node; /* the object to be changed, the item to be removed, the array to be added to */
    struct patch_value wanted;
    struct str text; /* PATCH_ADD: how it is written */
    size_t order;    /* in which it was asked */
};

struct patch {
    struct patch_source source;
    struct arena arena; /* owns the texts and both lists */
    struct patch_edit *edits;
    size_t edit_count, edit_capacity;
    struct patch_ask *asks;
    size_t ask_count, ask_capacity;
    uint32_t collection;   /* the array that items are added to and removed from, or TAPE_NONE */
    uint32_t body;         /* the key of the body, or TAPE_NONE */
    uint32_t first_break;  /* the source's first '\n', or its end */
    bool has_aliases;      /* YAML's */
    struct strbuf scratch; /* a text on its way into an edit */
};

void patch_init(struct patch *patch, const struct patch_source *source);
void patch_finish(struct patch *patch);

/** Makes the object at `node` say what `wanted`, an object, says. A note's body that `wanted` does
 * not have becomes empty. NEXUS_ERROR_REFUSED where no edit is right, with the reason; the patch is
 * as it was before then. */
enum nexus_status patch_object(struct patch *patch, uint32_t node, struct patch_value wanted,
                               struct nexus_error *err);

/** A new last item for the array at `array`, in the style of its neighbours. A patch adds to and
 * removes from one array. JSON only. */
enum nexus_status patch_add_item(struct patch *patch, uint32_t array, struct patch_value wanted,
                                 struct nexus_error *err);

/** Takes the item at `item` out of the array at `array`, with its comma and its lines. JSON only.
 */
enum nexus_status patch_remove_item(struct patch *patch, uint32_t array, uint32_t item,
                                    struct nexus_error *err);

/** Ends the asking: sorts the edits, which are disjoint then. */
enum nexus_status patch_close(struct patch *patch, struct nexus_error *err);

/** Appends the patched bytes. The patch is closed. */
enum nexus_status patch_apply(const struct patch *patch, struct strbuf *out,
                              struct nexus_error *err);

/** Appends a new note: front matter in YAML, where `wanted` (an object) has more than the body, and
 * the body. */
enum nexus_status patch_new_markdown(struct patch_value wanted, struct str body, struct strbuf *out,
                                     struct nexus_error *err);

/** How a new JSON file holds its object. */
struct patch_json_form {
    struct str schema; /* empty: no envelope */
    int64_t version;
    bool is_collection; /* the object is the first item of an array */
};

/** Appends a new JSON file, two spaces a level, that holds `wanted`. */
enum nexus_status patch_new_json(struct patch_value wanted, const struct patch_json_form *form,
                                 struct strbuf *out, struct nexus_error *err);

#endif
