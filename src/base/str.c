// SPDX-License-Identifier: MIT
#include "base/str.h"

size_t str_find(struct str s, char c)
{
    const char *found = s.length ? memchr(s.at, c, s.length) : NULL;
    return found ? (size_t)(found - s.at) : STR_NONE;
}

size_t str_find_last(struct str s, char c)
{
    const char *found = s.length ? memrchr(s.at, c, s.length) : NULL;
    return found ? (size_t)(found - s.at) : STR_NONE;
}

size_t str_find_str(struct str s, struct str needle)
{
    const char *found = s.length ? memmem(s.at, s.length, needle.at, needle.length) : NULL;
    return found ? (size_t)(found - s.at) : STR_NONE;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    size_t start = 0, end = s.length;
    while (start < end && is_space(s.at[start]))
        start++;
    while (end > start && is_space(s.at[end - 1]))
        end--;
    return str_slice(s, start, end);
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.length < b.length ? a.length : b.length;
    int order = shared ? memcmp(a.at, b.at, shared) : 0;
    if (order != 0)
        return order;
    return (a.length > b.length) - (a.length < b.length);
}
