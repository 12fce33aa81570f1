/* base/tz_rules.h -- what a zone is made of: for base/tz.c, which uses it, and base/tz_file.c, which reads
 * it. */
#ifndef CS_BASE_TZ_RULES_H
#define CS_BASE_TZ_RULES_H

#include "base/tz.h"

#define CS_TZ_FARTHEST (26 * 3600) /* seconds; no zone's clocks are so far from Greenwich */

/* When clocks change, year after year: the parts of a POSIX TZ rule. */
typedef struct cs_change_t {
    enum { CS_BY_WEEKDAY, CS_BY_DAY_NO_LEAP, CS_BY_DAY } how;
    int month, week, day;
    int seconds; /* of local time; may be negative or beyond a day */
} cs_change_t;

struct cs_tz_t {
    int count;
    const apr_int64_t *at; /* count instants at which the offset changes, ascending */
    const int *offset;     /* count offsets: [i] holds from at[i] on */
    int before;            /* the offset before the first change */
    int ruled;             /* std, dst, start and end hold from ruled_from on */
    apr_int64_t ruled_from;
    int has_dst;
    int std, dst;
    cs_change_t start, end; /* of daylight saving */
};

#endif
