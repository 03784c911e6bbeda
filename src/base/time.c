// SPDX-License-Identifier: MIT
#include "base/time.h"

#include <stdio.h>
#include <time.h>

enum { SECONDS_PER_DAY = 86400 };

static int64_t read_clock(clockid_t clock)
{
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t time_now_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t time_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

const char *time_format(int64_t time_ns, char text[TIME_TEXT_SIZE])
{
    const int64_t lowest = days_from_civil(0, 1, 1) * SECONDS_PER_DAY;
    const int64_t highest = days_from_civil(10000, 1, 1) * SECONDS_PER_DAY - 1;
    int64_t seconds = time_ns / NS_PER_S, ns = time_ns % NS_PER_S;
    if (ns < 0) {
        seconds--;
        ns += NS_PER_S;
    }
    time_t clamped = (time_t)(seconds < lowest ? lowest : seconds > highest ? highest : seconds);
    struct tm tm = {0};
    gmtime_r(&clamped, &tm);
    snprintf(text, TIME_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
             (tm.tm_year + 1900) % 10000, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
             tm.tm_sec, (int)(ns / NS_PER_MS));
    return text;
}

/** Reads exactly `digits` digits at `*at` and moves behind them. */
static bool read_number(struct str text, size_t *at, size_t digits, int64_t *ret_value)
{
    if (text.length - *at < digits)
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = text.at[*at + i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += digits;
    *ret_value = value;
    return true;
}

static bool read_char(struct str text, size_t *at, const char *allowed)
{
    if (*at >= text.length || !text.at[*at] || !strchr(allowed, text.at[*at]))
        return false;
    ++*at;
    return true;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool read_date(struct str text, size_t *at, int64_t *ret_days)
{
    int64_t year = 0, month = 0, day = 0;
    if (!read_number(text, at, 4, &year) || !read_char(text, at, "-") ||
        !read_number(text, at, 2, &month) || !read_char(text, at, "-") ||
        !read_number(text, at, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *ret_days = days_from_civil(year, month, day);
    return true;
}

/** `.` and any count of digits, of which nine count. */
static bool read_fraction(struct str text, size_t *at, int64_t *ret_ns)
{
    *ret_ns = 0;
    if (!read_char(text, at, "."))
        return true;
    size_t first = *at;
    int64_t unit = NS_PER_S / 10;
    for (; *at < text.length && text.at[*at] >= '0' && text.at[*at] <= '9'; ++*at, unit /= 10)
        *ret_ns += (text.at[*at] - '0') * unit;
    return *at > first;
}

static bool read_offset(struct str text, size_t *at, int64_t *ret_seconds)
{
    *ret_seconds = 0;
    if (read_char(text, at, "Zz"))
        return true;
    int64_t sign = *at < text.length && text.at[*at] == '-' ? -1 : 1, hours, minutes;
    if (!read_char(text, at, "+-") || !read_number(text, at, 2, &hours) ||
        !read_char(text, at, ":") || !read_number(text, at, 2, &minutes) || hours > 23 ||
        minutes > 59)
        return false;
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool time_parse(struct str text, int64_t *ret_time_ns)
{
    size_t at = 0;
    int64_t days, hour, minute, second, ns, offset;
    if (!read_date(text, &at, &days) || !read_char(text, &at, "Tt ") ||
        !read_number(text, &at, 2, &hour) || !read_char(text, &at, ":") ||
        !read_number(text, &at, 2, &minute) || !read_char(text, &at, ":") ||
        !read_number(text, &at, 2, &second) || !read_fraction(text, &at, &ns) ||
        !read_offset(text, &at, &offset) || at != text.length)
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    int64_t seconds = days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset, total;
    if (__builtin_mul_overflow(seconds, NS_PER_S, &total) ||
        __builtin_add_overflow(total, ns, &total))
        return false;
    *ret_time_ns = total;
    return true;
}

bool time_is_date(struct str text)
{
    size_t at = 0;
    int64_t days;
    return read_date(text, &at, &days) && at == text.length;
}

bool time_parse_day_end(struct str text, int64_t *ret_time_ns)
{
    int64_t days;
    size_t at = 0;
    if (!read_date(text, &at, &days) || at != text.length)
        return false;
    time_t noon = (time_t)(days * SECONDS_PER_DAY + SECONDS_PER_DAY / 2);
    struct tm tm = {0};
    gmtime_r(&noon, &tm); /* the day's year, month and number */
    tm.tm_mday++;
    tm.tm_hour = 0;
    tm.tm_isdst = -1;
    time_t seconds = mktime(&tm);
    return seconds != (time_t)-1 &&
           !__builtin_mul_overflow((int64_t)seconds, NS_PER_S, ret_time_ns);
}
