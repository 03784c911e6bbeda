// SPDX-License-Identifier: MIT
/*
 * What a task's text says of its dates: the emoji of the Tasks plugin, and the fields in brackets
 * of its Dataview format. They may stand anywhere in the text. Of two that say the same the first
 * wins, and an emoji wins over a field. A date that is no day of the calendar is none.
 */
#include "base/time.h"
#include "parse/markdown_walk.h"

enum { DATE_LENGTH = 10 };

enum task_word { WORD_DATE, WORD_PRIORITY, WORD_RECURRENCE };

static const struct sign {
    const char *emoji;
    enum task_word word;
    size_t member; /* of struct note_task */
    const char *priority;
} signs[] = {
    {"\U0001F4C5", WORD_DATE, offsetof(struct note_task, due), NULL},               /* 📅 */
    {"\U0001F4C6", WORD_DATE, offsetof(struct note_task, due), NULL},               /* 📆 */
    {"\U0001F5D3", WORD_DATE, offsetof(struct note_task, due), NULL},               /* 🗓 */
    {"\u2705", WORD_DATE, offsetof(struct note_task, done_on), NULL},               /* ✅ */
    {"\u2795", WORD_DATE, offsetof(struct note_task, created), NULL},               /* ➕ */
    {"\U0001F6EB", WORD_DATE, offsetof(struct note_task, start), NULL},             /* 🛫 */
    {"\u23F3", WORD_DATE, offsetof(struct note_task, scheduled), NULL},             /* ⏳ */
    {"\u231B", WORD_DATE, offsetof(struct note_task, scheduled), NULL},             /* ⌛ */
    {"\u274C", WORD_DATE, offsetof(struct note_task, cancelled), NULL},             /* ❌ */
    {"\U0001F53A", WORD_PRIORITY, offsetof(struct note_task, priority), "highest"}, /* 🔺 */
    {"\u23EB", WORD_PRIORITY, offsetof(struct note_task, priority), "high"},        /* ⏫ */
    {"\U0001F53C", WORD_PRIORITY, offsetof(struct note_task, priority), "medium"},  /* 🔼 */
    {"\U0001F53D", WORD_PRIORITY, offsetof(struct note_task, priority), "low"},     /* 🔽 */
    {"\u23EC", WORD_PRIORITY, offsetof(struct note_task, priority), "lowest"},      /* ⏬ */
    {"\U0001F501", WORD_RECURRENCE, offsetof(struct note_task, recurrence), NULL},  /* 🔁 */
};

static const struct field_name {
    const char *key;
    enum task_word word;
    size_t member;
} field_names[] = {
    {"due", WORD_DATE, offsetof(struct note_task, due)},
    {"completion", WORD_DATE, offsetof(struct note_task, done_on)},
    {"created", WORD_DATE, offsetof(struct note_task, created)},
    {"start", WORD_DATE, offsetof(struct note_task, start)},
    {"scheduled", WORD_DATE, offsetof(struct note_task, scheduled)},
    {"cancelled", WORD_DATE, offsetof(struct note_task, cancelled)},
    {"priority", WORD_PRIORITY, offsetof(struct note_task, priority)},
    {"repeat", WORD_RECURRENCE, offsetof(struct note_task, recurrence)},
};

static void set(struct note_task *task, size_t member, struct str value)
{
    struct str *text = (struct str *)(void *)((char *)task + member);
    if (!text->length)
        *text = value;
}

static bool is_priority(struct str text)
{
    static const char *const names[] = {"highest", "high", "medium", "low", "lowest"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_is(text, names[i]))
            return true;
    return false;
}

/** What a rule such as "every week on Sunday, Monday when done!" is made of. */
static struct str rule_at(struct str text)
{
    size_t end = 0;
    while (end < text.length &&
           (markdown_is_letter(text.at[end]) || markdown_is_digit(text.at[end]) ||
            markdown_is_one_of(text.at[end], " ,!")))
        end++;
    return str_trim(str_slice(text, 0, end));
}

static void read_sign(struct note_task *task, const struct sign *sign, struct str rest)
{
    if (str_starts_with(rest, STR("\uFE0F"))) /* asks for the colourful picture */
        rest = str_slice(rest, 3, rest.length);
    switch (sign->word) {
    case WORD_DATE:
        rest = str_slice(str_trim(rest), 0, DATE_LENGTH);
        if (time_is_date(rest))
            set(task, sign->member, rest);
        break;
    case WORD_PRIORITY: set(task, sign->member, str_of(sign->priority)); break;
    case WORD_RECURRENCE: set(task, sign->member, rule_at(rest)); break;
    }
}

static void read_signs(struct note_task *task, struct str text)
{
    for (size_t at = 0; at < text.length; at++) {
        unsigned char lead = (unsigned char)text.at[at];
        if (lead != 0xE2 && lead != 0xF0)
            continue;
        struct str rest = str_slice(text, at, text.length);
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
            struct str emoji = str_of(signs[i].emoji);
            if (str_starts_with(rest, emoji))
                read_sign(task, &signs[i], str_slice(rest, emoji.length, rest.length));
        }
    }
}

static void read_field(struct note_task *task, const struct note_property *field)
{
    for (size_t i = 0; i < sizeof field_names / sizeof field_names[0]; i++) {
        if (!str_is(field->key, field_names[i].key))
            continue;
        enum task_word word = field_names[i].word;
        if ((word == WORD_DATE && time_is_date(field->value)) ||
            (word == WORD_PRIORITY && is_priority(field->value)) || word == WORD_RECURRENCE)
            set(task, field_names[i].member, field->value);
    }
}

void markdown_task_fields(struct note_task *task, const struct note *note)
{
    size_t first = note->property_count;
    while (first > 0 && note->properties[first - 1].span.start > task->span.start)
        first--;
    read_signs(task, task->text);
    for (size_t i = first; i < note->property_count; i++)
        read_field(task, &note->properties[i]);
}
