// SPDX-License-Identifier: MIT
/*
 * Explaining, seen from inside: a second reading of the same rules that goes on after a mistake. It
 * reads the keywords from the schema's document, so it says what is written there, and takes none
 * of the short cuts of the fast side; that the two always agree is a test.
 *
 * Where a problem is: a wrong value at the value; a member that should not be there at its key; one
 * that is missing at the key of the object that lacks it.
 */
#ifndef VALIDATE_EXPLAINER_H
#define VALIDATE_EXPLAINER_H

#include "validate/document.h"
#include "validate/run.h"
#include "validate/wording.h"

struct explainer {
    struct schema_run *run;
    struct problem_list *problems;
    struct str subject; /* before each message: "the name "; empty for the value itself */
    struct str remark;  /* behind each message: " (best match of 3)", ", because …" */
};

/* One rule, and where its keywords stand in its document. */
struct reading {
    struct explainer *explainer;
    const struct rule *rule;
    const struct tape *schema; /* the rule's document */
    const struct tape *tape;   /* the value's */
    uint32_t index;            /* the value */
    uint32_t found[KEYWORD_COUNT];
};

enum place { PLACE_VALUE, PLACE_KEY, PLACE_OWNER };

/** Adds a problem about the value at `index`, by a keyword of the rule. Always false. */
bool explain_report(const struct reading *reading, enum keyword keyword, enum place place,
                    uint32_t index, const char *format, ...) __attribute__((format(printf, 5, 6)));

/** Judges the value by the rule and reports every mistake. */
bool explain_rule(struct explainer *explainer, const struct rule *rule, uint32_t index);

static inline bool is_asked(const struct reading *reading, enum keyword keyword)
{
    return reading->found[keyword] != 0;
}

static inline const struct node *asked(const struct reading *reading, enum keyword keyword)
{
    return &reading->schema->nodes[reading->found[keyword]];
}

static inline const struct node *value_of(const struct reading *reading)
{
    return &reading->tape->nodes[reading->index];
}

/* One function for each group of keywords; true when nothing was wrong. */
bool explain_type(const struct reading *reading);
bool explain_values(const struct reading *reading);
bool explain_string(const struct reading *reading);
bool explain_number(const struct reading *reading);
bool explain_array(const struct reading *reading);
bool explain_object(const struct reading *reading);
bool explain_step(const struct reading *reading, const struct step *step);
bool explain_unevaluated(const struct reading *reading);

/** For anyOf and oneOf of which no branch passed. */
bool explain_branches(const struct reading *reading, const struct step *step);
/** ", because status is "done"": what the `if` at `condition` looked at; empty when it says
 * nothing. */
void word_reason(struct strbuf *out, const struct reading *reading, uint32_t condition);
/** The values of `enum` or `const`, as a list; no more than 20 of them are looked at. */
void word_choices(struct strbuf *out, const struct tape *schema, const uint32_t *values,
                  uint32_t count);
/** " (got "angry"; did you mean "happy"?)": the value at `index`, which is none of the values. */
void word_got(struct strbuf *out, const struct reading *reading, uint32_t index,
              const uint32_t *values, uint32_t count);

#endif
