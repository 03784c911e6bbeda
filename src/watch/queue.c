// SPDX-License-Identifier: MIT
#include "watch/queue.h"

#include "base/arena.h"
#include "base/file.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

struct link {
    struct link *next;
    struct nomination nomination;
    char text[]; /* both paths */
};

struct chain {
    struct link *first, **end;
    size_t count;
    bool has_database; /* one NOMINATED_DATABASE says as much as many */
};

struct queue {
    struct chain held; /* the writer's own: pushed and not to be seen yet */
    bool is_held;
    struct link *popped;   /* the reader's own: what it was given last */
    pthread_mutex_t mutex; /* over the rest */
    struct chain open;
    bool is_awaited; /* the writer waits for room */
    int fd;
};

enum nexus_status queue_new(struct queue **ret_queue, struct nexus_error *err)
{
    struct queue *queue = calloc(1, sizeof *queue);
    if (!queue)
        return fail_no_memory(err);
    queue->held.end = &queue->held.first;
    queue->open.end = &queue->open.first;
    queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&queue->mutex, NULL);
    if (queue->fd < 0) {
        int reason = errno;
        queue_free(queue);
        return fail_errno(err, reason, "cannot make a queue");
    }
    *ret_queue = queue;
    return NEXUS_OK;
}

void queue_free(struct queue *queue)
{
    if (!queue)
        return;
    queue_release(queue);
    for (struct link *link = queue->open.first, *next; link; link = next) {
        next = link->next;
        free(link);
    }
    free(queue->popped);
    file_close(&queue->fd);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

int queue_fd(const struct queue *queue)
{
    return queue->fd;
}

static struct str put_text(char *at, struct str text)
{
    if (text.length)
        memcpy(at, text.at, text.length);
    at[text.length] = '\0';
    return (struct str){at, text.length};
}

/** Whether the reader will learn of the database anyway. */
static bool is_repeat(struct queue *queue, const struct nomination *nomination)
{
    if (nomination->kind != NOMINATED_DATABASE)
        return false;
    pthread_mutex_lock(&queue->mutex);
    bool is_told = queue->open.has_database;
    pthread_mutex_unlock(&queue->mutex);
    return is_told;
}

bool queue_push(struct queue *queue, const struct nomination *nomination)
{
    struct str path = nomination->path, from = nomination->moved_from;
    if (is_repeat(queue, nomination))
        return true;
    struct link *link = malloc(sizeof *link + path.length + from.length + 2);
    if (!link)
        return false;
    link->next = NULL;
    link->nomination = *nomination;
    link->nomination.path = put_text(link->text, path);
    link->nomination.moved_from = put_text(link->text + path.length + 1, from);
    *queue->held.end = link;
    queue->held.end = &link->next;
    queue->held.count++;
    queue->held.has_database |= nomination->kind == NOMINATED_DATABASE;
    if (!queue->is_held)
        queue_release(queue);
    return true;
}

void queue_hold(struct queue *queue)
{
    queue->is_held = true;
}

void queue_release(struct queue *queue)
{
    struct chain *held = &queue->held, *open = &queue->open;
    queue->is_held = false;
    if (!held->count)
        return;
    pthread_mutex_lock(&queue->mutex);
    *open->end = held->first;
    open->end = held->end;
    if (open->count == 0)
        eventfd_write(queue->fd, 1);
    open->count += held->count;
    open->has_database |= held->has_database;
    pthread_mutex_unlock(&queue->mutex);
    *held = (struct chain){.end = &held->first};
}

bool queue_pop(struct queue *queue, struct nomination *nomination, bool *ret_freed)
{
    *ret_freed = false;
    pthread_mutex_lock(&queue->mutex);
    struct chain *open = &queue->open;
    struct link *link = open->first;
    if (link) {
        open->first = link->next;
        if (!open->first)
            open->end = &open->first;
        queue->open.has_database &= link->nomination.kind != NOMINATED_DATABASE;
        if (--open->count == 0) {
            eventfd_t drained;
            eventfd_read(queue->fd, &drained);
        }
        *ret_freed = queue->is_awaited && queue->open.count < QUEUE_ROOM / 2;
        queue->is_awaited &= !*ret_freed;
    }
    pthread_mutex_unlock(&queue->mutex);
    free(queue->popped);
    queue->popped = link;
    if (link)
        *nomination = link->nomination;
    return link != NULL;
}

bool queue_has_room(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    bool has_room = queue->open.count < QUEUE_ROOM;
    queue->is_awaited |= !has_room;
    pthread_mutex_unlock(&queue->mutex);
    return has_room;
}

size_t queue_count(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    size_t count = queue->open.count;
    pthread_mutex_unlock(&queue->mutex);
    return count;
}
