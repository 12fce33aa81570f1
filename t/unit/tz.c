/* t/unit/tz.c -- time zones: every one of the system's, against libc's idea of it. */
#include "base/tz.h"
#include "support.h"
#include "tap.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_tables.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define ZONEINFO "/usr/share/zoneinfo"
#define DAY      86400

static time_t instant(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};

    return timegm(&tm);
}

/* ---------------- names */

static void collect(apr_pool_t *pool, const char *folder, apr_array_header_t *names)
{
    const char *path = *folder ? apr_pstrcat(pool, ZONEINFO "/", folder, NULL) : ZONEINFO;
    apr_finfo_t info;
    apr_dir_t *dir;

    if (apr_dir_open(&dir, path, pool) != APR_SUCCESS) {
        return;
    }
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        const char *name =
            *folder ? apr_pstrcat(pool, folder, "/", info.name, NULL) : apr_pstrdup(pool, info.name);
        char magic[4] = "";
        apr_size_t len = sizeof(magic);
        apr_file_t *file;
        apr_finfo_t target;

        if (*info.name == '.' || strcmp(name, "posix") == 0 || strcmp(name, "right") == 0 ||
            apr_stat(&target, apr_pstrcat(pool, path, "/", info.name, NULL), APR_FINFO_TYPE, pool) !=
                APR_SUCCESS) {
            continue;
        }
        if (target.filetype == APR_DIR) {
            collect(pool, name, names);
        }
        else if (apr_file_open(&file, apr_pstrcat(pool, ZONEINFO "/", name, NULL), APR_FOPEN_READ,
                               APR_FPROT_OS_DEFAULT, pool) == APR_SUCCESS) {
            if (apr_file_read(file, magic, &len) == APR_SUCCESS && len == 4 &&
                memcmp(magic, "TZif", 4) == 0) {
                APR_ARRAY_PUSH(names, const char *) = name;
            }
            apr_file_close(file);
        }
    }
    apr_dir_close(dir);
}

/* ---------------- libc's idea */

