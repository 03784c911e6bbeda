// SPDX-License-Identifier: MIT
/*
 * The rows that a note is taken apart into, in the order of the file.
 */
#include "store/derived.h"

#include "base/unicode.h"

/* In nx_link.raw, for nx_link_raw. */
enum { MARK_OF_FORM = 1, MARK_OF_TARGET, MARK_OF_ALIAS, MARK_LAST = MARK_OF_ALIAS };

static enum nexus_status open_row(struct query *query, const struct derived_target *target,
                                  enum statement statement, size_t n, struct nexus_error *err)
{
    TRY(query_open(query, &target->store->statements, statement, err));
    query_integer(query, target->object_id);
    query_integer(query, (int64_t)n);
    return NEXUS_OK;
}

/** line, start, end. */
static void bind_place(struct query *query, const struct derived_target *target, struct span span)
{
    query_integer(query, line_map_line(target->derived->lines, span.start));
    query_integer(query, span.start);
    query_integer(query, span.end);
}

/** What `tag COLLATE NOCASE` does not see: the folded tag, where folding does more than ASCII. */
static enum nexus_status fold_tag(struct store *store, struct str tag, struct str *ret_folded,
                                  struct nexus_error *err)
{
    strbuf_reset(&store->fold);
    unicode_add_folded(&store->fold, tag);
    if (store->fold.failed)
        return fail_no_memory(err);
    struct str folded = strbuf_str(&store->fold);
    bool is_ascii_case =
        folded.length == tag.length && sqlite3_strnicmp(folded.at, tag.at, (int)tag.length) == 0;
    *ret_folded = is_ascii_case ? (struct str){NULL, 0} : folded;
    return NEXUS_OK;
}

static enum nexus_status put_tags(const struct derived_target *target, const struct note *note,
                                  struct nexus_error *err)
{
    for (size_t i = 0; i < note->tag_count; i++) {
        QUERY_SCOPED query = {0};
        struct str folded;
        TRY(fold_tag(target->store, note->tags[i].name, &folded, err));
        TRY(open_row(&query, target, SQL_tag_insert, i, err));
        query_text(&query, note->tags[i].name);
        query_text_or_null(&query, folded);
        bind_place(&query, target, note->tags[i].span);
        TRY(query_run(&query, err));
    }
    return NEXUS_OK;
}

static enum nexus_status put_aliases(const struct derived_target *target, const struct note *note,
                                     struct nexus_error *err)
{
    for (size_t i = 0; i < note->alias_count; i++) {
        QUERY_SCOPED query = {0};
        TRY(open_row(&query, target, SQL_alias_insert, i, err));
        query_text(&query, note->aliases[i].name);
        bind_place(&query, target, note->aliases[i].span);
        TRY(query_run(&query, err));
    }
    return NEXUS_OK;
}

/** As nx_link_raw reads it. */
static int link_kind_number(enum link_kind kind)
{
    static const int numbers[] = {
        [LINK_WIKI] = 0,     [LINK_MARKDOWN] = 1,    [LINK_EMBED] = 2,
        [LINK_EXTERNAL] = 3, [LINK_FRONTMATTER] = 4,
    };
    return numbers[kind];
}

/** Appends the link as nx_link_raw puts it together. */
static void add_usual_form(struct strbuf *out, const struct note_link *link)
{
    bool has_brackets = link->kind != LINK_MARKDOWN && link->kind != LINK_EXTERNAL;
    if (!has_brackets && !link->alias.length) {
        strbuf_add(out, link->target);
        return;
    }
    if (has_brackets) {
        strbuf_add(out, link->kind == LINK_EMBED ? STR("![[") : STR("[["));
    } else {
        strbuf_add_char(out, '[');
        strbuf_add(out, link->alias);
        strbuf_add(out, STR("]("));
    }
    strbuf_add(out, link->target);
    if (link->heading.length) {
        strbuf_add_char(out, '#');
        strbuf_add(out, link->heading);
    }
    if (has_brackets && link->block.length) {
        strbuf_add(out, STR("#^"));
        strbuf_add(out, link->block);
    }
    if (has_brackets && link->alias.length) {
        strbuf_add_char(out, '|');
        strbuf_add(out, link->alias);
    }
    strbuf_add(out, has_brackets ? STR("]]") : STR(")"));
}

/** Appends the raw text with marks for target and alias, as nx_link_raw puts them in again. */
static void add_marked_form(struct strbuf *out, const struct note_link *link, struct str raw)
{
    strbuf_add_char(out, MARK_OF_FORM);
    for (struct str rest = raw; rest.length && rest.at;) {
        bool is_target = link->target.length && str_starts_with(rest, link->target);
        bool is_alias = !is_target && link->alias.length && str_starts_with(rest, link->alias);
        size_t length = is_target ? link->target.length : is_alias ? link->alias.length : 1;
        strbuf_add_char(out, is_target ? MARK_OF_TARGET : is_alias ? MARK_OF_ALIAS : rest.at[0]);
        rest = str_slice(rest, length, rest.length);
    }
}

