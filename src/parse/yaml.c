// SPDX-License-Identifier: MIT
/*
 * Recursive over libyaml's events. A compose_ function finds the first event of its part read
 * already, and leaves the last one standing. Nodes are written as they come; a collection's end and
 * count are filled in when it closes.
 */
#include "parse/yaml.h"

#include "parse/repeats.h"
#include "parse/yaml_anchors.h"
#include "parse/yaml_events.h"
#include "parse/yaml_hints.h"
#include "parse/yaml_plain.h"
#include "parse/yaml_resolve.h"
#include "parse/yaml_span.h"

#include <assert.h>

struct composer {
    struct yaml_events *events;
    const struct yaml_event *event; /* the one that is being looked at */
    struct tape *tape;
    struct problem_list *problems;
    struct yaml_anchors anchors;
    uint32_t start, end; /* of the part that is read */
    unsigned depth;      /* of the collection that is open */
    unsigned deepest;    /* reached inside it */
    bool has_repeats;
};

__attribute__((format(printf, 4, 5))) static bool reject(struct composer *composer, uint32_t start,
                                                         uint32_t end, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problem_addv(composer->problems, PROBLEM_ERROR, "yaml", start, end, format, args);
    va_end(args);
    return false;
}

static bool next(struct composer *composer)
{
    composer->event = yaml_events_next(composer->events);
    if (composer->event->kind != YAML_EVENT_BROKEN)
        return true;
    struct yaml_fault fault = yaml_events_fault(composer->events);
    if (fault.message)
        yaml_explain_fault(composer->tape->source, composer->start, composer->end, &fault,
                           composer->problems);
    else
        composer->tape->failed = true;
    return false;
}

static bool reject_anchor(struct composer *composer)
{
    return !composer->tape->failed && reject(composer, composer->event->start, composer->event->end,
                                             "more than %d anchors", YAML_ANCHORS);
}

static bool add_scalar_anchor(struct composer *composer, const struct node *node, struct str text)
{
    if (!composer->event->anchor.length)
        return true;
    struct yaml_anchor *anchor =
        yaml_anchors_add(&composer->anchors, composer->tape, composer->event->anchor);
    if (!anchor)
        return reject_anchor(composer);
    anchor->is_scalar = true;
    anchor->scalar = *node;
    anchor->text = text;
    return true;
}

/** Where the scalar's own text is. An empty one without anchor and tag stands at `empty_at`. */
static struct node place_scalar(const struct composer *composer, uint32_t empty_at)
{
    const struct yaml_event *event = composer->event;
    struct str source = composer->tape->source;
    if (event->style == STYLE_PLAIN && !event->value.length) {
        uint32_t at = event->start < event->end ? event->end : empty_at;
        return (struct node){.style = STYLE_ABSENT, .start = at, .end = at};
    }
    uint32_t start = yaml_span_behind_properties(source, event->start, event->end);
    uint32_t end = event->end;
    if (event->style == STYLE_LITERAL || event->style == STYLE_FOLDED)
        end = yaml_span_block_scalar_end(source, start, end);
    return (struct node){.style = (uint8_t)event->style, .start = start, .end = end};
}

static bool push(struct composer *composer, struct node node)
{
    uint32_t index = tape_push(composer->tape, NODE_NULL, node.start, node.end);
    if (index == TAPE_NONE)
        return false;
    node.next = index + 1;
    composer->tape->nodes[index] = node;
    return true;
}

static bool compose_scalar(struct composer *composer, uint32_t empty_at)
{
    struct node node = place_scalar(composer, empty_at);
    struct str text = yaml_scalar_text(composer->event, composer->tape, &node);
    if (!yaml_resolve(composer->event, text, composer->tape, &node, composer->problems) ||
        !add_scalar_anchor(composer, &node, text) || !push(composer, node))
        return false;
    if (node.style == STYLE_ABSENT)
        yaml_warn_comment(composer->tape, (uint32_t)composer->tape->count - 1, composer->problems);
    return true;
}

/** What the alias stands for; NULL with a problem when it is nothing. */
static const struct yaml_anchor *find_anchor(struct composer *composer)
{
    const struct yaml_event *event = composer->event;
    const struct yaml_anchor *anchor = yaml_anchors_find(&composer->anchors, event->anchor);
    if (anchor && !anchor->is_open)
        return anchor;
    reject(composer, event->start, event->end,
           anchor ? "the alias '*%s' stands inside what it names"
                  : "nothing is named '&%s' (a value that starts with '*' needs quotes)",
           problem_excerpt(composer->problems, event->anchor));
    return NULL;
}

