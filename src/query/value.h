/* query/value.h -- values of a $filter as the types of columns want them. */
#ifndef CS_QUERY_VALUE_H
#define CS_QUERY_VALUE_H

#include "base/val.h"
#include "base/wall.h"
#include "model/entity.h"
#include "query/lex.h"

/* A time as it was written: whole days have no time of day. */
typedef struct cs_moment_t {
    cs_stamp_t stamp;
    int timed;
} cs_moment_t;

/* NULL, or what would be right: "an integer from -2147483648 to 2147483647". */
const char *cs_value_int(const cs_token_t *token, apr_int64_t *number_out);
const char *cs_value_span(const cs_token_t *token, apr_int64_t *seconds_out);
const char *cs_value_real(apr_pool_t *pool, const cs_token_t *token, double *number_out);
const char *cs_value_bool(const cs_token_t *token, int *truth_out);
const char *cs_value_moment(const cs_token_t *token, cs_moment_t *moment_out);

/* A number, or the name of one in any case. */
const char *cs_value_word(apr_pool_t *pool, const cs_token_t *token, const cs_enum_t *words,
                          apr_int64_t *number_out);

/* The inside of "[TAG:inside]" when the value is that, else NULL. */
const char *cs_value_inside(const cs_token_t *token, const char *tag, apr_size_t *len_out);

#endif
