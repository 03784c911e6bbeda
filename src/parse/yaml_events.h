// SPDX-License-Identifier: MIT
/*
 * libyaml's events for one part of a file, with spans in bytes of that file. The only door to
 * libyaml.
 *
 * libyaml is asked for one event at a time and never ahead: its scanner takes time that grows with
 * the square of the depth, so whoever reads must stop at a limit of its own.
 */
#ifndef PARSE_YAML_EVENTS_H
#define PARSE_YAML_EVENTS_H

#include "model/tape.h"

struct yaml_events;

enum yaml_event_kind {
    YAML_EVENT_DOCUMENT, /* a document begins; its value follows */
    YAML_EVENT_SCALAR,
    YAML_EVENT_ALIAS,
    YAML_EVENT_ARRAY,
    YAML_EVENT_OBJECT,
    YAML_EVENT_END,    /* of the array or object */
    YAML_EVENT_STOP,   /* nothing follows */
    YAML_EVENT_BROKEN, /* not YAML, or memory is out; yaml_events_fault() tells */
};

/** Texts are valid until the next event is read. */
struct yaml_event {
    enum yaml_event_kind kind;
    enum node_style style;
    struct str anchor; /* without '&'; of an alias: the name without '*' */
    struct str tag;    /* resolved: "tag:yaml.org,2002:str"; empty if none */
    struct str value;  /* of a scalar */
    /* As libyaml has it: anchor and tag belong to it, a block's end may lie far behind its text. */
    uint32_t start, end;
};

/** Why and where it broke. `message` is NULL when memory was out. */
struct yaml_fault {
    const char *message, *context; /* libyaml's words, static; `context` may be NULL */
    uint32_t at, context_at;
};

/** Reads `source` from `start` up to `end`, which is valid UTF-8. NULL when memory is out. */
struct yaml_events *yaml_events_open(struct str source, uint32_t start, uint32_t end);
void yaml_events_close(struct yaml_events *events);

/** The next event. After STOP and BROKEN there is none: the same is returned again. */
const struct yaml_event *yaml_events_next(struct yaml_events *events);

struct yaml_fault yaml_events_fault(struct yaml_events *events);

#endif