/** Whether SQL may take the text apart: it ends at a NUL, and a mark stands for itself nowhere. */
static bool can_have_marks(const struct note_link *link)
{
    const struct str texts[] = {link->raw, link->alias, link->target};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t k = 0; texts[i].at && k < texts[i].length; k++)
            if ((unsigned char)texts[i].at[k] <= MARK_LAST)
                return false;
    return true;
}

/** The raw text as nx_link holds it: nothing where the view makes it, and with marks where that is
 * shorter. */
static enum nexus_status kept_raw(const struct derived_target *target, const struct note_link *link,
                                  struct str *ret_raw, struct nexus_error *err)
{
    struct strbuf *form = &target->store->link_form;
    struct str raw = link->raw.at ? link->raw : STR("");
    strbuf_reset(form);
    add_usual_form(form, link);
    bool is_usual = str_equal(strbuf_str(form), raw);
    strbuf_reset(form);
    if (!is_usual && can_have_marks(link))
        add_marked_form(form, link, raw);
    if (form->failed)
        return fail_no_memory(err);
    bool is_shorter = form->length && form->length < raw.length;
    *ret_raw = is_usual ? (struct str){NULL, 0} : is_shorter ? strbuf_str(form) : raw;
    return NEXUS_OK;
}

/** The key to look under, and the file found there: both nothing for a link out of the vault. */
static enum nexus_status find_link(const struct derived_target *target,
                                   const struct note_link *link, struct str *ret_key,
                                   int64_t *ret_file_id, struct nexus_error *err)
{
    *ret_key = (struct str){NULL, 0};
    *ret_file_id = 0;
    if (link->kind == LINK_EXTERNAL)
        return NEXUS_OK;
    if (!link->target.length) {
        *ret_file_id = target->file_id;
        return NEXUS_OK;
    }
    TRY(link_resolve(target->store, link->target, target->path, ret_file_id, err));
    *ret_key = link_key(target->store, link->target);
    return target->store->fold.failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status put_links(const struct derived_target *target, const struct note *note,
                                   struct nexus_error *err)
{
    for (size_t i = 0; i < note->link_count; i++) {
        const struct note_link *link = &note->links[i];
        QUERY_SCOPED query = {0};
        struct str raw = {0}, key = {0};
        int64_t file_id = 0;
        TRY(find_link(target, link, &key, &file_id, err));
        TRY(kept_raw(target, link, &raw, err)); /* last: both use the store's buffers */
        TRY(open_row(&query, target, SQL_link_insert, i, err));
        query_integer(&query, link_kind_number(link->kind));
        query_text_or_null(&query, raw);
        query_text(&query, link->target);
        query_text_if_any(&query, link->alias);
        query_text_if_any(&query, link->heading);
        query_text_if_any(&query, link->block);
        query_text_if_any(&query, link->property);
        bind_place(&query, target, link->span);
        query_text_or_null(&query, key);
        query_id(&query, file_id);
        TRY(query_run(&query, err));
    }
    return NEXUS_OK;
}

static enum nexus_status put_headings(const struct derived_target *target, const struct note *note,
                                      struct nexus_error *err)
{
    for (size_t i = 0; i < note->heading_count; i++) {
        QUERY_SCOPED query = {0};
        TRY(open_row(&query, target, SQL_heading_insert, i, err));
        query_integer(&query, note->headings[i].level);
        query_text(&query, note->headings[i].text);
        bind_place(&query, target, note->headings[i].span);
        TRY(query_run(&query, err));
    }
    return NEXUS_OK;
}

/** A place in the body, in bytes of the file and in characters of the body. */
struct body_place {
    size_t byte, character;
};

/** Goes on to the byte, from wherever it is: notes list their tasks in the order of the file. */
static void go_to(struct body_place *place, struct str source, size_t byte)
{
    for (; place->byte < byte; place->byte++)
        place->character += ((unsigned char)source.at[place->byte] & 0xC0) != 0x80;
    for (; place->byte > byte; place->byte--)
        place->character -= ((unsigned char)source.at[place->byte - 1] & 0xC0) != 0x80;
}

/** Where the note's body begins; false when it is not the end of the file. */
static bool find_body(const struct store_derived *derived, struct body_place *ret_place)
{
    bool is_end = derived->body.at && derived->body.length <= derived->source.length &&
                  str_ends_with(derived->source, derived->body);
    *ret_place = (struct body_place){is_end ? derived->source.length - derived->body.length : 0, 0};
    return is_end;
}

static enum nexus_status put_tasks(const struct derived_target *target, const struct note *note,
                                   struct nexus_error *err)
{
    struct body_place place;
    bool has_body = find_body(target->derived, &place);
    for (size_t i = 0; i < note->task_count; i++) {
        const struct note_task *task = &note->tasks[i];
        QUERY_SCOPED query = {0};
        TRY(open_row(&query, target, SQL_task_insert, i, err));
        query_text(&query,
                   str_slice(target->derived->source, task->status.start, task->status.end));
        query_integer(&query, task->done);
        query_text(&query, task->text);
        const struct str optional[] = {
            task->due,       task->done_on,  task->created,    task->start,   task->scheduled,
            task->cancelled, task->priority, task->recurrence, task->heading, task->block,
        };
        for (size_t k = 0; k < sizeof optional / sizeof optional[0]; k++)
            query_text_if_any(&query, optional[k]);
        query_integer(&query, task->depth);
        bind_place(&query, target, task->span);
        if (has_body) {
            go_to(&place, target->derived->source, task->status.start);
            query_integer(&query, (int64_t)place.character);
        } else {
            query_null(&query);
        }
        TRY(query_run(&query, err));
    }
    return NEXUS_OK;
}

static enum nexus_status put_blocks(const struct derived_target *target, const struct note *note,
                                    struct nexus_error *err)
{
    for (size_t i = 0; i < note->block_count; i++) {
        QUERY_SCOPED query = {0};
        TRY(open_row(&query, target, SQL_block_insert, i, err));
        query_text(&query, note->blocks[i].id);
        bind_place(&query, target, note->blocks[i].span);
        TRY(query_run(&query, err));
    }
    return NEXUS_OK;
}

/* As nx_property_named reads them. */
enum property_type {
    PROPERTY_TEXT,
    PROPERTY_NUMBER,
    PROPERTY_BOOLEAN,
    PROPERTY_LIST,
    PROPERTY_OBJECT,
    PROPERTY_NULL
};
enum property_source { PROPERTY_FRONT, PROPERTY_INLINE };

/** A front matter value: its type, and its text as property_insert wants it. */
static struct str read_value(const struct tape *front, uint32_t index, struct strbuf *json,
                             enum property_type *ret_type)
{
    const struct node *node = &front->nodes[index];
    switch ((enum node_type)node->type) {
    case NODE_FALSE: *ret_type = PROPERTY_BOOLEAN; return STR("0");
    case NODE_TRUE: *ret_type = PROPERTY_BOOLEAN; return STR("1");
    case NODE_NUMBER: *ret_type = PROPERTY_NUMBER; return node_text(node);
    case NODE_KEY:
    case NODE_STRING: {
        struct str text = node_text(node);
        *ret_type = PROPERTY_TEXT;
        return text.at ? text : STR("");
    }
    case NODE_ARRAY: *ret_type = PROPERTY_LIST; break;
    case NODE_OBJECT: *ret_type = PROPERTY_OBJECT; break;
    case NODE_NULL: *ret_type = PROPERTY_NULL; return (struct str){NULL, 0};
    }
    strbuf_reset(json);
    tape_add_json(front, index, json);
    return strbuf_str(json);
}

static enum nexus_status put_property(const struct derived_target *target, size_t n, struct str key,
                                      struct str value, enum property_type type,
                                      enum property_source source, struct span span,
                                      struct nexus_error *err)
{
    QUERY_SCOPED query = {0};
    TRY(open_row(&query, target, SQL_property_insert, n, err));
    query_text(&query, key);
    query_text_or_null(&query, value);
    query_integer(&query, type);
    query_integer(&query, source);
    bind_place(&query, target, span);
    return query_run(&query, err);
}

static enum nexus_status put_front(const struct derived_target *target, const struct tape *front,
                                   size_t *ret_count, struct nexus_error *err)
{
    STRBUF_SCOPED json = {0};
    size_t count = 0;
    tape_for_each_member (front, 0, key) {
        enum property_type type = PROPERTY_NULL;
        if (str_equal(node_text(&front->nodes[key]), target->derived->body_property))
            continue; /* the body is no property of the front matter */
        struct str value = read_value(front, key + 1, &json, &type);
        struct span span = {front->nodes[key].start, front->nodes[key + 1].end};
        if (json.failed)
            return fail_no_memory(err);
        TRY(put_property(target, count++, node_text(&front->nodes[key]), value, type,
                         PROPERTY_FRONT, span, err));
    }
    *ret_count = count;
    return NEXUS_OK;
}

static enum nexus_status put_properties(const struct derived_target *target,
                                        const struct note *note, struct nexus_error *err)
{
    size_t n = 0;
    const struct tape *front = target->derived->front;
    if (front && front->count && front->nodes[0].type == NODE_OBJECT)
        TRY(put_front(target, front, &n, err));
    for (size_t i = 0; i < note->property_count; i++) {
        const struct note_property *property = &note->properties[i];
        struct str value = property->value.at ? property->value : STR("");
        TRY(put_property(target, n++, property->key, value, PROPERTY_TEXT, PROPERTY_INLINE,
                         property->span, err));
    }
    return NEXUS_OK;
}

enum nexus_status derived_put_rows(const struct derived_target *target, const struct note *note,
                                   struct nexus_error *err)
{
    TRY(put_tags(target, note, err));
    TRY(put_aliases(target, note, err));
    TRY(put_links(target, note, err));
    TRY(put_headings(target, note, err));
    TRY(put_tasks(target, note, err));
    TRY(put_properties(target, note, err));
    return put_blocks(target, note, err);
}
