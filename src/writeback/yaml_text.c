// SPDX-License-Identifier: MIT
/* Scalars: which quotes a text needs, and what is escaped in them. Collections are in yaml_tree.c.
 */
#include "writeback/yaml_text.h"
#include "base/utf8.h"
#include "writeback/yaml_plain_text.h"

/** What must be escaped in double quotes, and can stand nowhere else: what YAML does not print, and
 * what is a line break to one reader and none to the other. */
static bool is_escaped(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF ||
           c == 0xFFFE || c == 0xFFFF;
}

/** Whether all of it is printable. `allowed` are the control characters that are, too. */
static bool is_printable(struct str text, const char *allowed)
{
    for (size_t at = 0; at < text.length;) {
        uint32_t c = utf8_next(text, &at);
        if (is_escaped(c) && (c == 0 || c >= 0x20 || !strchr(allowed, (int)c)))
            return false;
    }
    return true;
}

bool yaml_fits_plain(struct str text, enum yaml_place place)
{
    return is_printable(text, "") && yaml_is_plain(text, place);
}

static struct str without_breaks(struct str text)
{
    while (text.length && text.at[text.length - 1] == '\n')
        text.length--;
    return text;
}

bool yaml_needs_indicator(struct str text)
{
    return text.length && strchr(" \t\n", text.at[0]);
}

bool yaml_fits_literal(struct str text)
{
    struct str lines = without_breaks(text);
    struct str last = str_slice(lines, str_find_last(lines, '\n') + 1, lines.length);
    return str_trim(last).length && is_printable(text, "\t\n");
}

bool yaml_fits_folded(struct str text)
{
    if (!yaml_fits_literal(text) || yaml_needs_indicator(text))
        return false;
    return str_find_str(text, STR("\n ")) == STR_NONE &&
           str_find_str(text, STR("\n\t")) == STR_NONE;
}

void yaml_add_columns(struct strbuf *out, unsigned columns)
{
    while (columns--)
        strbuf_add_char(out, ' ');
}

static void add_lines(struct strbuf *out, struct str text, unsigned indent, struct str eol,
                      bool is_folded)
{
    bool is_behind_text = false; /* one break behind a line of text is folded away */
    for (text = without_breaks(text);; is_behind_text = true) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end);
        if (is_folded && is_behind_text && line.length)
            strbuf_add(out, eol);
        strbuf_add(out, eol);
        if (line.length)
            yaml_add_columns(out, indent);
        strbuf_add(out, line);
        if (end == STR_NONE)
            return;
        text = str_slice(text, end + 1, text.length);
    }
}

void yaml_add_literal_lines(struct strbuf *out, struct str text, unsigned indent, struct str eol)
{
    add_lines(out, text, indent, eol, false);
}

void yaml_add_folded_lines(struct strbuf *out, struct str text, unsigned indent, struct str eol)
{
    add_lines(out, text, indent, eol, true);
}

static void add_single(struct strbuf *out, struct str text)
{
    strbuf_add_char(out, '\'');
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '\'')
            strbuf_add_char(out, '\'');
        strbuf_add_char(out, text.at[i]);
    }
    strbuf_add_char(out, '\'');
}

static void add_escape(struct strbuf *out, uint32_t c)
{
    switch (c) {
    case '\0': strbuf_add_text(out, "\\0"); break;
    case '\n': strbuf_add_text(out, "\\n"); break;
    case '\r': strbuf_add_text(out, "\\r"); break;
    case '\t': strbuf_add_text(out, "\\t"); break;
    default: strbuf_addf(out, c < 0x100 ? "\\x%02X" : "\\u%04X", c); break;
    }
}

static void add_double(struct strbuf *out, struct str text)
{
    strbuf_add_char(out, '"');
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        uint32_t c = utf8_next(text, &at);
        if (c == '"' || c == '\\')
            strbuf_add_char(out, '\\');
        if (is_escaped(c))
            add_escape(out, c);
        else
            strbuf_add(out, str_slice(text, start, at));
    }
    strbuf_add_char(out, '"');
}

void yaml_add_text(struct strbuf *out, struct str text, enum node_style style,
                   enum yaml_place place)
{
    bool has_quotes = style == STYLE_SINGLE || style == STYLE_DOUBLE;
    bool needs_escapes = str_find(text, '"') != STR_NONE || str_find(text, '\\') != STR_NONE;
    if (!has_quotes && yaml_fits_plain(text, place))
        strbuf_add(out, text);
    else if (is_printable(text, "") &&
             (style == STYLE_SINGLE || (style != STYLE_DOUBLE && needs_escapes)))
        add_single(out, text);
    else
        add_double(out, text);
}

void yaml_add_scalar(struct strbuf *out, const struct node *node, enum node_style style,
                     enum yaml_place place)
{
    switch ((enum node_type)node->type) {
    case NODE_NULL: strbuf_add_text(out, "null"); break;
    case NODE_FALSE: strbuf_add_text(out, "false"); break;
    case NODE_TRUE: strbuf_add_text(out, "true"); break;
    case NODE_NUMBER: strbuf_add(out, node_text(node)); break;
    case NODE_KEY:
    case NODE_STRING: yaml_add_text(out, node_text(node), style, place); break;
    case NODE_ARRAY:
    case NODE_OBJECT: break;
    }
}
