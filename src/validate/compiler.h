// SPDX-License-Identifier: MIT
/*
 * Compiling, seen from inside. Documents are loaded as references lead to them: a walk over the
 * places where the dialect has subschemas registers each `$id` and anchor, and nothing that merely
 * looks like one (in an enum, under an unknown keyword). Rules are made for the root and for what
 * rules refer to, one at a time from a queue, so no chain of references is a recursion. At the end
 * the rules are linked: references elided, kinds narrowed, what needs no check dropped.
 */
#ifndef VALIDATE_COMPILER_H
#define VALIDATE_COMPILER_H

#include "validate/document.h"
#include "validate/program.h"

struct anchor {
    struct named name;
    uint32_t node;
    bool is_dynamic;
};

struct loaded {
    const struct document *document;
    struct resource **resources; /* by root, so each stands before what it contains */
    size_t resource_count, resource_capacity;
    struct rule **rules; /* by node */
    struct loaded *next;
};

struct compiler {
    struct schema *schema;
    struct arena *arena; /* the schema's */
    struct schema_set *set;
    const struct document *root;
    unsigned options;
    struct problem_list *problems;
    struct loaded *loaded;
    struct name_map resources; /* struct resource_name */
    struct name_map patterns;  /* struct compiled_pattern */
    struct dynamic_target *dynamics;
    struct pattern_context *matcher; /* for names that the schema itself holds */
    struct rule **queue;
    size_t queue_count, queue_capacity, queue_next;
    bool has_error, out_of_memory;
};

/* The place of a schema: what a reference leads to. */
struct target {
    struct loaded *loaded;
    const struct resource *resource;
    const struct anchor *anchor; /* when the fragment named one */
    uint32_t node;
};

/* One schema object while its rule is made: where each keyword's value stands, 0 where it is
 * absent. */
struct site {
    struct compiler *compiler;
    struct loaded *loaded;
    struct rule *rule;
    const struct tape *tape;
    enum schema_draft draft;
    uint32_t found[KEYWORD_COUNT];
};

/** The document's resources and anchors; loads it when that has not happened. NULL: out of memory.
 */
struct loaded *compiler_load(struct compiler *compiler, const struct document *document);
/** The innermost resource around a node. */
struct resource *loaded_owner(const struct loaded *loaded, uint32_t node);
/** The resource with this absolute URI, wherever it is; NULL when there is none. */
struct resource *compiler_find(struct compiler *compiler, struct str uri);
/** The dialect that `$schema` names. False, with the reason in `ret_reason`, when it is not known.
 */
bool compiler_dialect(struct compiler *compiler, struct str uri, struct dialect *ret_dialect,
                      struct str *ret_reason);
struct loaded *compiler_loaded(const struct compiler *compiler, const struct document *document);

/** Where `reference`, standing at `node`, leads. False (and a problem was added) when nowhere. */
bool compiler_resolve(const struct site *site, uint32_t node, struct str reference,
                      struct target *ret_target);

/** The rule of the schema at the place; made later when it is new. Never NULL, except when memory
 * is out. */
struct rule *compiler_rule(struct compiler *compiler, struct loaded *loaded, uint32_t node);
/** Compiles one rule from the queue. */
void compiler_fill(struct compiler *compiler, struct rule *rule);

/** What is wrong with the schema at `node`. */
void compiler_complain(struct compiler *compiler, const struct resource *home, uint32_t node,
                       const char *keyword, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/** What is odd about it, when it is in the document that is being compiled. */
void compiler_warn(struct compiler *compiler, const struct resource *home, uint32_t node,
                   const char *keyword, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/** The same about a keyword of the site's schema. */
#define site_complain(site, word, ...)                                                             \
    compiler_complain((site)->compiler, (site)->rule->home, (site)->found[word],                   \
                      keyword_name(word), __VA_ARGS__)

static inline const struct node *site_node(const struct site *site, enum keyword keyword)
{
    return &site->tape->nodes[site->found[keyword]];
}

/** The keyword's value, when it is there and of this type; a problem when it is of another. */
const struct node *site_value(const struct site *site, enum keyword keyword, enum node_type type);
/** A keyword's count (minLength and the like). `ret_count` is untouched when it is absent. */
bool site_count(const struct site *site, enum keyword keyword, uint32_t *ret_count);
/** The keyword's subschema, or NULL when it is absent. */
const struct rule *site_rule(const struct site *site, enum keyword keyword);
/** Zeroed memory; NULL when it is out, which the compiler remembers. */
void *site_alloc(const struct site *site, size_t count, size_t size);

/* One file each. */
void compile_types(const struct site *site);
void compile_values(const struct site *site);
void compile_string(const struct site *site);
void compile_number(const struct site *site);
void compile_array(const struct site *site);
void compile_object(const struct site *site);
void compile_steps(const struct site *site);
/** Makes the rules that dynamic references may lead to. True when there were new ones. */
bool compile_dynamic_targets(struct compiler *compiler);
void compile_dynamic_tables(struct compiler *compiler);
const struct compiled_pattern *compile_pattern(const struct site *site, uint32_t node,
                                               struct str source);
void compiler_link(struct compiler *compiler);
/** Finds the property that tells the branches of an anyOf or oneOf apart. */
void link_choice(struct compiler *compiler, struct step *step);
/** Settles what is known of an object's members before there is one. */
void link_object(struct compiler *compiler, struct object_checks *checks);
enum nexus_status compiler_hash(struct compiler *compiler, struct nexus_error *err);

#endif
