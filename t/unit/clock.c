/* t/unit/clock.c -- stored times as a caller sees them, and what is stored for what he writes. */
#include "base/clock.h"
#include "base/zones.h"
#include "support.h"
#include "tap.h"

static const cs_zones_t *zones;

static const cs_tz_t *tz_of(const char *name)
{
    const cs_zone_t *zone = cs_zones_find(zones, name, strlen(name));

    return zone ? zone->tz : NULL;
}

static cs_locale_t locale_of(const char *base, const char *zone, int offsets)
{
    return (cs_locale_t){.base_zone = tz_of(base),
                         .zone = zone      ? tz_of(zone)
                                 : offsets ? tz_of(base)
                                           : NULL,
                         .offsets = offsets};
}

static cs_wall_t wall_of(const char *text)
{
    cs_stamp_t stamp;

    cs_wall_parse(text, strlen(text), &stamp);
    return stamp.wall;
}

#define UNSET  "0001-01-01T00:00:00"
#define NO_END "9999-12-31T23:59:59"

/* ---------------- out */

static const struct {
    const char *rule, *base, *zone;
    int offsets;
    const char *stored, *shown;
} outs[] = {
    {"TZ-3", "NO", NULL, 0, "2024-07-01T12:00:00", "2024-07-01T12:00:00"},
    {"TZ-4", "NO", "NO", 0, "2024-07-01T12:00:00", "2024-07-01T12:00:00"},
    {"TZ-4", "NO", "261", 0, "2024-07-01T12:00:00", "2024-07-01T12:00:00"},
    {"TZ-4", "NO", "Europe/Oslo", 0, "2024-03-31T02:30:00", "2024-03-31T02:30:00"}, /* base changes nothing */
    {"TZ-4", "NO", "US-NY", 0, "2024-07-01T12:00:00", "2024-07-01T06:00:00"},
    {"TZ-4", "NO", "US-NY", 0, "2024-01-01T00:00:00.25", "2023-12-31T18:00:00.25"},
    {"TZ-4", "NO", "Asia/Kathmandu", 0, "2024-01-15T12:00:00", "2024-01-15T16:45:00"},
    {"TZ-4", "UTC", "NO", 0, "2024-07-01T12:00:00", "2024-07-01T14:00:00"},
    {"TZ-6", "NO", "US-NY", 1, "2024-07-01T12:00:00", "2024-07-01T06:00:00-04:00"},
    {"TZ-6", "NO", "US-NY", 1, "2024-01-15T12:00:00", "2024-01-15T06:00:00-05:00"},
    {"TZ-6", "NO", "UTC", 1, "2024-07-01T12:00:00", "2024-07-01T10:00:00Z"},
    {"TZ-6", "NO", "GB", 1, "2024-01-15T12:00:00", "2024-01-15T11:00:00+00:00"},
    {"TZ-6", "NO", "America/St_Johns", 1, "2024-01-15T12:00:00", "2024-01-15T07:30:00-03:30"},
    {"TZ-6", "NO", "Pacific/Chatham", 1, "2024-01-15T12:00:00.5", "2024-01-16T00:45:00.5+13:45"},
    {"TZ-7", "NO", NULL, 1, "2024-07-01T12:00:00", "2024-07-01T12:00:00+02:00"},
    {"TZ-7", "UTC", NULL, 1, "2024-07-01T12:00:00", "2024-07-01T12:00:00Z"},
    {"TZ-8", "NO", NULL, 0, UNSET, UNSET},
    {"TZ-8", "NO", "US-NY", 0, UNSET, UNSET},
    {"TZ-8", "NO", "Asia/Tokyo", 0, UNSET, UNSET},
    {"TZ-8", "NO", "US-NY", 1, UNSET, "0001-01-01T00:00:00Z"},
    {"TZ-8", "NO", NULL, 1, UNSET, "0001-01-01T00:00:00Z"},
    {"TZ-8", "NO", "US-NY", 0, NO_END, NO_END},
    {"TZ-8", "NO", "US-NY", 1, NO_END, "9999-12-31T23:59:59-05:00"},
    {"TZ-8", "NO", NULL, 1, NO_END, "9999-12-31T23:59:59+01:00"},
    {"TZ-8", "NO", "UTC", 1, NO_END, "9999-12-31T23:59:59Z"},
    {"TZ-11", "NO", "UTC", 0, "2024-10-27T02:30:00", "2024-10-27T00:30:00"}, /* the first of two */
    {"TZ-11", "NO", NULL, 1, "2024-10-27T02:30:00", "2024-10-27T02:30:00+02:00"},
    {"TZ-11", "NO", "UTC", 0, "2024-03-31T02:30:00", "2024-03-31T01:30:00"}, /* a time that never was */
    {"TZ-11", "NO", NULL, 1, "2024-03-31T02:30:00", "2024-03-31T03:30:00+02:00"},
    {"TZ-11", "NO", "UTC", 0, "2024-03-31T03:00:00", "2024-03-31T01:00:00"},
    /* The ends of the calendar: nothing is moved beyond them, or onto "no date". */
    {"TZ-8", "NO", "US-NY", 0, "0001-01-01T03:00:00", "0001-01-01T03:00:00"},
    {"TZ-8", "NO", "US-NY", 1, "0001-01-01T03:00:00", "0001-01-01T02:17:00Z"},
    {"TZ-8", "UTC", "Etc/GMT+6", 0, "0001-01-01T06:00:00", "0001-01-01T06:00:00"},
    {"TZ-8", "UTC", "Etc/GMT+6", 0, "0001-01-01T06:00:01", "0001-01-01T00:00:01"},
    {"TZ-8", "UTC", "Asia/Tokyo", 0, "9999-12-31T20:00:00", "9999-12-31T20:00:00"},
    {"TZ-8", "UTC", "Asia/Tokyo", 1, "9999-12-31T20:00:00", "9999-12-31T20:00:00Z"},
    {"TZ-6", "Etc/GMT+6", "Asia/Tokyo", 1, "9999-12-31T20:00:00", "9999-12-31T20:00:00-06:00"},
    /* Offsets that no suffix can say: the nearest one, at the same instant. */
    {"TZ-6", "UTC", "Africa/Monrovia", 1, "1971-01-01T00:44:30", "1970-12-31T23:59:30-00:45"},
    {"TZ-6", "UTC", "Asia/Manila", 1, "1700-01-02T00:00:00", "1700-01-01T10:00:00-14:00"},
};

