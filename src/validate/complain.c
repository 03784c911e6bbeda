// SPDX-License-Identifier: MIT
/* What is wrong with a schema, said with its place in the document that is being compiled. */
#include "validate/compiler.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_BYTES = 1024 };

/** A mistake in another document has no place in this one; the message says where it is. */
static void report(struct compiler *compiler, enum problem_severity severity,
                   const struct resource *home, uint32_t node, const char *keyword,
                   const char *message)
{
    const struct document *document = home->document;
    bool is_here = document == compiler->root;
    const struct node *at = &document->tape.nodes[node];
    struct problem *problem =
        is_here
            ? problem_add(compiler->problems, severity, keyword, at->start, at->end, "%s", message)
            : problem_add(compiler->problems, severity, keyword, 0, 0, "in '%.*s': %s",
                          STR_ARG(document->uri), message);
    if (!problem)
        return;
    STRBUF_SCOPED pointer = {0};
    tape_add_pointer(&document->tape, node, &pointer);
    struct arena *arena = compiler->problems->arena;
    problem->schema_uri =
        arena_format(arena, "%.*s#%.*s", STR_ARG(document->uri), STR_ARG(strbuf_str(&pointer)));
    if (is_here)
        problem->pointer = arena_copy(arena, strbuf_str(&pointer));
}

void compiler_complain(struct compiler *compiler, const struct resource *home, uint32_t node,
                       const char *keyword, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    compiler->has_error = true;
    if (!compiler->problems)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    report(compiler, PROBLEM_ERROR, home, node, keyword, message);
}

void compiler_warn(struct compiler *compiler, const struct resource *home, uint32_t node,
                   const char *keyword, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    if (!compiler->problems || home->document != compiler->root)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    report(compiler, PROBLEM_WARNING, home, node, keyword, message);
}
