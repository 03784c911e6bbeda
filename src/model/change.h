// SPDX-License-Identifier: MIT
/* An entry of the feed: what happened to an object, and who caused it. */
#ifndef MODEL_CHANGE_H
#define MODEL_CHANGE_H

enum change_op {
    CHANGE_CREATE,
    CHANGE_UPDATE,
    CHANGE_DELETE,
    CHANGE_MOVE,
    CHANGE_PERMISSION,
    CHANGE_SCHEMA,
    CHANGE_RECOVERY, /* another database is in the place of the one before */
};

enum change_origin {
    ORIGIN_FILE,  /* somebody edited a file */
    ORIGIN_SQL,   /* somebody edited a row */
    ORIGIN_API,   /* a call into the library, the command included */
    ORIGIN_NEXUS, /* Nexus itself: expiry, restore, upgrade */
};

/** The words in SQL and JSON. Static. */
const char *change_op_name(enum change_op op);
const char *change_origin_name(enum change_origin origin);

#endif
