// SPDX-License-Identifier: MIT
#include "made.h"

#include <stdio.h>

struct maker {
    struct dice *dice;
    struct strbuf *out;
    const char *eol;
    unsigned names; /* given out */
    unsigned unit;  /* columns of a level */
    bool has_indented_dashes;
};

static bool one_in(struct maker *maker, unsigned sides)
{
    return roll(maker->dice, sides) == 0;
}

static void add(struct maker *maker, const char *text)
{
    strbuf_add_text(maker->out, text);
}

static void add_columns(struct maker *maker, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++)
        add(maker, " ");
}

#define PICK(maker, list) (list)[roll((maker)->dice, sizeof(list) / sizeof(list)[0])]

static void add_name(struct maker *maker)
{
    static const char *const names[] = {"title", "tags", "a b", "caf\xC3\xA9", "due-date", "x_y"};
    static const char *const quotes[] = {"", "", "", "", "", "\"", "'"};
    const char *quote = PICK(maker, quotes);
    strbuf_addf(maker->out, "%s%s%u%s", quote, PICK(maker, names), maker->names++, quote);
}

static const char *const numbers[] = {
    "0", "-1", "42", "1.10", "1e400", "9007199254740993", "0.30000000000000004", "1.5E-3"};
static const char *const words[] = {"null", "true", "false"};

static void add_plain(struct maker *maker)
{
    static const char *const texts[] = {"word",
                                        "two words",
                                        "caf\xC3\xA9 \xF0\x9F\x98\x80",
                                        "2024-01-01",
                                        "it's",
                                        "a:b",
                                        "x#y",
                                        "http://example.org/a?b=c",
                                        "1.2.3",
                                        "~",
                                        "True",
                                        "0x1F",
                                        "007",
                                        "yes",
                                        "12:30",
                                        "C\\D"};
    const char *text = one_in(maker, 3)   ? PICK(maker, numbers)
                       : one_in(maker, 5) ? PICK(maker, words)
                                          : PICK(maker, texts);
    add(maker, text);
}

static void add_quoted(struct maker *maker)
{
    static const char *const texts[] = {"'single'",
                                        "'it''s'",
                                        "''",
                                        "'a: b # c'",
                                        "\"double\"",
                                        "\"\"",
                                        "\"a\\nb\\t\\\"c\\\"\"",
                                        "\"\\u00e9 \\x41\"",
                                        "\"[[Link]]\"",
                                        "\"{{ x }}\"",
                                        "\"007\""};
    add(maker, PICK(maker, texts));
}

static void add_flow(struct maker *maker, unsigned depth)
{
    static const char *const commas[] = {", ", ",", " , ", ", "};
    bool is_map = one_in(maker, 3), is_padded = one_in(maker, 4);
    const char *comma = PICK(maker, commas);
    unsigned count = roll(maker->dice, 4);
    add(maker, is_map ? "{" : "[");
    add(maker, is_padded ? " " : "");
    for (unsigned i = 0; i < count; i++) {
        add(maker, i ? comma : "");
        if (is_map) {
            add_name(maker);
            add(maker, ": ");
        }
        if (depth && one_in(maker, 5))
            add_flow(maker, depth - 1);
        else if (one_in(maker, 3))
            add_quoted(maker);
        else
            strbuf_addf(maker->out, "w%u", roll(maker->dice, 100));
    }
    add(maker, is_padded && count ? " " : "");
    add(maker, is_map ? "}" : "]");
}

static void end_line(struct maker *maker)
{
    if (one_in(maker, 6))
        add(maker, "  # a comment");
    else if (one_in(maker, 20))
        add(maker, "  ");
    add(maker, maker->eol);
}

/** `|` or `>` and what follows. */
static void add_block_scalar(struct maker *maker, unsigned indent)
{
    static const char *const headers[] = {"|", "|-", "|+", ">", ">-", ">+", "| # why", "|-  # c"};
    static const char *const lines[] = {"one",  "two words", "- dash",      "# no comment",
                                        "a: b", "\"q\"",     "caf\xC3\xA9", ""};
    add(maker, PICK(maker, headers));
    unsigned columns = indent + 1 + roll(maker->dice, 4), count = 1 + roll(maker->dice, 3);
    for (unsigned i = 0; i < count; i++) {
        const char *line = i ? PICK(maker, lines) : "first";
        add(maker, maker->eol);
        add_columns(maker, *line ? columns : 0);
        add(maker, line);
    }
    add(maker, maker->eol);
    if (one_in(maker, 3))
        add(maker, maker->eol);
}

static void add_mapping(struct maker *maker, unsigned indent, unsigned depth, bool is_inline);

static void add_list(struct maker *maker, unsigned indent, unsigned depth)
{
    unsigned count = 1 + roll(maker->dice, 4);
    for (unsigned i = 0; i < count; i++) {
        add_columns(maker, indent);
        add(maker, "-");
        if (one_in(maker, 15)) {
            end_line(maker);
            continue;
        }
        add(maker, " ");
        if (depth && one_in(maker, 4)) {
            add_mapping(maker, indent + 2, depth - 1, true);
        } else if (one_in(maker, 12)) {
            add_block_scalar(maker, indent);
        } else if (one_in(maker, 8)) {
            add_flow(maker, 1);
            end_line(maker);
        } else {
            one_in(maker, 3) ? add_quoted(maker) : add_plain(maker);
            end_line(maker);
        }
    }
}

