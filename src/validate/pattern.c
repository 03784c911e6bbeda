// SPDX-License-Identifier: MIT
#include "validate/pattern.h"
#include "base/error.h"

#include "base/utf8.h"
#include "validate/pattern_engine.h"
#include "validate/pattern_fast.h"
#include "validate/pattern_translate.h"

#include <stdlib.h>

struct pattern {
    struct pattern_fast *fast;     /* or */
    struct pattern_engine *engine; /* one of the two */
    struct arena memory;           /* of the first */
    char *warning;
};

static char *describe_leniency(const struct pattern_tree *tree, struct str source)
{
    STRBUF_SCOPED text = {0};
    strbuf_addf(&text, "only lenient readers take this pattern: %s (at character %zu)",
                tree->leniency, utf8_count(str_slice(source, 0, tree->leniency_at)) + 1);
    return strbuf_take(&text);
}

static enum nexus_status build_matcher(struct pattern *pattern, const struct pattern_tree *tree,
                                       struct arena *scratch, struct nexus_error *err)
{
    const struct pattern_fast *fast = pattern_fast_build(tree, scratch);
    if (fast) {
        pattern->fast = pattern_fast_copy(fast, scratch, &pattern->memory);
        return pattern->fast ? NEXUS_OK : fail_no_memory(err);
    }
    STRBUF_SCOPED text = {0};
    TRY(pattern_translate(tree, &text, err));
    return pattern_engine_new(strbuf_str(&text), &pattern->engine, err);
}

static enum nexus_status build(struct pattern *pattern, const struct pattern_tree *tree,
                               struct str source, struct arena *scratch, struct nexus_error *err)
{
    TRY(build_matcher(pattern, tree, scratch, err));
    if (tree->leniency && !(pattern->warning = describe_leniency(tree, source)))
        return fail_no_memory(err);
    return NEXUS_OK;
}

struct pattern *pattern_new(struct str source, enum pattern_mode mode, struct nexus_error *err)
{
    struct pattern *pattern = calloc(1, sizeof *pattern);
    if (!pattern) {
        fail_no_memory(err);
        return NULL;
    }
    struct arena arena = {0};
    struct pattern_tree tree;
    enum nexus_status status = pattern_parse(source, mode, &arena, &tree, err);
    if (status == NEXUS_OK)
        status = build(pattern, &tree, source, &arena, err);
    arena_finish(&arena);
    if (status == NEXUS_OK)
        return pattern;
    pattern_free(pattern);
    return NULL;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    pattern_engine_free(pattern->engine);
    arena_finish(&pattern->memory);
    free(pattern->warning);
    free(pattern);
}

const char *pattern_warning(const struct pattern *pattern)
{
    return pattern->warning;
}

enum pattern_outcome pattern_match(const struct pattern *pattern, struct pattern_context *context,
                                   struct str subject)
{
    if (pattern->fast)
        return pattern_fast_match(pattern->fast, subject) ? PATTERN_MATCHES : PATTERN_DIFFERS;
    return pattern_engine_match(pattern->engine, context, subject);
}

bool pattern_is_valid(struct str source)
{
    struct arena arena = {0};
    struct pattern_tree tree;
    enum nexus_status status = pattern_parse(source, PATTERN_STRICT, &arena, &tree, NULL);
    arena_finish(&arena);
    return status == NEXUS_OK;
}
