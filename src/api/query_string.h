/* api/query_string.h -- parameters after the "?". */
#ifndef CS_API_QUERY_STRING_H
#define CS_API_QUERY_STRING_H

#include "base/error.h"

/* The decoded value of the parameter, whose name matches without regard to case and may itself be encoded;
 * NULL when it is not there.  Of several the last counts.  QUERY when the value is malformed: a bad %, no
 * UTF-8, U+0000. */
cs_error_t *cs_query_get(apr_pool_t *pool, const char *query, const char *name,
                         const char **value_out) CS_CHECKED;

#endif
