#include "base/wall.h"

#include "base/num.h"

#include <string.h>

/* Counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year. */
apr_int64_t cs_wall_days(int year, int month, int day)
{
    apr_int64_t y = month <= 2 ? year - 1 : year;
    apr_int64_t era = (y >= 0 ? y : y - 399) / 400;
    apr_int64_t of_era = y - era * 400;
    apr_int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 730425;
}

static void civil_from_days(apr_int64_t days, int *year, int *month, int *day)
{
    apr_int64_t z = days + 730425;
    apr_int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    apr_int64_t of_era = z - era * 146097;
    apr_int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    apr_int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    apr_int64_t m = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(years + era * 400 + (*month <= 2));
}

int cs_wall_year(apr_int64_t days)
{
    int year, month, day;

    civil_from_days(days, &year, &month, &day);
    return year;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* ---------------- reading
 *
 *      stamp    = date [ "T" clock [ zone ] ]
 *      date     = 4DIGIT "-" 2DIGIT "-" 2DIGIT
 *      clock    = 2DIGIT ":" 2DIGIT [ ":" 2DIGIT [ "." 1*DIGIT ] ]
 *      zone     = "Z" / ( "+" / "-" ) 2DIGIT [ ":" ] 2DIGIT
 */
typedef struct scan_t {
    const char *at, *end;
} scan_t;

static int take(scan_t *scan, char c)
{
    if (scan->at < scan->end && *scan->at == c) {
        scan->at++;
        return 1;
    }
    return 0;
}

static int take_digits(scan_t *scan, int count, int *number_out)
{
    int number = 0;

    if (scan->end - scan->at < count) {
        return 0;
    }
    for (int i = 0; i < count; i++) {
        int digit = scan->at[i] - '0';

        if (digit < 0 || digit > 9) {
            return 0;
        }
        number = number * 10 + digit;
    }
    scan->at += count;
    *number_out = number;
    return 1;
}

#define NO_SUCH_YEAR "the year is not 0001 to 9999"

static const char *parse_date(scan_t *scan, cs_wall_t *wall)
{
    int year, month, day;

    if (!take_digits(scan, 4, &year) || !take(scan, '-') || !take_digits(scan, 2, &month) ||
        !take(scan, '-') || !take_digits(scan, 2, &day)) {
        return "it does not begin with YYYY-MM-DD";
    }
    if (year < 1 && (month != 12 || day != 31)) {
        return NO_SUCH_YEAR;
    }
    if (month < 1 || month > 12) {
        return "the month is not 01 to 12";
    }
    if (day < 1 || day > days_in_month(year, month)) {
        return "the month has no such day";
    }
    *wall = cs_wall_days(year, month, day) * CS_WALL_DAY;
    return NULL;
}

/* The seventh digit decides how the sixth is rounded; the rest does not count. */
static const char *parse_fraction(scan_t *scan, apr_int64_t *micros)
{
    int digits = 0;
    int digit;

    *micros = 0;
    while (take_digits(scan, 1, &digit)) {
        digits++;
        if (digits <= 6) {
            *micros = *micros * 10 + digit;
        }
        else if (digits == 7 && digit >= 5) {
            ++*micros;
        }
    }
    for (int i = digits; i < 6; i++) {
        *micros *= 10;
    }
    return digits ? NULL : "the fraction has no digits";
}

static const char *parse_clock(scan_t *scan, cs_wall_t *wall)
{
    int hour, minute, second = 0, seconds_given;
    apr_int64_t micros = 0;

    if (!take_digits(scan, 2, &hour) || !take(scan, ':') || !take_digits(scan, 2, &minute)) {
        return "the time is not HH:MM or HH:MM:SS";
    }
    seconds_given = take(scan, ':');
    if (seconds_given && !take_digits(scan, 2, &second)) {
        return "the time is not HH:MM or HH:MM:SS";
    }
    if (hour > 23 || minute > 59 || second > 59) {
        return "the time is not 00:00:00 to 23:59:59";
    }
    if (seconds_given && take(scan, '.')) {
        const char *wrong = parse_fraction(scan, &micros);

        if (wrong) {
            return wrong;
        }
    }
    *wall += ((hour * 60 + minute) * 60 + second) * CS_WALL_SECOND + micros;
    if (*wall > CS_WALL_LAST) {
        *wall = CS_WALL_LAST; /* the last tick of the year 9999 is not rounded into the year 10000 */
    }
    return NULL;
}

static const char *parse_zone(scan_t *scan, cs_stamp_t *stamp)
{
    int west, hours, minutes;

    if (scan->at == scan->end) {
        return NULL;
    }
    stamp->zoned = 1;
    if (take(scan, 'Z')) {
        return NULL;
    }
    west = *scan->at == '-';
    if (!take(scan, '-') && !take(scan, '+')) {
        return "the zone is not Z, +HH:MM or -HH:MM";
    }
    if (!take_digits(scan, 2, &hours) || (take(scan, ':'), !take_digits(scan, 2, &minutes))) {
        return "the zone is not Z, +HH:MM or -HH:MM";
    }
    if (minutes > 59 || hours * 60 + minutes > 14 * 60) {
        return "the offset is not -14:00 to +14:00";
    }
    stamp->offset = (hours * 60 + minutes) * (west ? -60 : 60);
    return NULL;
}

const char *cs_wall_parse(const char *s, apr_size_t len, cs_stamp_t *stamp_out)
{
    scan_t scan = {s, s + len};
    const char *wrong;

    memset(stamp_out, 0, sizeof(*stamp_out));
    wrong = parse_date(&scan, &stamp_out->wall);
    if (!wrong && take(&scan, 'T')) {
        wrong = parse_clock(&scan, &stamp_out->wall);
        if (!wrong) {
            wrong = parse_zone(&scan, stamp_out);
        }
    }
    if (!wrong && scan.at < scan.end) {
        wrong = "something follows the time";
    }
    if (stamp_out->wall < CS_WALL_UNSET) {
        wrong = wrong || stamp_out->zoned ? wrong : NO_SUCH_YEAR;
        *stamp_out = (cs_stamp_t){.wall = CS_WALL_UNSET, .zoned = stamp_out->zoned};
    }
    return wrong;
}

/* ---------------- writing */

static char *put_two(char *at, int number)
{
    memcpy(at, cs_num_pairs + (unsigned)number * 2, 2);
    return at + 2;
}

static char *put_two_and(char *at, int number, char c)
{
    at = put_two(at, number);
    *at = c;
    return at + 1;
}

static void put_digits(char **at, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        (*at)[i] = (char)('0' + number % 10);
        number /= 10;
    }
    *at += count;
}