static void test_outs(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(outs); i++) {
        cs_locale_t locale = locale_of(outs[i].base, outs[i].zone, outs[i].offsets);
        char out[CS_WALL_MAX];
        apr_size_t len = cs_clock_print(out, &locale, wall_of(outs[i].stored), CS_STORED_LOCAL);

        is(apr_pstrmemdup(pool, out, len), outs[i].shown, "%s: %s stored in %s, asked for in %s%s",
           outs[i].rule, outs[i].stored, outs[i].base, outs[i].zone ? outs[i].zone : "nothing",
           outs[i].offsets ? " with offset" : "");
    }
}

static const struct {
    const char *base, *zone;
    int offsets;
    const char *stored, *shown;
} stamps[] = {
    {"NO", NULL, 0, "2024-07-01T10:00:00", "2024-07-01T12:00:00"},
    {"NO", "US-NY", 0, "2024-07-01T10:00:00", "2024-07-01T10:00:00"},
    {"NO", "US-NY", 1, "2024-07-01T10:00:00", "2024-07-01T10:00:00Z"},
    {"NO", NULL, 1, "2024-07-01T10:00:00", "2024-07-01T10:00:00Z"},
    {"UTC", NULL, 0, "2024-07-01T10:00:00", "2024-07-01T10:00:00"},
    {"NO", NULL, 0, UNSET, UNSET},
    {"NO", NULL, 1, UNSET, "0001-01-01T00:00:00Z"},
    {"NO", NULL, 0, NO_END, NO_END},
};

static void test_stamps(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(stamps); i++) {
        cs_locale_t locale = locale_of(stamps[i].base, stamps[i].zone, stamps[i].offsets);
        char out[CS_WALL_MAX];
        apr_size_t len = cs_clock_print(out, &locale, wall_of(stamps[i].stored), CS_STORED_UTC);

        is(apr_pstrmemdup(pool, out, len), stamps[i].shown,
           "TZ-9: a UTC stamp with base %s, asked for in %s%s", stamps[i].base,
           stamps[i].zone ? stamps[i].zone : "nothing", stamps[i].offsets ? " with offset" : "");
    }
}

/* ---------------- in */

