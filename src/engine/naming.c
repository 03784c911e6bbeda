// SPDX-License-Identifier: MIT
#include "engine/naming.h"

#include "base/time.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "store/objects.h"

#include <fcntl.h>
#include <sys/stat.h>

enum {
    PATH_LIMIT_BYTES = 4000,      /* below PATH_MAX with the vault's own path before it */
    COMPONENT_LIMIT_BYTES = 255,  /* NAME_MAX */
    PLACEHOLDER_LIMIT_BYTES = 80, /* of a name; titles can be whole paragraphs */
    NAME_TRIES = 10000,
    DATE_LENGTH = 10, /* YYYY-MM-DD */
};

/** The member's text, or nothing. */
static struct str text_of(const struct tape *object, struct str name)
{
    uint32_t value =
        object->nodes[0].type == NODE_OBJECT ? tape_member(object, 0, name) : TAPE_NONE;
    if (value == TAPE_NONE || object->nodes[value].type < NODE_NUMBER ||
        object->nodes[value].type > NODE_STRING)
        return (struct str){NULL, 0};
    return node_text(&object->nodes[value]);
}

/** What no file system and no person wants in a name: separators, controls, and what shells and
 * links give a meaning to. */
static bool is_name_byte(unsigned char c)
{
    return c >= 0x20 && c != 0x7F && !strchr("/\\:*?\"<>|#^[]", c);
}

/** At most PLACEHOLDER_LIMIT_BYTES of it, whole characters. */
static struct str shortened(struct str text)
{
    size_t length = text.length;
    if (length > PLACEHOLDER_LIMIT_BYTES)
        length = PLACEHOLDER_LIMIT_BYTES;
    while (length < text.length && length && (text.at[length] & 0xC0) == 0x80)
        length--;
    return str_slice(text, 0, length);
}

static void add_plain(struct str text, struct strbuf *out)
{
    size_t start = out->length;
    text = str_trim(shortened(text));
    for (size_t i = 0; i < text.length; i++) {
        bool is_dot_first = text.at[i] == '.' && out->length == start;
        bool is_good = is_name_byte((unsigned char)text.at[i]) && !is_dot_first;
        strbuf_add_char(out, is_good ? text.at[i] : '-');
    }
}

/** Letters and digits of any script in their folded form; a dash for each run of anything else. */
static void add_slug(struct str text, struct strbuf *out)
{
    STRBUF_SCOPED folded = {0};
    unicode_add_folded(&folded, text);
    struct str words = strbuf_str(&folded);
    size_t start = out->length;
    bool is_gap = false;
    out->failed |= folded.failed;
    for (size_t at = 0; at < words.length && out->length - start < PLACEHOLDER_LIMIT_BYTES;) {
        uint32_t code_point = utf8_next(words, &at);
        bool is_word = unicode_is_id_continue(code_point) && code_point != '_';
        if (is_word && is_gap && out->length > start)
            strbuf_add_char(out, '-');
        is_gap = !is_word;
        if (is_word)
            strbuf_add_utf8(out, code_point);
    }
}

static void add_date(struct str text, int64_t now_ns, struct strbuf *out)
{
    char today[TIME_TEXT_SIZE];
    int64_t ignored_ns;
    struct str day = str_slice(text, 0, DATE_LENGTH);
    if (!time_is_date(text) && !(text.length > DATE_LENGTH && time_parse(text, &ignored_ns)))
        day = str_slice(str_of(time_format(now_ns, today)), 0, DATE_LENGTH);
    strbuf_add(out, day);
}

/** One placeholder, without its braces. */
static void add_placeholder(struct str placeholder, const struct tape *object, int64_t now_ns,
                            struct strbuf *out)
{
    size_t colon = str_find(placeholder, ':');
    struct str name = str_slice(placeholder, 0, colon);
    struct str how =
        colon == STR_NONE ? STR("") : str_slice(placeholder, colon + 1, placeholder.length);
    struct str text = text_of(object, name);
    size_t start = out->length;
    if (str_is(how, "date"))
        add_date(text, now_ns, out);
    else if (str_is(how, "slug"))
        add_slug(text, out);
    else
        add_plain(text, out);
    if (out->length == start)
        strbuf_add_text(out, "untitled");
}

