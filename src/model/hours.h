/* model/hours.h -- opening hours of a week, by the clocks of the place they are meant for.
 *
 * What the clocks show decides: an hour that they show twice counts twice, one that they leap over never
 * comes. */
#ifndef CS_MODEL_HOURS_H
#define CS_MODEL_HOURS_H

#include "base/span.h"
#include "base/tz.h"
#include "base/val.h"

/* From `start` until just before `stop`; where stop is not later than start, it is that of the next day. */
typedef struct cs_hours_day_t {
    int enabled;
    cs_span_t start, stop;
} cs_hours_day_t;

typedef struct cs_hours_t {
    cs_hours_day_t days[7];            /* Monday first */
    int use_lunch;                     /* every day */
    cs_span_t lunch_start, lunch_stop; /* closed from one until the other, also past midnight; equal: none */
} cs_hours_t;

/* Out of the cells of a ChatOpeningHours (model/topic.c). */
cs_hours_t cs_hours_read(const cs_val_t *cells);

/* When the clocks show that time. */
int cs_hours_open(const cs_hours_t *hours, cs_wall_t wall);

/* At that instant, in that zone. */
int cs_hours_open_at(const cs_hours_t *hours, const cs_tz_t *zone, apr_time_t instant);

#endif