static bool compose_alias(struct composer *composer)
{
    const struct yaml_event *event = composer->event;
    const struct yaml_anchor *anchor = find_anchor(composer);
    if (!anchor)
        return false;
    unsigned deepest = composer->depth + anchor->height + !anchor->is_scalar;
    if (deepest > YAML_DEPTH_LIMIT)
        return reject(composer, event->start, event->end, "nested more than %d levels deep",
                      YAML_DEPTH_LIMIT);
    if (deepest > composer->deepest)
        composer->deepest = deepest;
    if (yaml_anchors_copy(&composer->anchors, anchor, composer->tape, event->start, event->end,
                          composer->end - composer->start))
        return true;
    return !tape_failed(composer->tape) &&
           reject(composer, event->start, event->end, "the aliases stand for too much data");
}

static bool compose_value(struct composer *composer, uint32_t empty_at);

/** Notes the anchor of the collection at `index`; its number, or SIZE_MAX when it has none. */
static bool open_anchor(struct composer *composer, uint32_t index, size_t *ret_number)
{
    *ret_number = SIZE_MAX;
    if (!composer->event->anchor.length)
        return true;
    struct yaml_anchor *anchor =
        yaml_anchors_add(&composer->anchors, composer->tape, composer->event->anchor);
    if (!anchor)
        return reject_anchor(composer);
    anchor->is_open = true;
    anchor->first = index;
    *ret_number = composer->anchors.count - 1;
    return true;
}

/** A collection while its children are read. */
struct collection {
    uint32_t index, count;
    uint32_t last_end; /* of its last child */
    size_t anchor;
    unsigned outer_deepest;
};

static bool open_collection(struct composer *composer, enum node_type type,
                            struct collection *collection)
{
    const struct yaml_event *event = composer->event;
    uint32_t start = yaml_span_behind_properties(composer->tape->source, event->start, event->end);
    if (composer->depth == YAML_DEPTH_LIMIT)
        return reject(composer, start, event->end, "nested more than %d levels deep",
                      YAML_DEPTH_LIMIT);
    uint32_t index = (uint32_t)composer->tape->count;
    struct node node = {
        .type = (uint8_t)type, .style = (uint8_t)event->style, .start = start, .end = event->end};
    *collection =
        (struct collection){.index = index, .last_end = start, .outer_deepest = composer->deepest};
    if (!yaml_check_collection_tag(event, type, composer->problems) || !push(composer, node) ||
        !open_anchor(composer, index, &collection->anchor))
        return false;
    composer->deepest = ++composer->depth;
    return true;
}

/** The event is the collection's end. */
static void close_collection(struct composer *composer, const struct collection *collection)
{
    struct tape *tape = composer->tape;
    struct node *node = &tape->nodes[collection->index];
    char first = tape->source.at[node->start];
    bool has_brackets = node->style == STYLE_FLOW && (first == '[' || first == '{');
    node->end = has_brackets ? composer->event->end : collection->last_end;
    node->next = (uint32_t)tape->count;
    node->count = collection->count;
    if (collection->anchor != SIZE_MAX) {
        struct yaml_anchor *anchor = &composer->anchors.items[collection->anchor];
        anchor->is_open = false;
        anchor->next = node->next;
        anchor->height = composer->deepest - composer->depth;
    }
    composer->depth--;
    if (collection->outer_deepest > composer->deepest)
        composer->deepest = collection->outer_deepest;
}

static bool compose_array(struct composer *composer)
{
    struct collection array;
    if (!open_collection(composer, NODE_ARRAY, &array))
        return false;
    for (;;) {
        if (!next(composer))
            return false;
        if (composer->event->kind == YAML_EVENT_END)
            break;
        uint32_t item = (uint32_t)composer->tape->count;
        if (!compose_value(composer, composer->event->start))
            return false;
        array.last_end = composer->tape->nodes[item].end;
        array.count++;
    }
    close_collection(composer, &array);
    yaml_warn_link(composer->tape, array.index, composer->problems);
    return true;
}

static bool reject_key(struct composer *composer)
{
    const struct yaml_event *event = composer->event;
    struct str rest = str_slice(composer->tape->source, event->start - 1, composer->end);
    if (event->start > composer->start && str_starts_with(rest, STR("{{")))
        return reject(composer, event->start - 1, event->end,
                      "'{{' is read as a mapping in a mapping: put the value in quotes");
    return reject(composer, event->start, event->end,
                  "a key must be a text, not a list or mapping");
}

