// SPDX-License-Identifier: MIT
#include "validate/wording.h"

#include "base/utf8.h"

enum { SHOWN_CHARACTERS = 60 };

void word_text(struct strbuf *out, struct str text)
{
    size_t end = 0;
    for (int i = 0; i < SHOWN_CHARACTERS && end < text.length; i++)
        utf8_next(text, &end);
    strbuf_add_json(out, str_slice(text, 0, end));
    if (end < text.length) { /* the dots go inside the quotes */
        strbuf_truncate(out, out->length ? out->length - 1 : 0);
        strbuf_add_text(out, "…\"");
    }
}

static void word_number(struct strbuf *out, struct str text)
{
    strbuf_add(out, str_slice(text, 0, SHOWN_CHARACTERS));
    if (text.length > SHOWN_CHARACTERS)
        strbuf_add_text(out, "…");
}

void word_value(struct strbuf *out, const struct tape *tape, uint32_t index)
{
    const struct node *node = &tape->nodes[index];
    switch ((enum node_type)node->type) {
    case NODE_NULL: strbuf_add_text(out, "null"); break;
    case NODE_FALSE: strbuf_add_text(out, "false"); break;
    case NODE_TRUE: strbuf_add_text(out, "true"); break;
    case NODE_NUMBER: word_number(out, node_text(node)); break;
    case NODE_STRING:
    case NODE_KEY: word_text(out, node_text(node)); break;
    case NODE_ARRAY: strbuf_add_text(out, node->count ? "an array" : "an empty array"); break;
    case NODE_OBJECT: strbuf_add_text(out, node->count ? "an object" : "an empty object"); break;
    }
}

static void word_noun(struct strbuf *out, uint32_t count, const char *noun)
{
    if (count == 1)
        strbuf_add_text(out, noun);
    else if (str_ends_with(str_of(noun), STR("y")))
        strbuf_addf(out, "%.*sies", (int)strlen(noun) - 1, noun);
    else
        strbuf_addf(out, "%ss", noun);
}

void word_least(struct strbuf *out, uint32_t count, const char *noun)
{
    strbuf_addf(out, "at least %u ", count);
    word_noun(out, count, noun);
}

void word_most(struct strbuf *out, uint32_t count, const char *noun)
{
    if (count)
        strbuf_addf(out, "at most %u ", count);
    else
        strbuf_add_text(out, "no ");
    word_noun(out, count, noun);
}

void word_kinds(struct strbuf *out, unsigned kinds)
{
    static const struct {
        unsigned kinds;
        const char *words;
    } rows[] = {
        {KIND_NULL, "null"},        {KIND_TRUE, "true or false"}, {KIND_INTEGER, "an integer"},
        {KIND_NUMBER, "a number"},  {KIND_STRING, "a string"},    {KIND_ARRAY, "an array"},
        {KIND_OBJECT, "an object"},
    };
    if (kinds & KIND_NUMBER)
        kinds &= ~(unsigned)KIND_INTEGER;
    if (kinds & KIND_FALSE)
        kinds |= KIND_TRUE;
    const char *words[7];
    size_t count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (kinds & rows[i].kinds)
            words[count++] = rows[i].words;
    for (size_t i = 0; i < count; i++)
        strbuf_addf(out, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
}
