/* t/unit/wall.c -- dates and times as a wall clock shows them: reading, printing, counting days. */
#include "base/wall.h"
#include "support.h"
#include "tap.h"

#include <time.h>

#define NOON (12 * 3600 * CS_WALL_SECOND)

static cs_wall_t wall_of(int year, int month, int day, int hour, int minute, int second, int micros)
{
    return cs_wall_days(year, month, day) * CS_WALL_DAY +
           ((hour * 60 + minute) * 60 + second) * CS_WALL_SECOND + micros;
}

/* ---------------- days */

static void test_days(void)
{
    int wrong = 0;
    apr_int64_t last = cs_wall_days(1, 1, 1) - 1;

    is_int(cs_wall_days(2000, 1, 1), 0, "days are counted from 2000-01-01");
    is_int(cs_wall_days(2000, 3, 1), 60, "2000 has a leap day");
    is_int(cs_wall_days(1900, 3, 1) - cs_wall_days(1900, 2, 1), 28, "1900 has none");
    is_int(cs_wall_days(1970, 1, 1), -10957, "the epoch of Unix is 10957 days earlier");
    is_int(cs_wall_days(1, 1, 1) * CS_WALL_DAY, CS_WALL_UNSET, "the first day begins at the unset time");
    is_int(cs_wall_days(10000, 1, 1) * CS_WALL_DAY - 1, CS_WALL_LAST, "the last tick is before year 10000");
    is_int(wall_of(9999, 12, 31, 23, 59, 59, 0), CS_WALL_NO_END, "no end is the last second of 9999");
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = 1};
            int length =
                month == 12 ? 31 : (int)(cs_wall_days(year, month + 1, 1) - cs_wall_days(year, month, 1));

            wrong += cs_wall_days(year, month, 1) != timegm(&tm) / 86400 - 10957;
            wrong += cs_wall_days(year, month, 1) != last + 1;
            wrong += cs_wall_days(year, month, length) != last + length;
            last += length;
        }
    }
    is_int(wrong, 0, "the days of years 1 to 9999 follow each other as libc counts them");
}

/* ---------------- what is read */

