// SPDX-License-Identifier: MIT
#include "parse/yaml_events.h"

#include "parse/yaml_breaks.h"

#include <stdlib.h>
#include <yaml.h>

struct yaml_events {
    yaml_parser_t parser;
    yaml_event_t raw; /* owns the texts of `event` */
    struct yaml_event event;
    struct str source;
    struct yaml_breaks breaks;
    uint32_t start;
    /* libyaml counts code points. Its marks go forward but for a few steps, so the byte of each is
     * found by walking from the one before. */
    size_t index, byte;
};

struct yaml_events *yaml_events_open(struct str source, uint32_t start, uint32_t end)
{
    struct str part = str_slice(source, start, end);
    struct yaml_events *events = calloc(1, sizeof *events);
    if (!events)
        return NULL;
    events->source = source;
    events->start = start;
    events->byte = start;
    if (!yaml_breaks_init(&events->breaks, part) || !yaml_parser_initialize(&events->parser)) {
        yaml_breaks_finish(&events->breaks);
        free(events);
        return NULL;
    }
    const char *text = events->breaks.copy ? events->breaks.copy : part.at;
    yaml_parser_set_encoding(&events->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&events->parser, (const unsigned char *)text, part.length);
    return events;
}

void yaml_events_close(struct yaml_events *events)
{
    if (!events)
        return;
    yaml_event_delete(&events->raw);
    yaml_parser_delete(&events->parser);
    yaml_breaks_finish(&events->breaks);
    free(events);
}

static bool is_continuation(struct str source, size_t at)
{
    return at < source.length && ((unsigned char)source.at[at] & 0xC0) == 0x80;
}

/** The byte that the code point `index` of the part starts at. */
static uint32_t byte_of(struct yaml_events *events, size_t index)
{
    struct str source = events->source;
    while (events->index < index && events->byte < source.length) {
        events->index++;
        events->byte++;
        while (is_continuation(source, events->byte))
            events->byte++;
    }
    while (events->index > index && events->byte > events->start) {
        events->index--;
        events->byte--;
        while (is_continuation(source, events->byte))
            events->byte--;
    }
    return (uint32_t)events->byte;
}

static struct str text_of(const yaml_char_t *text)
{
    return str_of((const char *)text);
}

static enum node_style scalar_style(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return STYLE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return STYLE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE: return STYLE_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE: return STYLE_FOLDED;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE: break;
    }
    return STYLE_PLAIN;
}

static struct yaml_event scalar_event(const struct yaml_breaks *breaks, const yaml_event_t *raw)
{
    yaml_breaks_restore(breaks, (char *)raw->data.scalar.value, raw->data.scalar.length);
    return (struct yaml_event){
        .kind = YAML_EVENT_SCALAR,
        .style = scalar_style(raw->data.scalar.style),
        .anchor = text_of(raw->data.scalar.anchor),
        .tag = text_of(raw->data.scalar.tag),
        .value = {(const char *)raw->data.scalar.value, raw->data.scalar.length},
    };
}

static struct yaml_event array_event(const yaml_event_t *raw)
{
    bool is_flow = raw->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    return (struct yaml_event){
        .kind = YAML_EVENT_ARRAY,
        .style = is_flow ? STYLE_FLOW : STYLE_BLOCK,
        .anchor = text_of(raw->data.sequence_start.anchor),
        .tag = text_of(raw->data.sequence_start.tag),
    };
}

static struct yaml_event object_event(const yaml_event_t *raw)
{
    bool is_flow = raw->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    return (struct yaml_event){
        .kind = YAML_EVENT_OBJECT,
        .style = is_flow ? STYLE_FLOW : STYLE_BLOCK,
        .anchor = text_of(raw->data.mapping_start.anchor),
        .tag = text_of(raw->data.mapping_start.tag),
    };
}

/** Takes over what `raw` says. False for what nobody needs to know: the stream's start, a
 * document's end. */
static bool translate(struct yaml_events *events)
{
    const yaml_event_t *raw = &events->raw;
    struct yaml_event event = {0};
    switch (raw->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT: return false;
    case YAML_STREAM_END_EVENT: event.kind = YAML_EVENT_STOP; break;
    case YAML_DOCUMENT_START_EVENT: event.kind = YAML_EVENT_DOCUMENT; break;
    case YAML_SCALAR_EVENT: event = scalar_event(&events->breaks, raw); break;
    case YAML_SEQUENCE_START_EVENT: event = array_event(raw); break;
    case YAML_MAPPING_START_EVENT: event = object_event(raw); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: event.kind = YAML_EVENT_END; break;
    case YAML_ALIAS_EVENT:
        event.kind = YAML_EVENT_ALIAS;
        event.anchor = text_of(raw->data.alias.anchor);
        break;
    }
    event.start = byte_of(events, raw->start_mark.index);
    event.end = byte_of(events, raw->end_mark.index);
    events->event = event;
    return true;
}

const struct yaml_event *yaml_events_next(struct yaml_events *events)
{
    if (events->event.kind == YAML_EVENT_STOP || events->event.kind == YAML_EVENT_BROKEN)
        return &events->event;
    do {
        yaml_event_delete(&events->raw);
        if (!yaml_parser_parse(&events->parser, &events->raw)) {
            events->event = (struct yaml_event){.kind = YAML_EVENT_BROKEN};
            break;
        }
    } while (!translate(events));
    return &events->event;
}

struct yaml_fault yaml_events_fault(struct yaml_events *events)
{
    const yaml_parser_t *parser = &events->parser;
    struct yaml_fault fault = {.message = parser->problem, .context = parser->context};
    if (parser->error == YAML_MEMORY_ERROR)
        fault.message = NULL;
    if (parser->error == YAML_READER_ERROR) { /* comes before its place is scanned: no mark */
        fault.at = events->start + (uint32_t)parser->problem_offset;
        fault.context_at = fault.at;
        return fault;
    }
    fault.at = byte_of(events, parser->problem_mark.index);
    fault.context_at = fault.context ? byte_of(events, parser->context_mark.index) : fault.at;
    return fault;
}
