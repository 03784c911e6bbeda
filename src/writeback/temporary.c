// SPDX-License-Identifier: MIT
#include "writeback/temporary.h"

#include <inttypes.h>
#include <stdio.h>

enum { DIGITS = 16 };

static const char prefix[] = ".nexus-", spare[] = "-spare";

const char *temporary_name(const struct hash *base, struct hash wanted, uint64_t number,
                           char name[TEMPORARY_SIZE])
{
    char before[HASH_TEXT_SIZE], after[HASH_TEXT_SIZE];
    hash_format(base ? *base : (struct hash){0}, before);
    hash_format(wanted, after);
    snprintf(name, TEMPORARY_SIZE, "%s%.*s-%.*s-%" PRIx64, prefix, DIGITS, before, DIGITS, after,
             number);
    return name;
}

const char *temporary_aside(const char *name, char aside[TEMPORARY_SIZE])
{
    snprintf(aside, TEMPORARY_SIZE, "%.*s-old", TEMPORARY_SIZE - 5, name);
    return aside;
}

const char *temporary_part(const char *name, char part[TEMPORARY_SIZE])
{
    snprintf(part, TEMPORARY_SIZE, "%.*s-new", TEMPORARY_SIZE - 5, name);
    return part;
}

void temporary_make_spare(char name[TEMPORARY_SIZE])
{
    size_t length = strlen(name);
    snprintf(name + length, TEMPORARY_SIZE - length, "%s", spare);
}

bool temporary_is_spare(const char *name)
{
    return str_ends_with(str_of(name), str_of(spare));
}

enum temporary_kind temporary_judge(struct str name, struct hash content)
{
    enum { BASE_AT = sizeof prefix - 1, NEW_AT = BASE_AT + DIGITS + 1, END = NEW_AT + DIGITS };
    char text[HASH_TEXT_SIZE];
    struct str digits = {hash_format(content, text), DIGITS};
    if (!str_starts_with(name, STR(".nexus-")) || name.length < END + 2 ||
        name.at[NEW_AT - 1] != '-' || name.at[END] != '-')
        return TEMPORARY_FOREIGN;
    if (str_ends_with(name, STR("-new")) || str_equal(str_slice(name, NEW_AT, END), digits))
        return TEMPORARY_NEW;
    return str_equal(str_slice(name, BASE_AT, NEW_AT - 1), digits) ? TEMPORARY_BASE
                                                                   : TEMPORARY_OTHER;
}
