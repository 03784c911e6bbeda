// SPDX-License-Identifier: MIT
/*
 * A compiled schema: one rule for each subschema, what it asks of each kind of value apart.
 *
 * Kinds are bits. A rule's `types` are the kinds that can pass at all; `more` are those of them for
 * which something is left to check. So `{"type": "string"}` is two words, and judging a value by it
 * is two tests without a call. A reference is resolved to the rule it leads to; a rule that is
 * nothing but a reference becomes a copy of its target.
 */
#ifndef VALIDATE_PROGRAM_H
#define VALIDATE_PROGRAM_H

#include "validate/dialect.h"
#include "validate/format.h"
#include "validate/number.h"
#include "validate/pattern.h"
#include "validate/schema.h"

/* Bit n is node type n. Integers have their own bit: a number that is written with a point or an
 * exponent is KIND_NUMBER, and may still be an integer. A property's name is a string. */
enum {
    KIND_NULL = 1 << NODE_NULL,
    KIND_FALSE = 1 << NODE_FALSE,
    KIND_TRUE = 1 << NODE_TRUE,
    KIND_NUMBER = 1 << NODE_NUMBER,
    KIND_STRING = 1 << NODE_STRING,
    KIND_ARRAY = 1 << NODE_ARRAY,
    KIND_OBJECT = 1 << NODE_OBJECT,
    KIND_KEY = 1 << NODE_KEY,
    KIND_INTEGER = 1 << (NODE_NUMBER | 8),
    KINDS_TEXT = KIND_STRING | KIND_KEY,
    KINDS_NUMERIC = KIND_NUMBER | KIND_INTEGER,
    KINDS_BOOLEAN = KIND_FALSE | KIND_TRUE,
    KINDS_ALL = KIND_NULL | KINDS_BOOLEAN | KINDS_NUMERIC | KINDS_TEXT | KIND_ARRAY | KIND_OBJECT,
};

static inline unsigned kind_of(const struct node *node)
{
    return 1u << (node->type | (node->flags & NODE_INTEGER) << 3);
}

/** The kinds that a name in `type` means, or 0. Draft 4 takes no 1.0 for an integer. */
unsigned kinds_of_type(struct str name, enum schema_draft draft);

struct document;
struct rule;

/* A schema with its own URI: a document's root, or a part with $id. */
struct resource {
    struct named uri; /* absolute, without fragment */
    const struct document *document;
    const struct resource *parent; /* the one around it in the document, or NULL */
    uint32_t root;                 /* its node */
    uint32_t number;               /* within the compiled schema, from 0 */
    struct dialect dialect;
    struct name_map anchors;
    bool is_recursive;          /* $recursiveAnchor: true */
    struct str dialect_problem; /* why its `$schema` cannot be obeyed; empty when it can */
};

struct compiled_pattern {
    struct named source;
    struct pattern *pattern;
    struct compiled_pattern *next;
};

struct text_set {
    struct name_map names;
    size_t shortest, longest; /* bytes */
};

struct string_checks {
    uint32_t min, max;             /* code points */
    const struct text_set *one_of; /* enum, const */
    const struct compiled_pattern *pattern;
    enum format_id format; /* FORMAT_UNKNOWN: not asserted */
    bool is_base64, is_json;
};

enum bound_kind { BOUND_AT_LEAST, BOUND_ABOVE, BOUND_AT_MOST, BOUND_BELOW };

struct number_bound {
    bool is_set, is_exclusive;
    bool is_small; /* an integer that fits `small` */
    int64_t small;
    struct decimal value;
};

struct number_checks {
    struct number_bound min, max;
    bool has_divisor, is_integer;
    int64_t small_divisor; /* 0: use `divisor` */
    struct decimal divisor;
    const struct decimal *one_of; /* enum, const: any of these; NULL for no such check */
    uint32_t one_of_count;
};