void naming_expand(struct str pattern, const struct tape *object, int64_t now_ns,
                   struct strbuf *out)
{
    while (pattern.length) {
        size_t open = str_find(pattern, '{');
        strbuf_add(out, str_slice(pattern, 0, open));
        if (open == STR_NONE)
            return;
        struct str rest = str_slice(pattern, open + 1, pattern.length);
        size_t close = str_find(rest, '}');
        add_placeholder(str_slice(rest, 0, close), object, now_ns, out);
        pattern = close == STR_NONE ? STR("") : str_slice(rest, close + 1, rest.length);
    }
}

static bool wants_markdown(const struct registered *schema)
{
    return schema->binding.layout == LAYOUT_MARKDOWN;
}

static enum nexus_status check_components(struct str path, struct nexus_error *err)
{
    struct str rest = path;
    for (;;) {
        size_t slash = str_find(rest, '/');
        struct str component = str_slice(rest, 0, slash);
        if (!component.length || str_is(component, ".") || str_is(component, ".."))
            return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' is not a path below the vault",
                        STR_ARG(path));
        if (component.length > COMPONENT_LIMIT_BYTES)
            return fail(err, NEXUS_ERROR_REFUSED, "a name in '%.*s' is over %d bytes",
                        STR_ARG(path), COMPONENT_LIMIT_BYTES);
        if (slash == STR_NONE)
            return NEXUS_OK;
        rest = str_slice(rest, slash + 1, rest.length);
    }
}

/** No file may stand where a folder of the path is to be. */
static enum nexus_status check_folders(const struct engine *engine, struct str path,
                                       struct nexus_error *err)
{
    STRBUF_SCOPED folder = {0};
    for (size_t i = 0; i < path.length; i++) {
        struct fingerprint print;
        mode_t mode;
        FD_SCOPED fd = -1;
        if (path.at[i] != '/')
            continue;
        strbuf_reset(&folder);
        strbuf_add(&folder, str_slice(path, 0, i));
        if (folder.failed)
            return fail_no_memory(err);
        if (file_open_beneath(engine->root_fd, folder.at, O_PATH, &fd, NULL) != NEXUS_OK ||
            file_look(fd, "", &print, &mode) != 0)
            return NEXUS_OK; /* it will be made */
        if (!S_ISDIR(mode))
            return fail(err, NEXUS_ERROR_REFUSED, "'%s' is no folder", folder.at);
    }
    return NEXUS_OK;
}

/** A schema keeps its objects in Markdown or in JSON, as its layout says. */
static enum nexus_status check_ending(const struct registered *schema, struct str path,
                                      struct nexus_error *err)
{
    enum file_kind kind = file_kind_of(path);
    bool is_markdown = wants_markdown(schema);
    if (schema->binding.layout == LAYOUT_ANY && kind == FILE_ATTACHMENT)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "'%.*s': a file of '%.*s' has a name that ends with '.md' or '.json'",
                    STR_ARG(path), STR_ARG(schema->name));
    if (schema->binding.layout == LAYOUT_ANY ||
        (kind != FILE_ATTACHMENT && (kind == FILE_MARKDOWN) == is_markdown))
        return NEXUS_OK;
    return fail(err, NEXUS_ERROR_REFUSED,
                "'%.*s': a file of '%.*s' has a name that ends with '%s', or write \"layout\": %s "
                "into the x-nexus of its schema",
                STR_ARG(path), STR_ARG(schema->name), is_markdown ? ".md" : ".json",
                is_markdown ? "\"object\" or \"collection\"" : "\"markdown\"");
}

