// SPDX-License-Identifier: MIT
#include "parse/yaml_breaks.h"

#include "base/utf8.h"

#include <stdlib.h>

static const char *const originals[YAML_BREAKS] = {
    "\xC2\x85",     /* U+0085, next line */
    "\xE2\x80\xA8", /* U+2028, line separator */
    "\xE2\x80\xA9", /* U+2029, paragraph separator */
};

/* Where to look for characters that the text does not have: Syriac and private use, from the top
 * down; as long in UTF-8 as the originals, and printable for libyaml. */
static const struct {
    uint32_t first, last;
} ranges[YAML_BREAKS] = {{0x0700, 0x074F}, {0xE000, 0xEFFF}, {0xF000, 0xF8FF}};

/** Replaces `from` by `to`, which is as long, everywhere in the text. */
static void replace(char *text, size_t length, const char *from, const char *to)
{
    struct str rest = {text, length}, needle = str_of(from);
    for (size_t found; (found = str_find_str(rest, needle)) != STR_NONE;) {
        memcpy(text + found, to, needle.length);
        text += found + needle.length;
        rest = str_slice(rest, found + needle.length, rest.length);
    }
}

/** Finds a character for the original `i`; none (a text with all of them) leaves it as it is. */
static void choose(struct yaml_breaks *breaks, int i, struct str text)
{
    for (uint32_t c = ranges[i].last; c >= ranges[i].first; c--) {
        char bytes[4] = {0};
        if (str_find_str(text, (struct str){bytes, utf8_encode(c, bytes)}) != STR_NONE)
            continue;
        memcpy(breaks->stand_ins[i], bytes, sizeof bytes);
        return;
    }
}

/** What most text can be told by: the first bytes of the originals are rare. */
static bool may_have(struct str text)
{
    return str_find(text, originals[0][0]) != STR_NONE ||
           str_find(text, originals[1][0]) != STR_NONE;
}

bool yaml_breaks_init(struct yaml_breaks *breaks, struct str text)
{
    *breaks = (struct yaml_breaks){0};
    if (!may_have(text))
        return true;
    for (int i = 0; i < YAML_BREAKS; i++) {
        if (str_find_str(text, str_of(originals[i])) == STR_NONE)
            continue;
        if (!breaks->copy) {
            breaks->copy = malloc(text.length);
            if (!breaks->copy)
                return false;
            memcpy(breaks->copy, text.at, text.length);
        }
        choose(breaks, i, text);
        if (breaks->stand_ins[i][0])
            replace(breaks->copy, text.length, originals[i], breaks->stand_ins[i]);
    }
    return true;
}

void yaml_breaks_finish(struct yaml_breaks *breaks)
{
    free(breaks->copy);
    *breaks = (struct yaml_breaks){0};
}

void yaml_breaks_restore(const struct yaml_breaks *breaks, char *text, size_t length)
{
    if (!breaks->copy)
        return;
    for (int i = 0; i < YAML_BREAKS; i++)
        if (breaks->stand_ins[i][0])
            replace(text, length, breaks->stand_ins[i], originals[i]);
}
