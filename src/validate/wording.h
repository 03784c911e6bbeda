// SPDX-License-Identifier: MIT
/* How problems speak: values as a person would recognise them, short, and lists that end in "or".
 */
#ifndef VALIDATE_WORDING_H
#define VALIDATE_WORDING_H

#include "validate/program.h"

/** A value in a few words: its JSON, cut when long; containers by their kind. */
void word_value(struct strbuf *out, const struct tape *tape, uint32_t index);
/** A name or text in quotes, cut when long. */
void word_text(struct strbuf *out, struct str text);
/** "null, a string or an object" for a set of kinds. */
void word_kinds(struct strbuf *out, unsigned kinds);
/** "at least 2 items". */
void word_least(struct strbuf *out, uint32_t count, const char *noun);
/** "at most 1 item", "no items". */
void word_most(struct strbuf *out, uint32_t count, const char *noun);

/** How many letters have to change to make the one of the other, up to 2; more is 3. */
unsigned edit_distance(struct str a, struct str b);

/* The nearest of some names to one that was written, if any is near enough. */
struct nearest {
    struct str wanted, best;
    unsigned distance;
    unsigned offers; /* so far: past a thousand nobody is helped */
};
struct nearest nearest_to(struct str wanted);
void nearest_offer(struct nearest *nearest, struct str name);
/** Nothing is near, or the text is so short that anything is. */
static inline bool nearest_is_found(const struct nearest *nearest)
{
    return nearest->best.length > 0;
}

#endif
