/* base/num.h -- numbers as text, the same in every locale. */
#ifndef CS_BASE_NUM_H
#define CS_BASE_NUM_H

#include <apr.h>

#define CS_NUM_MAX 32 /* bytes that any number needs, its end included */

/* Writes the decimal digits, returns their count. */
apr_size_t cs_num_print_int(char out[CS_NUM_MAX], apr_int64_t number);

/* The decimals of 00 to 99, one after the other. */
extern const char cs_num_pairs[];

/* The shortest of 15 and 17 significant digits that reads back equal; with ".0" when it is integral and
 * written without an exponent.  Infinity and NaN have no such text: returns 0. */
apr_size_t cs_num_print_real(char out[CS_NUM_MAX], double number);

#endif
