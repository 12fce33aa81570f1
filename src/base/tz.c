#include "base/tz.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

#define ZONEINFO       "/usr/share/zoneinfo"
#define FILE_MAX_BYTES (256 * 1024)
#define UNIX_TO_2000   946684800 /* seconds from 1970-01-01 to 2000-01-01 */

/* When clocks change, year after year: the parts of a POSIX TZ rule. */
typedef struct change_t {
    enum { BY_WEEKDAY, BY_DAY_NO_LEAP, BY_DAY } how;
    int month, week, day;
    int seconds; /* of local time; may be negative or beyond a day */
} change_t;

struct cs_tz_t {
    int count;
    const apr_int64_t *at; /* count instants at which the offset changes, ascending */
    const int *offset;     /* count offsets: [i] holds from at[i] on */
    int before;            /* the offset before the first change */
    int ruled;             /* std, dst, start and end hold after the last change */
    int has_dst;
    int std, dst;
    change_t start, end; /* of daylight saving */
};

/* ---------------- POSIX TZ text, the footer of the file
 *
 *      rule   = name offset [ name [ offset ] "," change "," change ]
 *      name   = 3*ALPHA / "<" 3*( ALPHA / DIGIT / "+" / "-" ) ">"
 *      change = ( "M" m "." w "." d / "J" n / n ) [ "/" time ]
 */
static int parse_number(const char **at, int *number)
{
    const char *s = *at;

    *number = 0;
    while (*s >= '0' && *s <= '9' && *number < 100000) {
        *number = *number * 10 + (*s++ - '0');
    }
    if (s == *at) {
        return 0;
    }
    *at = s;
    return 1;
}

