// SPDX-License-Identifier: MIT
#include "validate/run.h"

#include "base/utf8.h"

bool text_has_length(struct str text, uint32_t min, uint32_t max)
{
    /* A code point takes 1 to 4 bytes: most texts need no counting. */
    if (text.length < min)
        return false;
    if (text.length / 4 >= min && text.length <= max)
        return true;
    size_t count = utf8_count(text);
    return count >= min && count <= max;
}

bool text_matches(struct schema_run *run, const struct compiled_pattern *pattern, struct str text)
{
    if (run->is_limited) /* the next one may be as expensive, and decides nothing */
        return false;
    enum pattern_outcome outcome = pattern_match(pattern->pattern, run->patterns, text);
    if (outcome == PATTERN_TOO_EXPENSIVE)
        run->is_limited = true;
    return outcome == PATTERN_MATCHES;
}

static bool is_one_of(const struct text_set *set, struct str text)
{
    return text.length >= set->shortest && text.length <= set->longest &&
           name_map_get(&set->names, text);
}

bool accept_string(struct schema_run *run, const struct string_checks *checks,
                   const struct node *node)
{
    struct str text = node_text(node);
    if (checks->one_of && !is_one_of(checks->one_of, text))
        return false;
    if ((checks->min || checks->max != UINT32_MAX) &&
        !text_has_length(text, checks->min, checks->max))
        return false;
    if (checks->pattern && !text_matches(run, checks->pattern, text))
        return false;
    if (checks->format != FORMAT_UNKNOWN && !format_matches(checks->format, text))
        return false;
    return !(checks->is_base64 || checks->is_json) || content_matches(run, checks, text);
}

/** Below, equal to or above zero as the integer is to the bound. */
static int compare_small(int64_t integer, const struct number_bound *bound)
{
    return (integer > bound->small) - (integer < bound->small);
}

static bool accept_small(const struct number_checks *checks, int64_t integer)
{
    if (checks->min.is_set && compare_small(integer, &checks->min) < checks->min.is_exclusive)
        return false;
    if (checks->max.is_set && compare_small(integer, &checks->max) > -checks->max.is_exclusive)
        return false;
    return !checks->has_divisor || integer % checks->small_divisor == 0;
}

static bool is_listed(const struct number_checks *checks, const struct decimal *number)
{
    for (uint32_t i = 0; i < checks->one_of_count; i++)
        if (decimal_compare(&checks->one_of[i], number) == 0)
            return true;
    return false;
}

static bool accept_decimal(const struct number_checks *checks, const struct decimal *number)
{
    if (checks->is_integer && !decimal_is_integer(number))
        return false;
    if (checks->min.is_set &&
        decimal_compare(number, &checks->min.value) < checks->min.is_exclusive)
        return false;
    if (checks->max.is_set &&
        decimal_compare(number, &checks->max.value) > -checks->max.is_exclusive)
        return false;
    if (checks->has_divisor && decimal_multiple(number, &checks->divisor) != MULTIPLE_YES)
        return false;
    return !checks->one_of || is_listed(checks, number);
}

static bool needs_decimal(const struct number_checks *checks)
{
    return (checks->min.is_set && !checks->min.is_small) ||
           (checks->max.is_set && !checks->max.is_small) ||
           (checks->has_divisor && !checks->small_divisor) || checks->one_of;
}

bool accept_number(const struct number_checks *checks, const struct node *node)
{
    if (node->flags & NODE_SMALL && !needs_decimal(checks))
        return accept_small(checks, node->integer);
    struct decimal number = decimal_of_node(node);
    return accept_decimal(checks, &number);
}
