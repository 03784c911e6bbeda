// SPDX-License-Identifier: MIT
#include "writeback/quarantine.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/lease.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* How often a file that somebody keeps open is looked at. */
#define LONGEST_STAY_NS (300 * NS_PER_S)

struct quarantined {
    char *path, *temporary; /* one piece of memory: the second lies behind the first */
    int64_t due_ns, stay_ns;
    struct hash content;
    bool is_known; /* `content` is */
    bool is_kept;
};

void quarantine_finish(struct quarantine *quarantine)
{
    for (size_t i = 0; i < quarantine->count; i++)
        free(quarantine->entries[i].path);
    free(quarantine->entries);
    *quarantine = (struct quarantine){0};
}

int64_t quarantine_due(const struct quarantine *quarantine)
{
    return quarantine->count ? quarantine->entries[0].due_ns : INT64_MAX;
}

static void swap(struct quarantined *a, struct quarantined *b)
{
    struct quarantined c = *a;
    *a = *b;
    *b = c;
}

static void push(struct quarantine *quarantine, struct quarantined entry)
{
    struct quarantined *heap = quarantine->entries;
    size_t at = quarantine->count++;
    heap[at] = entry;
    for (; at && heap[at].due_ns < heap[(at - 1) / 2].due_ns; at = (at - 1) / 2)
        swap(&heap[at], &heap[(at - 1) / 2]);
}

static struct quarantined pop(struct quarantine *quarantine)
{
    struct quarantined *heap = quarantine->entries, first = heap[0];
    size_t count = --quarantine->count;
    heap[0] = heap[count];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (heap[child].due_ns < heap[least].due_ns)
                least = child;
        if (least == at)
            return first;
        swap(&heap[at], &heap[least]);
        at = least;
    }
}

/** Two texts in one piece, each with its NUL. */
static bool copy_texts(struct quarantined *entry, const char *path, struct str folder,
                       const char *name)
{
    size_t length = strlen(path) + 1, rest = strlen(name) + 1;
    entry->path = malloc(length + folder.length + rest);
    if (!entry->path)
        return false;
    entry->temporary = entry->path + length;
    memcpy(entry->path, path, length);
    if (folder.length)
        memcpy(entry->temporary, folder.at, folder.length);
    memcpy(entry->temporary + folder.length, name, rest);
    return true;
}

enum nexus_status quarantine_add(struct quarantine *quarantine, const struct quarantine_item *item,
                                 int64_t now_ns, struct nexus_error *err)
{
    struct quarantined entry = {
        .stay_ns = item->is_unsure ? QUARANTINE_UNSURE_NS : QUARANTINE_NS,
        .is_known = item->content,
        .is_kept = item->is_kept,
    };
    struct str path = str_of(item->path), folder = {0};
    size_t slash = str_find_last(path, '/');
    if (!item->is_elsewhere && slash != STR_NONE)
        folder = str_slice(path, 0, slash + 1);
    if (item->content)
        entry.content = *item->content;
    entry.due_ns = now_ns + entry.stay_ns;
    if (!array_reserve(&quarantine->entries, &quarantine->capacity, quarantine->count + 1,
                       sizeof *quarantine->entries) ||
        !copy_texts(&entry, item->path, folder, item->temporary))
        return fail_no_memory(err);
    push(quarantine, entry);
    return NEXUS_OK;
}

void quarantine_doubt(struct quarantine *quarantine, struct str path)
{
    for (size_t i = 0; i < quarantine->count; i++)
        if (str_equal(str_of(quarantine->entries[i].path), path))
            quarantine->entries[i].is_known = false;
}

/** What became of one that is due. */
enum seen_change { SEEN_SAME, SEEN_CHANGED, SEEN_OPEN, SEEN_MISSING, SEEN_UNREADABLE };

