// SPDX-License-Identifier: MIT
#include "validate/compiler.h"
#include "validate/uri.h"

#include <stdlib.h>

static void free_scratch(struct compiler *compiler)
{
    for (struct loaded *loaded = compiler->loaded; loaded; loaded = loaded->next) {
        free(loaded->resources);
        free(loaded->rules);
    }
    free(compiler->queue);
    pattern_context_free(compiler->matcher);
}

void schema_free(struct schema *schema)
{
    if (!schema)
        return;
    for (struct compiled_pattern *pattern = schema->patterns; pattern; pattern = pattern->next)
        pattern_free(pattern->pattern);
    for (size_t i = 0; i < schema->document_count; i++)
        document_drop(schema->documents[i]);
    free(schema->documents);
    arena_finish(&schema->arena);
    free(schema);
}

struct hash schema_hash(const struct schema *schema)
{
    return schema->hash;
}

static enum nexus_status check_metaschema(struct compiler *compiler, const struct resource *root,
                                          struct nexus_error *err);

/** Makes a schema of the document; `*ret_schema` is to be freed whatever the status. */
static enum nexus_status build(struct compiler *compiler, struct nexus_error *err)
{
    struct loaded *loaded = compiler_load(compiler, compiler->root);
    if (!loaded)
        return fail_no_memory(err);
    if (!(compiler->options & SCHEMA_METASCHEMA_TRUSTED))
        TRY(check_metaschema(compiler, loaded->resources[0], err));
    compiler->schema->root = compiler_rule(compiler, loaded, 0);
    do {
        while (compiler->queue_next < compiler->queue_count)
            compiler_fill(compiler, compiler->queue[compiler->queue_next++]);
    } while (compile_dynamic_targets(compiler));
    if (compiler->out_of_memory || compiler->arena->failed)
        return fail_no_memory(err);
    compile_dynamic_tables(compiler);
    if (!compiler->has_error)
        compiler_link(compiler);
    if (compiler->out_of_memory || compiler->arena->failed)
        return fail_no_memory(err);
    if (compiler->has_error)
        return fail(err, NEXUS_ERROR_INVALID, "schema '%.*s' cannot be used",
                    STR_ARG(compiler->root->uri));
    return NEXUS_OK;
}

static enum nexus_status compile_document(struct schema_set *set, const struct document *document,
                                          unsigned options, struct schema **ret_schema,
                                          struct problem_list *problems, struct nexus_error *err)
{
    struct schema *schema = calloc(1, sizeof *schema);
    if (!schema)
        return fail_no_memory(err);
    schema->scan = set->scan;
    struct compiler compiler = {.schema = schema,
                                .arena = &schema->arena,
                                .set = set,
                                .root = document,
                                .options = options,
                                .problems = problems};
    enum nexus_status status = build(&compiler, err);
    if (status == NEXUS_OK)
        status = compiler_hash(&compiler, err);
    free_scratch(&compiler);
    if (status == NEXUS_OK)
        *ret_schema = schema;
    else
        schema_free(schema);
    return status;
}

enum nexus_status schema_compile(struct schema_set *set, struct str uri, unsigned options,
                                 struct schema **ret_schema, struct problem_list *problems,
                                 struct nexus_error *err)
{
    struct arena scratch = {0};
    const struct document *document =
        schema_set_find(set, uri_resolve(&scratch, (struct str){NULL, 0}, uri, NULL));
    arena_finish(&scratch);
    if (!document)
        return fail(err, NEXUS_ERROR_NOT_FOUND, "no schema '%.*s' is registered", STR_ARG(uri));
    return compile_document(set, document, options, ret_schema, problems, err);
}

/** The draft's metaschema, compiled once for the set. */
static const struct schema *checker(struct schema_set *set, enum schema_draft draft)
{
    if (!set->checkers[draft])
        schema_compile(set, str_of(dialect_metaschema_uri(draft)),
                       SCHEMA_METASCHEMA_TRUSTED | SCHEMA_FORMAT_ANNOTATES, &set->checkers[draft],
                       NULL, NULL);
    return set->checkers[draft];
}

