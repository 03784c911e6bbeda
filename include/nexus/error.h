// SPDX-License-Identifier: MIT
/*
 * How calls into Nexus fail.
 *
 * A function that can fail returns `enum nexus_status` and takes a `struct nexus_error *` as its
 * last argument; NULL is allowed there. Outputs are written only when the status is NEXUS_OK. A
 * person's broken document is never an error: it is a row in `problems`, and the work goes on.
 */
#ifndef NEXUS_ERROR_H
#define NEXUS_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NEXUS_API __attribute__((visibility("default")))
#else
#define NEXUS_API
#endif

enum nexus_status {
    NEXUS_OK = 0,
    NEXUS_ERROR_ARGUMENT,   /* the caller asked for something that makes no sense */
    NEXUS_ERROR_NOT_FOUND,  /* no such vault, object, schema, file */
    NEXUS_ERROR_EXISTS,     /* it is there already */
    NEXUS_ERROR_INVALID,    /* a document, schema or setting that does not pass its checks */
    NEXUS_ERROR_REFUSED,    /* a rule forbids it: read-only, outside the vault, ignored */
    NEXUS_ERROR_CHANGED,    /* the file changed under the operation: look again */
    NEXUS_ERROR_BUSY,       /* somebody else holds the lock */
    NEXUS_ERROR_LIMIT,      /* over a limit that protects the program */
    NEXUS_ERROR_PERMISSION, /* the system's permission is missing */
    NEXUS_ERROR_NO_SPACE,   /* the disk or the quota is full */
    NEXUS_ERROR_NO_MEMORY,
    NEXUS_ERROR_IO,          /* any other failed system call */
    NEXUS_ERROR_DATABASE,    /* SQLite says no */
    NEXUS_ERROR_VERSION,     /* made by a newer Nexus */
    NEXUS_ERROR_INTERRUPTED, /* asked to stop */
    NEXUS_ERROR_DAMAGED,     /* the database is: the next sync mends it */
};

/** Filled on failure. `message` is one line of UTF-8, lower case, the problem first, user text
 * quoted. */
struct nexus_error {
    enum nexus_status status;
    char message[1024];
};

/** The status in a word, such as "not-found": for logs and JSON. Static text. */
NEXUS_API const char *nexus_status_name(enum nexus_status status);

#ifdef __cplusplus
}
#endif
#endif