static const struct {
    const char *rule, *zone, *written, *stored; /* the base zone is NO */
} ins[] = {
    {"TZ-3", NULL, "2024-01-15T12:00:00", "2024-01-15T12:00:00"},
    {"TZ-3", NULL, "2024-03-31T02:30:00", "2024-03-31T02:30:00"},
    {"TZ-5", NULL, "2024-01-15T12:00:00Z", "2024-01-15T13:00:00"},
    {"TZ-5", NULL, "2024-01-15T12:00:00-0500", "2024-01-15T18:00:00"},
    {"TZ-4", "US-NY", "2024-01-15T12:00:00", "2024-01-15T18:00:00"},
    {"TZ-4", "US-NY", "2024-07-15T12:00:00.5", "2024-07-15T18:00:00.5"},
    {"TZ-4", "NO", "2024-03-31T02:30:00", "2024-03-31T02:30:00"},
    {"TZ-5", "US-NY", "2024-01-15T12:00:00Z", "2024-01-15T13:00:00"},
    {"TZ-5", "US-NY", "2024-01-15T12:00:00+02:00", "2024-01-15T11:00:00"},
    {"TZ-11", "US-NY", "2024-03-10T02:30:00", "2024-03-10T08:30:00"}, /* 03:30 in New York */
    {"TZ-11", "US-NY", "2024-11-03T01:30:00", "2024-11-03T06:30:00"}, /* the summer's */
    {"TZ-11", "UTC", "2024-03-31T01:30:00", "2024-03-31T03:30:00"},
    {"TZ-8", "US-NY", UNSET, UNSET},
    {"TZ-8", "US-NY", "0001-01-01T00:00:00Z", UNSET},
    {"TZ-8", "US-NY", "0001-01-01T01:00:00+01:00", UNSET},
    {"TZ-8", "US-NY", "0001-01-01T00:00:00-05:00", UNSET},
    {"TZ-8", "US-NY", NO_END, NO_END},
    {"TZ-8", "US-NY", "9999-12-31T23:59:59-05:00", NO_END},
    {"TIME-2", NULL, "0001-01-01", UNSET},
    {"TIME-2", NULL, NO_END ".5", NO_END ".5"},
};

static void test_ins(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(ins); i++) {
        cs_locale_t locale = locale_of("NO", ins[i].zone, 0);
        cs_stamp_t stamp;
        char out[CS_WALL_MAX];

        cs_wall_parse(ins[i].written, strlen(ins[i].written), &stamp);
        is(apr_pstrmemdup(pool, out, cs_wall_print(out, cs_clock_store(&locale, &stamp))), ins[i].stored,
           "%s: %s written in %s", ins[i].rule, ins[i].written, ins[i].zone ? ins[i].zone : "no zone");
    }
}

/* Beyond the calendar, for who checks the range. */
static void test_beyond(void)
{
    cs_locale_t tokyo = locale_of("NO", "Asia/Tokyo", 0), hawaii = locale_of("NO", "US-HI", 0);
    cs_stamp_t stamp;

    cs_wall_parse("0001-01-01T00:30:00", 19, &stamp);
    ok(cs_clock_store(&tokyo, &stamp) < CS_WALL_UNSET, "a time before the year 1 is seen");
    cs_wall_parse("9999-12-31T20:00:00", 19, &stamp);
    ok(cs_clock_store(&hawaii, &stamp) > CS_WALL_LAST, "and one behind the year 9999");
}

/* ---------------- there and back */

/* An answer with offsets that is sent back changes nothing, whatever the zones, but for the second reading of
 * a wall clock, which cannot be stored. */
static void test_round(const char *base, const char *zone)
{
    cs_locale_t locale = locale_of(base, zone, 1);
    long wrong = 0, count = 0;

    for (cs_wall_t wall = CS_WALL_UNSET; wall < CS_WALL_NO_END; wall += 9 * CS_WALL_DAY + 4321987654) {
        cs_wall_t real = cs_tz_wall(locale.base_zone, cs_tz_utc(locale.base_zone, wall));
        char out[CS_WALL_MAX];
        apr_size_t len = cs_clock_print(out, &locale, wall, CS_STORED_LOCAL);
        cs_stamp_t stamp;

        count++;
        wrong += cs_wall_parse(out, len, &stamp) != NULL || !stamp.zoned ||
                 cs_clock_store(&locale, &stamp) != real;
    }
    ok(wrong == 0 && count > 300000, "TZ-6: what is stored in %s and shown in %s with offset comes back",
       base, zone);
}

int main(void)
{
    apr_pool_t *pool = test_start();

    zones = cs_zones_load(pool);
    if (!tz_of("NO")) {
        skip("there is no tzdata below " CS_TZ_ROOT);
        return done();
    }
    test_outs(pool);
    test_stamps(pool);
    test_ins(pool);
    test_beyond();
    test_round("Europe/Oslo", "America/New_York");
    test_round("Europe/Oslo", "Europe/Oslo");
    test_round("UTC", "Asia/Manila");
    test_round("America/New_York", "Australia/Lord_Howe");
    return done();
}
