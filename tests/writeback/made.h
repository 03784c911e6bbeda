// SPDX-License-Identifier: MIT
/* Files made up from a seed: front matter and JSON in every style that people and programs write.
 */
#ifndef TESTS_WRITEBACK_MADE_H
#define TESTS_WRITEBACK_MADE_H

#include "base/strbuf.h"

struct dice {
    uint64_t state;
};

static inline unsigned roll(struct dice *dice, unsigned sides)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return (unsigned)((dice->state >> 20) % sides);
}

static inline void dice_init(struct dice *dice, uint64_t seed)
{
    dice->state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (int i = 0; i < 4; i++)
        roll(dice, 2);
}

/** A note with YAML front matter. Not each is valid: whoever asks parses it. */
void make_note(struct dice *dice, struct strbuf *out);

/** A JSON file. */
void make_json(struct dice *dice, struct strbuf *out);

#endif
