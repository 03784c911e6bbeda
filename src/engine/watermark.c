// SPDX-License-Identifier: MIT
#include "engine/watermark.h"

#include "engine/own_json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/utsname.h>

#define FILE_NAME "database.json"

enum { LIMIT_BYTES = 4096 };

enum nexus_status watermark_host(int nexus_fd, char host_id[SHA256_TEXT_SIZE],
                                 struct nexus_error *err)
{
    STRBUF_SCOPED machine = {0};
    STRBUF_SCOPED text = {0};
    struct fingerprint print;
    struct utsname names;
    mode_t mode;
    int error = file_look(nexus_fd, "", &print, &mode);
    if (error)
        return fail_errno(err, error, "cannot look at the folder '.nexus'");
    enum nexus_status status = file_read("/etc/machine-id", LIMIT_BYTES, &machine, err);
    if (status == NEXUS_ERROR_NOT_FOUND && uname(&names) == 0)
        strbuf_add_text(&machine, names.nodename);
    else
        TRY(status); /* what cannot be read now is no other machine */
    strbuf_addf(&text, "nexus %llu %lld ", (unsigned long long)print.inode,
                (long long)print.birth_ns);
    strbuf_add(&text, strbuf_str(&machine));
    if (text.failed || machine.failed)
        return fail_no_memory(err);
    sha256_of(strbuf_str(&text), host_id);
    return NEXUS_OK;
}

enum nexus_status watermark_lock(int nexus_fd, int *ret_fd, struct nexus_error *err)
{
    if (mkdirat(nexus_fd, "logs", 0700) != 0 && errno != EEXIST)
        return fail_errno(err, errno, "cannot make the folder '.nexus/logs'");
    int fd = openat(nexus_fd, "logs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            file_close(&fd);
    if (fd < 0)
        return fail_errno(err, errno, "cannot lock the folder '.nexus/logs'");
    *ret_fd = fd;
    return NEXUS_OK;
}

/* Numbers are texts: a double does not hold them. */
static int64_t number_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text ? strtoll(text, NULL, 10) : 0;
}

static void text_of(const cJSON *object, const char *name, char *to, size_t size)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    if (!text || strlen(text) >= size)
        text = "";
    memcpy(to, text, strlen(text) + 1);
}

static void read_print(const cJSON *left, struct watermark *watermark)
{
    watermark->has_print = cJSON_IsObject(left);
    watermark->print = (struct fingerprint){
        .inode = (uint64_t)number_of(left, "inode"),
        .size_bytes = number_of(left, "size"),
        .mtime_ns = number_of(left, "mtime_ns"),
        .ctime_ns = number_of(left, "ctime_ns"),
        .birth_ns = number_of(left, "birth_ns"),
    };
}

enum nexus_status watermark_read(int nexus_fd, struct watermark *watermark, struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    *watermark = (struct watermark){0};
    enum nexus_status status =
        file_read_beneath(nexus_fd, FILE_NAME, LIMIT_BYTES, &text, NULL, err);
    if (status == NEXUS_ERROR_NOT_FOUND || status == NEXUS_ERROR_REFUSED ||
        status == NEXUS_ERROR_LIMIT)
        return NEXUS_OK; /* none, or nothing that was written here */
    TRY(status);
    cJSON *known;
    TRY(own_json_parse(strbuf_str(&text), &known, err));
    watermark->is_known = cJSON_IsObject(known);
    text_of(known, "host_id", watermark->host_id, sizeof watermark->host_id);
    text_of(known, "permissions", watermark->permissions, sizeof watermark->permissions);
    text_of(known, "shape", watermark->shape, sizeof watermark->shape);
    watermark->object_id = number_of(known, "object_id");
    watermark->change = number_of(known, "change");
    watermark->last_change = number_of(known, "last_change");
    watermark->version = number_of(known, "version");
    watermark->schema_cookie = number_of(known, "schema_cookie");
    read_print(cJSON_GetObjectItemCaseSensitive(known, "left"), watermark);
    cJSON_Delete(known);
    return NEXUS_OK;
}

static void add_number(struct strbuf *text, const char *name, int64_t number)
{
    strbuf_addf(text, "\"%s\": \"%lld\", ", name, (long long)number);
}

static void compose(const struct watermark *watermark, struct strbuf *text)
{
    const struct fingerprint *print = &watermark->print;
    strbuf_addf(text, "{\"host_id\": \"%s\", ", watermark->host_id);
    add_number(text, "object_id", watermark->object_id);
    add_number(text, "change", watermark->change);
    add_number(text, "last_change", watermark->last_change);
    add_number(text, "version", watermark->version);
    add_number(text, "schema_cookie", watermark->schema_cookie);
    if (watermark->has_print)
        strbuf_addf(text,
                    "\"left\": {\"inode\": \"%llu\", \"size\": \"%lld\", \"mtime_ns\": \"%lld\", "
                    "\"ctime_ns\": \"%lld\", \"birth_ns\": \"%lld\"}, ",
                    (unsigned long long)print->inode, (long long)print->size_bytes,
                    (long long)print->mtime_ns, (long long)print->ctime_ns,
                    (long long)print->birth_ns);
    strbuf_addf(text, "\"shape\": \"%s\", \"permissions\": \"%s\"}\n", watermark->shape,
                watermark->permissions);
}

enum nexus_status watermark_write(int nexus_fd, const struct watermark *watermark,
                                  struct nexus_error *err)
{
    STRBUF_SCOPED text = {0};
    STRBUF_SCOPED there = {0};
    compose(watermark, &text);
    if (text.failed)
        return fail_no_memory(err);
    if (file_read_beneath(nexus_fd, FILE_NAME, LIMIT_BYTES, &there, NULL, NULL) == NEXUS_OK &&
        str_equal(strbuf_str(&there), strbuf_str(&text)))
        return NEXUS_OK;
    return file_write_atomically(nexus_fd, FILE_NAME, strbuf_str(&text), 0600, err);
}

bool watermark_is_as_left(const struct watermark *watermark, int nexus_fd)
{
    struct fingerprint print;
    mode_t mode;
    return watermark->has_print && file_look(nexus_fd, "vault.sqlite", &print, &mode) == 0 &&
           S_ISREG(mode) && fingerprint_equal(&watermark->print, &print);
}
