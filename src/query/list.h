/* query/list.h -- what a list of sessions is asked for: columns, order, where to go on; and its SQL. */
#ifndef CS_QUERY_LIST_H
#define CS_QUERY_LIST_H

#include "base/ctx.h"
#include "query/archive.h"
#include "query/filter.h"

#include <apr_tables.h>

#define CS_SELECT_MAX 150 /* columns */
#define CS_ORDER_MAX  16  /* columns to sort by */

/* A column of the answer, under the name that it was asked for by. */
typedef struct cs_chosen_t {
    cs_listed_t listed;
    const char *name;
    apr_size_t len;
} cs_chosen_t;

typedef struct cs_order_t {
    cs_listed_t listed;
    int descending;
} cs_order_t;

/* $select: what is known of it, each name once, in its order; NULL or blank: the session's own columns.
 * `safe`: as names of properties, every other character being "_".  SELECT_COLUMN for functions, and for too
 * many. */
cs_error_t *cs_list_select(apr_pool_t *pool, const char *text, int safe,
                           const apr_array_header_t **chosen_out) CS_CHECKED;

/* $orderBy, NULL or blank: none; ends in the session's number, in the direction of what stands before it.
 * ORDER_COLUMN, ORDER_SYNTAX. */
cs_error_t *cs_list_order(apr_pool_t *pool, const char *text,
                          const apr_array_header_t **orders_out) CS_CHECKED;

/* The kind that a column is sorted by. */
cs_kind_t cs_order_kind(const cs_order_t *order);

/* A continuation: the row's values that it was sorted by, as text fit for a URL, and back.  `values` has as
 * many as `orders`.  SKIP_TOKEN when the text does not come from that order. */
const char *cs_skip_encode(apr_pool_t *pool, const apr_array_header_t *orders, const cs_val_t *values);
cs_error_t *cs_skip_decode(apr_pool_t *pool, const apr_array_header_t *orders, const char *text,
                           const cs_val_t **values_out) CS_CHECKED;

typedef struct cs_list_t {
    const apr_array_header_t *chosen; /* of cs_chosen_t */
    const apr_array_header_t *orders; /* of cs_order_t */
    const cs_node_t *filter;          /* judged; NULL: none */
    const cs_val_t *after;            /* the row to go on behind; NULL: from the first */
    cs_val_t caller;
    int limit, skip;
} cs_list_t;

/* Columns of the rows: the caller's associate, the session's number or NULL in the only row of an empty list,
 * what it is sorted by, what was chosen. */
enum { CS_LIST_CALLER, CS_LIST_KEY, CS_LIST_ORDERS };

typedef struct cs_sql_t {
    const char *text;
    const cs_val_t *args;
    int count;
} cs_sql_t;

/* One statement; values are its arguments, none of them is in its text. */
void cs_list_emit(apr_pool_t *pool, const cs_list_t *list, cs_sql_t *sql_out);

#endif