static void libc_enter(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static int libc_offset(time_t at)
{
    struct tm tm;

    localtime_r(&at, &tm);
    return (int)tm.tm_gmtoff;
}

/* What was compared in a zone, and where it differed first. */
typedef struct comparison_t {
    const cs_tz_t *tz;
    long instants, changes, differences;
    time_t first;
} comparison_t;

static void compare(comparison_t *all, time_t at)
{
    all->instants++;
    if (cs_tz_offset(all->tz, at) != libc_offset(at)) {
        all->first = all->differences++ ? all->first : at;
    }
}

/* Samples of the interval; where two neighbours differ, the seconds around the change. */
static void compare_closely(comparison_t *all, time_t from, time_t until, int step)
{
    int before = libc_offset(from);

    for (time_t at = from; at < until; at += step) {
        time_t low = at, high = at + step;
        int after = libc_offset(high);

        compare(all, at);
        if (before != after) {
            while (high - low > 1) {
                time_t middle = low + (high - low) / 2;

                *(libc_offset(middle) == before ? &low : &high) = middle;
            }
            compare(all, low);
            compare(all, high);
            compare(all, high + 1);
            all->changes++;
        }
        before = after;
    }
}

static void test_zone(apr_pool_t *pool, const char *name, long *changes)
{
    const char *reason = "nothing was said";
    comparison_t all = {.tz = cs_tz_load(pool, name, &reason)};

    if (!all.tz) {
        is(reason, NULL, "%s can be loaded", name);
        return;
    }
    libc_enter(name);
    compare_closely(&all, instant(1901, 1, 1), instant(2038, 1, 1), 14 * DAY);
    for (time_t at = instant(2038, 1, 1); at < instant(2501, 1, 1); at += 47 * DAY + 3601) {
        compare(&all, at);
    }
    compare_closely(&all, instant(2099, 12, 1), instant(2101, 2, 1), 14 * DAY);
    compare_closely(&all, instant(2399, 12, 1), instant(2401, 2, 1), 14 * DAY);
    if (!ok(all.differences == 0, "%s: the offsets of 1901 to 2500 are those of libc", name)) {
        printf("# %ld of %ld instants differ, first %lld: got %d, expected %d\n", all.differences,
               all.instants, (long long)all.first, cs_tz_offset(all.tz, all.first), libc_offset(all.first));
    }
    *changes += all.changes;
}

static void test_every_zone(apr_pool_t *pool)
{
    apr_array_header_t *names = apr_array_make(pool, 700, sizeof(const char *));
    apr_pool_t *scratch;
    long changes = 0;

    collect(pool, "", names);
    if (names->nelts == 0) {
        skip("there is no tzdata below " ZONEINFO);
        return;
    }
    apr_pool_create(&scratch, pool);
    for (int i = 0; i < names->nelts; i++) {
        test_zone(scratch, APR_ARRAY_IDX(names, i, const char *), &changes);
        apr_pool_clear(scratch);
    }
    ok(changes > 20L * names->nelts, "changes of offsets were among what was compared");
    libc_enter("UTC");
}

/* ---------------- zdump's idea: the very second of each change, for rules of every kind */

static const char *const dumped[] = {
    "Europe/Oslo",      "Europe/Dublin",     "Europe/London",     "America/New_York", "America/St_Johns",
    "America/Nuuk",     "America/Santiago",  "Africa/Casablanca", "Africa/Monrovia",  "Asia/Gaza",
    "Asia/Tehran",      "Asia/Kathmandu",    "Pacific/Apia",      "Pacific/Chatham",  "Australia/Lord_Howe",
    "Antarctica/Troll", "America/Sao_Paulo", "Asia/Pyongyang",
};

/* "Europe/Oslo  Sun Mar 30 00:59:59 2098 UT = Sun Mar 30 01:59:59 2098 CET isdst=0 gmtoff=3600" */
static int read_dumped(const char *line, time_t *at, int *offset)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *gmtoff = strstr(line, "gmtoff=");
    struct tm tm = {0};
    char month[4];

    if (!gmtoff || sscanf(line, "%*s %*s %3s %d %d:%d:%d %d UT =", month, &tm.tm_mday, &tm.tm_hour,
                          &tm.tm_min, &tm.tm_sec, &tm.tm_year) != 6) {
        return 0;
    }
    tm.tm_mon = (int)(strstr(months, month) - months) / 3;
    tm.tm_year -= 1900;
    *at = timegm(&tm);
    *offset = atoi(gmtoff + strlen("gmtoff="));
    return 1;
}

static void test_dumped(apr_pool_t *pool, const char *name)
{
    const char *command = apr_pstrcat(pool, "zdump -V -c 1901,2038 ", name, " 2>/dev/null", NULL);
    const char *reason = "nothing was said";
    const cs_tz_t *tz = cs_tz_load(pool, name, &reason);
    FILE *dump = popen(command, "r");
    int lines = 0, wrong = 0;
    char line[400];

    while (tz && dump && fgets(line, sizeof(line), dump)) {
        time_t at;
        int offset;

        if (read_dumped(line, &at, &offset)) {
            lines++;
            wrong += cs_tz_offset(tz, at) != offset;
        }
    }
    if (dump) {
        pclose(dump);
    }
    if (!tz || lines == 0) {
        skip(apr_psprintf(pool, "%s: %s", name, tz ? "zdump says nothing" : reason));
        return;
    }
    is_int(wrong, 0, "%s: each change of 1901 to 2037 is at the second that zdump names", name);
}

/* ---------------- names that are none */

