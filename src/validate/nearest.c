// SPDX-License-Identifier: MIT
/* "Did you mean …?": the edit distance with swaps (optimal string alignment), over bytes, given up
 * past 2. Longer names than the limit are not compared: nobody misspells those. */
#include "validate/wording.h"

enum { NAME_LIMIT = 64, DISTANCE_LIMIT = 2 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

unsigned edit_distance(struct str a, struct str b)
{
    unsigned rows[3][NAME_LIMIT + 1];
    size_t difference = a.length > b.length ? a.length - b.length : b.length - a.length;
    if (a.length > NAME_LIMIT || b.length > NAME_LIMIT || difference > DISTANCE_LIMIT)
        return DISTANCE_LIMIT + 1;
    for (size_t j = 0; j <= b.length; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a.length; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.length; j++) {
            row[j] =
                least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a.at[i - 1] != b.at[j - 1]));
            bool is_swap =
                i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1];
            if (is_swap && higher[j - 2] + 1 < row[j])
                row[j] = higher[j - 2] + 1;
        }
    }
    unsigned distance = rows[a.length % 3][b.length];
    return distance > DISTANCE_LIMIT ? DISTANCE_LIMIT + 1 : distance;
}

struct nearest nearest_to(struct str wanted)
{
    /* In a word of three letters two changes leave nothing of it. */
    return (struct nearest){.wanted = wanted, .distance = wanted.length < 4 ? 2 : 3};
}

void nearest_offer(struct nearest *nearest, struct str name)
{
    enum { OFFERS_LIMIT = 1000 };
    if (nearest->offers++ >= OFFERS_LIMIT)
        return;
    unsigned distance = edit_distance(nearest->wanted, name);
    if (distance == 0 || distance >= nearest->distance || distance >= name.length)
        return;
    nearest->distance = distance;
    nearest->best = name;
}
