/* t/unit/hours.c -- opening hours at hand-made instants: days, lunch, nights, summer time. */
#include "model/hours.h"
#include "support.h"
#include "tap.h"

#define CLOSED "-"

/* A week as texts: "08:00-16:00" for each day from Monday, or CLOSED; lunch NULL: none. */
typedef struct week_t {
    const char *days[7];
    const char *lunch;
} week_t;

static const week_t office = {
    {"08:00-16:00", "08:00-16:00", "08:00-16:00", "08:00-16:00", "08:00-15:00", CLOSED, CLOSED},
    "11:30-12:00"};
static const week_t night = {{CLOSED, CLOSED, CLOSED, CLOSED, "20:00-02:00", "22:00-06:00", CLOSED}, NULL};
static const week_t sunday_night = {{CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, "23:00-01:00"}, NULL};
static const week_t always = {
    {"00:00-00:00", "00:00-00:00", "00:00-00:00", "00:00-00:00", "00:00-00:00", "00:00-00:00", "00:00-00:00"},
    NULL};
static const week_t whole_tuesday = {{CLOSED, "00:00-24:00", CLOSED, CLOSED, CLOSED, CLOSED, CLOSED}, NULL};
static const week_t until_midnight = {{CLOSED, "08:00-00:00", CLOSED, CLOSED, CLOSED, CLOSED, CLOSED}, NULL};
static const week_t from_eight = {{CLOSED, "08:00-08:00", CLOSED, CLOSED, CLOSED, CLOSED, CLOSED}, NULL};
static const week_t night_lunch = {{"22:00-06:00", CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED},
                                   "23:45-00:15"};
static const week_t no_lunch = {{"08:00-16:00", CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED},
                                "12:00-12:00"};
static const week_t all_lunch = {{"08:00-16:00", CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED},
                                 "08:00-16:00"};
static const week_t small_hours = {{CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, "02:15-02:45"}, NULL};
static const week_t over_the_leap = {{CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, "01:30-03:15"}, NULL};
static const week_t until_the_leap = {{CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, "22:00-02:30", CLOSED}, NULL};
static const week_t monday = {{"08:00-16:00", CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED}, NULL};
static const week_t never = {{CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED}, NULL};

/* 2024-07-01 was a Monday.  Norway is two hours east of Greenwich in summer, from 2024-03-31T01:00Z until
 * 2024-10-27T01:00Z, both Sundays; else one. */
