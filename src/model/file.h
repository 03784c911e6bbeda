// SPDX-License-Identifier: MIT
/* What is known of a file of the vault: the noun between the walk, the plan and the store. */
#ifndef MODEL_FILE_H
#define MODEL_FILE_H

#include "base/file.h"
#include "base/hash.h"

/** How a file and what the database holds of it stand to each other. */
enum file_state {
    FILE_SYNCED,     /* they agree */
    FILE_PENDING,    /* a change waits to be carried over */
    FILE_INVALID,    /* broken; the row holds the last good content, if there ever was one */
    FILE_CONFLICT,   /* both changed, and a person has to choose */
    FILE_IGNORED,    /* seen, and left alone by a rule */
    FILE_UNREADABLE, /* permission, size, encoding */
};
enum { FILE_STATE_COUNT = FILE_UNREADABLE + 1 };

/** The word in SQL and JSON: "synced". Static. */
const char *file_state_name(enum file_state state);
/** The state of that word; FILE_PENDING (look at the file again) for any other. */
enum file_state file_state_of(struct str name);

/** A row of `files`. */
struct file_record {
    int64_t id;      /* 0: none yet */
    struct str path; /* relative to the vault's root */
    struct fingerprint print;
    bool is_racy;     /* the fingerprint cannot be trusted: compare the hash */
    bool has_hash;    /* false: never read, such as an attachment */
    struct hash hash; /* of the bytes both sides agreed on */
    bool is_indexed;  /* false: what the file contains has to be derived again */
    bool has_counts;  /* whether lines and words were counted */
    uint32_t lines, words;
    enum file_state state;
};

#endif
