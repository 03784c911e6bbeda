// SPDX-License-Identifier: MIT
#include "validate/pattern_engine.h"
#include "base/error.h"

#include "validate/pattern_tree.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Without UCP \b knows ASCII letters only, as ECMA-262 wants it. The start optimizations of 10.42
 * are wrong now and then: they make (?=b)b*b miss "b", and the machine code of a(?:bb|b)b*b miss
 * "abb". */
#define COMPILE_OPTIONS                                                                            \
    (PCRE2_UTF | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP |           \
     PCRE2_NO_START_OPTIMIZE | PCRE2_ALLOW_EMPTY_CLASS)

/* A hostile pattern, such as ^(a+)+$, is stopped after some 20 ms. */
#define MATCH_LIMIT 1000000u
#define HEAP_LIMIT_KIB (32u * 1024u)
/* Each parenthesis of the source becomes at most two, and a repeat or a choice outside one more. */
#define NEST_LIMIT (2u * PATTERN_DEPTH_MAX + 2u)
/* Machine code costs as much as a few hundred matches: worth it for what is used again and again.
 */
#define USES_BEFORE_JIT 20u

struct pattern_engine {
    pcre2_code *code;
    _Atomic(pcre2_code *) machine_code; /* a copy of `code` with JIT, once there is one */
    atomic_uint uses;
};

struct pattern_context {
    pcre2_match_context *limits;
    pcre2_match_data *data;
};

struct pattern_context *pattern_context_new(void)
{
    struct pattern_context *context = calloc(1, sizeof *context);
    if (!context)
        return NULL;
    context->limits = pcre2_match_context_create(NULL);
    context->data = pcre2_match_data_create(1, NULL);
    if (!context->limits || !context->data) {
        pattern_context_free(context);
        return NULL;
    }
    pcre2_set_match_limit(context->limits, MATCH_LIMIT);
    pcre2_set_heap_limit(context->limits, HEAP_LIMIT_KIB);
    return context;
}

void pattern_context_free(struct pattern_context *context)
{
    if (!context)
        return;
    pcre2_match_data_free(context->data);
    pcre2_match_context_free(context->limits);
    free(context);
}

static enum nexus_status explain(int error, struct nexus_error *err)
{
    switch (error) {
    case PCRE2_ERROR_HEAP_FAILED: return fail_no_memory(err);
    case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH:
        return fail(err, NEXUS_ERROR_INVALID, "unsupported: variable-length lookbehind");
    case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY:
        return fail(err, NEXUS_ERROR_INVALID,
                    "unsupported: a Unicode property that the installed PCRE2 does not know");
    case PCRE2_ERROR_PATTERN_TOO_LARGE:
    case PCRE2_ERROR_PATTERN_TOO_COMPLICATED:
    case PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP:
    case PCRE2_ERROR_PARENTHESES_STACK_CHECK:
        return fail(err, NEXUS_ERROR_LIMIT, "the pattern is too large");
    default: break;
    }
    PCRE2_UCHAR reason[200];
    pcre2_get_error_message(error, reason, sizeof reason);
    return fail(err, NEXUS_ERROR_INVALID, "unsupported: %s", (const char *)reason);
}

static enum nexus_status compile(struct str text, pcre2_code **ret_code, struct nexus_error *err)
{
    pcre2_compile_context *limits = pcre2_compile_context_create(NULL);
    if (!limits)
        return fail_no_memory(err);
    pcre2_set_parens_nest_limit(limits, NEST_LIMIT);
    int error;
    PCRE2_SIZE at;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text.at, text.length, COMPILE_OPTIONS, &error, &at, limits);
    pcre2_compile_context_free(limits);
    if (!code)
        return explain(error, err);
    *ret_code = code;
    return NEXUS_OK;
}

enum nexus_status pattern_engine_new(struct str text, struct pattern_engine **ret_engine,
                                     struct nexus_error *err)
{
    struct pattern_engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return fail_no_memory(err);
    enum nexus_status status = compile(text, &engine->code, err);
    if (status == NEXUS_OK)
        *ret_engine = engine;
    else
        free(engine);
    return status;
}

void pattern_engine_free(struct pattern_engine *engine)
{
    if (!engine)
        return;
    pcre2_code_free(atomic_load(&engine->machine_code));
    pcre2_code_free(engine->code);
    free(engine);
}

/** Leaves `machine_code` NULL when it cannot be made: the interpreter serves as well. */
static void make_machine_code(struct pattern_engine *engine)
{
    pcre2_code *copy = pcre2_code_copy(engine->code);
    if (copy && pcre2_jit_compile(copy, PCRE2_JIT_COMPLETE) == 0)
        atomic_store_explicit(&engine->machine_code, copy, memory_order_release);
    else
        pcre2_code_free(copy);
}

static pcre2_code *machine_code(const struct pattern_engine *shared)
{
    /* What is written below are atomic fields that say nothing about the pattern. */
    struct pattern_engine *engine = (struct pattern_engine *)(uintptr_t)shared;
    pcre2_code *code = atomic_load_explicit(&engine->machine_code, memory_order_acquire);
    if (code || atomic_load_explicit(&engine->uses, memory_order_relaxed) > USES_BEFORE_JIT)
        return code;
    if (atomic_fetch_add_explicit(&engine->uses, 1, memory_order_relaxed) == USES_BEFORE_JIT)
        make_machine_code(engine);
    return NULL;
}

static enum pattern_outcome outcome(int result)
{
    if (result >= 0)
        return PATTERN_MATCHES;
    return result == PCRE2_ERROR_NOMATCH ? PATTERN_DIFFERS : PATTERN_TOO_EXPENSIVE;
}

enum pattern_outcome pattern_engine_match(const struct pattern_engine *engine,
                                          struct pattern_context *context, struct str subject)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.at ? subject.at : "");
    pcre2_code *fast = machine_code(engine);
    if (fast) {
        int result =
            pcre2_jit_match(fast, text, subject.length, 0, 0, context->data, context->limits);
        if (result != PCRE2_ERROR_JIT_STACKLIMIT)
            return outcome(result);
    }
    return outcome(pcre2_match(engine->code, text, subject.length, 0, PCRE2_NO_UTF_CHECK,
                               context->data, context->limits));
}
