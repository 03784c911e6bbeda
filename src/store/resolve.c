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
    struct strbuf *path;    /* the target, folded and without dots */
    struct strbuf *form; /* the path that is tried: with or without ".md", below a folder or not */
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
    struct strbuf *folded = &lookup->store->fold;
    strbuf_reset(folded);
    strbuf_reset(lookup->path);
    unicode_add_folded(folded, lookup->target);
    struct str target = strbuf_str(folded);
    bool is_relative = starts_with_dots(target);
    lookup->place = is_relative || str_starts_with(target, STR("/")) ? FROM_ROOT : ANYWHERE;
    bool is_inside = true;
    if (is_relative) {
        STRBUF_SCOPED folder = {0};
        unicode_add_folded(&folder, folder_of(lookup->source_path));
        is_inside = add_components(lookup->path, strbuf_str(&folder));
        lookup->path->failed |= folder.failed;
    }
    is_inside = is_inside && add_components(lookup->path, target);
    lookup->path->failed |= folded->failed;
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
    struct strbuf *form = lookup->form;
    strbuf_reset(form);
    strbuf_add(form, strbuf_str(lookup->path));
    strbuf_add_text(form, extension);
    size_t length = form->length;
    TRY(find_exact(lookup, strbuf_str(form), ret_file_id, err));
    if (*ret_file_id || lookup->place == FROM_ROOT)
        return NEXUS_OK;
    struct str folder = folder_of(lookup->source_path);
    if (folder.length) {
        unicode_add_folded(form, folder);
        strbuf_add_char(form, '/');
        strbuf_add(form, strbuf_str(lookup->path));
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
    struct str alias = strbuf_str(lookup->path);
    bool row;
    TRY(query_open(&query, &lookup->store->statements, SQL_name_alias, err));
    query_text(&query, name_key(alias));
    query_text(&query, alias);
    TRY(query_next(&query, &row, err));
    if (row)
        *ret_file_id = column_integer(&query, 0);
    return NEXUS_OK;
}

/** What may stand behind a path, likelier first: "a.png" is a picture before it is the note
 *  "a.png.md"; "a" is a note before all else. */
struct forms {
    const char *extensions[2];
    size_t count;
};

static struct forms forms_of(struct str path)
{
    struct str last = str_slice(path, folder_of(path).length, path.length);
    if (str_ends_with(path, STR(".md")))
        return (struct forms){{""}, 1};
    if (str_find(last, '.') != STR_NONE)
        return (struct forms){{"", ".md"}, 2};
    return (struct forms){{".md", ""}, 2};
}

/** All forms of the path and its alias have the same key: most links that lead nowhere have one
 * that no file has. */
static enum nexus_status is_key_known(struct lookup *lookup, bool *ret_known,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(query_open(&query, &lookup->store->statements, SQL_name_key, err));
    query_text(&query, name_key(strbuf_str(lookup->path)));
    return query_next(&query, ret_known, err);
}

static enum nexus_status find(struct lookup *lookup, int64_t *ret_file_id, struct nexus_error *err)
{
    struct forms forms = forms_of(strbuf_str(lookup->path));
    bool is_known;
    TRY(is_key_known(lookup, &is_known, err));
    if (!is_known)
        return NEXUS_OK;
    for (size_t i = 0; i < forms.count && !*ret_file_id; i++)
        TRY(find_form(lookup, forms.extensions[i], ret_file_id, err));
    if (!*ret_file_id && lookup->place == ANYWHERE)
        TRY(find_alias(lookup, ret_file_id, err));
    return NEXUS_OK;
}

/** The file expected at exactly that path, 0 if there is none or more than one. */
static int64_t expected_at(const struct lookup *lookup, struct str folded)
{
    const struct expected_name *name =
        expected_find(&lookup->store->expected, EXPECTED_PATH, folded);
    return name && !name->is_shared ? name->file_id : 0;
}

/** One form of the path against the one file that has its name. */
static int64_t match_expected(struct lookup *lookup, const struct expected_name *one,
                              const char *extension)
{
    struct strbuf *form = lookup->form;
    struct str folder = folder_of(lookup->source_path);
    struct str path = strbuf_str(lookup->path);
    strbuf_reset(form);
    strbuf_add(form, path);
    strbuf_add_text(form, extension);
    if (lookup->place == ANYWHERE && str_find(path, '/') == STR_NONE)
        return one->is_note == str_ends_with(strbuf_str(form), STR(".md")) ? one->file_id : 0;
    int64_t file_id = expected_at(lookup, strbuf_str(form));
    if (file_id || lookup->place == FROM_ROOT || !folder.length)
        return file_id;
    strbuf_reset(form);
    unicode_add_folded(form, folder);
    strbuf_add_char(form, '/');
    strbuf_add(form, path);
    strbuf_add_text(form, extension);
    return expected_at(lookup, strbuf_str(form));
}

/** In bulk, before the names are in the database: what can be told for certain because only one
 *  file has the name. 0 leaves the link to the pass at the end. */
static int64_t find_expected(struct lookup *lookup)
{
    struct str path = strbuf_str(lookup->path);
    const struct expected_name *one =
        expected_find(&lookup->store->expected, EXPECTED_KEY, name_key(path));
    if (!one || one->is_shared)
        return 0;
    struct forms forms = forms_of(path);
    int64_t file_id = 0;
    for (size_t i = 0; i < forms.count && !file_id; i++)
        file_id = match_expected(lookup, one, forms.extensions[i]);
    return file_id;
}

enum nexus_status link_resolve(struct store *store, struct str target, struct str source_path,
                               int64_t *ret_file_id, struct nexus_error *err)
{
    struct lookup lookup = {
        .store = store,
        .target = target,
        .source_path = source_path,
        .path = &store->link_path,
        .form = &store->link_form,
    };
    int64_t file_id = 0;
    if (read_target(&lookup)) {
        if (store->mode == STORE_BULK)
            file_id = find_expected(&lookup);
        else
            TRY(find(&lookup, &file_id, err));
    }
    if (store->link_path.failed || store->link_form.failed)
        return fail_no_memory(err);
    *ret_file_id = file_id;
    return NEXUS_OK;
}
