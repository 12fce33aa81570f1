/* query/period.h -- calendar periods: whole days from one unit period to another. */
#ifndef CS_QUERY_PERIOD_H
#define CS_QUERY_PERIOD_H

#include <apr.h>

/* The days (as cs_wall_days counts) from the start of the unit period `first` steps from the one that `today`
 * lies in, up to, without, the day after the period `last` steps from it.  Units are those of
 * cs_period_unit.  0 when that leads out of the years 1 to 9999. */
int cs_period_days(apr_int64_t today, int unit, apr_int64_t first, apr_int64_t last, apr_int64_t *from_out,
                   apr_int64_t *before_out);

#endif