static const struct {
    const char *text;
    int year, month, day, hour, minute, second, micros;
    int zoned, offset;
} good[] = {
    {"2024-07-01", 2024, 7, 1, 0, 0, 0, 0, 0, 0},
    {"2024-07-01T12:34", 2024, 7, 1, 12, 34, 0, 0, 0, 0},
    {"2024-07-01T12:34:56", 2024, 7, 1, 12, 34, 56, 0, 0, 0},
    {"2024-07-01T00:00:00", 2024, 7, 1, 0, 0, 0, 0, 0, 0},
    {"2024-07-01T23:59:59", 2024, 7, 1, 23, 59, 59, 0, 0, 0},
    {"2024-02-29T12:00:00", 2024, 2, 29, 12, 0, 0, 0, 0, 0},
    {"2000-02-29", 2000, 2, 29, 0, 0, 0, 0, 0, 0},
    {"1600-02-29", 1600, 2, 29, 0, 0, 0, 0, 0, 0},
    {"0001-01-01T00:00:00", 1, 1, 1, 0, 0, 0, 0, 0, 0},
    {"0004-02-29", 4, 2, 29, 0, 0, 0, 0, 0, 0},
    {"9999-12-31T23:59:59", 9999, 12, 31, 23, 59, 59, 0, 0, 0},
    {"9999-12-31T23:59:59.999999", 9999, 12, 31, 23, 59, 59, 999999, 0, 0},
    {"2024-07-01T12:34:56.1", 2024, 7, 1, 12, 34, 56, 100000, 0, 0},
    {"2024-07-01T12:34:56.000001", 2024, 7, 1, 12, 34, 56, 1, 0, 0},
    {"2024-07-01T12:34:56.123Z", 2024, 7, 1, 12, 34, 56, 123000, 1, 0},
    {"2020-02-18T02:30:52.3661722+01:00", 2020, 2, 18, 2, 30, 52, 366172, 1, 3600},
    {"2024-07-01T12:34Z", 2024, 7, 1, 12, 34, 0, 0, 1, 0},
    {"2024-07-01T12:34:56Z", 2024, 7, 1, 12, 34, 56, 0, 1, 0},
    {"2024-07-01T12:34:56+00:00", 2024, 7, 1, 12, 34, 56, 0, 1, 0},
    {"2024-07-01T12:34:56-00:00", 2024, 7, 1, 12, 34, 56, 0, 1, 0},
    {"2024-07-01T12:34+02:00", 2024, 7, 1, 12, 34, 0, 0, 1, 7200},
    {"2024-07-01T12:34:56+0200", 2024, 7, 1, 12, 34, 56, 0, 1, 7200},
    {"2024-07-01T12:34:56-0330", 2024, 7, 1, 12, 34, 56, 0, 1, -12600},
    {"2024-07-01T12:34:56-05:00", 2024, 7, 1, 12, 34, 56, 0, 1, -18000},
    {"2024-07-01T12:34:56+14:00", 2024, 7, 1, 12, 34, 56, 0, 1, 50400},
    {"2024-07-01T12:34:56-14:00", 2024, 7, 1, 12, 34, 56, 0, 1, -50400},
    {"2024-07-01T12:34:56+05:45", 2024, 7, 1, 12, 34, 56, 0, 1, 20700},
    /* more digits than microseconds: the seventh decides */
    {"2024-07-01T12:34:56.1234564", 2024, 7, 1, 12, 34, 56, 123456, 0, 0},
    {"2024-07-01T12:34:56.1234565", 2024, 7, 1, 12, 34, 56, 123457, 0, 0},
    {"2024-07-01T12:34:56.1234569", 2024, 7, 1, 12, 34, 56, 123457, 0, 0},
    {"2024-07-01T12:34:56.12345649999999999", 2024, 7, 1, 12, 34, 56, 123456, 0, 0},
    {"2024-07-01T12:34:56.123456500000", 2024, 7, 1, 12, 34, 56, 123457, 0, 0},
    {"2024-07-01T12:34:56.00000000000000000000000001", 2024, 7, 1, 12, 34, 56, 0, 0, 0},
    {"2024-07-01T12:34:56.0000005Z", 2024, 7, 1, 12, 34, 56, 1, 1, 0},
    {"2024-07-01T12:34:56.9999995", 2024, 7, 1, 12, 34, 57, 0, 0, 0},
    {"2024-07-01T12:34:59.9999995", 2024, 7, 1, 12, 35, 0, 0, 0, 0},
    {"2024-07-31T23:59:59.9999999", 2024, 8, 1, 0, 0, 0, 0, 0, 0},
    {"2024-02-28T23:59:59.9999999", 2024, 2, 29, 0, 0, 0, 0, 0, 0},
    {"2023-12-31T23:59:59.9999995", 2024, 1, 1, 0, 0, 0, 0, 0, 0},
    {"1999-12-31T23:59:59.9999999+01:00", 2000, 1, 1, 0, 0, 0, 0, 1, 3600},
    {"9999-12-31T23:59:59.9999994", 9999, 12, 31, 23, 59, 59, 999999, 0, 0},
    {"9999-12-31T23:59:59.9999995", 9999, 12, 31, 23, 59, 59, 999999, 0, 0},
    {"9999-12-31T23:59:59.9999999Z", 9999, 12, 31, 23, 59, 59, 999999, 1, 0},
    {"0000-12-31T23:17:00.000Z", 1, 1, 1, 0, 0, 0, 0, 1, 0},
    {"0000-12-31T23:59:59.9+01:00", 1, 1, 1, 0, 0, 0, 0, 1, 0},
};

