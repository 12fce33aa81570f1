/* query/operator.h -- the operators and functions of a $filter: a row each. */
#ifndef CS_QUERY_OPERATOR_H
#define CS_QUERY_OPERATOR_H

#include "query/filter.h"

typedef struct cs_function_t {
    const char *syntax;
    int arguments;
    int text_first; /* the column is the second argument */
    cs_operator_t how;
} cs_function_t;

/* By its word in any case, or NULL. */
const cs_operator_t *cs_operator_find(const cs_token_t *word);
const cs_function_t *cs_function_find(const cs_token_t *name);

/* Whether the operator fits a column of that restriction type. */
int cs_operator_fits(cs_op_t op, cs_by_t by);

/* The operators that do, for messages. */
const char *cs_operator_names(apr_pool_t *pool, cs_by_t by);
const char *cs_function_names(apr_pool_t *pool);

/* The unit of a period by number or name: 1 day to 6 year, or 0. */
int cs_period_unit(const cs_token_t *token);

#endif
