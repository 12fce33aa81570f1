/* t/unit/zones.c -- the catalogue of zones: names, codes, ids; and each zone, both ways, against zdump. */
#include "base/zones.h"
#include "support.h"
#include "tap.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_time.h>
#include <stdlib.h>
#include <time.h>

#define UNIX_TO_2000 946684800
#define HOUR         3600

static const cs_zones_t *zones;

static const cs_zone_t *find(const char *name)
{
    return cs_zones_find(zones, name, strlen(name));
}

/* ---------------- names */

static const struct {
    const char *asked, *name, *like; /* like: the zone whose clock it shows */
} known[] = {
    {"Europe/Oslo", "Europe/Oslo", "Europe/Oslo"},
    {"europe/oslo", "Europe/Oslo", "Europe/Oslo"},
    {"EUROPE/OSLO", "Europe/Oslo", "Europe/Oslo"},
    {"America/Argentina/Ushuaia", "America/Argentina/Ushuaia", "America/Argentina/Ushuaia"},
    {"Etc/GMT+5", "Etc/GMT+5", "Etc/GMT+5"},
    {"Asia/Calcutta", "Asia/Calcutta", "Asia/Kolkata"}, /* a link */
    {"GB", "GB", "Europe/London"},
    {"UTC", "UTC", "UTC"},
    {"utc", "UTC", "UTC"},
    {"1", "UTC", "UTC"},
    {"AU-ACT", "AU-ACT", "Australia/Sydney"},
    {"36", "AU-ACT", "Australia/Sydney"},
    {"BD", "BD", "Asia/Dhaka"},
    {"50", "BD", "Asia/Dhaka"},
    {"CA-QC", "CA-QC", "America/Toronto"},
    {"114", "CA-QC", "America/Toronto"},
    {"DK", "DK", "Europe/Copenhagen"},
    {"140", "DK", "Europe/Copenhagen"},
    {"FR", "FR", "Europe/Paris"},
    {"156", "FR", "Europe/Paris"},
    {"NO", "NO", "Europe/Oslo"},
    {"no", "NO", "Europe/Oslo"},
    {"261", "NO", "Europe/Oslo"},
    {"0261", "NO", "Europe/Oslo"},
    {"US-CA", "US-CA", "America/Los_Angeles"},
    {"425", "US-CA", "America/Los_Angeles"},
    {"US-HI", "US-HI", "Pacific/Honolulu"},
    {"433", "US-HI", "Pacific/Honolulu"},
    {"US-NY", "US-NY", "America/New_York"},
    {"us-ny", "US-NY", "America/New_York"},
    {"460", "US-NY", "America/New_York"},
    {"SE", "SE", "Europe/Stockholm"}, /* countries with one zone */
    {"in", "IN", "Asia/Kolkata"},
};

static const char *const unknown[] = {
    "",
    " ",
    "XX-YY",
    "XX",
    "US",
    "AU",
    "DE-",
    "2",
    "0",
    "00",
    "-1",
    "+1",
    "261.0",
    "26 1",
    "4294967557",
    "NO ",
    " NO",
    "NO,",
    "Europe/Oslo/",
    "Europe",
    "Europe/Atlantis",
    "posix/Europe/Oslo",
    "right/Europe/Oslo",
    "localtime",
    "posixrules",
    "zone.tab",
    "tzdata.zi",
    "../../etc/passwd",
    "/etc/localtime",
    "+01:00",
    "N\xC3\x98",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002",
};

static void test_names(void)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        const cs_zone_t *zone = find(known[i].asked), *like = find(known[i].like);

        is(zone ? zone->name : NULL, known[i].name, "TZ 15.4: '%s' is known", known[i].asked);
        ok(zone && like && zone->tz == like->tz, "TZ 15.4: '%s' is %s", known[i].asked, known[i].like);
    }
    for (size_t i = 0; i < COUNT(unknown); i++) {
        ok(!find(unknown[i]), "TZ-12: '%.60s' is no zone", unknown[i]);
    }
    ok(!cs_zones_find(zones, "NOX", 1) && cs_zones_find(zones, "NOX", 2),
       "a name ends where its length says");
}

