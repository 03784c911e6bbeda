// SPDX-License-Identifier: MIT
#include "engine/alarm.h"

#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define PAUSE_MAX_NS (300 * NS_PER_S)

enum nexus_status alarms_open(struct alarms *alarms, struct nexus_error *err)
{
    for (size_t i = 0; i < ALARM_COUNT; i++) {
        alarms->due_ns[i] = INT64_MAX;
        alarms->pause_ns[i] = 0;
    }
    alarms->fd = epoll_create1(EPOLL_CLOEXEC);
    alarms->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (alarms->fd < 0 || alarms->timer_fd < 0)
        return fail_errno(err, errno, "cannot make a timer");
    return alarms_follow(alarms, alarms->timer_fd, err);
}

void alarms_close(struct alarms *alarms)
{
    file_close(&alarms->fd);
    file_close(&alarms->timer_fd);
}

enum nexus_status alarms_follow(struct alarms *alarms, int fd, struct nexus_error *err)
{
    struct epoll_event event = {.events = EPOLLIN};
    if (epoll_ctl(alarms->fd, EPOLL_CTL_ADD, fd, &event) != 0)
        return fail_errno(err, errno, "cannot wait for events");
    return NEXUS_OK;
}

/** The timer is set for the alarm that rings first. Setting it takes back that it has rung. */
static void arm(const struct alarms *alarms)
{
    int64_t due_ns = INT64_MAX;
    for (size_t i = 0; i < ALARM_COUNT; i++)
        if (alarms->due_ns[i] < due_ns)
            due_ns = alarms->due_ns[i];
    struct itimerspec when = {0};
    if (due_ns != INT64_MAX) {
        when.it_value.tv_sec = due_ns / NS_PER_S;
        when.it_value.tv_nsec = due_ns % NS_PER_S;
    }
    timerfd_settime(alarms->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

void alarms_set(struct alarms *alarms, enum alarm alarm, int64_t delay_ns)
{
    alarms->due_ns[alarm] = time_monotonic_ns() + delay_ns;
    arm(alarms);
}

void alarms_put_off(struct alarms *alarms, enum alarm alarm, int64_t least_ns)
{
    int64_t pause_ns = alarms->pause_ns[alarm] ? alarms->pause_ns[alarm] * 2 : least_ns;
    alarms->pause_ns[alarm] = pause_ns < PAUSE_MAX_NS ? pause_ns : PAUSE_MAX_NS;
    alarms_set(alarms, alarm, alarms->pause_ns[alarm]);
}

void alarms_succeed(struct alarms *alarms, enum alarm alarm)
{
    alarms->pause_ns[alarm] = 0;
}

bool alarms_take(struct alarms *alarms, enum alarm alarm)
{
    if (alarms->due_ns[alarm] > time_monotonic_ns())
        return false;
    alarms_clear(alarms, alarm);
    return true;
}

void alarms_clear(struct alarms *alarms, enum alarm alarm)
{
    alarms->due_ns[alarm] = INT64_MAX;
    arm(alarms);
}