/** Adds the NODE_KEY for a scalar, or for an alias of one. */
static bool compose_key(struct composer *composer)
{
    const struct yaml_event *event = composer->event;
    struct node key = {.style = STYLE_PLAIN, .start = event->start, .end = event->end};
    struct str text;
    if (event->kind == YAML_EVENT_SCALAR) {
        key = place_scalar(composer, event->start);
        text = yaml_scalar_text(event, composer->tape, &key);
        struct node value = key;
        if (event->anchor.length &&
            (!yaml_resolve(event, text, composer->tape, &value, composer->problems) ||
             !add_scalar_anchor(composer, &value, text)))
            return false;
    } else if (event->kind == YAML_EVENT_ALIAS) {
        const struct yaml_anchor *anchor = find_anchor(composer);
        if (!anchor || !anchor->is_scalar)
            return anchor && reject_key(composer);
        text = anchor->text;
        key.flags = NODE_ALIAS;
    } else {
        return reject_key(composer);
    }
    key.type = NODE_KEY;
    key.text = text.at;
    key.text_length = (uint32_t)text.length;
    key.hash = name_hash(text);
    return push(composer, key);
}

/** A key and its value. The event is the key's. */
static bool compose_member(struct composer *composer, struct collection *object)
{
    uint32_t key = (uint32_t)composer->tape->count;
    if (!compose_key(composer) || !next(composer))
        return false;
    uint32_t key_end = composer->tape->nodes[key].end;
    uint32_t behind =
        yaml_span_behind_colon(composer->tape->source, key_end, composer->event->start);
    if (!compose_value(composer, behind))
        return false;
    composer->tape->nodes[key].next = (uint32_t)composer->tape->count;
    object->last_end = composer->tape->nodes[key + 1].end;
    object->count++;
    return true;
}

static bool compose_object(struct composer *composer)
{
    struct collection object;
    if (!open_collection(composer, NODE_OBJECT, &object))
        return false;
    for (;;) {
        if (!next(composer))
            return false;
        if (composer->event->kind == YAML_EVENT_END)
            break;
        if (!compose_member(composer, &object))
            return false;
    }
    close_collection(composer, &object);
    composer->has_repeats |= !repeats_check(composer->tape, object.index, composer->problems);
    return true;
}

/** The event is the value's; an empty one stands at `empty_at`. */
static bool compose_value(struct composer *composer, uint32_t empty_at)
{
    switch (composer->event->kind) {
    case YAML_EVENT_SCALAR: return compose_scalar(composer, empty_at);
    case YAML_EVENT_ALIAS: return compose_alias(composer);
    case YAML_EVENT_ARRAY: return compose_array(composer);
    case YAML_EVENT_OBJECT: return compose_object(composer);
    case YAML_EVENT_DOCUMENT:
    case YAML_EVENT_END:
    case YAML_EVENT_STOP:
    case YAML_EVENT_BROKEN: break;
    }
    assert(false && "a value begins with none of these");
    return false;
}

static bool compose_stream(struct composer *composer)
{
    if (!next(composer))
        return false;
    uint32_t start = composer->start;
    if (composer->event->kind == YAML_EVENT_STOP)
        return push(composer, (struct node){.style = STYLE_ABSENT, .start = start, .end = start});
    if (!next(composer) || !compose_value(composer, composer->event->start) || !next(composer))
        return false;
    if (composer->event->kind != YAML_EVENT_STOP)
        return reject(composer, composer->event->start, composer->event->end,
                      "a second document starts here: one is all there can be");
    return !composer->has_repeats && !tape_failed(composer->tape);
}

bool yaml_compose_by_events(struct str source, uint32_t start, uint32_t end, struct tape *tape,
                            struct problem_list *problems)
{
    tape_reset(tape, source);
    struct composer composer = {.tape = tape, .problems = problems, .start = start, .end = end};
    if (end - start > YAML_BYTES_LIMIT)
        return reject(&composer, start, start, "more than %d KiB", YAML_BYTES_LIMIT / 1024);
    composer.events = yaml_events_open(source, start, end);
    tape->failed |= !composer.events;
    bool is_composed = composer.events && compose_stream(&composer);
    yaml_events_close(composer.events);
    yaml_anchors_finish(&composer.anchors);
    if (!is_composed)
        tape->count = 0;
    return is_composed;
}

bool yaml_compose(struct str source, uint32_t start, uint32_t end, struct tape *tape,
                  struct problem_list *problems)
{
    tape_reset(tape, source);
    if (end - start <= YAML_BYTES_LIMIT && yaml_plain_compose(source, start, end, tape))
        return true;
    return yaml_compose_by_events(source, start, end, tape, problems);
}
