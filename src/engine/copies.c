// SPDX-License-Identifier: MIT
#include "engine/copies.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/time.h"
#include "store/writes.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    NAME_LIMIT_BYTES = 200, /* of a component, with room for what is put behind it */
    KEY_LIMIT_BYTES = 64,
    COPY_TRIES = 1000,
};

/** A component that would be too long with the suffix becomes its beginning and its hash. */
static void add_component(struct strbuf *out, struct str component)
{
    char hash[HASH_TEXT_SIZE];
    if (component.length <= NAME_LIMIT_BYTES) {
        strbuf_add(out, component);
        return;
    }
    size_t end = NAME_LIMIT_BYTES / 2;
    while (end && (component.at[end] & 0xC0) == 0x80)
        end--;
    strbuf_addf(out, "%.*s-%.16s", (int)end, component.at, hash_format(hash_of(component), hash));
}

/** Opens the folder of the copy, made as far as it is missing. */
static enum nexus_status open_folders(int nexus_fd, struct str folder, int *ret_fd,
                                      struct nexus_error *err)
{
    STRBUF_SCOPED component = {0};
    int fd = dup(nexus_fd);
    struct str rest = folder;
    while (fd >= 0 && rest.length) {
        size_t slash = str_find(rest, '/');
        strbuf_reset(&component);
        add_component(&component, str_slice(rest, 0, slash));
        rest = slash == STR_NONE ? STR("") : str_slice(rest, slash + 1, rest.length);
        if (component.failed || (mkdirat(fd, component.at, 0700) != 0 && errno != EEXIST))
            break;
        int next = openat(fd, component.at, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        close(fd);
        errno = error;
        fd = next;
        if (fd >= 0 && !rest.length) {
            *ret_fd = fd;
            return NEXUS_OK;
        }
    }
    enum nexus_status status =
        fail_errno(err, errno, "cannot make the folder '.nexus/%.*s'", STR_ARG(folder));
    if (fd >= 0)
        close(fd);
    return status;
}

static enum nexus_status write_new(int folder, struct str stem, struct str ending, struct str bytes,
                                   const char *when, struct strbuf *name, struct nexus_error *err)
{
    for (int i = 1; i < COPY_TRIES; i++) {
        strbuf_reset(name);
        add_component(name, stem);
        strbuf_addf(name, " (conflict %s%s", when, i > 1 ? ", " : "");
        if (i > 1)
            strbuf_addf(name, "%d", i);
        strbuf_addf(name, ")%.*s", STR_ARG(ending));
        if (name->failed)
            return fail_no_memory(err);
        if (faccessat(folder, name->at, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
            return file_write_atomically(folder, name->at, bytes, 0600, err);
    }
    return fail(err, NEXUS_ERROR_EXISTS, "too many conflict copies of '%.*s'", STR_ARG(stem));
}

/** A key is any text at all; in a name it is one that no shell and no folder trips over. */
static void add_stem(struct strbuf *out, struct str file, struct str key)
{
    char hash[HASH_TEXT_SIZE];
    bool is_plain = key.length && key.length <= KEY_LIMIT_BYTES;
    for (size_t i = 0; i < key.length && is_plain; i++)
        is_plain = isalnum((unsigned char)key.at[i]) || key.at[i] == '_' || key.at[i] == '-';
    strbuf_add(out, file);
    if (key.at && is_plain)
        strbuf_addf(out, "-%.*s", STR_ARG(key));
    else if (key.at)
        strbuf_addf(out, "-%.16s", hash_format(hash_of(key), hash));
}

enum nexus_status copy_keep(int nexus_fd, struct str path, struct str key, struct str bytes,
                            int64_t now_ns, struct strbuf *ret_path, struct nexus_error *err)
{
    char time[TIME_TEXT_SIZE], when[sizeof "2026-01-15 103000"];
    STRBUF_SCOPED folder = {0}, name = {0}, stem = {0};
    size_t slash = str_find_last(path, '/');
    struct str file = slash == STR_NONE ? path : str_slice(path, slash + 1, path.length);
    size_t dot = str_find_last(file, '.');
    if (dot == STR_NONE || dot == 0)
        dot = file.length;
    time_format(now_ns, time); /* 2026-01-15T10:30:00.000Z */
    memcpy(when, time, 10);
    when[10] = ' ';
    memcpy(when + 11, time + 11, 2);
    memcpy(when + 13, time + 14, 2);
    memcpy(when + 15, time + 17, 2);
    when[17] = '\0';
    strbuf_add_text(&folder, "conflicts");
    if (slash != STR_NONE)
        strbuf_addf(&folder, "/%.*s", (int)slash, path.at);
    add_stem(&stem, str_slice(file, 0, dot), key);
    if (folder.failed || stem.failed)
        return fail_no_memory(err);
    FD_SCOPED fd = -1;
    TRY(open_folders(nexus_fd, strbuf_str(&folder), &fd, err));
    TRY(write_new(fd, strbuf_str(&stem), str_slice(file, dot, file.length), bytes, when, &name,
                  err));
    strbuf_reset(ret_path);
    strbuf_addf(ret_path, ".nexus/%s/%s", folder.at, name.at);
    return ret_path->failed ? fail_no_memory(err) : NEXUS_OK;
}

static enum nexus_status keep_save(struct engine *engine, struct str path, struct str bytes,
                                   struct nexus_error *err)
{
    STRBUF_SCOPED copy = {0};
    struct store *store = engine->store;
    TRY(copy_keep(engine->nexus_fd, path, (struct str){0}, bytes, engine->now_ns(), &copy, err));
    struct store_conflict conflict = {
        .path = path,
        .has_file_won = true,
        .file_version = bytes,
        .copy_path = strbuf_str(&copy),
        .why = STR("it was saved while Nexus wrote the file"),
    };
    TRY(store_begin(store, engine->now_ns(), err));
    enum nexus_status status = store_conflict_add(store, &conflict, NULL, err);
    if (status == NEXUS_OK)
        status = store_commit(store, err);
    if (status != NEXUS_OK)
        store_rollback(store);
    return status;
}

enum nexus_status copy_keep_save(struct engine *engine, struct str path, struct str bytes,
                                 struct nexus_error *err)
{
    enum nexus_status status = keep_save(engine, path, bytes, err);
    if (status != NEXUS_OK) /* where it was displaced to, it stays until it is kept */
        quarantine_doubt(&engine->replacer.quarantine, path);
    return status;
}
