// SPDX-License-Identifier: MIT
/* Any bytes as a pattern, up to the first newline, against the rest as a text: it compiles or says
 * why not, matching ends, and every way to match gives the same answer. */
#include "base/strbuf.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "validate/pattern_engine.h"
#include "validate/pattern_fast.h"
#include "validate/pattern_translate.h"

/* More than it takes until a pattern is machine code. */
#define USES 24

/** Interpreted first, machine code at last. */
static enum pattern_outcome ask_engine(const struct pattern_engine *engine, struct str subject)
{
    struct pattern_context *context = pattern_context_new();
    PROMISE(context);
    enum pattern_outcome first = pattern_engine_match(engine, context, subject), last = first;
    for (int use = 0; use < USES && last != PATTERN_TOO_EXPENSIVE; use++)
        last = pattern_engine_match(engine, context, subject);
    if (first != PATTERN_TOO_EXPENSIVE && last != PATTERN_TOO_EXPENSIVE)
        PROMISE(first == last);
    pattern_context_free(context);
    return first;
}

/** What the parts say one by one, for a pattern that is one. */
static enum pattern_outcome ask_parts(struct str source, struct str subject)
{
    struct arena arena = {0};
    struct pattern_tree tree;
    struct pattern_engine *engine = NULL;
    STRBUF_SCOPED text = {0};
    PROMISE(pattern_parse(source, PATTERN_LENIENT, &arena, &tree, NULL) == NEXUS_OK);
    const struct pattern_fast *fast = pattern_fast_build(&tree, &arena);
    bool walked = fast && pattern_fast_match(fast, subject);
    enum pattern_outcome outcome = walked ? PATTERN_MATCHES : PATTERN_DIFFERS;
    /* The engine refuses some that can be walked, such as a{1,100000}. */
    if (pattern_translate(&tree, &text, NULL) == NEXUS_OK &&
        pattern_engine_new(strbuf_str(&text), &engine, NULL) == NEXUS_OK) {
        enum pattern_outcome judged = ask_engine(engine, subject);
        PROMISE(!fast || judged == outcome || judged == PATTERN_TOO_EXPENSIVE);
        if (!fast)
            outcome = judged;
    }
    pattern_engine_free(engine);
    arena_finish(&arena);
    return outcome;
}

static void match(const struct pattern *pattern, struct str source, struct str subject)
{
    struct pattern_context *context = pattern_context_new();
    PROMISE(context);
    enum pattern_outcome outcome = pattern_match(pattern, context, subject);
    PROMISE(outcome == pattern_match(pattern, context, subject));
    PROMISE(outcome == ask_parts(source, subject));
    pattern_context_free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    size_t end = str_find(text, '\n');
    struct str source = str_slice(text, 0, end);
    struct str subject = end == STR_NONE ? STR("") : str_slice(text, end + 1, size);
    struct nexus_error err = {0};
    struct pattern *strict = pattern_new(source, PATTERN_STRICT, &err);
    PROMISE(strict || err.message[0]);
    if (strict)
        PROMISE(pattern_is_valid(source) && !pattern_warning(strict));
    struct pattern *lenient = pattern_new(source, PATTERN_LENIENT, NULL);
    PROMISE(lenient || !strict);
    if (lenient && utf8_find_invalid(subject) == STR_NONE)
        match(lenient, source, subject);
    pattern_free(lenient);
    pattern_free(strict);
    return 0;
}
