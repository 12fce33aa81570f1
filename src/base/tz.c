#include "base/tz_rules.h"

#define UNIX_TO_2000 946684800 /* seconds from 1970-01-01 to 2000-01-01 */

/* The wall-clock second, counted from 1970, at which `change` happens in that year. */
static apr_int64_t change_second(const cs_change_t *change, int year)
{
    apr_int64_t first = cs_wall_days(year, 1, 1);
    apr_int64_t day;

    if (change->how == CS_BY_WEEKDAY) {
        apr_int64_t month = cs_wall_days(year, change->month, 1);
        apr_int64_t next =
            change->month == 12 ? cs_wall_days(year + 1, 1, 1) : cs_wall_days(year, change->month + 1, 1);
        int weekday = (int)(((month + 6) % 7 + 7) % 7); /* 2000-01-01 was a Saturday */

        day = month + (change->day - weekday + 7) % 7 + 7 * (change->week - 1);
        while (day >= next) {
            day -= 7;
        }
    }
    else if (change->how == CS_BY_DAY_NO_LEAP) {
        int leap = cs_wall_days(year, 3, 1) - first == 60;

        day = first + change->day - 1 + (leap && change->day >= 60);
    }
    else {
        day = first + change->day;
    }
    return day * 86400 + change->seconds + UNIX_TO_2000;
}

/* The year that the zone's standard time shows. */
static int year_at(const cs_tz_t *tz, apr_int64_t unix_seconds)
{
    apr_int64_t local = unix_seconds + tz->std - UNIX_TO_2000;

    return cs_wall_year((local - (local % 86400 + 86400) % 86400) / 86400);
}

static apr_int64_t dst_start(const cs_tz_t *tz, int year)
{
    return change_second(&tz->start, year) - tz->std;
}

static apr_int64_t dst_end(const cs_tz_t *tz, int year)
{
    return change_second(&tz->end, year) - tz->dst;
}

static int rule_offset(const cs_tz_t *tz, apr_int64_t unix_seconds)
{
    apr_int64_t start, end;
    int year;

    if (!tz->has_dst) {
        return tz->std;
    }
    year = year_at(tz, unix_seconds);
    start = dst_start(tz, year);
    end = dst_end(tz, year);
    if (start < end) {
        return unix_seconds >= start && unix_seconds < end ? tz->dst : tz->std;
    }
    return unix_seconds >= end && unix_seconds < start ? tz->std : tz->dst;
}

/* How many of the changes have happened by then. */
static int changes_until(const cs_tz_t *tz, apr_int64_t unix_seconds)
{
    int low = 0, high = tz->count;

    while (low < high) {
        int middle = (low + high) / 2;

        if (tz->at[middle] <= unix_seconds) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

int cs_tz_offset(const cs_tz_t *tz, apr_int64_t unix_seconds)
{
    int done;

    if (tz->ruled && unix_seconds >= tz->ruled_from) {
        return rule_offset(tz, unix_seconds);
    }
    done = changes_until(tz, unix_seconds);
    return done == 0 ? tz->before : tz->offset[done - 1];
}

int cs_tz_is_utc(const cs_tz_t *tz)
{
    return tz->count == 0 && tz->before == 0 && (!tz->ruled || (tz->std == 0 && !tz->has_dst));
}

/* The first instant after this one at which the offset may change. */
static apr_int64_t next_change(const cs_tz_t *tz, apr_int64_t unix_seconds)
{
    apr_int64_t next = APR_INT64_MAX;
    int year;

    if (!tz->ruled || unix_seconds < tz->ruled_from) {
        int done = changes_until(tz, unix_seconds);

        return done < tz->count ? tz->at[done] : tz->ruled ? tz->ruled_from : next;
    }
    if (!tz->has_dst) {
        return next;
    }
    year = year_at(tz, unix_seconds);
    for (int y = year - 1; y <= year + 1; y++) {
        apr_int64_t start = dst_start(tz, y), end = dst_end(tz, y);

        next = start > unix_seconds && start < next ? start : next;
        next = end > unix_seconds && end < next ? end : next;
    }
    return next;
}

/* ---------------- wall clocks */

static apr_int64_t whole_seconds(cs_wall_t wall)
{
    return (wall - ((wall % CS_WALL_SECOND) + CS_WALL_SECOND) % CS_WALL_SECOND) / CS_WALL_SECOND;
}

cs_wall_t cs_tz_wall(const cs_tz_t *tz, cs_wall_t utc)
{
    return utc + cs_tz_offset(tz, whole_seconds(utc) + UNIX_TO_2000) * CS_WALL_SECOND;
}

cs_wall_t cs_tz_wall_before(const cs_tz_t *tz, cs_wall_t utc, apr_int64_t span)
{
    cs_wall_t then = cs_tz_wall(tz, utc - span), counted = cs_tz_wall(tz, utc) - span;

    return then < counted ? then : counted;
}

/* Walks from change to change, from a time at which the clocks cannot yet show `wall`: the first stretch that
 * reaches it has the first reading, and a change that leaps over it keeps the offset from before. */
cs_wall_t cs_tz_utc(const cs_tz_t *tz, cs_wall_t wall)
{
    apr_int64_t shown = whole_seconds(wall) + UNIX_TO_2000;
    apr_int64_t at = shown - CS_TZ_FARTHEST;
    int offset = cs_tz_offset(tz, at);
    apr_int64_t next = next_change(tz, at);

    while (shown - offset >= next) {
        int later = cs_tz_offset(tz, next);

        if (next + later > shown) {
            break;
        }
        offset = later;
        next = next_change(tz, next);
    }
    return wall - offset * CS_WALL_SECOND;
}
