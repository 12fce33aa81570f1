/* base/text.h -- UTF-8 and ASCII, the same in every locale. */
#ifndef CS_BASE_TEXT_H
#define CS_BASE_TEXT_H

#include <apr_pools.h>

/* Length in bytes of the well-formed UTF-8 sequence that starts at s (no surrogates, nothing overlong, at
 * most U+10FFFF), or 0.  Reads at most `len` bytes. */
apr_size_t cs_utf8_step(const char *s, apr_size_t len);

/* Whether all of it is well-formed; if so and chars_out is not NULL, *chars_out is the number of code points.
 */
int cs_utf8_valid(const char *s, apr_size_t len, apr_size_t *chars_out);

/* Equal without regard to the case of ASCII letters. */
int cs_text_same(const char *a, apr_size_t a_len, const char *b, apr_size_t b_len);

/* A copy fit for a log line or a header: control bytes and malformed UTF-8 become '?', and what is longer
 * than max bytes is cut and ends in "...".  The one place where foreign text is cleaned. */
const char *cs_text_clean(apr_pool_t *pool, const char *s, apr_size_t len, apr_size_t max);

/* The value of a hexadecimal digit, or -1. */
int cs_text_hex(char c);

/* Decodes %XX, and "+" as a blank, into `out`, which takes len + 1 bytes and may be `s` itself; terminated.
 * The length, or -1 at a malformed "%". */
apr_ssize_t cs_text_unescape(const char *s, apr_size_t len, char *out);

/* A decimal integer, with an optional sign, that is all of the text and fits 64 bits: 1, else 0. */
int cs_text_integer(const char *s, apr_size_t len, apr_int64_t *number_out);

#endif
