// SPDX-License-Identifier: MIT
#include "cli/suggest.h"

#include <string.h>

enum { LENGTH_LIMIT = 31 }; /* names are shorter, and nothing longer is near to one */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/** Optimal string alignment: insert, delete, replace, swap neighbours. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t cost[LENGTH_LIMIT + 1][LENGTH_LIMIT + 1];
    for (size_t i = 0; i <= a_length; i++)
        cost[i][0] = i;
    for (size_t j = 0; j <= b_length; j++)
        cost[0][j] = j;
    for (size_t i = 1; i <= a_length; i++)
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            best = least(best, least(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = least(best, cost[i - 2][j - 2] + 1);
            cost[i][j] = best;
        }
    return cost[a_length][b_length];
}

void suggestion_offer(struct suggestion *suggestion, const char *name)
{
    size_t length = strlen(suggestion->word), name_length = strlen(name);
    if (length > LENGTH_LIMIT || name_length > LENGTH_LIMIT || !length)
        return;
    size_t edits = distance(suggestion->word, length, name, name_length);
    if (strncmp(suggestion->word, name, length) == 0)
        edits = 1;
    if (edits > (length < 3 ? 1 : (length + 2) / 3))
        return;
    if (!suggestion->best || edits < suggestion->distance) {
        suggestion->best = name;
        suggestion->distance = edits;
    }
}