static void test_good(void)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        cs_stamp_t stamp;
        const char *wrong = cs_wall_parse(good[i].text, strlen(good[i].text), &stamp);

        is(wrong, NULL, "%s is a time", good[i].text);
        is_int(stamp.wall,
               wall_of(good[i].year, good[i].month, good[i].day, good[i].hour, good[i].minute, good[i].second,
                       good[i].micros),
               "%s: the wall clock", good[i].text);
        is_int(stamp.zoned, good[i].zoned, "%s comes %s a zone", good[i].text,
               good[i].zoned ? "with" : "without");
        is_int(stamp.offset, good[i].offset, "%s: the offset", good[i].text);
    }
}

/* ---------------- what is refused */

#define NOT_A_DATE  "it does not begin with YYYY-MM-DD"
#define NO_YEAR     "the year is not 0001 to 9999"
#define NO_MONTH    "the month is not 01 to 12"
#define NO_DAY      "the month has no such day"
#define NOT_A_CLOCK "the time is not HH:MM or HH:MM:SS"
#define NO_TIME     "the time is not 00:00:00 to 23:59:59"
#define NO_FRACTION "the fraction has no digits"
#define NOT_A_ZONE  "the zone is not Z, +HH:MM or -HH:MM"
#define NO_OFFSET   "the offset is not -14:00 to +14:00"
#define TOO_MUCH    "something follows the time"

