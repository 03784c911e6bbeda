// SPDX-License-Identifier: MIT
#include "base/glob.h"

/** One character against the class that starts at `*at` (behind the '['); moves behind its ']'. */
static bool match_class(struct str pattern, size_t *at, char c)
{
    bool negated = *at < pattern.length && (pattern.at[*at] == '!' || pattern.at[*at] == '^');
    if (negated)
        ++*at;
    bool found = false;
    for (size_t first = *at; *at < pattern.length && (pattern.at[*at] != ']' || *at == first);) {
        if (pattern.at[*at] == '\\' && *at + 1 < pattern.length)
            ++*at;
        unsigned char low = (unsigned char)pattern.at[(*at)++], high = low;
        if (*at + 1 < pattern.length && pattern.at[*at] == '-' && pattern.at[*at + 1] != ']') {
            high = (unsigned char)pattern.at[*at + 1];
            *at += 2;
        }
        found |= (unsigned char)c >= low && (unsigned char)c <= high;
    }
    ++*at;
    return found != negated && c != '/';
}

/** One pattern element at `*at` against one byte; moves behind the element. */
static bool match_one(struct str pattern, size_t *at, char c)
{
    char p = pattern.at[(*at)++];
    switch (p) {
    case '?': return c != '/';
    case '[': return match_class(pattern, at, c);
    case '\\':
        if (*at < pattern.length)
            p = pattern.at[(*at)++];
        return p == c;
    default: return p == c;
    }
}

/** A segment without slashes: the usual two-pointer match, remembering only the last star. */
static bool match_segment(struct str pattern, struct str name)
{
    size_t p = 0, n = 0, star = STR_NONE, retry = 0;
    while (n < name.length) {
        size_t next = p;
        if (p < pattern.length && pattern.at[p] == '*') {
            star = ++p;
            retry = n;
        } else if (p < pattern.length && match_one(pattern, &next, name.at[n])) {
            p = next;
            n++;
        } else if (star != STR_NONE) {
            p = star;
            n = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.length && pattern.at[p] == '*')
        p++;
    return p == pattern.length;
}

/** Cuts the first segment off; `*rest` stays NULL-like (length STR_NONE) behind the last one. */
static struct str take_segment(struct str *rest)
{
    size_t slash = str_find(*rest, '/');
    struct str segment = str_slice(*rest, 0, slash);
    if (slash == STR_NONE)
        *rest = (struct str){NULL, STR_NONE};
    else
        *rest = str_slice(*rest, slash + 1, rest->length);
    return segment;
}

static bool is_end(struct str rest)
{
    return rest.length == STR_NONE;
}

/* The same two-pointer match one level up: segments for characters, `**` for the star. */
bool glob_match(struct str pattern, struct str path)
{
    struct str after_stars = {NULL, STR_NONE}, retry = {NULL, STR_NONE};
    bool has_stars = false;
    while (!is_end(path)) {
        struct str pattern_rest = pattern, path_rest = path;
        struct str segment = is_end(pattern) ? STR("") : take_segment(&pattern_rest);
        if (!is_end(pattern) && str_equal(segment, STR("**"))) {
            if (is_end(pattern_rest))
                return true;
            has_stars = true;
            after_stars = pattern = pattern_rest;
            retry = path;
        } else if (!is_end(pattern) && match_segment(segment, take_segment(&path_rest))) {
            pattern = pattern_rest;
            path = path_rest;
        } else if (has_stars && !is_end(retry)) {
            take_segment(&retry);
            pattern = after_stars;
            path = retry;
        } else {
            return false;
        }
    }
    return is_end(pattern);
}

const char *glob_check(struct str pattern)
{
    if (!pattern.length)
        return "is empty";
    if (pattern.at[0] == '/' || str_ends_with(pattern, STR("/")))
        return "begins or ends with '/'";
    if (str_equal(pattern, STR("..")) || str_starts_with(pattern, STR("../")) ||
        str_ends_with(pattern, STR("/..")) || str_find_str(pattern, STR("/../")) != STR_NONE)
        return "leads out of the vault";
    bool in_class = false;
    for (size_t i = 0; i < pattern.length; i++) {
        if (pattern.at[i] == '\\')
            i++;
        else if (pattern.at[i] == '[')
            in_class = true;
        else if (pattern.at[i] == ']')
            in_class = false;
    }
    return in_class ? "has a '[' without ']'" : NULL;
}
