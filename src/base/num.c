#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

apr_size_t cs_num_print_int(char out[CS_NUM_MAX], apr_int64_t number)
{
    apr_uint64_t rest = number < 0 ? 0 - (apr_uint64_t)number : (apr_uint64_t)number;
    char digits[CS_NUM_MAX];
    char *at = digits + sizeof(digits);
    apr_size_t len;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) {
        *--at = '-';
    }
    len = (apr_size_t)(digits + sizeof(digits) - at);
    memcpy(out, at, len);
    return len;
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
