// SPDX-License-Identifier: MIT
/*
 * The inside of the Markdown reader: one walk along a note's body, shared by the markdown_*.c
 * files.
 *
 * md4c decides what is a block, code, HTML or a Markdown link, and tells it in the order of the
 * text, as pieces that point into what it parsed. It does not tell where its marks are, and knows
 * nothing of Obsidian's syntax. So the walk keeps three offsets in the file:
 *
 *   cursor    behind the last piece whose place is known. Between it and the next piece there are
 *             only marks: that is where a link's brackets are looked for.
 *   zone_end  behind what the walk has read by itself: a wikilink, comment, formula or address.
 *             Whatever md4c tells of places before it is passed over, whole blocks included.
 *   shown     up to where the current piece has been added to `plain`.
 *
 * Each byte is looked at a bounded number of times: a search that failed is remembered.
 */
#ifndef PARSE_MARKDOWN_WALK_H
#define PARSE_MARKDOWN_WALK_H

#include "base/strbuf.h"
#include "model/note.h"
#include "parse/markdown_words.h"

#define PLACE_NONE UINT32_MAX
#define SLOT_NONE SIZE_MAX

enum {
    LINK_DEPTH_LIMIT = 16,    /* images within images: deeper ones are not listed */
    FOOTNOTE_LIMIT = 256,     /* bytes of a label */
    FIELD_KEY_LIMIT = 128,    /* bytes */
    FIELD_VALUE_LIMIT = 1024, /* bytes of a value in brackets */
    SCHEME_LIMIT = 32,        /* bytes of an address's scheme */
    MAILBOX_LIMIT = 256,      /* bytes before the @ (RFC 5321, 4.5.3.1) */
};

enum leaf_kind {
    LEAF_NONE,
    LEAF_PARAGRAPH,
    LEAF_HEADING,
    LEAF_CELL,
    LEAF_VERBATIM, /* code or HTML */
};

/* The block whose text is being read. */
struct markdown_leaf {
    enum leaf_kind kind;
    unsigned level;      /* of a heading */
    bool opens_item;     /* it is the first thing in a list item */
    bool swallowed;      /* it begins within a zone: no heading and no task */
    bool collects;       /* its text is wanted */
    bool line_has_field; /* the current line is done with */
    uint32_t first;      /* where it begins, marks included; PLACE_NONE until the first piece */
    uint32_t line_first; /* where the current line begins */
    uint32_t line_end;   /* end of the current line, or of the cell; 0 until asked for */
    uint32_t no_formula; /* no `$` before this place closes a formula */
    uint32_t field_end;  /* end of the last inline field */
    size_t task;         /* whose text this is, or SLOT_NONE */
    uint32_t comment;    /* where a comment begins that ends the task's text; 0 if none does */
    struct span block;   /* a `^id` with nothing behind it so far; empty if none */
};

struct open_link {
    size_t slot; /* in note.links; SLOT_NONE once it turned out to be none */
    bool is_image, is_autolink;
    bool is_aimless;    /* it has no target, and so is none, but has its brackets */
    uint32_t start;     /* PLACE_NONE until the first piece within it */
    struct span target; /* where it is written; empty if not known */
    size_t plain_start;
};

struct markdown_reader {
    struct arena arena; /* texts that are not the source's own bytes */
    struct strbuf plain, scratch;
    char *copy; /* what md4c parses; copy[0] is source.at[base] */
    size_t copy_capacity;
    struct note note;
    struct {
        size_t links, tags, aliases, headings, tasks, properties, blocks;
    } capacity;
    bool failed; /* memory is out */

    struct str source;
    uint32_t base, end; /* the body */
    uint32_t cursor, zone_end, shown;
    uint32_t piece_start, piece_end, gap; /* the current piece; where the marks before it begin */
    uint32_t last_tag_end, mark_end;      /* of the last tag, and of the last `==` or `~~` */
    bool no_comment_end, no_display_end;  /* no further `%%` or `$$` in the body */
    struct word_count words;
    struct str heading; /* the last one */
    unsigned list_depth, quote_depth;
    bool item_is_fresh; /* a list item has begun and has no text yet */
    struct markdown_leaf leaf;
    struct open_link open[LINK_DEPTH_LIMIT];
    unsigned link_depth, image_depth;
    size_t cancelled_links;
    struct {
        bool is_pending; /* a link's text is over, its target not yet read */
        size_t slot;
        uint32_t start, end; /* of the link so far */
        struct span target;
    } tail;
    struct {
        bool is_made;    /* a link without text was placed, and nothing seen since */
        size_t slot;     /* its own; SLOT_NONE: it has no target */
        uint32_t start;  /* where it is taken to begin … */
        uint32_t cursor; /* … and the cursor of before */
    } guess;
};

