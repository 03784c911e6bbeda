// SPDX-License-Identifier: MIT
#include "parse/encoding.h"

#include "base/utf8.h"

static bool is_utf16(struct str source)
{
    return str_starts_with(source, STR("\xFF\xFE")) || str_starts_with(source, STR("\xFE\xFF"));
}

void encoding_report(struct str source, size_t offset, struct problem_list *problems)
{
    if (!problems)
        return;
    uint32_t start = (uint32_t)offset;
    if (offset < 2 && is_utf16(source))
        problem_add(problems, PROBLEM_ERROR, "encoding", 0, 2,
                    "the file is UTF-16: save it as UTF-8");
    else
        problem_add(problems, PROBLEM_ERROR, "encoding", start, start + 1,
                    "not valid UTF-8 (byte 0x%02X): save the file as UTF-8",
                    (unsigned char)source.at[offset]);
}

bool encoding_check(struct str source, struct problem_list *problems)
{
    size_t broken = utf8_find_invalid(source);
    if (broken != STR_NONE) {
        encoding_report(source, broken, problems);
        return false;
    }
    size_t zero = str_find(source, '\0');
    if (zero == STR_NONE)
        return true;
    problem_add(problems, PROBLEM_ERROR, "encoding", (uint32_t)zero, (uint32_t)zero + 1,
                "a NUL byte, which no text has: the file is damaged, or is no text");
    return false;
}
