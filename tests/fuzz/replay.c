// SPDX-License-Identifier: MIT
/* usage: fuzz.NAME FOLDER: gives every file of the folder to the fuzz target, in builds without
 * libFuzzer. A folder that is missing or empty is a failure: a test that tests nothing. */
#include "fuzz.h"

#include <dirent.h>

static int replay(const char *folder, const char *name)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return -1;
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    /* Exactly as large as the file, so that a sanitizer sees the first byte read past it. */
    uint8_t *data = NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    int result = -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0 && (data = malloc((size_t)size + !size)) &&
        fread(data, 1, (size_t)size, file) == (size_t)size)
        result = LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    fclose(file);
    return result;
}

int main(int count, char **arguments)
{
    DIR *folder = count == 2 ? opendir(arguments[1]) : NULL;
    int replayed = 0, failed = 0;
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (entry->d_name[0] == '.')
            continue;
        if (replay(arguments[1], entry->d_name) == 0)
            replayed++;
        else
            failed++;
    }
    if (folder)
        closedir(folder);
    printf("%d inputs replayed, %d unreadable\n", replayed, failed);
    return replayed && !failed ? 0 : 1;
}
