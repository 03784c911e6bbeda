// SPDX-License-Identifier: MIT
/*
 * Which file a link leads to, as Obsidian has it (observed on its version 1.13):
 *
 * 1. "./x" and "../x" mean the note's own folder, "/x" the vault's root, and nothing else.
 * 2. Otherwise a file at exactly that path from the root wins,
 * 3. then one at that path from the note's own folder (folders above count for nothing),
 * 4. then the file whose path ends with it; of several the one with the shortest path (as a text,
 * not by components), then the first in the alphabet.
 * 5. A note that has the target as an alias comes last. Obsidian itself writes [[note|alias]]
 * there; people type [[alias]].
 *
 * Names are compared folded (NFC, without case). ".md" may be left out, other extensions not.
 * Markdown links are looked up just like wikilinks. Two files whose paths differ in case alone: the
 * one that is written as the link is, else the first in the order of bytes.
 */
#include "store/internal.h"

#include "base/unicode.h"

/* A name that thousands of files share ("README") can be asked for with a folder in front of it, by
 * thousands of links. More candidates than this are not looked through for a path's end. */
enum { CANDIDATE_LIMIT = 4096 };

enum place { ANYWHERE, FROM_ROOT };

/** A link that is being resolved. */
struct lookup {
    struct store *store;
    struct str target;      /* as written */
    struct str source_path; /* of the note that it stands in */
    struct strbuf path;     /* the target, folded and without dots */
    struct strbuf form; /* the path that is tried: with or without ".md", below a folder or not */
    enum place place;
};

static struct str folder_of(struct str path)
{
    size_t slash = str_find_last(path, '/');
    return str_slice(path, 0, slash == STR_NONE ? 0 : slash);
}

static bool is_dots(struct str component)
{
    return str_is(component, ".") || str_is(component, "..");
}

static bool starts_with_dots(struct str path)
{
    return is_dots(str_slice(path, 0, str_find(path, '/')));
}

/** A target that ends in a folder ("a/", "..") leads to no file. */
static bool names_a_file(struct str target)
{
    size_t slash = str_find_last(target, '/');
    struct str last = slash == STR_NONE ? target : str_slice(target, slash + 1, target.length);
    return last.length && !is_dots(last);
}

struct str link_key(struct store *store, struct str target)
{
    strbuf_reset(&store->fold);
    unicode_add_folded(&store->fold, target);
    return names_a_file(target) ? name_key(strbuf_str(&store->fold)) : STR("");
}

/** Appends the components of `path` with "." and ".." taken at their word; false above the root. */
static bool add_components(struct strbuf *out, struct str path)
{
    while (path.length) {
        size_t slash = str_find(path, '/');
        struct str component = str_slice(path, 0, slash);
        path = str_slice(path, slash == STR_NONE ? path.length : slash + 1, path.length);
        if (!component.length || str_is(component, "."))
            continue;
        if (str_is(component, "..")) {
            if (!out->length)
                return false;
            strbuf_truncate(out, folder_of(strbuf_str(out)).length);
            continue;
        }
        if (out->length)
            strbuf_add_char(out, '/');
        strbuf_add(out, component);
    }
    return true;
}

/** Fills `path` and `place`; false when the link can lead nowhere. */
static bool read_target(struct lookup *lookup)
{
    STRBUF_SCOPED folded = {0};
    unicode_add_folded(&folded, lookup->target);
    struct str target = strbuf_str(&folded);
    bool is_relative = starts_with_dots(target);
    lookup->place = is_relative || str_starts_with(target, STR("/")) ? FROM_ROOT : ANYWHERE;
    bool is_inside = true;
    if (is_relative) {
        STRBUF_SCOPED folder = {0};
        unicode_add_folded(&folder, folder_of(lookup->source_path));
        is_inside = add_components(&lookup->path, strbuf_str(&folder));
        lookup->path.failed |= folder.failed;
    }
    is_inside = is_inside && add_components(&lookup->path, target);
    lookup->path.failed |= folded.failed;
    return is_inside && names_a_file(lookup->target);
}

/** Of files whose folded paths are equal: the one written as the link is, else the smallest path.
 */
