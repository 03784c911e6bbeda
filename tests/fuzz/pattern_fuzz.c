// SPDX-License-Identifier: MIT
/* Any bytes as a pattern, up to the first newline, against the rest as a text: it compiles or says
 * why not, matching ends, and asking again gives the same answer. */
#include "base/utf8.h"
#include "fuzz.h"
#include "validate/pattern.h"

static void match(const struct pattern *pattern, struct str subject)
{
    struct pattern_context *context = pattern_context_new();
    PROMISE(context);
    enum pattern_outcome outcome = pattern_match(pattern, context, subject);
    PROMISE(outcome == pattern_match(pattern, context, subject));
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
        match(lenient, subject);
    pattern_free(lenient);
    pattern_free(strict);
    return 0;
}