static void test_added(apr_pool_t *pool)
{
    apr_array_header_t *codes = apr_array_make(pool, 4, sizeof(cs_zone_code_t));
    const cs_tz_t *perth = find("Australia/Perth")->tz, *tokyo = find("Asia/Tokyo")->tz;
    const cs_zones_t *all;

    ok(cs_zones_add(pool, zones, NULL) == zones, "without further codes the catalogue serves itself");
    APR_ARRAY_PUSH(codes, cs_zone_code_t) = (cs_zone_code_t){{"AU-WA", tokyo}, 0};
    APR_ARRAY_PUSH(codes, cs_zone_code_t) = (cs_zone_code_t){{"AU-WA", perth}, 41};
    APR_ARRAY_PUSH(codes, cs_zone_code_t) = (cs_zone_code_t){{"NO", tokyo}, 0};
    all = cs_zones_add(pool, zones, codes);
    ok(cs_zones_find(all, "au-wa", 5)->tz == perth, "the later of two codes counts");
    ok(cs_zones_find(all, "41", 2)->tz == perth, "its id is known");
    ok(cs_zones_find(all, "NO", 2)->tz == tokyo, "an added code wins over the catalogue's");
    ok(cs_zones_find(all, "261", 3)->tz == find("NO")->tz, "which keeps its id");
    is(cs_zones_find(all, "US-NY", 5)->name, "US-NY", "the others are there as before");
    ok(!find("AU-WA"), "and the catalogue itself is what it was");
    ok(!cs_zones_find(all, "0", 1), "id 0 is none");
}

static const struct {
    const char *code;
    int good;
} codes[] = {
    {"AU-WA", 1},
    {"NO", 1},
    {"X1", 1},
    {"a-b", 1},
    {"", 0},
    {"A", 0},
    {"261", 0},
    {"-A", 0},
    {"A B", 0},
    {"A,B", 0},
    {"A/B", 0},
    {"1A", 0},
    {"includeTZOffset", 0},
    {"INCLUDETZOFFSET", 0},
    {"\xC3\x85S", 0},
    {"A_B", 0},
    {"ABCDEFGHIJKLMNOPQRSTU", 0},
};

static void test_codes(void)
{
    for (size_t i = 0; i < COUNT(codes); i++) {
        ok((cs_zone_code_check(codes[i].code) == NULL) == codes[i].good, "'%s' is %s code", codes[i].code,
           codes[i].good ? "a" : "no");
    }
}

/* ---------------- each zone against zdump */

#define CHANGES_MAX 2000

/* What zdump says of a zone: before[0] holds until at[0], then after[0] until at[1], ... */
typedef struct dump_t {
    const char *name;
    int count;
    long long at[CHANGES_MAX];
    int before[CHANGES_MAX], after[CHANGES_MAX];
    int offsets, offset[CHANGES_MAX]; /* each once */
} dump_t;

/* "Europe/Oslo  Sun Mar 30 00:59:59 2098 UT = Sun Mar 30 01:59:59 2098 CET isdst=0 gmtoff=3600" */
static int read_line(const char *line, char name[100], long long *at, int *offset)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *gmtoff = strstr(line, "gmtoff=");
    struct tm tm = {0};
    char month[4];

    if (!gmtoff || sscanf(line, "%99s %*s %3s %d %d:%d:%d %d UT =", name, month, &tm.tm_mday, &tm.tm_hour,
                          &tm.tm_min, &tm.tm_sec, &tm.tm_year) != 7) {
        return 0;
    }
    tm.tm_mon = (int)(strstr(months, month) - months) / 3;
    tm.tm_year -= 1900;
    *at = timegm(&tm);
    *offset = atoi(gmtoff + strlen("gmtoff="));
    return 1;
}

static int dumped_offset(const dump_t *dump, long long at)
{
    int low = 0, high = dump->count;

    while (low < high) {
        int middle = (low + high) / 2;

        *(dump->at[middle] <= at ? &low : &high) = dump->at[middle] <= at ? middle + 1 : middle;
    }
    return low ? dump->after[low - 1] : dump->before[0];
}

