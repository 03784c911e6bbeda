// SPDX-License-Identifier: MIT
#include "validate/uri.h"

#include "base/strbuf.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/** Length of the scheme before its ':', or 0. */
static size_t scheme_length(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == ':')
            return i;
        bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!is_letter(c) && !(i > 0 && later))
            return 0;
    }
    return 0;
}

/** Cuts `text` at the first of `marks`, and returns what stands before it. */
static struct str cut(struct str *text, const char *marks)
{
    size_t end = 0;
    while (end < text->length && !memchr(marks, text->at[end], strlen(marks)))
        end++;
    struct str head = str_slice(*text, 0, end);
    *text = str_slice(*text, end, text->length);
    return head;
}

static bool skip(struct str *text, struct str mark)
{
    if (!str_starts_with(*text, mark))
        return false;
    *text = str_slice(*text, mark.length, text->length);
    return true;
}

struct uri uri_split(struct str text)
{
    struct uri uri = {0};
    size_t length = scheme_length(text);
    if (length) {
        uri.has_scheme = true;
        uri.scheme = str_slice(text, 0, length);
        text = str_slice(text, length + 1, text.length);
    }
    uri.has_authority = skip(&text, STR("//"));
    if (uri.has_authority)
        uri.authority = cut(&text, "/?#");
    uri.path = cut(&text, "?#");
    uri.has_query = skip(&text, STR("?"));
    if (uri.has_query)
        uri.query = cut(&text, "#");
    uri.has_fragment = skip(&text, STR("#"));
    uri.fragment = text;
    return uri;
}

static void drop_last_segment(struct strbuf *out, size_t start)
{
    size_t end = out->length;
    while (end > start && out->at[end - 1] != '/')
        end--;
    strbuf_truncate(out, end > start ? end - 1 : start);
}

/** Appends `path` without its "." and ".." segments (section 5.2.4). */
static void add_path(struct strbuf *out, struct str path)
{
    size_t start = out->length;
    while (path.length) {
        if (skip(&path, STR("../")) || skip(&path, STR("./")))
            continue;
        if (str_is(path, ".") || str_is(path, ".."))
            return;
        if (str_starts_with(path, STR("/./")) || str_is(path, "/.")) {
            path = path.length > 2 ? str_slice(path, 2, path.length) : STR("/");
        } else if (str_starts_with(path, STR("/../")) || str_is(path, "/..")) {
            path = path.length > 3 ? str_slice(path, 3, path.length) : STR("/");
            drop_last_segment(out, start);
        } else {
            if (skip(&path, STR("/")))
                strbuf_add_char(out, '/');
            strbuf_add(out, cut(&path, "/"));
        }
    }
}

static void add_lower(struct strbuf *out, struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        strbuf_add_char(out, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
    }
}

/** Appends the base's path up to its last '/', and the reference's behind it (section 5.2.3). */
static void merge(struct strbuf *out, const struct uri *base, struct str path)
{
    size_t slash = str_find_last(base->path, '/');
    if (base->has_authority && !base->path.length)
        strbuf_add_char(out, '/');
    else if (slash != STR_NONE)
        strbuf_add(out, str_slice(base->path, 0, slash + 1));
    strbuf_add(out, path);
}

static struct str target_path(const struct uri *base, const struct uri *reference,
                              struct strbuf *scratch)
{
    if (str_starts_with(reference->path, STR("/")))
        return reference->path;
    if (!reference->path.length)
        return base->path;
    merge(scratch, base, reference->path);
    return strbuf_str(scratch);
}

static void add_resolved(struct strbuf *out, const struct uri *base, const struct uri *reference)
{
    STRBUF_SCOPED merged = {0};
    const struct uri *scheme = reference->has_scheme ? reference : base;
    bool own_authority = reference->has_scheme || reference->has_authority;
    const struct uri *authority = own_authority ? reference : base;
    struct str path = own_authority ? reference->path : target_path(base, reference, &merged);
    bool own_query = own_authority || reference->path.length || reference->has_query;
    const struct uri *query = own_query ? reference : base;

    if (scheme->has_scheme) {
        add_lower(out, scheme->scheme);
        strbuf_add_char(out, ':');
    }
    if (authority->has_authority) {
        strbuf_add_text(out, "//");
        add_lower(out, authority->authority);
    }
    add_path(out, path);
    if (query->has_query) {
        strbuf_add_char(out, '?');
        strbuf_add(out, query->query);
    }
    if (merged.failed)
        out->failed = true;
}

struct str uri_resolve(struct arena *arena, struct str base, struct str reference,
                       struct str *ret_fragment)
{
    STRBUF_SCOPED out = {0};
    struct uri base_parts = uri_split(base), parts = uri_split(reference);
    add_resolved(&out, &base_parts, &parts);
    if (out.failed)
        arena->failed = true;
    if (ret_fragment)
        *ret_fragment = parts.fragment;
    return arena_copy(arena, strbuf_str(&out));
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str uri_decode(struct arena *arena, struct str text)
{
    char *decoded = arena_alloc(arena, text.length + 1);
    if (!decoded)
        return (struct str){"", 0};
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '%' && i + 2 < text.length && hex_value(text.at[i + 1]) >= 0 &&
            hex_value(text.at[i + 2]) >= 0) {
            c = (char)(hex_value(text.at[i + 1]) << 4 | hex_value(text.at[i + 2]));
            i += 2;
        }
        decoded[length++] = c;
    }
    return (struct str){decoded, length};
}