static inline struct str markdown_slice(const struct markdown_reader *reader, uint32_t start,
                                        uint32_t end)
{
    return (struct str){reader->source.at + start, end - start};
}

/** Behind all that was read: the marks before the next piece begin here. */
static inline uint32_t markdown_gap(const struct markdown_reader *reader)
{
    return reader->cursor > reader->zone_end ? reader->cursor : reader->zone_end;
}

static inline char markdown_char_at(const struct markdown_reader *reader, uint32_t at)
{
    return at < reader->end ? reader->source.at[at] : '\0';
}

/** Where `c` stands twice, from `start` up to `end`; PLACE_NONE if nowhere. */
static inline uint32_t markdown_find_pair(const struct markdown_reader *reader, uint32_t start,
                                          uint32_t end, char c)
{
    while (start < end) {
        size_t at = str_find(markdown_slice(reader, start, end), c);
        if (at == STR_NONE)
            return PLACE_NONE;
        start += (uint32_t)at + 1;
        if (start < end && reader->source.at[start] == c)
            return start - 1;
    }
    return PLACE_NONE;
}

/* ---- items (markdown_items.c) ---- */

/** A new zeroed item, or NULL when memory is out or the limit is reached. */
struct note_link *markdown_add_link(struct markdown_reader *reader);
struct note_tag *markdown_add_tag(struct markdown_reader *reader);
struct note_alias *markdown_add_alias(struct markdown_reader *reader);
struct note_heading *markdown_add_heading(struct markdown_reader *reader);
struct note_task *markdown_add_task(struct markdown_reader *reader);
struct note_property *markdown_add_property(struct markdown_reader *reader);
struct note_block *markdown_add_block(struct markdown_reader *reader);
/** Forgets the items of the last note; gives back what a large one took. */
void markdown_reset_items(struct markdown_reader *reader);
void markdown_free_items(struct markdown_reader *reader);

/* ---- blocks (markdown_block.c) ---- */

void markdown_open_leaf(struct markdown_reader *reader, enum leaf_kind kind, unsigned level);
void markdown_close_leaf(struct markdown_reader *reader);
/** md4c has a piece at `*start`. False when a zone covers all of it; else `*start` is moved behind
 *  the zone, and what waited for a place (links, the leaf, its line) has one. */
bool markdown_touch(struct markdown_reader *reader, uint32_t *start, uint32_t end);
/** A line break within a leaf. */
void markdown_break(struct markdown_reader *reader);
/** The plain text from `start` on as it is seen: white space shrinks to one space, as on the page.
 *  Borrowed until there is more of it. */
struct str markdown_plain(struct markdown_reader *reader, size_t start);
/** Where the line (or cell) ends in which `at` stands. */
uint32_t markdown_line_end(struct markdown_reader *reader, uint32_t at);

/** `[ ]` at `at`, the start of a list item, makes a task. Returns the place behind it, or `at`. */
uint32_t markdown_read_box(struct markdown_reader *reader, uint32_t at);

/* ---- text (markdown_inline.c) ---- */

/** A piece of ordinary text. */
void markdown_text(struct markdown_reader *reader, uint32_t start, uint32_t end);
/** A piece of text in which nothing is looked for: code, or a decoded entity. */
void markdown_show(struct markdown_reader *reader, struct str text);
/** Makes a zone of what stands from `start` up to `end`, and does not show it. Returns `end`. */
uint32_t markdown_hide(struct markdown_reader *reader, uint32_t start, uint32_t end);
/** The same, but shows it. */
uint32_t markdown_reveal(struct markdown_reader *reader, uint32_t start, uint32_t end);

/* What may begin at the special byte at `at`: each returns the place behind what it read, or `at`.
 */

