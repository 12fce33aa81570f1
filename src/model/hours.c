#include "model/hours.h"

static apr_int64_t number_of(const cs_val_t *cell)
{
    return cell->set ? cell->u.i : 0;
}

cs_hours_t cs_hours_read(const cs_val_t *cells)
{
    const cs_val_t *cell = cells + 1; /* behind the zone */
    cs_hours_t hours;

    for (int i = 0; i < 7; i++, cell += 3) {
        hours.days[i] = (cs_hours_day_t){cell->set && cell->u.i, number_of(&cell[1]), number_of(&cell[2])};
    }
    hours.use_lunch = cell->set && cell->u.i;
    hours.lunch_start = number_of(&cell[1]);
    hours.lunch_stop = number_of(&cell[2]);
    return hours;
}

/* 2000-01-01, where walls are counted from, was a Saturday. */
static int weekday(apr_int64_t days)
{
    int since_monday = (int)((days + 5) % 7);

    return since_monday < 0 ? since_monday + 7 : since_monday;
}

/* Whether the hours of a day go on into the next. */
static int goes_on(const cs_hours_day_t *day)
{
    return day->stop <= day->start;
}

static int is_lunch(const cs_hours_t *hours, cs_span_t now)
{
    cs_span_t start = hours->lunch_start, stop = hours->lunch_stop;

    if (!hours->use_lunch || start == stop) {
        return 0;
    }
    return start < stop ? start <= now && now < stop : now >= start || now < stop;
}

int cs_hours_open(const cs_hours_t *hours, cs_wall_t wall)
{
    apr_int64_t days = wall / CS_WALL_DAY - (wall % CS_WALL_DAY < 0);
    cs_span_t now = wall - days * CS_WALL_DAY;
    const cs_hours_day_t *today = &hours->days[weekday(days)];
    const cs_hours_day_t *yesterday = &hours->days[weekday(days - 1)];

    if (is_lunch(hours, now)) {
        return 0;
    }
    if (today->enabled && now >= today->start && (goes_on(today) || now < today->stop)) {
        return 1;
    }
    return yesterday->enabled && goes_on(yesterday) && now < yesterday->stop;
}

int cs_hours_open_at(const cs_hours_t *hours, const cs_tz_t *zone, apr_time_t instant)
{
    return cs_hours_open(hours, cs_tz_wall(zone, cs_wall_of_time(instant)));
}