static void add_value(struct maker *maker, unsigned indent, unsigned depth)
{
    unsigned kind = roll(maker->dice, 14);
    if (kind == 0 && depth) {
        end_line(maker);
        add_mapping(maker, indent + maker->unit, depth - 1, false);
    } else if (kind <= 2) {
        end_line(maker);
        add_list(maker, indent + (maker->has_indented_dashes ? 2 : 0), depth ? depth - 1 : 0);
    } else if (kind == 3) {
        add(maker, " ");
        add_block_scalar(maker, indent);
    } else if (kind == 4) {
        end_line(maker);
    } else if (kind == 5) {
        strbuf_addf(maker->out, " first line%s", maker->eol);
        add_columns(maker, indent + 2);
        add(maker, "second line");
        add(maker, maker->eol);
    } else {
        add(maker, one_in(maker, 10) ? "   " : " ");
        kind <= 6 ? add_flow(maker, 2) : kind <= 9 ? add_quoted(maker) : add_plain(maker);
        end_line(maker);
    }
}

static void add_mapping(struct maker *maker, unsigned indent, unsigned depth, bool is_inline)
{
    unsigned count = 1 + roll(maker->dice, indent ? 3 : 7);
    for (unsigned i = 0; i < count; i++) {
        if (i && one_in(maker, 10))
            add(maker, maker->eol);
        if (i && one_in(maker, 10))
            strbuf_addf(maker->out, "# about the next%s", maker->eol);
        if (i || !is_inline)
            add_columns(maker, indent);
        add_name(maker);
        add(maker, ":");
        add_value(maker, indent, depth);
    }
}

void make_note(struct dice *dice, struct strbuf *out)
{
    struct maker maker = {.dice = dice, .out = out};
    maker.eol = one_in(&maker, 5) ? "\r\n" : "\n";
    maker.unit = one_in(&maker, 4) ? 4 : 2;
    maker.has_indented_dashes = !one_in(&maker, 3);
    if (one_in(&maker, 10))
        add(&maker, "\xEF\xBB\xBF");
    strbuf_addf(out, "---%s", maker.eol);
    if (one_in(&maker, 20)) {
        add_flow(&maker, 2);
        add(&maker, maker.eol);
    } else {
        add_mapping(&maker, 0, 3, false);
    }
    if (one_in(&maker, 10))
        strbuf_addf(out, "# the end%s", maker.eol);
    strbuf_addf(out, one_in(&maker, 10) ? "..." : "---");
    if (one_in(&maker, 10))
        return;
    strbuf_addf(out, "%s- [ ] a task%stext", maker.eol, maker.eol);
    if (!one_in(&maker, 5))
        add(&maker, maker.eol);
}

/* --- JSON ---------------------------------------------------------------------------------------
 */

static void add_gap(struct maker *maker, bool has_lines, unsigned level, const char *other)
{
    if (!has_lines) {
        add(maker, other);
        return;
    }
    add(maker, maker->eol);
    add_columns(maker, level * maker->unit);
}

static void add_json_scalar(struct maker *maker)
{
    static const char *const strings[] = {
        "\"text\"",          "\"\"", "\"\\u00e9\\/\"", "\"a\\nb\"", "\"\xF0\x9F\x98\x80\"",
        "\"\\ud83d\\ude00\""};
    const char *text = one_in(maker, 3)   ? PICK(maker, numbers)
                       : one_in(maker, 4) ? PICK(maker, words)
                                          : PICK(maker, strings);
    add(maker, text);
}

static void add_json(struct maker *maker, unsigned level, bool is_object)
{
    static const char *const colons[] = {": ", ":", " : ", ": "};
    unsigned count = roll(maker->dice, 5);
    bool has_lines = !one_in(maker, 3);
    const char *colon = PICK(maker, colons), *space = one_in(maker, 3) ? "" : " ";
    add(maker, is_object ? "{" : "[");
    for (unsigned i = 0; i < count; i++) {
        add(maker, i ? "," : "");
        add_gap(maker, has_lines, level + 1, i ? space : "");
        if (is_object)
            strbuf_addf(maker->out, "\"k%u\"%s", maker->names++, colon);
        if (level < 4 && one_in(maker, 4))
            add_json(maker, level + 1, one_in(maker, 2));
        else
            add_json_scalar(maker);
    }
    if (count || one_in(maker, 4))
        add_gap(maker, has_lines, level, "");
    add(maker, is_object ? "}" : "]");
}

void make_json(struct dice *dice, struct strbuf *out)
{
    struct maker maker = {.dice = dice, .out = out};
    maker.eol = one_in(&maker, 5) ? "\r\n" : "\n";
    maker.unit = one_in(&maker, 3) ? 4 : 2;
    if (one_in(&maker, 10))
        add(&maker, "\xEF\xBB\xBF");
    add_json(&maker, 0, true);
    if (!one_in(&maker, 4))
        add(&maker, maker.eol);
}