enum nexus_status naming_check(const struct engine *engine, const struct registered *schema,
                               struct str path, struct nexus_error *err)
{
    if (!path.length || path.length > PATH_LIMIT_BYTES)
        return fail(err, NEXUS_ERROR_REFUSED, "a path has 1 to %d bytes", PATH_LIMIT_BYTES);
    for (size_t i = 0; i < path.length; i++)
        if ((unsigned char)path.at[i] < 0x20 || path.at[i] == 0x7F)
            return fail(err, NEXUS_ERROR_REFUSED, "'%.*s' holds a control character",
                        STR_ARG(path));
    if (utf8_find_invalid(path) != STR_NONE)
        return fail(err, NEXUS_ERROR_REFUSED, "a path is UTF-8");
    TRY(check_components(path, err));
    TRY(check_folders(engine, path, err));
    struct str rule = ignore_rule_above(engine->ignore, path, ENTRY_FILE);
    if (rule.length)
        return fail(err, NEXUS_ERROR_REFUSED,
                    "'%.*s' would be left alone by the rule '%.*s': choose another name",
                    STR_ARG(path), STR_ARG(rule));
    return check_ending(schema, path, err);
}

/** Whether nobody has the path: neither a file nor a row. */
static enum nexus_status is_free(const struct engine *engine, struct str path, bool *ret_free,
                                 struct nexus_error *err)
{
    struct fingerprint print;
    struct arena arena = {0};
    struct store_object_row row;
    mode_t mode;
    FD_SCOPED fd = -1;
    enum nexus_status status = file_open_beneath(engine->root_fd, path.at, O_PATH, &fd, NULL);
    *ret_free = false;
    if (status == NEXUS_OK && file_look(fd, "", &print, &mode) == 0)
        return NEXUS_OK;
    status = store_object_at(engine->store, path, &arena, &row, err);
    arena_finish(&arena);
    if (status != NEXUS_OK && status != NEXUS_ERROR_NOT_FOUND)
        return status;
    *ret_free = status == NEXUS_ERROR_NOT_FOUND;
    return NEXUS_OK;
}

/** "a/b.md", "a/b-2.md", "a/b-3.md" … until nobody has it. */
static enum nexus_status make_unique(const struct engine *engine, struct strbuf *path,
                                     struct nexus_error *err)
{
    STRBUF_SCOPED wanted = {0};
    strbuf_add(&wanted, strbuf_str(path));
    struct str whole = strbuf_str(&wanted);
    size_t dot = str_find_last(whole, '.');
    if (dot == STR_NONE)
        dot = whole.length;
    for (int i = 1; i <= NAME_TRIES; i++) {
        bool free;
        if (path->failed || wanted.failed)
            return fail_no_memory(err);
        TRY(is_free(engine, strbuf_str(path), &free, err));
        if (free)
            return NEXUS_OK;
        strbuf_reset(path);
        strbuf_addf(path, "%.*s-%d%.*s", (int)dot, whole.at, i + 1, (int)(whole.length - dot),
                    whole.at + dot);
    }
    return fail(err, NEXUS_ERROR_EXISTS, "there are %d files like '%.*s'", NAME_TRIES,
                STR_ARG(whole));
}

enum nexus_status naming_make(const struct engine *engine, const struct registered *schema,
                              const struct tape *object, int64_t now_ns, struct strbuf *out,
                              struct nexus_error *err)
{
    struct str pattern = schema->binding.new_file;
    if (!pattern.length)
        pattern = wants_markdown(schema) ? STR("{title:slug}.md") : STR("{title:slug}.json");
    strbuf_reset(out);
    naming_expand(pattern, object, now_ns, out);
    if (out->failed)
        return fail_no_memory(err);
    TRY(naming_check(engine, schema, strbuf_str(out), err));
    if (schema->binding.layout == LAYOUT_COLLECTION)
        return NEXUS_OK;
    return make_unique(engine, out, err);
}