/** Judges the document by its metaschema. A custom one is compiled for the occasion. */
static enum nexus_status check_metaschema(struct compiler *compiler, const struct resource *root,
                                          struct nexus_error *err)
{
    const struct tape *tape = &compiler->root->tape;
    struct dialect builtin;
    struct schema *custom = NULL;
    const struct schema *metaschema = NULL;
    uint32_t named = tape_member(tape, 0, STR("$schema"));
    bool is_custom = named != TAPE_NONE && tape->nodes[named].type == NODE_STRING &&
                     !dialect_find(node_text(&tape->nodes[named]), &builtin);
    if (is_custom && !root->dialect_problem.length)
        schema_compile(compiler->set, node_text(&tape->nodes[named]),
                       SCHEMA_METASCHEMA_TRUSTED | SCHEMA_FORMAT_ANNOTATES, &custom, NULL, NULL);
    metaschema = custom ? custom : checker(compiler->set, root->dialect.draft);
    struct schema_run *run = schema_run_new();
    enum nexus_status status = metaschema && run ? NEXUS_OK : fail_no_memory(err);
    if (status == NEXUS_OK && !schema_accepts(metaschema, tape, 0, run)) {
        if (compiler->problems)
            schema_explain(metaschema, tape, 0, run, compiler->problems);
        status = fail(err, NEXUS_ERROR_INVALID, "'%.*s' is not a schema: it breaks the rules of %s",
                      STR_ARG(compiler->root->uri), dialect_metaschema_uri(root->dialect.draft));
    }
    schema_run_free(run);
    schema_free(custom);
    return status;
}

void *site_alloc(const struct site *site, size_t count, size_t size)
{
    return arena_alloc_array(site->compiler->arena, count, size);
}

struct rule *compiler_rule(struct compiler *compiler, struct loaded *loaded, uint32_t node)
{
    if (loaded->rules[node])
        return loaded->rules[node];
    struct rule *rule = arena_alloc(compiler->arena, sizeof *rule);
    if (!rule || !array_reserve(&compiler->queue, &compiler->queue_capacity,
                                compiler->queue_count + 1, sizeof(struct rule *))) {
        compiler->out_of_memory = true;
        return rule;
    }
    struct resource *home = loaded_owner(loaded, node);
    if (home->number == UINT32_MAX)
        home->number = compiler->schema->resource_count++;
    *rule = (struct rule){.types = KINDS_ALL, .home = home, .node = node};
    loaded->rules[node] = rule;
    compiler->queue[compiler->queue_count++] = rule;
    return rule;
}

/** An unknown keyword is allowed and means nothing; one letter off a known one it is a mistake. */
static void warn_of_misspelling(const struct site *site)
{
    tape_for_each_member (site->tape, site->rule->node, key) {
        const char *meant = keyword_meant(node_text(&site->tape->nodes[key]));
        if (meant)
            compiler_warn(site->compiler, site->rule->home, key, "schema",
                          "unknown keyword \"%.*s\" (did you mean \"%s\"?)",
                          STR_ARG(node_text(&site->tape->nodes[key])), meant);
    }
}

static void fill_object(struct compiler *compiler, struct rule *rule)
{
    const struct resource *home = rule->home;
    if (home->dialect_problem.length) {
        uint32_t named = tape_member(&home->document->tape, home->root, STR("$schema"));
        const struct node *name = &home->document->tape.nodes[named];
        if (rule->node == home->root)
            compiler_complain(compiler, home, named, "$schema", "'%.*s' %.*s",
                              STR_ARG(node_text(name)), STR_ARG(home->dialect_problem));
        else
            compiler->has_error = true;
        return;
    }
    struct site site = {.compiler = compiler,
                        .loaded = compiler_loaded(compiler, home->document),
                        .rule = rule,
                        .tape = &home->document->tape,
                        .draft = home->dialect.draft};
    keywords_find(&home->dialect, site.tape, rule->node, site.found);
    warn_of_misspelling(&site);
    compile_types(&site);
    compile_values(&site);
    compile_string(&site);
    compile_number(&site);
    compile_array(&site);
    compile_object(&site);
    compile_steps(&site);
}

void compiler_fill(struct compiler *compiler, struct rule *rule)
{
    if (compiler->out_of_memory || compiler->arena->failed)
        return;
    if (compiler->queue_count > SCHEMA_RULES_LIMIT) {
        if (compiler->queue_next > SCHEMA_RULES_LIMIT + 1)
            return;
        compiler_complain(compiler, compiler->schema->root->home, 0, "schema",
                          "has more than %d subschemas", SCHEMA_RULES_LIMIT);
        compiler->queue_next = SCHEMA_RULES_LIMIT + 2;
        return;
    }
    switch (rule->home->document->tape.nodes[rule->node].type) {
    case NODE_TRUE: break;
    case NODE_FALSE: rule->types = 0; break;
    case NODE_OBJECT: fill_object(compiler, rule); break;
    default:
        compiler_complain(compiler, rule->home, rule->node, "schema",
                          "must be a schema: an object, true or false");
    }
}