static const char *const refused[] = {
    "",
    " ",
    "/",
    ".",
    "..",
    "../../etc/passwd",
    "Europe/../../../../etc/passwd",
    "Europe/../Europe/Oslo",
    "./Europe/Oslo",
    "/usr/share/zoneinfo/Europe/Oslo",
    "/etc/localtime",
    ":Europe/Oslo",
    "Europe/Oslo ",
    " Europe/Oslo",
    "Europe/Oslo\n",
    "Europe\\Oslo",
    "Europe/Osl\xC3\xB8",
    "Europe/Oslo%00",
    "zone.tab",
    "tzdata.zi",
    "Europe/Nowhere",
    "Europe",
    "Europe/",
    "Europe/Oslo/",
    "Europe/Oslo/Frogner",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "leapseconds",
    "nothing-of-that-name",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AA",
};

static void test_refused(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        const char *reason = NULL;

        ok(!cs_tz_load(pool, refused[i], &reason), "'%.60s' is no zone", refused[i]);
        ok(reason && *reason, "'%.60s': there is a reason", refused[i]);
    }
}

/* The same zones with leap seconds counted stand beside the others on some systems; their clock is not ours.
 */
static void test_leap_seconds(apr_pool_t *pool)
{
    const char *reason = NULL;
    const cs_tz_t *plain = cs_tz_load(pool, "Europe/Oslo", &reason);
    const cs_tz_t *leaping = cs_tz_load(pool, "right/Europe/Oslo", &reason);
    time_t spring = instant(2024, 3, 31) + 3600;

    if (!plain || access(ZONEINFO "/right/Europe/Oslo", R_OK) != 0) {
        skip("there are no zones with leap seconds here");
        return;
    }
    ok(!leaping || (cs_tz_offset(leaping, spring) == 7200 && cs_tz_offset(leaping, spring - 1) == 3600),
       "a file that counts leap seconds is refused, or its changes come at the same instants");
}

/* ---------------- wall clocks */

static const struct {
    const char *zone;
    const char *utc, *wall;
} walls[] = {
    {"UTC", "2024-07-01T12:00:00", "2024-07-01T12:00:00"},
    {"UTC", "0001-01-01T00:00:00.000001", "0001-01-01T00:00:00.000001"},
    {"Europe/Oslo", "2024-01-15T12:00:00", "2024-01-15T13:00:00"},
    {"Europe/Oslo", "2024-07-01T10:00:00", "2024-07-01T12:00:00"},
    {"Europe/Oslo", "2024-03-31T00:59:59.999999", "2024-03-31T01:59:59.999999"},
    {"Europe/Oslo", "2024-03-31T01:00:00", "2024-03-31T03:00:00"},
    {"Europe/Oslo", "2024-10-27T00:59:59.999999", "2024-10-27T02:59:59.999999"},
    {"Europe/Oslo", "2024-10-27T01:00:00", "2024-10-27T02:00:00"},
    {"Europe/Oslo", "1996-03-31T00:59:59.999999", "1996-03-31T01:59:59.999999"},
    {"Europe/Oslo", "1996-03-31T01:00:00", "1996-03-31T03:00:00"},
    {"Europe/Oslo", "2023-12-31T23:30:00", "2024-01-01T00:30:00"},
    {"Europe/Oslo", "2400-07-01T10:00:00", "2400-07-01T12:00:00"},
    {"Europe/Oslo", "9999-07-01T10:00:00", "9999-07-01T12:00:00"},
    {"Europe/Oslo", "1969-12-31T23:59:59.5", "1970-01-01T00:59:59.5"},
    {"America/New_York", "2024-07-01T10:00:00", "2024-07-01T06:00:00"},
    {"America/New_York", "2024-01-01T02:00:00", "2023-12-31T21:00:00"},
    {"America/St_Johns", "2024-01-01T00:00:00", "2023-12-31T20:30:00"},
    {"Asia/Kathmandu", "2024-01-01T00:00:00", "2024-01-01T05:45:00"},
    {"Pacific/Apia", "2011-12-30T09:59:59", "2011-12-29T23:59:59"},
    {"Pacific/Apia", "2011-12-30T10:00:00", "2011-12-31T00:00:00"},  /* the day that Samoa left out */
    {"Europe/Dublin", "2050-07-01T12:00:00", "2050-07-01T13:00:00"}, /* summer is its standard time */
    {"Europe/Dublin", "2050-01-01T12:00:00", "2050-01-01T12:00:00"},
    {"Australia/Lord_Howe", "2050-01-01T00:00:00", "2050-01-01T11:00:00"}, /* saves half an hour */
    {"Australia/Lord_Howe", "2050-07-01T00:00:00", "2050-07-01T10:30:00"},
};

