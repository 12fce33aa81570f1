/* query/list.h -- what a list of sessions is asked for: columns, order, where to go on; and its SQL. */
#ifndef CS_QUERY_LIST_H
#define CS_QUERY_LIST_H

#include "base/ctx.h"
#include "query/archive.h"
#include "query/figure.h"
#include "query/filter.h"

#include <apr_tables.h>

#define CS_SELECT_MAX 150 /* columns */
#define CS_ORDER_MAX  16  /* columns to sort by */

/* A column of the answer, under the name that it was asked for by. */
typedef struct cs_chosen_t {
    cs_item_t item;
    const char *name; /* in the answer */
    apr_size_t len;
} cs_chosen_t;

typedef struct cs_order_t {
    cs_listed_t listed;
    int descending;
    int chosen; /* which column of $select it is, by its whole text; -1: a plain column */
} cs_order_t;

/* $select: what is known of it, each name once, in its order; NULL or blank: the session's own columns.
 * `safe`: as names of properties, every other character being "_".  SELECT_COLUMN for what is wrong with a
 * function, and for too many. */
cs_error_t *cs_list_select(apr_pool_t *pool, const char *text, int safe,
                           const apr_array_header_t **chosen_out) CS_CHECKED;

/* $orderBy, NULL or blank: none; ends in the session's number, in the direction of what stands before it.
 * What stands there like one of `chosen` is that column.  ORDER_COLUMN, ORDER_SYNTAX. */
cs_error_t *cs_list_order(apr_pool_t *pool, const char *text, const apr_array_header_t *chosen,
                          const apr_array_header_t **orders_out) CS_CHECKED;

/* The kind that a column is sorted by. */
cs_kind_t cs_order_kind(const cs_order_t *order);

/* A continuation: the row's values that it was sorted by, as text fit for a URL, and back.  `values` has as
 * many as `orders`.  SKIP_TOKEN when the text does not come from that order. */
const char *cs_skip_encode(apr_pool_t *pool, const apr_array_header_t *orders, const cs_val_t *values);
cs_error_t *cs_skip_decode(apr_pool_t *pool, const apr_array_header_t *orders, const char *text,
                           const cs_val_t **values_out) CS_CHECKED;

/* By the mark of its rows is known that a list is still what it was: a row's is a hash of the session's
 * number, of who made its records last (`xmin`), and of the tables' layout; the list's is the exclusive or of
 * them, 0 of none.  Of records whose changes are noted there is only told whether there were any since a
 * moment. */
typedef enum cs_list_marks_t {
    CS_MARKS_NONE,
    CS_MARKS_TOO,  /* each row ends with its own, and with the moment; NULL: it has none */
    CS_MARKS_ALONE /* of the whole list, instead of rows: one row with CS_LIST_MARK */
} cs_list_marks_t;

typedef struct cs_list_t {
    const apr_array_header_t *chosen; /* of cs_chosen_t */
    const apr_array_header_t *orders; /* of cs_order_t */
    const cs_groups_t *groups;        /* NULL: sessions, a row each */
    const cs_node_t *filter;          /* judged; NULL: none */
    const cs_val_t *after;            /* the row to go on behind; NULL: from the first */
    cs_val_t caller;
    const char *zone, *base_zone; /* names, where DatePart must move a time; NULL: it need not */
    const apr_int64_t *topic;     /* its sessions alone; NULL: of all */
    int raw;                      /* each column twice: as it is shown, and as it is stored */
    int count;                    /* of all that the filter finds is wanted */
    int limit, skip;
    cs_list_marks_t marks;
    const char *moment; /* of CS_MARKS_ALONE: when it was read that may still be right */
} cs_list_t;

/* Whether a list can be asked for with marks: all that it shows stands in records of its rows. */
int cs_list_can_be_marked(const cs_list_t *list);

/* What the figures in `chosen` make of the list: NULL where there are none and no grand total.  ORDER_COLUMN,
 * SELECT_COLUMN for what cannot be put together. */
cs_error_t *cs_list_groups(apr_pool_t *pool, const apr_array_header_t *chosen,
                           const apr_array_header_t *orders, int total,
                           const cs_groups_t **groups_out) CS_CHECKED;

/* Columns of the rows: the session's number, 0 for a group, NULL in the only row of an empty list; what it is
 * sorted by before its number, or of a list with groups its level and place; what was chosen; where they are
 * asked for, whether the caller may know the topic, and how many sessions the filter finds. */
enum { CS_LIST_KEY, CS_LIST_ORDERS };
enum { CS_LIST_LEVEL = CS_LIST_ORDERS, CS_LIST_PLACE, CS_LIST_FIGURES };

/* Of the only row of a list's mark: the mark, NULL where it cannot be the same; and of the list of a topic
 * whether the caller may know it. */
enum { CS_LIST_MARK, CS_LIST_MARK_TOPIC };

/* Where one of the values stands that the row is sorted by. */
int cs_list_order_cell(const cs_list_t *list, int order);

/* Where a column that was chosen stands, and its stored value; the same where it is not shown otherwise. */
int cs_list_cell(const cs_list_t *list, int chosen);
int cs_list_raw_cell(const cs_list_t *list, int chosen);

/* Where that of the topic stands, the count, the row's mark, and the moment, PostgreSQL's snapshot as text;
 * in a list that has them. */
int cs_list_topic_cell(const cs_list_t *list);
int cs_list_count_cell(const cs_list_t *list);
int cs_list_mark_cell(const cs_list_t *list);
int cs_list_moment_cell(const cs_list_t *list);

typedef struct cs_sql_t {
    const char *text;
    const cs_val_t *args;
    int count;
    int steady; /* PostgreSQL would choose the same plan whatever the values are */
} cs_sql_t;

/* One statement; values are its arguments, none of them is in its text but how many rows there may be. */
void cs_list_emit(apr_pool_t *pool, const cs_list_t *list, cs_sql_t *sql_out);

#endif
