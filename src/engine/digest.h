// SPDX-License-Identifier: MIT
/*
 * One file, read and understood: bytes -> objects and what is wrong with them. Knows nothing of the
 * database, so that any number of files can be digested at once.
 *
 * A digest is a reusable slot: its buffers serve the next file.
 */
#ifndef ENGINE_DIGEST_H
#define ENGINE_DIGEST_H

#include "engine/registry.h"
#include "model/file.h"
#include "model/lines.h"
#include "model/note.h"
#include "parse/document.h"
#include "parse/markdown.h"

struct digest_object {
    struct str key; /* of a collection's item; `at` NULL: the object is the whole file */
    const struct registered *schema;
    uint32_t node; /* of its value on the tape */
    bool is_valid; /* false: it keeps the content that it had */
    struct str content_json;
    struct hash content_hash;
    struct str title;
};

enum digest_outcome {
    DIGEST_UNCHANGED, /* the bytes are the known ones */
    DIGEST_WHOLE,     /* read and parsed: `objects` are all that the file holds */
    DIGEST_BROKEN, /* cannot be read or parsed: `problems` say why, its objects stay as they are */
    DIGEST_ATTACHMENT,
    DIGEST_GONE, /* no file of that name any more */
    DIGEST_BUSY, /* somebody is writing it */
};

/** What to do about a file that somebody has open for writing. */
enum digest_reading {
    DIGEST_READ_ANYHOW, /* read it: nobody looks again before the next pass */
    DIGEST_READ_QUIET,  /* leave it: it will be told of again */
};

struct digest_context {
    enum digest_reading reading;
    int root_fd;
    int64_t max_file_bytes;
    const struct registry *registry;
    /* Nobody asks what the text of a note contains (links, tasks, a heading as title): only what
     * its objects say. */
    bool is_note_left;
};

struct digest {
    struct strbuf path; /* set by the caller before digest_file() */
    enum digest_outcome outcome;
    struct strbuf moved_from;  /* where it was before; empty: it was not moved */
    struct file_record record; /* what the file's row becomes; `id` is the known one's */
    bool is_underived; /* what was derived from it is gone: unchanged objects are derived, too */
    struct strbuf bytes;
    struct document document;
    struct markdown_reader *reader;
    struct schema_run *run;
    struct note note; /* of Markdown that is DIGEST_WHOLE */
    struct line_map lines;
    const struct registered *schema; /* of the file; NULL when none applies */
    uint32_t data;      /* the node of the one object, or of the array that holds the items */
    bool is_collection; /* it is an array of items */
    struct digest_object *objects;
    size_t object_count;
    struct arena arena;
};

/** NEXUS_ERROR_NO_MEMORY is its only failure. */
enum nexus_status digest_init(struct digest *digest, struct nexus_error *err);
void digest_finish(struct digest *digest);

/** Digests the file at `digest->path`. `known` (NULL for a new one) is its row of before. What is
 * wrong with the file is no error. */
enum nexus_status digest_file(struct digest *digest, const struct digest_context *context,
                              const struct file_record *known, struct nexus_error *err);

/** The same for bytes that are not in the file yet: what it would hold. `file_id` 0: no file is
 * known there. The caller sets `record.print` once they are written. */
enum nexus_status digest_bytes(struct digest *digest, const struct digest_context *context,
                               int64_t file_id, struct str bytes, struct nexus_error *err);

/** The objects by key, for finding many of them; NULL when memory is out. Their texts stay the
 * digest's. */
struct digest_object *digest_index(struct arena *arena, const struct digest *digest);
/** The object of that key (`at` NULL: the one that is the whole file), or NULL. */
const struct digest_object *digest_find(const struct digest_object *index, size_t count,
                                        struct str key);

#endif
