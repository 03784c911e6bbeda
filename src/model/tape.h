// SPDX-License-Identifier: MIT
/*
 * A parsed value, flat: what JSON and YAML both become, and what the validator, the index and the
 * write-back all read.
 *
 * Nodes stand in document order. A container is followed by its children; `next` is the index
 * behind the whole subtree, so skipping is one step. An object's children alternate: a NODE_KEY,
 * then its value (the key's `next` is behind the value, so it leads to the next key).
 *
 * Values keep their text. A number is its JSON text, never a double: `text` of the YAML scalar 0x1F
 * is "31", its span still covers "0x1F". A string's `text` is decoded (no quotes, no escapes, may
 * hold NUL) and points into the source where nothing had to be decoded, else into the tape's arena.
 * Spans are byte offsets into the source, quotes included.
 */
#ifndef MODEL_TAPE_H
#define MODEL_TAPE_H

#include "base/arena.h"
#include "base/strbuf.h"

#include <endian.h>

enum node_type {
    NODE_NULL,
    NODE_FALSE,
    NODE_TRUE,
    NODE_NUMBER,
    NODE_STRING,
    NODE_ARRAY,
    NODE_OBJECT,
    NODE_KEY,
};

enum node_flag {
    NODE_INTEGER = 1, /* a number without fraction and exponent */
    NODE_SMALL = 2,   /* … that fits `integer` */
    NODE_DECODED = 4, /* `text` is not the source's own bytes */
    NODE_ALIAS = 8,   /* a copy made for a YAML alias: the span is the alias's, `*name` */
};

/* How the source writes the value: what a write-back must keep. JSON is plain, double and flow. */
enum node_style {
    STYLE_PLAIN,
    STYLE_SINGLE,  /* 'single' */
    STYLE_DOUBLE,  /* "double" */
    STYLE_LITERAL, /* | */
    STYLE_FOLDED,  /* > */
    STYLE_BLOCK,   /* a collection by indentation */
    STYLE_FLOW,    /* a collection in [] or {} */
    STYLE_ABSENT,  /* YAML's empty value: a null with an empty span */
};

struct node {
    uint8_t type;  /* enum node_type */
    uint8_t flags; /* enum node_flag */
    uint8_t style; /* enum node_style */
    uint32_t next;
    uint32_t start, end;
    uint32_t count; /* an object's members, an array's items */
    uint32_t text_length;
    const char *text;
    union {
        uint64_t hash;   /* NODE_KEY: name_hash() of the text */
        int64_t integer; /* NODE_SMALL */
    };
};

struct tape {
    struct node *nodes; /* the value is nodes[0] */
    size_t count, capacity;
    struct arena text; /* decoded texts */
    struct str source; /* borrowed: what the spans point into */
    bool failed;       /* memory was out since the last reset; ask tape_failed() */
};

void tape_init(struct tape *tape);
void tape_finish(struct tape *tape);
void tape_reset(struct tape *tape, struct str source);

/** True when memory was out for a node or a text since the last reset: the tape is not to be
 * trusted. */
static inline bool tape_failed(const struct tape *tape)
{
    return tape->failed || tape->text.failed;
}

/** Makes room for one more node; false when memory is out. */
bool tape_grow(struct tape *tape);

/** Appends a zeroed node and returns its index, or TAPE_NONE when memory is out. Pointers to nodes
 * are invalid after it. */
#define TAPE_NONE UINT32_MAX
static inline uint32_t tape_push(struct tape *tape, enum node_type type, uint32_t start,
                                 uint32_t end)
{
    if (tape->count == tape->capacity && !tape_grow(tape))
        return TAPE_NONE;
    uint32_t index = (uint32_t)tape->count++;
    tape->nodes[index] =
        (struct node){.type = (uint8_t)type, .start = start, .end = end, .next = index + 1};
    return index;
}

static inline struct str node_text(const struct node *node)
{
    return (struct str){node->text, node->text_length};
}

/** Gives a NODE_NUMBER its text (JSON's grammar, borrowed) and the flags that follow from it. */
void node_set_number(struct node *node, struct str text);

/** The hash of a property's name. For a name under 8 bytes it is the bytes themselves and the
 * length, so two equal hashes of short names mean equal names; longer names have the top bit set
 * and still have to be compared. Not mixed: multiply before taking bits of it. */
uint64_t name_hash_long(struct str name);
static inline uint64_t name_hash(struct str name)
{
    const unsigned char *at = (const unsigned char *)name.at;
    const size_t length = name.length;
    uint64_t hash = 0;
    if (length >= sizeof hash)
        return name_hash_long(name);
    if (length >= sizeof(uint32_t)) { /* two halves; what they share is shifted out of the second */
        uint32_t low, high;
        memcpy(&low, at, sizeof low);
        memcpy(&high, at + length - sizeof high, sizeof high);
        hash = le32toh(low) | ((uint64_t)le32toh(high) >> (8 - length) * 8) << 32;
    } else if (length) {
        hash = at[0] | (uint32_t)at[length / 2] << length / 2 * 8 |
               (uint32_t)at[length - 1] << (length - 1) * 8;
    }
    return hash | (uint64_t)length << 56;
}
static inline bool name_hash_is_exact(uint64_t hash)
{
    return hash >> 63 == 0;
}

/** The value of the member `name` of the object at `object` (an index), or TAPE_NONE. */
uint32_t tape_member(const struct tape *tape, uint32_t object, struct str name);

/** The same for a walk through members that mostly stand in the same order elsewhere: `*hint` (an
 * index of a key, or 0) is looked at first, and moves behind what is found. */
uint32_t tape_member_near(const struct tape *tape, uint32_t object, struct str name,
                          uint32_t *hint);

/** Whether two values say the same: same types, same texts (1 is not 1.0), arrays item by item,
 * objects without regard to the order of their members. */
bool tape_equal(const struct tape *a, uint32_t a_index, const struct tape *b, uint32_t b_index);

/** for (each key index `k` of the object at `object`); the value is at k + 1. */
#define tape_for_each_member(tape, object, k)                                                      \
    for (uint32_t k = (object) + 1; k < (tape)->nodes[object].next; k = (tape)->nodes[k].next)
/** for (each item index `i` of the array at `array`). */
#define tape_for_each_item(tape, array, i)                                                         \
    for (uint32_t i = (array) + 1; i < (tape)->nodes[array].next; i = (tape)->nodes[i].next)

/** Appends the value at `index` as compact JSON. Numbers keep their text, keys their order. */
void tape_add_json(const struct tape *tape, uint32_t index, struct strbuf *out);

/** Appends the JSON Pointer (RFC 6901) from the root to `index`; nothing for the root. For a
 * NODE_KEY it is its value's pointer. */
void tape_add_pointer(const struct tape *tape, uint32_t index, struct strbuf *out);

/** Appends "/" and one token of a JSON Pointer, escaped. */
void pointer_add_token(struct str token, struct strbuf *out);

/** The value that a JSON Pointer leads to, or TAPE_NONE (also when it is no JSON Pointer). */
uint32_t tape_find_pointer(const struct tape *tape, struct str pointer);
/** The same, for a pointer that starts at the value at `from`. */
uint32_t tape_find_pointer_from(const struct tape *tape, uint32_t from, struct str pointer);

#endif