static cs_wall_t wall_of(long long unix_seconds)
{
    return (unix_seconds - UNIX_TO_2000) * CS_WALL_SECOND;
}

/* The first instant whose clock shows `shown`, found by trying all offsets that the zone ever had. */
static long long first_reading(const dump_t *dump, long long shown, int *readings)
{
    long long first = 0;

    *readings = 0;
    for (int i = 0; i < dump->offsets; i++) {
        long long at = shown - dump->offset[i];

        if (dumped_offset(dump, at) != dump->offset[i]) {
            continue;
        }
        first = *readings && first < at ? first : at;
        ++*readings;
    }
    return first;
}

typedef struct found_t {
    long instants, gaps, doubles, wrong;
} found_t;

static void compare(const cs_tz_t *tz, const dump_t *dump, long long at, found_t *found)
{
    int offset = dumped_offset(dump, at), readings;
    long long first = first_reading(dump, at + offset, &readings);

    found->instants++;
    found->doubles += first != at;
    if (cs_tz_offset(tz, at) != offset || cs_tz_wall(tz, wall_of(at)) != wall_of(at + offset) ||
        cs_tz_utc(tz, wall_of(at + offset)) != wall_of(first)) {
        found->wrong++;
        printf("# %s at %lld: offset %d, expected %d; back %lld, expected %lld\n", dump->name, at,
               cs_tz_offset(tz, at), offset,
               (long long)(cs_tz_utc(tz, wall_of(at + offset)) / CS_WALL_SECOND + UNIX_TO_2000), first);
    }
}

/* A wall clock that is never shown counts on from before the change. */
static void compare_gap(const cs_tz_t *tz, const dump_t *dump, int i, found_t *found)
{
    int gap = dump->after[i] - dump->before[i];
    const int steps[] = {0, 1, gap / 2, gap - 1};

    for (size_t s = 0; gap > 0 && s < COUNT(steps); s++) {
        long long shown = dump->at[i] + dump->before[i] + steps[s];
        int readings;

        first_reading(dump, shown, &readings);
        if (readings) {
            continue; /* another change repeats it */
        }
        found->gaps++;
        found->wrong += cs_tz_utc(tz, wall_of(shown)) != wall_of(shown - dump->before[i]);
    }
}

static void test_dump(const dump_t *dump, found_t *found)
{
    const cs_zone_t *zone = find(dump->name);
    long wrong = found->wrong;

    for (int i = 0; zone && i < dump->count; i++) {
        const int steps[] = {-HOUR, -1, 0, 1, HOUR};

        for (size_t s = 0; s < COUNT(steps); s++) {
            compare(zone->tz, dump, dump->at[i] + steps[s], found);
        }
        compare_gap(zone->tz, dump, i, found);
    }
    ok(zone && found->wrong == wrong, "TZ-11: %s: %d changes as zdump has them, to the wall clock and back",
       dump->name, dump->count);
}

/* Zones without a change in these years are not named by zdump: their one offset is libc's. */
static void test_still(const char *name)
{
    const cs_zone_t *zone = find(name);
    time_t now = 1000000000;
    struct tm tm;
    int offset;

    setenv("TZ", name, 1);
    tzset();
    localtime_r(&now, &tm);
    offset = (int)tm.tm_gmtoff;
    ok(zone && cs_tz_offset(zone->tz, now) == offset && cs_tz_offset(zone->tz, 4102444800) == offset &&
           cs_tz_utc(zone->tz, wall_of(now + offset)) == wall_of(now),
       "TZ-11: %s: one offset from 1970 on, both ways", name);
    setenv("TZ", "UTC", 1);
}

static void note_offset(dump_t *dump, int offset)
{
    for (int i = 0; i < dump->offsets; i++) {
        if (dump->offset[i] == offset) {
            return;
        }
    }
    dump->offset[dump->offsets++] = offset;
}

