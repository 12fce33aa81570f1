#include "base/text.h"

#include <string.h>

/* Well-formed sequences, Unicode 15 table 3-7: the first byte decides the length and the range of the second.
 */
static apr_size_t utf8_shape(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *low = lead == 0xE0 ? 0xA0 : 0x80;
        *high = lead == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *low = lead == 0xF0 ? 0x90 : 0x80;
        *high = lead == 0xF4 ? 0x8F : 0xBF;
        return 4;
    }
    return 0;
}

apr_size_t cs_utf8_step(const char *s, apr_size_t len)
{
    const unsigned char *bytes = (const unsigned char *)s;
    unsigned char low, high;
    apr_size_t step;

    if (len == 0) {
        return 0;
    }
    step = utf8_shape(bytes[0], &low, &high);
    if (step == 0 || step > len) {
        return 0;
    }
    for (apr_size_t i = 1; i < step; i++) {
        if (bytes[i] < low || bytes[i] > high) {
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return step;
}

int cs_utf8_valid(const char *s, apr_size_t len, apr_size_t *chars_out)
{
    apr_size_t chars = 0;

    while (len > 0) {
        apr_size_t step = cs_utf8_step(s, len);

        if (step == 0) {
            return 0;
        }
        s += step;
        len -= step;
        chars++;
    }
    if (chars_out) {
        *chars_out = chars;
    }
    return 1;
}

static unsigned char ascii_lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

int cs_text_same(const char *a, apr_size_t a_len, const char *b, apr_size_t b_len)
{
    if (a_len != b_len) {
        return 0;
    }
    for (apr_size_t i = 0; i < a_len; i++) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) {
            return 0;
        }
    }
    return 1;
}

const char *cs_text_clean(apr_pool_t *pool, const char *s, apr_size_t len, apr_size_t max)
{
    apr_size_t keep = len > max ? max : len;
    char *text = apr_palloc(pool, keep + sizeof("..."));
    char *at = text;

    for (apr_size_t i = 0; i < keep;) {
        apr_size_t step = cs_utf8_step(s + i, len - i);
        unsigned char c = (unsigned char)s[i];

        if (i + step > keep) {
            break; /* a character is not cut in two */
        }
        if (step == 0 || (step == 1 && (c < 0x20 || c == 0x7F)) ||
            (step == 2 && c == 0xC2 && (unsigned char)s[i + 1] < 0xA0)) {
            *at++ = '?';
            i += step ? step : 1;
            continue;
        }
        memcpy(at, s + i, step);
        at += step;
        i += step;
    }
    memcpy(at, len > max ? "..." : "", len > max ? sizeof("...") : 1);
    return text;
}

int cs_text_hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

apr_ssize_t cs_text_unescape(const char *s, apr_size_t len, char *out)
{
    char *to = out;

    for (apr_size_t i = 0; i < len; i++) {
        if (s[i] != '%') {
            *to++ = s[i] == '+' ? ' ' : s[i];
            continue;
        }
        if (len - i < 3 || cs_text_hex(s[i + 1]) < 0 || cs_text_hex(s[i + 2]) < 0) {
            return -1;
        }
        *to++ = (char)(cs_text_hex(s[i + 1]) << 4 | cs_text_hex(s[i + 2]));
        i += 2;
    }
    *to = '\0';
    return to - out;
}

int cs_text_integer(const char *s, apr_size_t len, apr_int64_t *number_out)
{
    apr_size_t i = len > 0 && (s[0] == '-' || s[0] == '+') ? 1 : 0;
    apr_int64_t number = 0;

    if (i == len) {
        return 0;
    }
    for (; i < len; i++) {
        int digit = s[i] - '0';

        if (digit < 0 || digit > 9) {
            return 0;
        }
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, s[0] == '-' ? -digit : digit, &number)) {
            return 0;
        }
    }
    *number_out = number;
    return 1;
}
