// SPDX-License-Identifier: MIT
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

/** Starts a thread that gets no signals: they are for the program's own ones. What
 * pthread_create() returns: 0 or an errno. */
int thread_start(pthread_t *ret_thread, void *(*run)(void *), void *context);

#endif