static apr_hash_t *test_dumps(apr_pool_t *pool, FILE *lines, found_t *found)
{
    apr_hash_t *seen = apr_hash_make(pool);
    dump_t *dump = apr_pcalloc(pool, sizeof(*dump));
    char line[400], name[100];
    long long at, last = 0;
    int offset, last_offset = 0, half = 0;

    dump->name = "";
    while (fgets(line, sizeof(line), lines)) {
        if (!read_line(line, name, &at, &offset)) {
            continue;
        }
        if (strcmp(name, dump->name) != 0) {
            if (*dump->name) {
                test_dump(dump, found);
            }
            memset(dump, 0, sizeof(*dump));
            dump->name = apr_pstrdup(pool, name);
            apr_hash_set(seen, dump->name, APR_HASH_KEY_STRING, "");
            half = 0;
        }
        if (half && at == last + 1 && dump->count < CHANGES_MAX) {
            dump->at[dump->count] = at;
            dump->before[dump->count] = last_offset;
            dump->after[dump->count++] = offset;
            note_offset(dump, last_offset);
            note_offset(dump, offset);
        }
        half = !half;
        last = at;
        last_offset = offset;
    }
    if (*dump->name) {
        test_dump(dump, found);
    }
    return seen;
}

static void test_every_zone(apr_pool_t *pool)
{
    const apr_array_header_t *names = cs_zones_names(zones);
    const char *command = "zdump -V -c 1970,2038";
    found_t found = {0};
    apr_hash_t *seen;
    FILE *lines;

    for (int i = 0; i < names->nelts; i++) {
        command = apr_pstrcat(pool, command, " ", APR_ARRAY_IDX(names, i, const char *), NULL);
    }
    lines = popen(command, "r");
    if (!lines) {
        skip("zdump cannot be run");
        return;
    }
    seen = test_dumps(pool, lines, &found);
    pclose(lines);
    for (int i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        if (!apr_hash_get(seen, name, APR_HASH_KEY_STRING)) {
            test_still(name);
        }
    }
    ok(names->nelts > 400 && found.instants > 100000 && found.gaps > 10000 && found.doubles > 1000,
       "%d zones, %ld instants, %ld of them shown before, and %ld times that no clock showed", names->nelts,
       found.instants, found.doubles, found.gaps);
}

/* ---------------- wall clocks to UTC */

static const struct {
    const char *zone, *wall, *utc;
} backs[] = {
    {"UTC", "0001-01-01T00:00:00.000001", "0001-01-01T00:00:00.000001"},
    {"UTC", "9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"},
    {"Europe/Oslo", "2024-03-31T01:59:59.999999", "2024-03-31T00:59:59.999999"},
    {"Europe/Oslo", "2024-03-31T02:00:00", "2024-03-31T01:00:00"}, /* the gap */
    {"Europe/Oslo", "2024-03-31T02:30:00.5", "2024-03-31T01:30:00.5"},
    {"Europe/Oslo", "2024-03-31T02:59:59.999999", "2024-03-31T01:59:59.999999"},
    {"Europe/Oslo", "2024-03-31T03:00:00", "2024-03-31T01:00:00"},
    {"Europe/Oslo", "2024-10-27T01:59:59", "2024-10-26T23:59:59"},
    {"Europe/Oslo", "2024-10-27T02:00:00", "2024-10-27T00:00:00"}, /* twice: the summer's */
    {"Europe/Oslo", "2024-10-27T02:59:59.999999", "2024-10-27T00:59:59.999999"},
    {"Europe/Oslo", "2024-10-27T03:00:00", "2024-10-27T02:00:00"},
    {"Europe/Oslo", "2400-07-01T12:00:00", "2400-07-01T10:00:00"},
    {"Europe/Oslo", "9999-07-01T12:00:00", "9999-07-01T10:00:00"},
    {"Europe/Oslo", "9999-03-28T02:30:00", "9999-03-28T01:30:00"},
    {"Europe/Oslo", "9999-12-31T23:00:00", "9999-12-31T22:00:00"},
    {"Europe/Oslo", "0001-06-01T12:43:00", "0001-06-01T12:00:00"},
    {"Europe/Dublin", "2050-03-27T01:30:00", "2050-03-27T01:30:00"}, /* its winter is the exception */
    {"Europe/Dublin", "2050-10-30T01:30:00", "2050-10-30T00:30:00"},
    {"Europe/Dublin", "2050-07-01T12:00:00", "2050-07-01T11:00:00"},
    {"Europe/Dublin", "1971-10-31T02:30:00", "1971-10-31T01:30:00"},
    {"Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00"}, /* the day that Samoa left out */
    {"Australia/Lord_Howe", "2050-10-02T02:15:00", "2050-10-01T15:45:00"},
    {"Australia/Lord_Howe", "2050-04-03T01:45:00", "2050-04-02T14:45:00"},
    {"America/New_York", "2024-03-10T02:30:00", "2024-03-10T07:30:00"},
    {"America/New_York", "2024-11-03T01:30:00", "2024-11-03T05:30:00"},
    {"America/New_York", "2024-01-01T00:00:00", "2024-01-01T05:00:00"},
    {"Africa/Monrovia", "1972-01-07T00:30:00", "1972-01-07T01:14:30"}, /* an offset with seconds */
    {"America/Nuuk", "2040-03-24T23:30:00", "2040-03-25T01:30:00"},    /* changes on the evening before */
    {"America/Santiago", "2040-09-02T00:30:00", "2040-09-02T04:30:00"},
};