static const struct {
    const week_t *week;
    const char *zone, *utc;
    int open;
    const char *why;
} cases[] = {
    {&office, "Europe/Oslo", "2024-07-01T05:59:59", 0, "a second before the day begins"},
    {&office, "Europe/Oslo", "2024-07-01T06:00:00", 1, "the first moment counts"},
    {&office, "Europe/Oslo", "2024-07-01T09:29:59", 1, "before lunch"},
    {&office, "Europe/Oslo", "2024-07-01T09:30:00", 0, "lunch begins"},
    {&office, "Europe/Oslo", "2024-07-01T09:59:59", 0, "lunch goes on"},
    {&office, "Europe/Oslo", "2024-07-01T10:00:00", 1, "lunch is over"},
    {&office, "Europe/Oslo", "2024-07-01T13:59:59.999999", 1, "until the last moment"},
    {&office, "Europe/Oslo", "2024-07-01T14:00:00", 0, "the end does not count"},
    {&office, "Europe/Oslo", "2024-07-05T12:59:59", 1, "Friday until three"},
    {&office, "Europe/Oslo", "2024-07-05T13:00:00", 0, "and no longer"},
    {&office, "Europe/Oslo", "2024-07-06T08:00:00", 0, "Saturday is off"},
    {&office, "Europe/Oslo", "2024-07-07T08:00:00", 0, "Sunday as well"},
    {&office, "Europe/Oslo", "2024-01-15T06:59:59", 0, "in winter it is an hour later"},
    {&office, "Europe/Oslo", "2024-01-15T07:00:00", 1, "by the clocks on the wall"},
    {&office, "UTC", "2024-07-01T07:59:59", 0, "other zone: not yet"},
    {&office, "UTC", "2024-07-01T08:00:00", 1, "other zone: now"},
    {&office, "Asia/Kolkata", "2024-07-01T02:29:59", 0, "half an hour of a zone: not yet"},
    {&office, "Asia/Kolkata", "2024-07-01T02:30:00", 1, "half an hour of a zone: now"},
    {&monday, "Pacific/Auckland", "2024-06-30T21:00:00", 1, "it is Monday there already"},
    {&monday, "Pacific/Honolulu", "2024-07-02T01:00:00", 1, "it is Monday there still"},
    {&monday, "UTC", "1999-12-27T12:00:00", 1, "Mondays before 2000"},
    {&monday, "UTC", "1999-12-28T12:00:00", 0, "and Tuesdays"},
    {&monday, "UTC", "1900-01-01T12:00:00", 1, "the first Monday of that century"},
    {&night, "Europe/Oslo", "2024-07-05T17:59:59", 0, "Friday before eight in the evening"},
    {&night, "Europe/Oslo", "2024-07-05T18:00:00", 1, "from eight in the evening"},
    {&night, "Europe/Oslo", "2024-07-05T23:59:59", 1, "past midnight"},
    {&night, "Europe/Oslo", "2024-07-06T00:00:00", 0, "until two at night"},
    {&night, "Europe/Oslo", "2024-07-06T20:00:00", 1, "Saturday from ten in the evening"},
    {&night, "Europe/Oslo", "2024-07-07T03:59:59", 1, "Sunday early, which is not enabled itself"},
    {&night, "Europe/Oslo", "2024-07-07T04:00:00", 0, "until six in the morning"},
    {&night, "Europe/Oslo", "2024-07-05T00:00:00", 0, "the night before Friday is Thursday's"},
    {&sunday_night, "UTC", "2024-07-07T23:00:00", 1, "Sunday night"},
    {&sunday_night, "UTC", "2024-07-08T00:59:59", 1, "into Monday: the week is a ring"},
    {&sunday_night, "UTC", "2024-07-08T01:00:00", 0, "until one"},
    {&sunday_night, "UTC", "2024-07-07T00:30:00", 0, "not in the night before"},
    {&always, "UTC", "2024-07-03T00:00:00", 1, "equal times are a whole day: its beginning"},
    {&always, "UTC", "2024-07-03T23:59:59.999999", 1, "and its end"},
    {&whole_tuesday, "UTC", "2024-07-02T00:00:00", 1, "until 24:00: the beginning"},
    {&whole_tuesday, "UTC", "2024-07-02T23:59:59.999999", 1, "until 24:00: the end"},
    {&whole_tuesday, "UTC", "2024-07-03T00:00:00", 0, "until 24:00: not the next day"},
    {&whole_tuesday, "UTC", "2024-07-01T23:59:59", 0, "until 24:00: not the day before"},
    {&until_midnight, "UTC", "2024-07-02T23:59:59", 1, "until midnight"},
    {&until_midnight, "UTC", "2024-07-03T00:00:00", 0, "and no longer"},
    {&until_midnight, "UTC", "2024-07-02T00:00:00", 0, "not the midnight before"},
    {&from_eight, "UTC", "2024-07-02T07:59:59", 0, "equal times: not before"},
    {&from_eight, "UTC", "2024-07-03T07:59:59", 1, "equal times: until the next day"},
    {&from_eight, "UTC", "2024-07-03T08:00:00", 0, "equal times: and no longer"},
    {&night_lunch, "UTC", "2024-07-01T23:44:59", 1, "lunch at midnight: before"},
    {&night_lunch, "UTC", "2024-07-01T23:45:00", 0, "lunch at midnight: it begins"},
    {&night_lunch, "UTC", "2024-07-02T00:14:59", 0, "lunch at midnight: the next day"},
    {&night_lunch, "UTC", "2024-07-02T00:15:00", 1, "lunch at midnight: it is over"},
    {&no_lunch, "UTC", "2024-07-01T12:00:00", 1, "lunch that ends as it begins is none"},
    {&all_lunch, "UTC", "2024-07-01T12:00:00", 0, "lunch all day is a day off"},
    {&never, "UTC", "2024-07-01T12:00:00", 0, "a week without hours"},
    {&small_hours, "Europe/Oslo", "2024-03-31T00:59:59", 0, "leap: the clocks show 01:59:59"},
    {&small_hours, "Europe/Oslo", "2024-03-31T01:00:00", 0, "leap: then 03:00, so these hours never come"},
    {&small_hours, "Europe/Oslo", "2024-03-31T01:30:00", 0, "leap: nor later"},
    {&over_the_leap, "Europe/Oslo", "2024-03-31T00:30:00", 1, "over the leap: before it"},
    {&over_the_leap, "Europe/Oslo", "2024-03-31T01:00:00", 1, "over the leap: behind it"},
    {&over_the_leap, "Europe/Oslo", "2024-03-31T01:15:00", 0, "over the leap: an hour is missing"},
    {&until_the_leap, "Europe/Oslo", "2024-03-31T00:59:59", 1, "until a time that is leapt over"},
    {&until_the_leap, "Europe/Oslo", "2024-03-31T01:00:00", 0, "ends where the clocks have passed it"},
    {&small_hours, "Europe/Oslo", "2024-10-27T00:14:59", 0, "twice: not yet"},
    {&small_hours, "Europe/Oslo", "2024-10-27T00:15:00", 1, "twice: the first time"},
    {&small_hours, "Europe/Oslo", "2024-10-27T00:45:00", 0, "twice: between"},
    {&small_hours, "Europe/Oslo", "2024-10-27T01:14:59", 0, "twice: not yet again"},
    {&small_hours, "Europe/Oslo", "2024-10-27T01:15:00", 1, "twice: the second time"},
    {&small_hours, "Europe/Oslo", "2024-10-27T01:45:00", 0, "twice: over"},
    {&over_the_leap, "Europe/Oslo", "2024-10-27T00:30:00", 1, "a repeated hour within: the first time"},
    {&over_the_leap, "Europe/Oslo", "2024-10-27T01:30:00", 1, "a repeated hour within: the second time"},
    {&over_the_leap, "Europe/Oslo", "2024-10-27T02:15:00", 0,
     "a repeated hour within: the end is an hour later"},
};

