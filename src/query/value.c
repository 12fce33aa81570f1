#include "query/value.h"

#include "base/text.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define INT_WANTED "an integer from -2147483648 to 2147483647 is expected"

const char *cs_value_inside(const cs_token_t *token, const char *tag, apr_size_t *len_out)
{
    apr_size_t size = strlen(tag);

    if (token->len < size + 3 || token->s[0] != '[' || token->s[token->len - 1] != ']' ||
        token->s[size + 1] != ':' || !cs_text_same(token->s + 1, size, tag, size)) {
        return NULL;
    }
    *len_out = token->len - size - 3;
    return token->s + size + 2;
}

/* The value itself, or what is inside of it when it is encoded by that tag. */
static const char *plain(const cs_token_t *token, const char *tag, apr_size_t *len_out)
{
    const char *inside = cs_value_inside(token, tag, len_out);

    if (!inside) {
        *len_out = token->len;
    }
    return inside ? inside : token->s;
}

static int read_int(const char *s, apr_size_t len, apr_int64_t *number_out)
{
    return cs_text_integer(s, len, number_out) && *number_out >= -APR_INT64_C(2147483648) &&
           *number_out <= APR_INT64_C(2147483647);
}

const char *cs_value_int(const cs_token_t *token, apr_int64_t *number_out)
{
    apr_size_t len;
    const char *s = plain(token, "I", &len);

    if (s == token->s) {
        s = plain(token, "A", &len);
    }
    return read_int(s, len, number_out) ? NULL : INT_WANTED;
}

const char *cs_value_span(const cs_token_t *token, apr_int64_t *seconds_out)
{
    apr_size_t len;
    const char *s = plain(token, "TS", &len);

    return read_int(s, len, seconds_out) || !cs_value_int(token, seconds_out)
               ? NULL
               : "a number of seconds is expected, as 90 or [TS:90]";
}

/*      real = [ "-" ] 1*digit [ "." 1*digit ] */
static int is_real(const char *s, apr_size_t len)
{
    apr_size_t at = len && *s == '-', digits = 0, points = 0;

    for (; at < len; at++) {
        if (s[at] == '.' && digits && !points) {
            points = 1;
            digits = 0;
        }
        else if (s[at] >= '0' && s[at] <= '9') {
            digits++;
        }
        else {
            return 0;
        }
    }
    return digits > 0 && len <= 40;
}

/* Digits and a point alone, and no locale: strtod would read the point as the process's locale has it. */
const char *cs_value_real(apr_pool_t *pool, const cs_token_t *token, double *number_out)
{
    apr_size_t len;
    const char *s = plain(token, "F", &len);
    double number = 0, scale = 1;
    int behind = 0;

    (void)pool;
    if (s == token->s) {
        s = plain(token, "M", &len);
    }
    if (s == token->s) {
        s = plain(token, "I", &len);
    }
    if (!is_real(s, len)) {
        return "a number is expected, with a point before decimals";
    }
    for (apr_size_t i = *s == '-'; i < len; i++) {
        if (s[i] == '.') {
            behind = 1;
            continue;
        }
        number = number * 10 + (s[i] - '0');
        scale *= behind ? 10 : 1;
    }
    *number_out = (*s == '-' ? -number : number) / scale;
    return NULL;
}

const char *cs_value_bool(const cs_token_t *token, int *truth_out)
{
    static const char *const words[] = {"false", "true", "0", "1"};
    apr_size_t len;
    const char *s = plain(token, "B", &len);

    for (int i = 0; i < 4; i++) {
        if (cs_text_same(s, len, words[i], strlen(words[i]))) {
            *truth_out = i & 1;
            return NULL;
        }
    }
    return "true, false, 1 or 0 is expected";
}

const char *cs_value_word(apr_pool_t *pool, const cs_token_t *token, const cs_enum_t *words,
                          apr_int64_t *number_out)
{
    const char *list = "";

    if (!cs_value_int(token, number_out)) {
        return NULL;
    }
    for (const cs_word_t *word = words ? words->words : NULL; word && word->name; word++) {
        if (cs_text_same(token->s, token->len, word->name, strlen(word->name))) {
            *number_out = word->value;
            return NULL;
        }
        list = apr_pstrcat(pool, list, *list ? ", " : "", word->name, NULL);
    }
    return *list ? apr_pstrcat(pool, "one of ", list, ", or a number, is expected", NULL) : INT_WANTED;
}

/* ---------------- times
 *
 *      date      = two ( "/" two "/" four / "." two "." four )       month first, or with points day first
 *      date-time = date " " two ":" two [ ":" two ]
 */
static int digits(const char *s, int count, int *number_out)
{
    *number_out = 0;
    for (int i = 0; i < count; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return 0;
        }
        *number_out = *number_out * 10 + (s[i] - '0');
    }
    return 1;
}

/* Encoded times become ISO's, which one parser reads. */
static int decode_moment(const char *s, apr_size_t len, char iso[32])
{
    int first, second, year;

    if (len < 10 || len > 19 || !digits(s, 2, &first) || !digits(s + 3, 2, &second) ||
        !digits(s + 6, 4, &year) || s[2] != s[5] || (s[2] != '/' && s[2] != '.') ||
        (len > 10 && s[10] != ' ')) {
        return 0;
    }
    apr_snprintf(iso, 32, "%04d-%02d-%02d%s%.*s", year, s[2] == '/' ? first : second,
                 s[2] == '/' ? second : first, len > 10 ? "T" : "", (int)(len > 11 ? len - 11 : 0),
                 len > 11 ? s + 11 : "");
    return 1;
}

const char *cs_value_moment(const cs_token_t *token, cs_moment_t *moment_out)
{
    char iso[32];
    apr_size_t len;
    const char *s = plain(token, "D", &len);

    if (s == token->s) {
        s = plain(token, "DT", &len);
    }
    if (s != token->s) {
        s = decode_moment(s, len, iso) ? iso : "";
        len = strlen(s);
    }
    if (cs_wall_parse(s, len, &moment_out->stamp)) {
        return "a date is expected, as 2024-03-04, 2024-03-04T10:15:00 or [D:03/04/2024]";
    }
    moment_out->timed = len > 10;
    return NULL;
}