static void test_backs(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(backs); i++) {
        const cs_zone_t *zone = find(backs[i].zone);
        cs_stamp_t wall;
        char out[CS_WALL_MAX];

        if (!zone) {
            skip(apr_psprintf(pool, "there is no %s", backs[i].zone));
            continue;
        }
        cs_wall_parse(backs[i].wall, strlen(backs[i].wall), &wall);
        is(apr_pstrmemdup(pool, out, cs_wall_print(out, cs_tz_utc(zone->tz, wall.wall))), backs[i].utc,
           "TZ-11: when %s shows %s, Greenwich shows", backs[i].zone, backs[i].wall);
    }
    ok(cs_tz_is_utc(find("UTC")->tz) && cs_tz_is_utc(find("Etc/Zulu")->tz), "UTC is UTC under each name");
    ok(!cs_tz_is_utc(find("Europe/London")->tz) && !cs_tz_is_utc(find("Etc/GMT+1")->tz), "others are not");
}

/* Centuries of days: a clock leads back to an instant at which it shows the same, unless no clock ever did.
 */
static void test_every_year(apr_pool_t *pool)
{
    static const char *const some[] = {"Europe/Oslo",        "Europe/Dublin",     "America/New_York",
                                       "America/St_Johns",   "Africa/Casablanca", "Asia/Gaza",
                                       "Asia/Manila",        "America/Juneau",    "Australia/Lord_Howe",
                                       "Pacific/Kiritimati", "America/Nuuk",      "Antarctica/Troll"};

    (void)pool;
    for (size_t i = 0; i < COUNT(some); i++) {
        const cs_zone_t *zone = find(some[i]);
        long wrong = 0;

        for (cs_wall_t wall = CS_WALL_UNSET; zone && wall < CS_WALL_NO_END;
             wall += 11 * CS_WALL_DAY + 1234567891) {
            cs_wall_t utc = cs_tz_utc(zone->tz, wall);
            cs_wall_t shown = cs_tz_wall(zone->tz, utc);
            cs_wall_t gap = shown - wall;

            wrong += gap < 0 || gap > CS_WALL_DAY || (gap && cs_tz_wall(zone->tz, utc - gap) >= wall);
        }
        ok(zone && wrong == 0, "TZ-11: %s: the way back is right in all years from 1 to 9999", some[i]);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();
    apr_time_t before = apr_time_now();

    zones = cs_zones_load(pool);
    printf("# loaded in %ld microseconds\n", (long)(apr_time_now() - before));
    if (cs_zones_names(zones)->nelts == 0) {
        skip("there is no tzdata below " CS_TZ_ROOT);
        return done();
    }
    test_names();
    test_added(pool);
    test_codes();
    test_backs(pool);
    test_every_year(pool);
    test_every_zone(pool);
    return done();
}
