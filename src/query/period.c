#include "query/period.h"

#include "base/wall.h"

/* Units that are days, and those that are months. */
static const struct {
    int days, months;
} units[] = {{0, 0}, {1, 0}, {7, 0}, {0, 1}, {0, 3}, {0, 6}, {0, 12}};

/* How far counts may lead: more than all days of all years. */
#define FARTHEST 4000000

static int month_of(apr_int64_t day, int year)
{
    int month = 12;

    while (month > 1 && cs_wall_days(year, month, 1) > day) {
        month--;
    }
    return month;
}

/* Where the unit period `steps` from today's begins; *inside_out: within the years 1 to 9999, whose end is a
 * beginning too. */
static apr_int64_t start_of(apr_int64_t today, int unit, apr_int64_t steps, int *inside_out)
{
    apr_int64_t start, months;

    if (units[unit].days) {
        /* 2000-01-03 was a Monday. */
        apr_int64_t behind = units[unit].days == 7 ? ((today - 2) % 7 + 7) % 7 : 0;

        start = today - behind + steps * units[unit].days;
    }
    else {
        int year = cs_wall_year(today);

        months = (apr_int64_t)year * 12 + month_of(today, year) - 1;
        months = (months / units[unit].months + steps) * units[unit].months;
        *inside_out = months >= 12 && months <= APR_INT64_C(10000) * 12;
        return *inside_out ? cs_wall_days((int)(months / 12), (int)(months % 12) + 1, 1) : 0;
    }
    *inside_out = start >= CS_WALL_UNSET / CS_WALL_DAY && start <= (CS_WALL_LAST + 1) / CS_WALL_DAY;
    return start;
}

int cs_period_days(apr_int64_t today, int unit, apr_int64_t first, apr_int64_t last, apr_int64_t *from_out,
                   apr_int64_t *before_out)
{
    int inside, both;

    if (first < -FARTHEST || last < -FARTHEST || first > FARTHEST || last > FARTHEST) {
        return 0;
    }
    *from_out = start_of(today, unit, first, &inside);
    *before_out = start_of(today, unit, last + 1, &both);
    return inside && both;
}
