#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char cs_num_pairs[] =
    "00010203040506070809101112131415161718192021222324"
    "25262728293031323334353637383940414243444546474849"
    "50515253545556575859606162636465666768697071727374"
    "75767778798081828384858687888990919293949596979899";

/* How many digits a number has. */
static apr_size_t digits_of(apr_uint64_t number)
{
    apr_size_t digits = 1;

    for (; number >= 10000; number /= 10000) {
        digits += 4;
    }
    return digits + (number >= 10) + (number >= 100) + (number >= 1000);
}

apr_size_t cs_num_print_int(char out[CS_NUM_MAX], apr_int64_t number)
{
    apr_uint64_t rest = number < 0 ? 0 - (apr_uint64_t)number : (apr_uint64_t)number;
    apr_size_t len = digits_of(rest) + (number < 0);
    char *at = out + len;

    for (; rest >= 100; rest /= 100) {
        at -= 2;
        memcpy(at, cs_num_pairs + rest % 100 * 2, 2);
    }
    if (rest >= 10) {
        memcpy(at - 2, cs_num_pairs + rest * 2, 2);
    }
    else {
        at[-1] = (char)('0' + rest);
    }
    if (number < 0) {
        out[0] = '-';
    }
    return len;
}

/* Most numbers that people enter have few decimals.  A quotient of two integers that doubles hold exactly is
 * the double nearest to that decimal; so where it equals the number, its up to 15 digits are what would be
 * found below, at a tenth of the cost.  0: the number is not of that kind. */
static apr_size_t print_decimal(char out[CS_NUM_MAX], double number)
{
    static const int powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    double size = fabs(number);

    if (size > 0 ? size < 1e-3 : signbit(number)) {
        return 0;
    }
    for (int decimals = 0; decimals < (int)(sizeof(powers) / sizeof(powers[0])); decimals++) {
        double scaled = nearbyint(size * powers[decimals]);

        if (scaled >= 1e15) {
            return 0;
        }
        if (!(scaled / powers[decimals] < size || scaled / powers[decimals] > size)) {
            apr_int64_t all = (apr_int64_t)scaled, rest = all % powers[decimals];
            apr_size_t len = cs_num_print_int(out + (number < 0), all / powers[decimals]) + (number < 0);

            out[0] = number < 0 ? '-' : out[0];
            out[len] = '.';
            for (apr_size_t at = len + (decimals ? (apr_size_t)decimals : 1); at > len; at--) {
                out[at] = (char)('0' + rest % 10);
                rest /= 10;
            }
            return len + 1 + (decimals ? (apr_size_t)decimals : 1);
        }
    }
    return 0;
}

/* snprintf and strtod follow the process's locale, which another module may set: the check for equality is
 * made in that locale; its decimal point, of one or more bytes, is put right afterwards. */
apr_size_t cs_num_print_real(char out[CS_NUM_MAX], double number)
{
    char text[CS_NUM_MAX * 2];
    apr_size_t len = 0;
    int integral = 1;

    if (!isfinite(number)) {
        return 0;
    }
    len = print_decimal(out, number);
    if (len) {
        return len;
    }
    snprintf(text, sizeof(text), "%.15g", number);
    if (strtod(text, NULL) < number || strtod(text, NULL) > number) {
        snprintf(text, sizeof(text), "%.17g", number);
    }
    for (const char *at = text; *at; at++) {
        if (strchr("0123456789+-e", *at)) {
            integral = integral && *at != 'e';
            out[len++] = *at;
        }
        else if (integral) {
            integral = 0;
            out[len++] = '.';
        }
    }
    if (integral) {
        memcpy(out + len, ".0", 2);
        len += 2;
    }
    return len;
}