/** `::` of an inline field (markdown_field.c). */
uint32_t markdown_read_field(struct markdown_reader *reader, uint32_t at);
/** `:` of an address, with its scheme before it (markdown_address.c). */
uint32_t markdown_read_address(struct markdown_reader *reader, uint32_t at);
/** `[[` (markdown_wikilink.c), with the `!` of an embed at `start`. */
uint32_t markdown_read_wikilink(struct markdown_reader *reader, uint32_t start, uint32_t at);
/* The rest is markdown_zone.c. */
uint32_t markdown_read_comment(struct markdown_reader *reader, uint32_t at);
/** The dollar signs of "$5 and $6" are no formula: no space behind the first, none before the last,
 *  no digit behind the last. */
uint32_t markdown_read_formula(struct markdown_reader *reader, uint32_t at);
/** `^id`, at the end of a line; whether it ends its block, too, is seen when the block ends. */
uint32_t markdown_read_block_id(struct markdown_reader *reader, uint32_t at);
/** `[^label]`, and the colon of its definition. */
uint32_t markdown_read_footnote(struct markdown_reader *reader, uint32_t at);
/** `[!note]+` at the start of a quote. */
uint32_t markdown_read_callout(struct markdown_reader *reader, uint32_t at);

/* ---- links (markdown_link.c, markdown_place.c, markdown_wikilink.c) ---- */

enum link_form { FORM_LINK, FORM_IMAGE };
/** `target` is without escapes; `written`: where the source has exactly that, else empty. */
void markdown_enter_link(struct markdown_reader *reader, enum link_form form, struct str target,
                         struct span written);
void markdown_leave_link(struct markdown_reader *reader, enum link_form form);
/** Something follows a link: text at `next`, or anything else (PLACE_NONE). */
void markdown_settle_link(struct markdown_reader *reader, uint32_t next);
/** How many open links are kept track of. */
static inline size_t markdown_open_links(const struct markdown_reader *reader)
{
    return reader->link_depth < LINK_DEPTH_LIMIT ? reader->link_depth : LINK_DEPTH_LIMIT;
}
/** What md4c took for a link is none. */
void markdown_cancel(struct markdown_reader *reader, struct open_link *open);
/** So are those that md4c 0.4.8 enters and never leaves, where brackets overlap. Their block ends.
 */
void markdown_cancel_unleft(struct markdown_reader *reader);
/** So are those that stand in a zone: what is open and has no place. */
void markdown_cancel_unplaced(struct markdown_reader *reader);
/** So are the links, not the images, around a wikilink. */
void markdown_cancel_around(struct markdown_reader *reader);

/** Something is seen at `at`: what was placed behind it is not there. */
void markdown_check_guess(struct markdown_reader *reader, uint32_t at);
/** Gives the open links a start, now that there is something at `at` in them. */
void markdown_place_links(struct markdown_reader *reader, uint32_t at);
/** The same for a link that is left and has nothing in it. */
void markdown_place_empty(struct markdown_reader *reader, struct open_link *open);
/** The end of `(destination "title")` at `at` (CommonMark 0.31, 6.3), or PLACE_NONE. `target` may
 *  tell where the destination is. */
uint32_t markdown_inline_target_end(const struct markdown_reader *reader, uint32_t at,
                                    struct span target);
/** The end of `[label]` at `at`, or PLACE_NONE. */
uint32_t markdown_label_end(const struct markdown_reader *reader, uint32_t at);
/** A link in plain text, from `start` up to `end`. */
void markdown_add_external(struct markdown_reader *reader, uint32_t start, uint32_t end);

/** Reads `[[target#heading|alias]]` at `at` of any text. False when it is none. */
bool markdown_scan_wikilink(struct str text, size_t at, size_t *ret_end, struct note_link *link);
/** Sets target, heading and block from "target#heading" or "target#^block". */
void markdown_set_target(struct note_link *link, struct str written);

/* ---- tasks (markdown_task.c) ---- */

/** Dates, priority and recurrence, from the task's text and the inline fields in it, which are the
 *  last of the note. */
void markdown_task_fields(struct note_task *task, const struct note *note);

/* ---- front matter (markdown_properties.c) ---- */

struct tape;
/** Tags, aliases and links that the properties hold. */
void markdown_properties(struct markdown_reader *reader, const struct tape *front_matter);

/* ---- what md4c is given (markdown_guard.c) ---- */

/** Makes the body's copy, which ends with a line break at `length - 1`, safe for md4c 0.4.8. Never
 *  moves a byte. */
void markdown_guard(char *copy, size_t length);

#endif
