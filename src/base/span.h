/* base/span.h -- a time of day, as how long it is after midnight: PostgreSQL's `time`.
 *
 * Microseconds from 0 to 24 hours, both included: 24:00 is the end of a day. */
#ifndef CS_BASE_SPAN_H
#define CS_BASE_SPAN_H

#include <apr.h>

typedef apr_int64_t cs_span_t;

#define CS_SPAN_SECOND APR_INT64_C(1000000)
#define CS_SPAN_DAY    (86400 * CS_SPAN_SECOND)
#define CS_SPAN_MAX    20 /* bytes that one needs as text */

/* Reads HH:MM, HH:MM:SS with a fraction of any length, the same after days ("1.00:00:00"), or an ISO 8601
 * duration of days, hours, minutes and seconds ("PT8H30M").  Fractions are rounded to microseconds.  NULL, or
 * what is wrong with it: "the minute is not 00 to 59". */
const char *cs_span_parse(const char *s, apr_size_t len, cs_span_t *span_out);

/* Writes HH:MM:SS and the fraction without trailing zeros; returns the length.  What is out of range is
 * written as the nearer end of it. */
apr_size_t cs_span_print(char out[CS_SPAN_MAX], cs_span_t span);

#endif
