// SPDX-License-Identifier: MIT
#include "base/embed.h"

#include <assert.h>
#include <string.h>

struct str embedded_text(const char *path)
{
    for (const struct embedded_file *file = embedded_files; file->path; file++)
        if (strcmp(file->path, path) == 0)
            return file->text;
    assert(false && "no such embedded file");
    return (struct str){NULL, 0};
}
