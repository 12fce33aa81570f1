#include "base/tz_rules.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

#define FILE_MAX_BYTES (256 * 1024)

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

static int parse_change(const char **at, cs_change_t *change)
{
    if (*(*at)++ != ',') {
        return 0;
    }
    change->seconds = 2 * 3600;
    if (**at == 'M') {
        ++*at;
        change->how = CS_BY_WEEKDAY;
        if (!parse_number(at, &change->month) || !parse_dotted(at, &change->week) ||
            !parse_dotted(at, &change->day) || change->month < 1 || change->month > 12) {
            return 0;
        }
    }
    else {
        change->how = **at == 'J' ? CS_BY_DAY_NO_LEAP : CS_BY_DAY;
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

/* The changes of offset; those of the name or of daylight saving alone are none.  NULL or what is wrong. */
static const char *take_changes(apr_pool_t *pool, const header_t *h, const unsigned char *times,
                                const unsigned char *kinds, const unsigned char *types, cs_tz_t *tz)
{
    apr_int64_t *at = apr_palloc(pool, sizeof(*at) * (h->timecnt + 1));
    int *offsets = apr_palloc(pool, sizeof(*offsets) * (h->timecnt + 1));
    int last = (int)big_endian(types, 4);

    tz->before = last;
    tz->ruled_from = h->timecnt ? big_endian(times + (h->timecnt - 1) * 8, 8) : APR_INT64_MIN;
    for (apr_size_t i = 0; i < h->timecnt; i++) {
        int offset;

        if (kinds[i] >= h->typecnt) {
            return "it names a local time type that it does not have";
        }
        offset = (int)big_endian(types + kinds[i] * 6, 4);
        if (offset < -CS_TZ_FARTHEST || offset > CS_TZ_FARTHEST) {
            return "it has an offset beyond a day";
        }
        if (offset != last) {
            at[tz->count] = big_endian(times + i * 8, 8);
            offsets[tz->count++] = last = offset;
        }
    }
    tz->at = at;
    tz->offset = offsets;
    return NULL;
}

/* The second data block holds the same with 64-bit times; then comes the rule between two line ends. */
static const char *decode(apr_pool_t *pool, const unsigned char *bytes, apr_size_t len, cs_tz_t *tz)
{
    const unsigned char *times, *kinds, *types;
    const char *rule, *end, *wrong;
    header_t h;
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
    wrong = take_changes(pool, &h, times, kinds, types, tz);
    if (wrong) {
        return wrong;
    }
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

const cs_tz_t *cs_tz_decode(apr_pool_t *pool, const void *bytes, apr_size_t len, const char **reason_out)
{
    cs_tz_t *tz = apr_pcalloc(pool, sizeof(*tz));

    *reason_out = decode(pool, bytes, len, tz);
    return *reason_out ? NULL : tz;
}

const char *cs_tz_read(apr_pool_t *pool, const char *name, const void **bytes_out, apr_size_t *len_out)
{
    const char *path = apr_pstrcat(pool, CS_TZ_ROOT "/", name, NULL);
    apr_status_t status;
    apr_finfo_t info;
    apr_file_t *file;
    void *bytes;

    if (!name_is_safe(name)) {
        return "a zone is named like Europe/Oslo or UTC";
    }
    if (apr_stat(&info, path, APR_FINFO_TYPE | APR_FINFO_SIZE, pool) != APR_SUCCESS ||
        info.filetype != APR_REG ||
        apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS) {
        return "there is no such zone below " CS_TZ_ROOT;
    }
    *len_out = info.size < FILE_MAX_BYTES ? (apr_size_t)info.size : FILE_MAX_BYTES;
    *bytes_out = bytes = apr_palloc(pool, *len_out + 1);
    status = apr_file_read_full(file, bytes, *len_out, len_out);
    apr_file_close(file);
    return status == APR_SUCCESS ? NULL : "it cannot be read";
}

const cs_tz_t *cs_tz_load(apr_pool_t *pool, const char *name, const char **reason_out)
{
    const cs_tz_t *tz = NULL;
    apr_pool_t *scratch;
    const void *bytes;
    apr_size_t len;

    apr_pool_create(&scratch, pool);
    *reason_out = cs_tz_read(scratch, name, &bytes, &len);
    if (!*reason_out) {
        tz = cs_tz_decode(pool, bytes, len, reason_out);
    }
    apr_pool_destroy(scratch);
    return tz;
}
