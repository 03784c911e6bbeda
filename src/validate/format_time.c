// SPDX-License-Identifier: MIT
/* Dates, times and durations as RFC 3339 writes them (section 5.6 and appendix A). */
#include "validate/format_rules.h"

bool cursor_number(struct cursor *cursor, size_t count, unsigned *number)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = cursor_peek(cursor, i);
        if (!is_digit(digit))
            return false;
        value = value * 10 + (unsigned)(digit - '0');
    }
    cursor->at += count;
    *number = value;
    return true;
}

size_t cursor_digits(struct cursor *cursor)
{
    size_t start = cursor->at;
    while (is_digit(cursor_peek(cursor, 0)))
        cursor->at++;
    return cursor->at - start;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29u : days[month - 1];
}

static bool take_date(struct cursor *cursor)
{
    unsigned year, month, day;
    return cursor_number(cursor, 4, &year) && cursor_accept(cursor, '-') &&
           cursor_number(cursor, 2, &month) && cursor_accept(cursor, '-') &&
           cursor_number(cursor, 2, &day) && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

/** `Z` or `+01:30`, in minutes east of Greenwich. */
static bool take_offset(struct cursor *cursor, int *offset_minutes)
{
    *offset_minutes = 0;
    if (cursor_accept(cursor, 'Z') || cursor_accept(cursor, 'z'))
        return true;
    int sign = cursor_accept(cursor, '+') ? 1 : cursor_accept(cursor, '-') ? -1 : 0;
    unsigned hours, minutes;
    if (!sign || !cursor_number(cursor, 2, &hours) || !cursor_accept(cursor, ':') ||
        !cursor_number(cursor, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset_minutes = sign * (int)(hours * 60 + minutes);
    return true;
}

/** A leap second ends a day in UTC, whatever the clock on the wall says. */
static bool may_have_leap_second(unsigned hour, unsigned minute, int offset_minutes)
{
    const int day = 24 * 60;
    int utc = (int)(hour * 60 + minute) - offset_minutes;
    return (utc % day + day) % day == day - 1;
}

static bool take_time(struct cursor *cursor)
{
    unsigned hour, minute, second;
    if (!cursor_number(cursor, 2, &hour) || !cursor_accept(cursor, ':') ||
        !cursor_number(cursor, 2, &minute) || !cursor_accept(cursor, ':') ||
        !cursor_number(cursor, 2, &second) || hour > 23 || minute > 59 || second > 60)
        return false;
    if (cursor_accept(cursor, '.') && !cursor_digits(cursor))
        return false;
    int offset_minutes;
    return take_offset(cursor, &offset_minutes) &&
           (second < 60 || may_have_leap_second(hour, minute, offset_minutes));
}

bool format_is_date(struct str value)
{
    struct cursor cursor = {value, 0};
    return take_date(&cursor) && cursor_at_end(&cursor);
}

bool format_is_time(struct str value)
{
    struct cursor cursor = {value, 0};
    return take_time(&cursor) && cursor_at_end(&cursor);
}

bool format_is_date_time(struct str value)
{
    struct cursor cursor = {value, 0};
    return take_date(&cursor) && (cursor_accept(&cursor, 'T') || cursor_accept(&cursor, 't')) &&
           take_time(&cursor) && cursor_at_end(&cursor);
}

/** Numbers with units that stand next to each other in `units`, such as 1Y2M of "YMD". At least
 * one. */
static bool take_units(struct cursor *cursor, const char *units)
{
    const char *expected = NULL; /* the units that may follow; NULL: any */
    while (is_digit(cursor_peek(cursor, 0))) {
        cursor_digits(cursor);
        int unit = cursor_peek(cursor, 0);
        const char *found = unit > 0 ? strchr(units, unit) : NULL;
        if (!found || (expected && found != expected))
            return false;
        cursor->at++;
        expected = found + 1;
    }
    return expected != NULL;
}

bool format_is_duration(struct str value)
{
    struct cursor cursor = {value, 0};
    if (!cursor_accept(&cursor, 'P'))
        return false;
    if (is_digit(cursor_peek(&cursor, 0))) {
        struct cursor weeks = cursor;
        cursor_digits(&weeks);
        if (cursor_accept(&weeks, 'W'))
            return cursor_at_end(&weeks);
        if (!take_units(&cursor, "YMD"))
            return false;
        if (cursor_at_end(&cursor))
            return true;
    }
    return cursor_accept(&cursor, 'T') && take_units(&cursor, "HMS") && cursor_at_end(&cursor);
}
