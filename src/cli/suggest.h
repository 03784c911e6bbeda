// SPDX-License-Identifier: MIT
/* "Did you mean": which of several names somebody most likely meant. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

struct suggestion {
    const char *word; /* what was written */
    const char *best; /* the nearest name so far; NULL: none is near */
    size_t distance;
};

/** Takes the name for the suggestion if it is nearer than those before: by one edit in three
 *  letters at most, where changing places with the neighbour is one edit (Damerau), or by what the
 *  word begins. */
void suggestion_offer(struct suggestion *suggestion, const char *name);

#endif