static enum nexus_status find_exact(struct lookup *lookup, struct str folded, int64_t *ret_file_id,
                                    struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    STRBUF_SCOPED best = {0};
    TRY(query_open(&query, &lookup->store->statements, SQL_name_exact, err));
    query_text(&query, name_key(folded));
    query_integer(&query, (int64_t)folded.length);
    query_text(&query, folded);
    for (bool row, is_best_as_written = false;;) {
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        struct str path = column_text(&query, 1), stem = path;
        if (str_ends_with(path, STR(".md")) && !str_ends_with(lookup->target, STR(".md")))
            stem.length -= 3;
        bool is_as_written = str_ends_with(stem, lookup->target);
        bool is_better =
            !*ret_file_id || (is_as_written && !is_best_as_written) ||
            (is_as_written == is_best_as_written && str_compare(path, strbuf_str(&best)) < 0);
        if (!is_better)
            continue;
        strbuf_reset(&best);
        strbuf_add(&best, path);
        is_best_as_written = is_as_written;
        *ret_file_id = column_integer(&query, 0);
    }
    return best.failed ? fail_no_memory(err) : NEXUS_OK;
}

static bool ends_with_path(struct str path, struct str end)
{
    return str_ends_with(path, end) &&
           (path.length == end.length || path.at[path.length - end.length - 1] == '/');
}

/** The best file whose path ends with `end`. */
static enum nexus_status find_end(struct lookup *lookup, struct str end, int64_t *ret_file_id,
                                  struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &lookup->store->statements, SQL_name_candidates, err));
    query_text(&query, name_key(end));
    for (int i = 0; i < CANDIDATE_LIMIT; i++) {
        bool row;
        TRY(query_next(&query, &row, err));
        if (!row)
            break;
        struct str path = column_text(&query, 1);
        if (ends_with_path(path, end))
            return find_exact(lookup, path, ret_file_id, err);
    }
    return NEXUS_OK;
}

static enum nexus_status find_form(struct lookup *lookup, const char *extension,
                                   int64_t *ret_file_id, struct nexus_error *err)
{
    struct strbuf *form = &lookup->form;
    strbuf_reset(form);
    strbuf_add(form, strbuf_str(&lookup->path));
    strbuf_add_text(form, extension);
    size_t length = form->length;
    TRY(find_exact(lookup, strbuf_str(form), ret_file_id, err));
    if (*ret_file_id || lookup->place == FROM_ROOT)
        return NEXUS_OK;
    struct str folder = folder_of(lookup->source_path);
    if (folder.length) {
        unicode_add_folded(form, folder);
        strbuf_add_char(form, '/');
        strbuf_add(form, strbuf_str(&lookup->path));
        strbuf_add_text(form, extension);
        TRY(find_exact(lookup, str_slice(strbuf_str(form), length, form->length), ret_file_id,
                       err));
    }
    if (*ret_file_id || form->failed)
        return NEXUS_OK;
    return find_end(lookup, str_slice(strbuf_str(form), 0, length), ret_file_id, err);
}

static enum nexus_status find_alias(struct lookup *lookup, int64_t *ret_file_id,
                                    struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    struct str alias = strbuf_str(&lookup->path);
    bool row;
    TRY(query_open(&query, &lookup->store->statements, SQL_name_alias, err));
    query_text(&query, name_key(alias));
    query_text(&query, alias);
    TRY(query_next(&query, &row, err));
    if (row)
        *ret_file_id = column_integer(&query, 0);
    return NEXUS_OK;
}

static enum nexus_status find(struct lookup *lookup, int64_t *ret_file_id, struct nexus_error *err)
{
    struct str path = strbuf_str(&lookup->path);
    struct str last = str_slice(path, folder_of(path).length, path.length);
    bool has_dot = str_find(last, '.') != STR_NONE;
    /* "a.png" is a picture before it is the note "a.png.md"; "a" is a note before all else. */
    const char *forms[] = {has_dot ? "" : ".md", has_dot ? ".md" : ""};
    size_t count = str_ends_with(path, STR(".md")) ? 1 : 2;
    for (size_t i = 0; i < count && !*ret_file_id; i++)
        TRY(find_form(lookup, forms[i], ret_file_id, err));
    if (!*ret_file_id && lookup->place == ANYWHERE)
        TRY(find_alias(lookup, ret_file_id, err));
    return NEXUS_OK;
}

enum nexus_status link_resolve(struct store *store, struct str target, struct str source_path,
                               int64_t *ret_file_id, struct nexus_error *err)
{
    struct lookup lookup = {.store = store, .target = target, .source_path = source_path};
    int64_t file_id = 0;
    enum nexus_status status = NEXUS_OK;
    if (read_target(&lookup))
        status = find(&lookup, &file_id, err);
    if (status == NEXUS_OK && (lookup.path.failed || lookup.form.failed))
        status = fail_no_memory(err);
    strbuf_finish(&lookup.path);
    strbuf_finish(&lookup.form);
    if (status == NEXUS_OK)
        *ret_file_id = file_id;
    return status;
}