static int parse_name(const char **at)
{
    const char *s = *at;

    if (*s == '<') {
        s = strchr(s, '>');
        if (!s) {
            return 0;
        }
        *at = s + 1;
        return 1;
    }
    while ((*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z')) {
        s++;
    }
    if (s - *at < 3) {
        return 0;
    }
    *at = s;
    return 1;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static int parse_time(const char **at, int *seconds)
{
    int sign = **at == '-' ? -1 : 1;
    int hours, minutes = 0, rest = 0;

    if (**at == '-' || **at == '+') {
        ++*at;
    }
    if (!parse_number(at, &hours)) {
        return 0;
    }
    if (**at == ':') {
        ++*at;
        if (!parse_number(at, &minutes)) {
            return 0;
        }
    }
    if (**at == ':') {
        ++*at;
        if (!parse_number(at, &rest)) {
            return 0;
        }
    }
    *seconds = sign * (hours * 3600 + minutes * 60 + rest);
    return 1;
}

static int parse_dotted(const char **at, int *number)
{
    if (**at != '.') {
        return 0;
    }
    ++*at;
    return parse_number(at, number);
}

static int parse_change(const char **at, change_t *change)
{
    if (*(*at)++ != ',') {
        return 0;
    }
    change->seconds = 2 * 3600;
    if (**at == 'M') {
        ++*at;
        change->how = BY_WEEKDAY;
        if (!parse_number(at, &change->month) || !parse_dotted(at, &change->week) ||
            !parse_dotted(at, &change->day) || change->month < 1 || change->month > 12) {
            return 0;
        }
    }
    else {
        change->how = **at == 'J' ? BY_DAY_NO_LEAP : BY_DAY;
        *at += **at == 'J';
        if (!parse_number(at, &change->day)) {
            return 0;
        }
    }
    if (**at == '/') {
        ++*at;
        return parse_time(at, &change->seconds);
    }
    return 1;
}

static int parse_rule(const char *s, cs_tz_t *tz)
{
    int west;

    if (!parse_name(&s) || !parse_time(&s, &west)) {
        return 0;
    }
    tz->std = -west;
    if (*s) {
        if (!parse_name(&s)) {
            return 0;
        }
        west -= 3600;
        if (*s != ',' && !parse_time(&s, &west)) {
            return 0;
        }
        tz->dst = -west;
        if (!parse_change(&s, &tz->start) || !parse_change(&s, &tz->end)) {
            return 0;
        }
        tz->has_dst = 1;
    }
    return *s == '\0';
}

/* ---------------- the file */

static apr_int64_t big_endian(const unsigned char *bytes, int count)
{
    apr_uint64_t number = bytes[0] & 0x80 ? ~(apr_uint64_t)0 : 0;

    for (int i = 0; i < count; i++) {
        number = number << 8 | bytes[i];
    }
    return (apr_int64_t)number;
}

#define HEADER 44

typedef struct header_t {
    apr_size_t isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt;
} header_t;

/* Sizes from the header; 0 when it is none, or so large that the file cannot hold it. */
static int read_header(const unsigned char *bytes, apr_size_t len, header_t *header)
{
    apr_size_t *const counts[] = {&header->isutcnt, &header->isstdcnt, &header->leapcnt,
                                  &header->timecnt, &header->typecnt,  &header->charcnt};

    if (len < HEADER || memcmp(bytes, "TZif", 4) != 0) {
        return 0;
    }
    for (int i = 0; i < 6; i++) {
        *counts[i] = (apr_size_t)big_endian(bytes + 20 + 4 * i, 4);
        if (*counts[i] > FILE_MAX_BYTES) {
            return 0;
        }
    }
    return header->typecnt > 0;
}

static apr_size_t body_size(const header_t *h, apr_size_t time_size)
{
    return h->timecnt * time_size + h->timecnt + h->typecnt * 6 + h->charcnt + h->leapcnt * (time_size + 4) +
           h->isstdcnt + h->isutcnt;
}

/* The second data block holds the same with 64-bit times; then comes the rule between two line ends. */
static const char *read_file(apr_pool_t *pool, const unsigned char *bytes, apr_size_t len, cs_tz_t *tz)
{
    const unsigned char *times, *kinds, *types;
    const char *rule, *end;
    header_t h;
    apr_int64_t *at;
    int *offset;
    apr_size_t skip;

    if (!read_header(bytes, len, &h) || bytes[4] < '2') {
        return "it is not a TZif file of version 2 or later";
    }
    skip = HEADER + body_size(&h, 4);
    if (skip > len || !read_header(bytes + skip, len - skip, &h) || HEADER + body_size(&h, 8) > len - skip) {
        return "it is cut short";
    }
    if (h.leapcnt) {
        return "it counts leap seconds, as no other clock of the server does";
    }
    times = bytes + skip + HEADER;
    kinds = times + h.timecnt * 8;
    types = kinds + h.timecnt;
    at = apr_palloc(pool, sizeof(*at) * (h.timecnt + 1));
    offset = apr_palloc(pool, sizeof(*offset) * (h.timecnt + 1));
    for (apr_size_t i = 0; i < h.timecnt; i++) {
        if (kinds[i] >= h.typecnt) {
            return "it names a local time type that it does not have";
        }
        at[i] = big_endian(times + i * 8, 8);
        offset[i] = (int)big_endian(types + kinds[i] * 6, 4);
    }
    tz->count = (int)h.timecnt;
    tz->at = at;
    tz->offset = offset;
    tz->before = (int)big_endian(types, 4);
    rule = (const char *)(times + body_size(&h, 8));
    end = (const char *)bytes + len;
    if (end - rule < 2 || *rule != '\n' || end[-1] != '\n') {
        return "its rule for later years is missing";
    }
    rule = apr_pstrmemdup(pool, rule + 1, (apr_size_t)(end - rule) - 2);
    tz->ruled = *rule != '\0';
    return tz->ruled && !parse_rule(rule, tz) ? "its rule for later years cannot be read" : NULL;
}

static int name_is_safe(const char *name)
{
    return *name && *name != '/' && !strstr(name, "..") &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == strlen(name);
}

const cs_tz_t *cs_tz_load(apr_pool_t *pool, const char *name, const char **reason_out)
{
    cs_tz_t *tz = apr_pcalloc(pool, sizeof(*tz));
    unsigned char *bytes;
    apr_file_t *file;
    apr_size_t len = FILE_MAX_BYTES;
    const char *path;

    if (!name_is_safe(name)) {
        *reason_out = "a zone is named like Europe/Oslo or UTC";
        return NULL;
    }
    path = apr_pstrcat(pool, ZONEINFO "/", name, NULL);
    if (apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS) {
        *reason_out = "there is no such zone below " ZONEINFO;
        return NULL;
    }
    bytes = apr_palloc(pool, FILE_MAX_BYTES);
    if (apr_file_read(file, bytes, &len) != APR_SUCCESS) {
        len = 0;
    }
    apr_file_close(file);
    *reason_out = read_file(pool, bytes, len, tz);
    return *reason_out ? NULL : tz;
}

/* ---------------- using it */

/* The wall-clock second, counted from 1970, at which `change` happens in that year. */
static apr_int64_t change_second(const change_t *change, int year)
{
    apr_int64_t first = cs_wall_days(year, 1, 1);
    apr_int64_t day;

    if (change->how == BY_WEEKDAY) {
        apr_int64_t month = cs_wall_days(year, change->month, 1);
        apr_int64_t next =
            change->month == 12 ? cs_wall_days(year + 1, 1, 1) : cs_wall_days(year, change->month + 1, 1);
        int weekday = (int)(((month + 6) % 7 + 7) % 7); /* 2000-01-01 was a Saturday */

        day = month + (change->day - weekday + 7) % 7 + 7 * (change->week - 1);
        while (day >= next) {
            day -= 7;
        }
    }
    else if (change->how == BY_DAY_NO_LEAP) {
        int leap = cs_wall_days(year, 3, 1) - first == 60;

        day = first + change->day - 1 + (leap && change->day >= 60);
    }
    else {
        day = first + change->day;
    }
    return day * 86400 + change->seconds + UNIX_TO_2000;
}

static int rule_offset(const cs_tz_t *tz, apr_int64_t unix_seconds)
{
    apr_int64_t local = unix_seconds + tz->std - UNIX_TO_2000;
    apr_int64_t days = (local - (local % 86400 + 86400) % 86400) / 86400;
    int year = (int)(2000 + days / (days < 0 ? 365 : 366)) - 1; /* never late, a few years early */
    apr_int64_t start, end;

    if (!tz->has_dst) {
        return tz->std;
    }
    while (cs_wall_days(year + 1, 1, 1) <= days) {
        year++;
    }
    start = change_second(&tz->start, year) - tz->std;
    end = change_second(&tz->end, year) - tz->dst;
    if (start < end) {
        return unix_seconds >= start && unix_seconds < end ? tz->dst : tz->std;
    }
    return unix_seconds >= end && unix_seconds < start ? tz->std : tz->dst;
}

int cs_tz_offset(const cs_tz_t *tz, apr_int64_t unix_seconds)
{
    int low = 0, high = tz->count;

    if (tz->ruled && (tz->count == 0 || unix_seconds >= tz->at[tz->count - 1])) {
        return rule_offset(tz, unix_seconds);
    }
    while (low < high) {
        int middle = (low + high) / 2;

        if (tz->at[middle] <= unix_seconds) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low == 0 ? tz->before : tz->offset[low - 1];
}

cs_wall_t cs_tz_wall(const cs_tz_t *tz, cs_wall_t utc)
{
    apr_int64_t seconds = (utc - ((utc % CS_WALL_SECOND) + CS_WALL_SECOND) % CS_WALL_SECOND) / CS_WALL_SECOND;

    return utc + cs_tz_offset(tz, seconds + UNIX_TO_2000) * CS_WALL_SECOND;
}
