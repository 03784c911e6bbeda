// SPDX-License-Identifier: MIT
/*
 * A value as YAML text. What is written reads back as the very same value by YAML 1.2's core
 * schema, and is no other type to readers of YAML 1.1 (yes, 0o7, 12:30), save dates, which they
 * expect to find unquoted.
 */
#ifndef WRITEBACK_YAML_TEXT_H
#define WRITEBACK_YAML_TEXT_H

#include "writeback/patch.h"

enum yaml_place { YAML_BLOCK, YAML_FLOW, YAML_NAME };

/** Whether the text can stand without quotes. */
bool yaml_fits_plain(struct str text, enum yaml_place place);

/** Whether it can stand in a block scalar, whose lines hold everything but odd line breaks and what
 * is not printable. It has a line break, and at most one at its end. */
bool yaml_fits_literal(struct str text);
bool yaml_fits_folded(struct str text);
/** Whether its first line can not tell how far a block scalar is indented. */
bool yaml_needs_indicator(struct str text);

/** The lines of a block scalar behind its header, each with the line break before it. */
void yaml_add_literal_lines(struct strbuf *out, struct str text, unsigned indent, struct str eol);
void yaml_add_folded_lines(struct strbuf *out, struct str text, unsigned indent, struct str eol);

/** A text on one line, in this style where it fits, else with the least quoting that is right. */
void yaml_add_text(struct strbuf *out, struct str text, enum node_style style,
                   enum yaml_place place);

/** A scalar on one line. */
void yaml_add_scalar(struct strbuf *out, const struct node *node, enum node_style style,
                     enum yaml_place place);

/** Any value on one line. */
void yaml_add_flow(struct strbuf *out, struct patch_value value);

/** How a mapping's neighbours look. */
struct yaml_look {
    struct str eol;
    bool has_flow_lists;   /* [a, b] */
    unsigned dash_columns; /* that a dash stands behind its key's column */
};

/** `key: value` for a block mapping whose keys stand in column `indent`; no line break behind it.
 */
void yaml_add_member(struct strbuf *out, struct str name, struct patch_value value, unsigned indent,
                     const struct yaml_look *look);

/** The same, for what follows the colon. */
void yaml_add_member_value(struct strbuf *out, struct patch_value value, unsigned indent,
                           const struct yaml_look *look);

/** What follows a dash in column `indent`, and the blank behind it. */
void yaml_add_item_value(struct strbuf *out, struct patch_value value, unsigned indent,
                         const struct yaml_look *look);

void yaml_add_columns(struct strbuf *out, unsigned columns);

#endif