static void put_fraction(char **at, int micros)
{
    int count = 6;

    while (micros % 10 == 0) {
        micros /= 10;
        count--;
    }
    *(*at)++ = '.';
    put_digits(at, micros, count);
}

apr_size_t cs_wall_print(char out[CS_WALL_MAX], cs_wall_t wall)
{
    char *at = out;
    int year, month, day, seconds;
    apr_int64_t of_day;

    wall = wall < CS_WALL_UNSET ? CS_WALL_UNSET : wall > CS_WALL_LAST ? CS_WALL_LAST : wall;
    of_day = wall % CS_WALL_DAY;
    of_day = of_day < 0 ? of_day + CS_WALL_DAY : of_day;
    civil_from_days((wall - of_day) / CS_WALL_DAY, &year, &month, &day);
    seconds = (int)(of_day / CS_WALL_SECOND);
    at = put_two(at, year / 100);
    at = put_two_and(at, year % 100, '-');
    at = put_two_and(at, month, '-');
    at = put_two_and(at, day, 'T');
    at = put_two_and(at, seconds / 3600, ':');
    at = put_two_and(at, seconds / 60 % 60, ':');
    at = put_two(at, seconds % 60);
    if (of_day % CS_WALL_SECOND) {
        put_fraction(&at, (int)(of_day % CS_WALL_SECOND));
    }
    return (apr_size_t)(at - out);
}