static enum seen_change look(const struct quarantined *entry, int root_fd, int64_t limit_bytes,
                             struct strbuf *bytes)
{
    FD_SCOPED fd = -1;
    switch ((int)file_open_beneath(root_fd, entry->temporary, O_RDONLY | O_NOCTTY, &fd, NULL)) {
    case NEXUS_OK: break;
    case NEXUS_ERROR_NOT_FOUND: return SEEN_MISSING;
    case NEXUS_ERROR_BUSY: return SEEN_OPEN;
    default: return SEEN_UNREADABLE;
    }
    if (lease_probe(fd) == WRITER_OPEN)
        return SEEN_OPEN;
    switch ((int)file_read_opened(fd, entry->temporary, limit_bytes, bytes, NULL, NULL)) {
    case NEXUS_OK: break;
    case NEXUS_ERROR_CHANGED: return SEEN_OPEN;
    default: return SEEN_UNREADABLE;
    }
    if (lease_probe(fd) == WRITER_OPEN)
        return SEEN_OPEN;
    return entry->is_known && hash_equal(hash_of(strbuf_str(bytes)), entry->content) ? SEEN_SAME
                                                                                     : SEEN_CHANGED;
}

static bool remove_it(const struct quarantined *entry, int root_fd)
{
    FD_SCOPED folder = -1;
    const char *name;
    if (entry->is_kept)
        return true;
    return folder_open(root_fd, entry->temporary, &folder, &name, NULL) == NEXUS_OK &&
           unlinkat(folder, name, 0) == 0;
}

static void stay_on(struct quarantine *quarantine, struct quarantined *entry, int64_t now_ns,
                    int64_t stay_ns)
{
    entry->stay_ns = stay_ns < LONGEST_STAY_NS ? stay_ns : LONGEST_STAY_NS;
    entry->due_ns = now_ns + entry->stay_ns;
    push(quarantine, *entry);
    entry->path = NULL;
}

struct settling {
    struct quarantine *quarantine;
    int root_fd;
    int64_t limit_bytes, now_ns;
    quarantine_listener *listener;
    void *context;
};

static enum nexus_status tell(const struct settling *settling, const struct quarantined *entry,
                              enum quarantine_news_kind kind, struct str bytes,
                              struct nexus_error *err)
{
    struct quarantine_news news = {kind, str_of(entry->path), str_of(entry->temporary), bytes};
    return settling->listener(settling->context, &news, err);
}

/** Handed back and kept by somebody, it is looked at again: its writer may go on. */
static enum nexus_status settle_late(const struct settling *settling, struct quarantined *entry,
                                     struct str bytes, struct nexus_error *err)
{
    enum nexus_status status = tell(settling, entry, QUARANTINE_LATE, bytes, err);
    if (status == NEXUS_OK) {
        entry->content = hash_of(bytes);
        entry->is_known = true;
    }
    stay_on(settling->quarantine, entry, settling->now_ns, QUARANTINE_NS);
    return status;
}

static enum nexus_status settle_one(const struct settling *settling, struct quarantined *entry,
                                    struct strbuf *bytes, struct nexus_error *err)
{
    switch (look(entry, settling->root_fd, settling->limit_bytes, bytes)) {
    case SEEN_OPEN:
        stay_on(settling->quarantine, entry, settling->now_ns, 2 * entry->stay_ns);
        return NEXUS_OK;
    case SEEN_CHANGED: return settle_late(settling, entry, strbuf_str(bytes), err);
    case SEEN_MISSING: return tell(settling, entry, QUARANTINE_LOST, STR(""), err);
    case SEEN_UNREADABLE:
        settling->quarantine->has_rest = true;
        return tell(settling, entry, QUARANTINE_UNREADABLE, STR(""), err);
    case SEEN_SAME: break;
    }
    if (!remove_it(entry, settling->root_fd))
        settling->quarantine->has_rest = true;
    return tell(settling, entry, QUARANTINE_DONE, STR(""), err);
}

enum nexus_status quarantine_settle(struct quarantine *quarantine, int root_fd, int64_t limit_bytes,
                                    int64_t now_ns, quarantine_listener *listener, void *context,
                                    struct nexus_error *err)
{
    const struct settling settling = {quarantine, root_fd, limit_bytes, now_ns, listener, context};
    STRBUF_SCOPED bytes = {0};
    for (int i = 0; i < QUARANTINE_SLICE && quarantine_due(quarantine) <= now_ns; i++) {
        struct quarantined entry = pop(quarantine);
        enum nexus_status status = settle_one(&settling, &entry, &bytes, err);
        free(entry.path); /* NULL when it stays on */
        TRY(status);
    }
    return NEXUS_OK;
}
