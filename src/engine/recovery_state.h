// SPDX-License-Identifier: MIT
/* What an open vault knows about how its database came to be; see recovery.h. */
#ifndef ENGINE_RECOVERY_STATE_H
#define ENGINE_RECOVERY_STATE_H

#include "base/hash.h"
#include "base/strbuf.h"

struct recovered {
    struct strbuf news;  /* what was done, a sentence a line; nobody has told it yet */
    bool is_suspect;     /* the database was not left in order: its rows are looked at */
    bool is_cookie_same; /* … and what it is made of was not changed by a statement since */
    bool is_unexplained; /* … and nothing in it tells of a change: its file is damaged, or was
                            touched */
    bool is_permission_suspect; /* … and its permissions are compared with permissions.json */
    bool is_asked;              /* somebody wanted another database: what is done is no surprise */
    bool is_rebuild_asked;      /* make it anew from the files, whatever it is */
    bool is_damage_met;         /* SQLite met damage that a check may not find … */
    bool is_damage_seen;        /* … and met it again */
    bool is_leaving; /* it was open under the vault's lock: how it is left is written down */
    char shape[HASH_TEXT_SIZE]; /* what the database is made of, when it was last found right */
    int64_t made_anew_ns;       /* while a database is made: the time of what was taken over */
};

#endif
