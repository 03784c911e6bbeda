// SPDX-License-Identifier: MIT
/*
 * What the disk alone takes for replacing files as the write-back must: read, written beside with
 * its mode, on the disk some at a time, exchanged, and what was displaced removed. No look for
 * writers, no parsing, no database: the least that anybody has to do.
 *
 * usage: replace_bench FOLDER COUNT BATCH FROM TO: in FOLDER/n0.md … one byte FROM becomes TO.
 * Prints files a second and the microseconds of processor time for each.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 * 1024 };

static void die(const char *what)
{
    perror(what);
    exit(3);
}

static double wall_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double processor_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void prepare(int folder, int number, char from, char to)
{
    char name[32], beside[32], bytes[FILE_LIMIT];
    struct stat status;
    snprintf(name, sizeof name, "n%d.md", number);
    snprintf(beside, sizeof beside, ".nexus-bench-%d", number);
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0)
        die(name);
    ssize_t length = read(fd, bytes, sizeof bytes);
    char *byte = length > 0 ? memchr(bytes, from, (size_t)length) : NULL;
    if (!byte)
        die("no byte to change");
    *byte = to;
    int out = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0 || write(out, bytes, (size_t)length) != length ||
        fchmod(out, status.st_mode & 07777) != 0)
        die(beside);
    close(out);
    close(fd);
}

static void replace(int folder, int number)
{
    char name[32], beside[32];
    snprintf(name, sizeof name, "n%d.md", number);
    snprintf(beside, sizeof beside, ".nexus-bench-%d", number);
    if (renameat2(folder, beside, folder, name, RENAME_EXCHANGE) != 0 ||
        unlinkat(folder, beside, 0) != 0)
        die(name);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: replace_bench FOLDER COUNT BATCH FROM TO\n");
        return 2;
    }
    int folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int count = atoi(argv[2]), batch = atoi(argv[3]);
    if (folder < 0)
        die(argv[1]);
    double started = wall_s(), used = processor_s();
    for (int from = 0; from < count; from += batch) {
        int end = from + batch < count ? from + batch : count;
        for (int i = from; i < end; i++)
            prepare(folder, i, argv[4][0], argv[5][0]);
        if (syncfs(folder) != 0)
            die("syncfs");
        for (int i = from; i < end; i++)
            replace(folder, i);
    }
    printf("%.0f %.1f\n", count / (wall_s() - started), (processor_s() - used) * 1e6 / count);
    return 0;
}
