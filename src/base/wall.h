/* base/wall.h -- date and time as a wall clock shows it: PostgreSQL's `timestamp`.
 *
 * Microseconds since 2000-01-01T00:00:00 on the same clock, years 1 to 9999.  Which zone the clock hangs in
 * is not part of the value. */
#ifndef CS_BASE_WALL_H
#define CS_BASE_WALL_H

#include <apr_time.h>

typedef apr_int64_t cs_wall_t;

#define CS_WALL_SECOND APR_INT64_C(1000000)
#define CS_WALL_DAY    (86400 * CS_WALL_SECOND)
#define CS_WALL_UNSET  (-730119 * CS_WALL_DAY)                  /* 0001-01-01T00:00:00: "no date" */
#define CS_WALL_NO_END (2921940 * CS_WALL_DAY - CS_WALL_SECOND) /* 9999-12-31T23:59:59: "no end" */
#define CS_WALL_LAST   (2921940 * CS_WALL_DAY - 1)

#define CS_WALL_1970 (-10957 * CS_WALL_DAY) /* where apr_time_t begins */

#define CS_WALL_MAX 40 /* bytes that a time needs, with fraction and offset */

/* An instant as the clock in Greenwich shows it, and back. */
static inline cs_wall_t cs_wall_of_time(apr_time_t time)
{
    return time + CS_WALL_1970;
}

static inline apr_time_t cs_wall_to_time(cs_wall_t utc)
{
    return utc - CS_WALL_1970;
}

/* A time as it was written. */
typedef struct cs_stamp_t {
    cs_wall_t wall;
    int zoned;  /* it came with Z or an offset */
    int offset; /* seconds east of Greenwich */
} cs_stamp_t;

/* Days since 2000-01-01 in the Gregorian calendar, before it the proleptic one. */
apr_int64_t cs_wall_days(int year, int month, int day);

/* The year of a day counted so. */
int cs_wall_year(apr_int64_t days);

/* Reads YYYY-MM-DD, then optionally THH:MM, :SS, a fraction of any length, and Z, +HH:MM or +HHMM.  Fractions
 * are rounded to microseconds.  The last day of the year 0 with a zone is CS_WALL_UNSET: what a browser east
 * of Greenwich makes of it.  NULL, or what is wrong with it: "the month is not 01 to 12". */
const char *cs_wall_parse(const char *s, apr_size_t len, cs_stamp_t *stamp_out);

/* Writes YYYY-MM-DDTHH:MM:SS and the fraction without trailing zeros; returns the length.  What lies outside
 * the years 1 to 9999 is written as the nearer end of them. */
apr_size_t cs_wall_print(char out[CS_WALL_MAX], cs_wall_t wall);

#endif