static const struct {
    const char *text;
    const char *wrong;
} bad[] = {
    {"", NOT_A_DATE},
    {"2", NOT_A_DATE},
    {"2024", NOT_A_DATE},
    {"2024-07", NOT_A_DATE},
    {"2024-07-", NOT_A_DATE},
    {"2024-07-1", NOT_A_DATE},
    {"2024-7-01", NOT_A_DATE},
    {"24-07-01", NOT_A_DATE},
    {"20240701", NOT_A_DATE},
    {"2024/07/01", NOT_A_DATE},
    {"01.07.2024", NOT_A_DATE},
    {"02024-07-01", NOT_A_DATE},
    {"-2024-07-01", NOT_A_DATE},
    {"+2024-07-01", NOT_A_DATE},
    {" 2024-07-01", NOT_A_DATE},
    {"T12:00:00", NOT_A_DATE},
    {"12:00:00", NOT_A_DATE},
    {"now", NOT_A_DATE},
    {"infinity", NOT_A_DATE},
    {"2024-W27-1", NOT_A_DATE},
    {"\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA4-07-01", NOT_A_DATE},
    {"0000-01-01", NO_YEAR},
    {"0000-12-31", NO_YEAR},
    {"0000-12-31T23:17:00", NO_YEAR},
    {"0000-12-30T23:17:00Z", NO_YEAR},
    {"0000-12-31T23:17:00X", NOT_A_ZONE},
    {"0000-01-01T00:00:00Z", NO_YEAR},
    {"2024-00-01", NO_MONTH},
    {"2024-13-01", NO_MONTH},
    {"2024-99-01", NO_MONTH},
    {"2024-07-00", NO_DAY},
    {"2024-07-32", NO_DAY},
    {"2024-06-31", NO_DAY},
    {"2024-04-31", NO_DAY},
    {"2024-09-31", NO_DAY},
    {"2024-11-31", NO_DAY},
    {"2024-02-30", NO_DAY},
    {"2023-02-29", NO_DAY},
    {"1900-02-29", NO_DAY},
    {"2100-02-29", NO_DAY},
    {"2024-07-01T", NOT_A_CLOCK},
    {"2024-07-01T1", NOT_A_CLOCK},
    {"2024-07-01T12", NOT_A_CLOCK},
    {"2024-07-01T12:", NOT_A_CLOCK},
    {"2024-07-01T12:3", NOT_A_CLOCK},
    {"2024-07-01T12:34:", NOT_A_CLOCK},
    {"2024-07-01T12:34:5", NOT_A_CLOCK},
    {"2024-07-01T1:34:56", NOT_A_CLOCK},
    {"2024-07-01T123456", NOT_A_CLOCK},
    {"2024-07-01T-1:00:00", NOT_A_CLOCK},
    {"2024-07-01T12:34:Z", NOT_A_CLOCK},
    {"2024-07-01TZ", NOT_A_CLOCK},
    {"2024-07-01T24:00:00", NO_TIME},
    {"2024-07-01T25:00:00", NO_TIME},
    {"2024-07-01T12:60:00", NO_TIME},
    {"2024-07-01T12:34:60", NO_TIME},
    {"2016-12-31T23:59:60Z", NO_TIME},
    {"2024-07-01T12:34:56.", NO_FRACTION},
    {"2024-07-01T12:34:56.Z", NO_FRACTION},
    {"2024-07-01T12:34:56.-5", NO_FRACTION},
    {"2024-07-01T12:34:56,5", NOT_A_ZONE},
    {"2024-07-01T12:34:56.5.5", NOT_A_ZONE},
    {"2024-07-01T12:34.5", NOT_A_ZONE}, /* would be half a minute, not half a second */
    {"2024-07-01T12:34.5Z", NOT_A_ZONE},
    {"2024-07-01T12:34:56z", NOT_A_ZONE},
    {"2024-07-01T12:34:56 ", NOT_A_ZONE},
    {"2024-07-01T12:34:56 Z", NOT_A_ZONE},
    {"2024-07-01T12:34:56 +02:00", NOT_A_ZONE},
    {"2024-07-01T12:34:56+", NOT_A_ZONE},
    {"2024-07-01T12:34:56-", NOT_A_ZONE},
    {"2024-07-01T12:34:56+2", NOT_A_ZONE},
    {"2024-07-01T12:34:56+02", NOT_A_ZONE},
    {"2024-07-01T12:34:56+02:", NOT_A_ZONE},
    {"2024-07-01T12:34:56+02:0", NOT_A_ZONE},
    {"2024-07-01T12:34:56+020", NOT_A_ZONE},
    {"2024-07-01T12:34:56+2:00", NOT_A_ZONE},
    {"2024-07-01T12:34:56CET", NOT_A_ZONE},
    {"2024-07-01T12:34:56 AM", NOT_A_ZONE},
    {"2024-07-01T12:34:56\xE2\x88\x92"
     "05:00",
     NOT_A_ZONE}, /* U+2212, the sign that typographers use */
    {"2024-07-01T12:34:56+14:01", NO_OFFSET},
    {"2024-07-01T12:34:56-14:01", NO_OFFSET},
    {"2024-07-01T12:34:56+15:00", NO_OFFSET},
    {"2024-07-01T12:34:56+99:99", NO_OFFSET},
    {"2024-07-01T12:34:56+02:60", NO_OFFSET},
    {"2024-07-01 ", TOO_MUCH},
    {"2024-07-01Z", TOO_MUCH},
    {"2024-07-01+02:00", TOO_MUCH},
    {"2024-07-01 12:34:56", TOO_MUCH},
    {"2024-07-01t12:34:56", TOO_MUCH},
    {"2024-07-011", TOO_MUCH},
    {"2024-07-01T12:34:56Z ", TOO_MUCH},
    {"2024-07-01T12:34:56ZZ", TOO_MUCH},
    {"2024-07-01T12:34:56Z+02:00", TOO_MUCH},
    {"2024-07-01T12:34:56+02:00Z", TOO_MUCH},
    {"2024-07-01T12:34:56+02:00:00", TOO_MUCH},
    {"2024-07-01T12:34:56+02:001", TOO_MUCH},
    {"2024-07-01T12:34:56+02:00[Europe/Oslo]", TOO_MUCH},
};

static void test_bad(void)
{
    for (size_t i = 0; i < COUNT(bad); i++) {
        cs_stamp_t stamp;

        is(cs_wall_parse(bad[i].text, strlen(bad[i].text), &stamp), bad[i].wrong, "'%s' is refused",
           bad[i].text);
    }
}

