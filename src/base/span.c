#include "base/span.h"

#define DIGITS_MAX 6 /* of a number; no valid one has more */

/* What is left of the text. */
typedef struct scan_t {
    const char *at, *end;
} scan_t;

static int is_digit(const scan_t *scan)
{
    return scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
}

static int take(scan_t *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c) {
        return 0;
    }
    scan->at++;
    return 1;
}

/* How many digits there were; 0 also where there are too many. */
static int take_number(scan_t *scan, apr_int64_t *number_out)
{
    const char *start = scan->at;

    *number_out = 0;
    while (is_digit(scan) && scan->at - start < DIGITS_MAX) {
        *number_out = 10 * *number_out + (*scan->at++ - '0');
    }
    return is_digit(scan) ? 0 : (int)(scan->at - start);
}

/* Digits behind the point: the first six count, the seventh rounds. */
static int take_fraction(scan_t *scan, cs_span_t *span_out)
{
    const char *start = scan->at;
    cs_span_t weight = CS_SPAN_SECOND / 10;

    while (is_digit(scan)) {
        int digit = *scan->at++ - '0';

        *span_out += scan->at - start == 7 ? digit >= 5 : digit * weight;
        weight /= 10;
    }
    return scan->at > start;
}

/* ---------------- as a clock shows it
 *
 *      clock = [ 1*6DIGIT "." ] 1*2DIGIT ":" 2DIGIT [ ":" 2DIGIT [ "." 1*DIGIT ] ]
 */
static const char *parse_clock(scan_t *scan, cs_span_t *span_out)
{
    apr_int64_t days = 0, hour, minute, second = 0;
    int digits = take_number(scan, &hour);

    if (digits && take(scan, '.')) {
        days = hour;
        digits = take_number(scan, &hour);
    }
    if (digits < 1 || digits > 2 || hour > 24) {
        return "the hour is not 00 to 24";
    }
    if (!take(scan, ':') || take_number(scan, &minute) != 2 || minute > 59) {
        return "the minute is not 00 to 59";
    }
    if (take(scan, ':')) {
        if (take_number(scan, &second) != 2 || second > 59) {
            return "the second is not 00 to 59";
        }
        if (take(scan, '.') && !take_fraction(scan, span_out)) {
            return "there are no digits behind the point";
        }
    }
    *span_out += days * CS_SPAN_DAY + ((hour * 60 + minute) * 60 + second) * CS_SPAN_SECOND;
    return NULL;
}

/* ---------------- as a duration
 *
 *      duration = "P" [ number "D" ] [ "T" [ number "H" ] [ number "M" ] [ number [ "." 1*DIGIT ] "S" ] ]
 *                 with one number at least, and one behind a T
 */
static const char *parse_duration(scan_t *scan, cs_span_t *span_out)
{
    static const struct {
        char unit;
        apr_int64_t seconds;
    } units[] = {{'D', 86400}, {'H', 3600}, {'M', 60}, {'S', 1}};
    int next = 0, behind_t = 0, numbers = 0;

    while (scan->at < scan->end) {
        apr_int64_t number;
        int fraction;

        if (!behind_t && take(scan, 'T')) {
            behind_t = 1;
            numbers = 0;
            next = 1;
            continue;
        }
        if (!take_number(scan, &number)) {
            return "there is no number of at most six digits before a unit";
        }
        fraction = take(scan, '.');
        if (fraction && !take_fraction(scan, span_out)) {
            return "there are no digits behind the point";
        }
        while (next < 4 && (scan->at == scan->end || *scan->at != units[next].unit)) {
            next++;
        }
        if (next == 4 || (next > 0) != behind_t || (fraction && units[next].unit != 'S')) {
            return "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone";
        }
        scan->at++;
        *span_out += number * units[next++].seconds * CS_SPAN_SECOND;
        numbers++;
    }
    return numbers ? NULL : "there is no number in it";
}

const char *cs_span_parse(const char *s, apr_size_t len, cs_span_t *span_out)
{
    scan_t scan = {s, s + len};
    const char *wrong;

    *span_out = 0;
    wrong = take(&scan, 'P') ? parse_duration(&scan, span_out) : parse_clock(&scan, span_out);
    if (wrong) {
        return wrong;
    }
    if (scan.at != scan.end) {
        return "something follows it";
    }
    return *span_out > CS_SPAN_DAY ? "it is more than 24 hours" : NULL;
}

static char *put_two(char *out, apr_int64_t number)
{
    *out++ = (char)('0' + number / 10);
    *out++ = (char)('0' + number % 10);
    return out;
}

apr_size_t cs_span_print(char out[CS_SPAN_MAX], cs_span_t span)
{
    cs_span_t inside = span < 0 ? 0 : span > CS_SPAN_DAY ? CS_SPAN_DAY : span;
    apr_int64_t seconds = inside / CS_SPAN_SECOND, fraction = inside % CS_SPAN_SECOND;
    char *at = put_two(out, seconds / 3600);

    *at++ = ':';
    at = put_two(at, seconds / 60 % 60);
    *at++ = ':';
    at = put_two(at, seconds % 60);
    if (fraction) {
        *at++ = '.';
        for (apr_int64_t weight = CS_SPAN_SECOND / 10; fraction; weight /= 10) {
            *at++ = (char)('0' + fraction / weight);
            fraction %= weight;
        }
    }
    return (apr_size_t)(at - out);
}