struct array_checks {
    uint32_t min, max;
    const struct rule **prefix;
    uint32_t prefix_count;
    const struct rule *rest;     /* of the items behind the prefix; NULL: anything */
    const struct rule *contains; /* NULL: not asked for */
    uint32_t contains_min, contains_max;
    bool is_unique, contains_marks;
    bool is_unevaluated; /* `rest` is unevaluatedItems: nothing else marks here */
};

struct property {
    struct named name;
    const struct rule *rule;  /* NULL: only required, not declared */
    const struct rule **also; /* of the patterns that match the name, ended by NULL; or NULL */
    uint64_t bit;             /* in object_checks.required, or 0 */
};

struct pattern_rule {
    const struct compiled_pattern *pattern;
    const struct rule *rule;
};

struct dependency {
    struct named trigger;
    const struct named *required;
    uint32_t required_count;
};

struct object_checks {
    uint32_t min, max;
    uint64_t required;
    struct name_map properties;
    const struct pattern_rule *patterns;
    const struct rule *additional;     /* NULL: anything */
    const struct rule *names;          /* NULL: anything */
    const struct named *late_required; /* those past the 64 bits */
    const struct dependency *dependencies;
    uint32_t pattern_count, late_required_count, dependency_count;
    bool is_unevaluated; /* `additional` is unevaluatedProperties: nothing else marks here */
    const struct property *only; /* the one property that is looked at, when nothing else is */
};

enum step_kind {
    STEP_REF,     /* rules[0] */
    STEP_DYNAMIC, /* what the dynamic scope says, else rules[0] */
    STEP_ALL,
    STEP_ANY,
    STEP_ONE,
    STEP_NOT,       /* rules[0] */
    STEP_IF,        /* rules[0], then [1], else [2]: NULL where absent */
    STEP_DEPENDENT, /* rules[0], when the object has `trigger` */
};

/* Which branches of an anyOf or oneOf can pass, by the value of one property. */
struct choice {
    struct named value; /* a text, or the eight bytes of an int64_t */
    const struct rule **rules;
    uint32_t count;
};

struct chooser {
    struct named property;
    struct name_map texts, integers; /* struct choice */
    struct choice open;              /* for all other values: branches that do not list any */
    uint32_t room;                   /* in each choice */
};

/* What a rule asks about the same value by way of other rules. */
struct step {
    enum step_kind kind;
    enum keyword keyword;
    uint16_t kinds; /* for the others it always holds (marking apart) */
    const struct rule **rules;
    uint32_t count;
    const struct dynamic_target *dynamic;
    const struct chooser *chooser; /* anyOf, oneOf: NULL where no property tells */
    const struct named *trigger;
    uint32_t origin; /* the keyword's value in the rule's document */
};

/* Where a $dynamicRef may lead: by resource number, a rule or NULL. */
struct dynamic_target {
    struct named name;
    const struct rule **rules;
    struct dynamic_target *next;
};

struct rule {
    uint16_t types, more;
    bool is_marking; /* can say which children it looked at */
    bool is_plain;   /* nothing about other rules for the same value, and no scope to keep */
    bool is_linked;
    bool is_copy; /* of the rule that it referred to: parts are shared */
    uint32_t step_count, value_count;
    struct string_checks *string; /* these are NULL where nothing is asked */
    struct number_checks *number;
    struct array_checks *array;
    struct object_checks *object;
    struct step *steps;
    const uint32_t *values; /* enum, const: the arrays and objects, nodes of home->document */
    uint32_t link_depth;    /* while linking: how deep in the chain it stands, from 1 */
    const struct rule *unevaluated_items, *unevaluated_properties;
    const struct resource *home;
    uint32_t node; /* in home->document */
};

struct schema {
    struct arena arena;
    const struct rule *root;
    const struct document **documents; /* held */
    size_t document_count, document_capacity;
    struct compiled_pattern *patterns;
    uint32_t resource_count;
    bool has_dynamic_scope; /* some $dynamicRef has to look at it */
    schema_scan *scan;      /* for contentMediaType */
    struct hash hash;
};

#endif