static cs_span_t span_of(const char *text, apr_size_t len)
{
    cs_span_t span = -1;

    if (cs_span_parse(text, len, &span)) {
        printf("Bail out! no span: %s\n", text);
        exit(1);
    }
    return span;
}

static cs_hours_t hours_of(const week_t *week)
{
    cs_hours_t hours = {.use_lunch = week->lunch != NULL};

    for (int i = 0; i < 7; i++) {
        const char *day = week->days[i];

        if (strcmp(day, CLOSED) != 0) {
            hours.days[i] = (cs_hours_day_t){1, span_of(day, 5), span_of(day + 6, 5)};
        }
    }
    if (week->lunch) {
        hours.lunch_start = span_of(week->lunch, 5);
        hours.lunch_stop = span_of(week->lunch + 6, 5);
    }
    return hours;
}

/* A record's cells become hours, whatever of them is NULL. */
static void test_cells(void)
{
    cs_val_t cells[25] = {{.kind = CS_K_INT}};
    cs_hours_t hours;

    hours = cs_hours_read(cells);
    is_int(hours.days[0].enabled + hours.days[6].enabled + hours.use_lunch, 0, "NULL is never");
    for (int i = 1; i < 25; i++) {
        int is_truth = i == 22 || (i < 22 && i % 3 == 1);

        cells[i] = (cs_val_t){.kind = is_truth ? CS_K_BOOL : CS_K_SPAN, .set = 1};
        cells[i].u.i = is_truth ? 1 : i * CS_SPAN_SECOND;
    }
    hours = cs_hours_read(cells);
    for (int day = 0; day < 7; day++) {
        ok(hours.days[day].enabled && hours.days[day].start == (3 * day + 2) * CS_SPAN_SECOND &&
               hours.days[day].stop == (3 * day + 3) * CS_SPAN_SECOND,
           "day %d is read from its cells", day);
    }
    ok(hours.use_lunch && hours.lunch_start == 23 * CS_SPAN_SECOND && hours.lunch_stop == 24 * CS_SPAN_SECOND,
       "and lunch");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_cells();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *reason = NULL;
        const cs_tz_t *zone = cs_tz_load(pool, cases[i].zone, &reason);
        cs_hours_t hours = hours_of(cases[i].week);
        cs_stamp_t stamp;

        if (!ok(zone && !cs_wall_parse(cases[i].utc, strlen(cases[i].utc), &stamp), "%s in %s", cases[i].utc,
                cases[i].zone)) {
            continue;
        }
        is_int(cs_hours_open_at(&hours, zone, cs_wall_to_time(stamp.wall)), cases[i].open, "%s",
               cases[i].why);
    }
    return done();
}
