// SPDX-License-Identifier: MIT
/*
 * A ring of states. `first` and `count` are the owner's; a worker finds the next waiting piece from
 * `next` on, under the mutex, which is held for the states alone and never while working. The owner
 * does not wait for a piece that nobody has begun: it does it itself.
 */
#include "engine/crew.h"

#include "base/thread.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROW_OF_WORK = 8 /* fewer pieces are done before a thread has started */ };

enum piece { PIECE_WAITING, PIECE_BEGUN, PIECE_DONE };

struct crew {
    crew_work *work;
    void *context;
    pthread_t workers[CREW_WORKERS];
    size_t worker_count;   /* that were started */
    size_t hand_count;     /* that were given out, the owner's included */
    bool has_started;      /* or it was tried */
    pthread_mutex_t mutex; /* over the pieces and the rest; the row is the owner's to change */
    pthread_cond_t is_waiting, is_done;
    size_t first, count; /* the row */
    size_t next;         /* in it; no piece before is waiting */
    bool is_ending;
    size_t room;
    enum piece pieces[];
};

struct crew *crew_new(size_t room, crew_work *work, void *context)
{
    struct crew *crew = calloc(1, sizeof *crew + room * sizeof crew->pieces[0]);
    if (!crew)
        return NULL;
    crew->work = work;
    crew->context = context;
    crew->room = room;
    crew->hand_count = 1;
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->is_waiting, NULL);
    pthread_cond_init(&crew->is_done, NULL);
    return crew;
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    pthread_mutex_lock(&crew->mutex);
    crew->is_ending = true;
    pthread_cond_broadcast(&crew->is_waiting);
    pthread_mutex_unlock(&crew->mutex);
    for (size_t i = 0; i < crew->worker_count; i++)
        pthread_join(crew->workers[i], NULL);
    pthread_cond_destroy(&crew->is_done);
    pthread_cond_destroy(&crew->is_waiting);
    pthread_mutex_destroy(&crew->mutex);
    free(crew);
}

/** Whether it is the caller's to do. The mutex is held. */
static bool begin(struct crew *crew, size_t place)
{
    if (crew->pieces[place] != PIECE_WAITING)
        return false;
    crew->pieces[place] = PIECE_BEGUN;
    return true;
}

/** The place of the next piece, begun; false when the crew ends. The mutex is held. */
static bool next_piece(struct crew *crew, size_t *ret_place)
{
    while (!crew->is_ending) {
        if (crew->next == crew->first + crew->count) {
            pthread_cond_wait(&crew->is_waiting, &crew->mutex);
            continue;
        }
        *ret_place = crew->next++ % crew->room;
        if (begin(crew, *ret_place))
            return true;
    }
    return false;
}

static void *work(void *context)
{
    struct crew *crew = context;
    pthread_mutex_lock(&crew->mutex);
    size_t hand = crew->hand_count++;
    for (size_t place; next_piece(crew, &place);) {
        pthread_mutex_unlock(&crew->mutex);
        crew->work(crew->context, place, hand);
        pthread_mutex_lock(&crew->mutex);
        crew->pieces[place] = PIECE_DONE;
        pthread_cond_signal(&crew->is_done);
    }
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

/** Without a thread the owner does it all. */
static void start_workers(struct crew *crew)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    crew->has_started = true;
    while (crew->worker_count < CREW_WORKERS && (long)crew->worker_count + 1 < cores) {
        if (thread_start(&crew->workers[crew->worker_count], work, crew) != 0)
            break;
        crew->worker_count++;
    }
}

size_t crew_count(const struct crew *crew)
{
    return crew->count;
}

size_t crew_place(const struct crew *crew, size_t n)
{
    return (crew->first + n) % crew->room;
}

void crew_put(struct crew *crew)
{
    assert(crew->count < crew->room);
    pthread_mutex_lock(&crew->mutex);
    crew->pieces[crew_place(crew, crew->count)] = PIECE_WAITING;
    crew->count++;
    pthread_cond_signal(&crew->is_waiting);
    pthread_mutex_unlock(&crew->mutex);
    if (!crew->has_started && crew->count >= ROW_OF_WORK)
        start_workers(crew);
}

void crew_wait(struct crew *crew, size_t n)
{
    assert(n < crew->count);
    size_t place = crew_place(crew, n);
    pthread_mutex_lock(&crew->mutex);
    if (begin(crew, place)) {
        pthread_mutex_unlock(&crew->mutex);
        crew->work(crew->context, place, 0);
        pthread_mutex_lock(&crew->mutex);
        crew->pieces[place] = PIECE_DONE;
    }
    while (crew->pieces[place] != PIECE_DONE)
        pthread_cond_wait(&crew->is_done, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
}

void crew_drop(struct crew *crew, size_t count)
{
    assert(count <= crew->count);
    pthread_mutex_lock(&crew->mutex);
    crew->first += count;
    crew->count -= count;
    if (crew->next < crew->first)
        crew->next = crew->first;
    pthread_mutex_unlock(&crew->mutex);
}