static void test_walls(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(walls); i++) {
        const char *reason = NULL;
        const cs_tz_t *tz = cs_tz_load(pool, walls[i].zone, &reason);
        cs_stamp_t utc;
        char out[CS_WALL_MAX];

        if (!tz) {
            skip(apr_psprintf(pool, "%s: %s", walls[i].zone, reason));
            continue;
        }
        cs_wall_parse(walls[i].utc, strlen(walls[i].utc), &utc);
        is(apr_pstrmemdup(pool, out, cs_wall_print(out, cs_tz_wall(tz, utc.wall))), walls[i].wall,
           "when Greenwich shows %s, %s shows", walls[i].utc, walls[i].zone);
    }
}

/* Greenwich's time, minutes, and what the zone's clocks have not shown since. */
static const struct {
    const char *zone;
    const char *utc;
    int minutes;
    const char *before;
} befores[] = {
    {"UTC", "2024-03-31T01:00:30", 5, "2024-03-31T00:55:30"},
    {"Europe/Oslo", "2024-01-15T12:00:00", 5, "2024-01-15T12:55:00"},
    {"Europe/Oslo", "2024-03-31T01:00:30", 5, "2024-03-31T01:55:30"}, /* 03:00:30, after the leap */
    {"Europe/Oslo", "2024-03-31T01:05:00", 5, "2024-03-31T03:00:00"},
    {"Europe/Oslo", "2024-03-31T01:04:59", 5, "2024-03-31T01:59:59"},
    {"Europe/Oslo", "2024-10-27T01:02:00", 5, "2024-10-27T01:57:00"}, /* 02:02 again: 02:57 was before */
    {"Europe/Oslo", "2024-10-27T01:05:00", 5, "2024-10-27T02:00:00"},
    {"Europe/Oslo", "2024-03-31T12:00:00", 24 * 60, "2024-03-30T13:00:00"},
    {"Europe/Oslo", "2024-10-27T12:00:00", 24 * 60, "2024-10-26T13:00:00"},
    {"Australia/Lord_Howe", "2024-10-05T15:31:00", 5, "2024-10-06T01:56:00"},
};

static void test_befores(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(befores); i++) {
        const char *reason = NULL;
        const cs_tz_t *tz = cs_tz_load(pool, befores[i].zone, &reason);
        cs_stamp_t utc;
        char out[CS_WALL_MAX];
        cs_wall_t before;

        if (!tz) {
            skip(apr_psprintf(pool, "%s: %s", befores[i].zone, reason));
            continue;
        }
        cs_wall_parse(befores[i].utc, strlen(befores[i].utc), &utc);
        before = cs_tz_wall_before(tz, utc.wall, befores[i].minutes * 60 * CS_WALL_SECOND);
        is(apr_pstrmemdup(pool, out, cs_wall_print(out, before)), befores[i].before,
           "lifecycle 8: when Greenwich shows %s, %s has not shown this for %d min", befores[i].utc,
           befores[i].zone, befores[i].minutes);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_refused(pool);
    test_leap_seconds(pool);
    test_walls(pool);
    test_befores(pool);
    for (size_t i = 0; i < COUNT(dumped); i++) {
        test_dumped(pool, dumped[i]);
    }
    test_every_zone(pool);
    return done();
}
