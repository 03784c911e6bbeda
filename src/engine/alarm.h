// SPDX-License-Identifier: MIT
/*
 * What a followed vault waits for, as one descriptor: its watcher, and things to be done a little
 * later. Each is asked for when there is a reason, and rings once: nothing ticks.
 */
#ifndef ENGINE_ALARM_H
#define ENGINE_ALARM_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum alarm {
    ALARM_TEND,      /* what the database needs between bursts: store_tend() */
    ALARM_DATABASE,  /* another process was writing to it: store_foreign_changed() again */
    ALARM_PUSH,      /* what could not be written into its file: push_all() again */
    ALARM_EXPIRY,    /* sharing of an object ends: engine_expire() */
    ALARM_DISPLACED, /* what our writes displaced: push_settle_displaced() */
    ALARM_CHECK,     /* the watcher should have answered by now: live_check_late() */
    ALARM_RETRY,     /* what could not be taken in: the next look is at everything */
    ALARM_KEEP,      /* what is written down beside the database: recovery_keep() */
    ALARM_BACKUP,    /* a backup is due */
    ALARM_COUNT,
};

struct alarms {
    int fd; /* readable when the watcher has something, or an alarm rings */
    int timer_fd;
    int64_t due_ns[ALARM_COUNT];   /* monotonic; INT64_MAX: not set */
    int64_t pause_ns[ALARM_COUNT]; /* before the next try, after a failed one; 0: none failed */
};

enum nexus_status alarms_open(struct alarms *alarms, struct nexus_error *err);
/** After a failed open, and twice, too. */
void alarms_close(struct alarms *alarms);
/** Waits for `fd`, too, until it is closed. */
enum nexus_status alarms_follow(struct alarms *alarms, int fd, struct nexus_error *err);

/** Lets it ring in `delay_ns`, instead of when it was to ring before. */
void alarms_set(struct alarms *alarms, enum alarm alarm, int64_t delay_ns);
/** What it rang for has failed: lets it ring again after `least_ns`, and after twice as long each
 * time that this follows, up to five minutes. */
void alarms_put_off(struct alarms *alarms, enum alarm alarm, int64_t least_ns);
void alarms_succeed(struct alarms *alarms, enum alarm alarm);
static inline bool alarms_is_set(const struct alarms *alarms, enum alarm alarm)
{
    return alarms->due_ns[alarm] != INT64_MAX;
}
/** Whether it rings; once. Until then `fd` stays readable. */
bool alarms_take(struct alarms *alarms, enum alarm alarm);
/** Lets it not ring. */
void alarms_clear(struct alarms *alarms, enum alarm alarm);

#endif