/* The text is not terminated: what stands behind its length is not read. */
static void test_length(void)
{
    static const char text[] = "2024-07-01T12:34:56.789+02:00";
    int wrong = 0;
    cs_stamp_t stamp;

    is(cs_wall_parse(text, 10, &stamp), NULL, "ten bytes of a longer text are a date");
    is_int(stamp.wall, wall_of(2024, 7, 1, 0, 0, 0, 0), "the clock behind the length does not count");
    is(cs_wall_parse("2024-07-01\0T12:34", 16, &stamp), TOO_MUCH, "U+0000 does not end a time");
    for (size_t len = 0; len < sizeof(text); len++) {
        int whole =
            len == 10 || len == 16 || len == 19 || (len >= 21 && len <= 23) || len == sizeof(text) - 1;
        char *alone = malloc(len ? len : 1);

        if (!alone) {
            abort();
        }
        memcpy(alone, text, len);
        wrong += (cs_wall_parse(alone, len, &stamp) == NULL) != (whole && len < sizeof(text));
        free(alone);
    }
    is_int(wrong, 0, "of the beginnings of a time those are times that end after a complete part");
}

/* ---------------- printing */

static const struct {
    cs_wall_t wall;
    const char *text;
    const char *what;
} printed[] = {
    {0, "2000-01-01T00:00:00", "the origin"},
    {1, "2000-01-01T00:00:00.000001", "the tick after the origin"},
    {-1, "1999-12-31T23:59:59.999999", "the tick before the origin"},
    {-CS_WALL_SECOND, "1999-12-31T23:59:59", "the second before the origin"},
    {-CS_WALL_DAY, "1999-12-31T00:00:00", "the day before the origin"},
    {-CS_WALL_DAY - 1, "1999-12-30T23:59:59.999999", "a day and a tick before the origin"},
    {NOON + 500000, "2000-01-01T12:00:00.5", "a fraction without its zeros"},
    {NOON + 120000, "2000-01-01T12:00:00.12", "two digits"},
    {NOON + 123450, "2000-01-01T12:00:00.12345", "five digits"},
    {NOON + 10, "2000-01-01T12:00:00.00001", "a fraction with zeros in front"},
    {59 * CS_WALL_DAY, "2000-02-29T00:00:00", "a leap day"},
    {CS_WALL_UNSET, "0001-01-01T00:00:00", "unset"},
    {CS_WALL_UNSET + 1, "0001-01-01T00:00:00.000001", "the tick after unset"},
    {CS_WALL_NO_END, "9999-12-31T23:59:59", "no end"},
    {CS_WALL_LAST, "9999-12-31T23:59:59.999999", "the last tick"},
    {CS_WALL_UNSET - 1, "0001-01-01T00:00:00", "before the first year"},
    {-APR_INT64_C(9223372036854775807) - 1, "0001-01-01T00:00:00", "minus infinity of the database"},
    {CS_WALL_LAST + 1, "9999-12-31T23:59:59.999999", "after the last year"},
    {APR_INT64_C(9223372036854775807), "9999-12-31T23:59:59.999999", "infinity of the database"},
};

static void test_printed(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(printed); i++) {
        char out[CS_WALL_MAX];
        apr_size_t len = cs_wall_print(out, printed[i].wall);

        is(apr_pstrmemdup(pool, out, len), printed[i].text, "%s is printed", printed[i].what);
    }
}

/* A time every few hours over all years, with fractions of every length. */
static void test_round_trip(void)
{
    static const int fractions[] = {0, 0, 500000, 120000, 123000, 123400, 123450, 123456, 1, 999999};
    long different = 0, times = 0;

    for (cs_wall_t wall = CS_WALL_UNSET; wall <= CS_WALL_NO_END; wall += 137 * 3599 * CS_WALL_SECOND) {
        cs_wall_t exact = wall + fractions[times % 10];
        char out[CS_WALL_MAX];
        apr_size_t len = cs_wall_print(out, exact);
        cs_stamp_t stamp;

        different += cs_wall_parse(out, len, &stamp) != NULL || stamp.wall != exact || stamp.zoned;
        times++;
    }
    ok(times > 600000, "times of all years are tried");
    is_int(different, 0, "what is printed reads back as the same time");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_days();
    test_good();
    test_bad();
    test_length();
    test_printed(pool);
    test_round_trip();
    return done();
}
