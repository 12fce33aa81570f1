/* query/emit.h -- writing a list's statement, in parts; seen by query/emit*.c alone. */
#ifndef CS_QUERY_EMIT_H
#define CS_QUERY_EMIT_H

#include "base/buf.h"
#include "query/list.h"

#define CS_SQL_CEILING (1024 * 1024) /* far above what the limits of all parts allow */

typedef struct cs_emit_t {
    apr_pool_t *pool;
    apr_array_header_t *args; /* of cs_val_t */
    unsigned joins;           /* bits by cs_join_t: the records that were named */
} cs_emit_t;

/* The one way of a value into a statement. */
void cs_put_arg(cs_emit_t *emit, cs_buf_t *buf, cs_val_t value);

/* SQL of a column's row, with the records that it names. */
void cs_put_sql(cs_emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, const char *sql);

/* What is compared: as it is, or with what counts instead of a missing value. */
void cs_put_column(cs_emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, int with_empty);

/* A judged filter, a condition in parentheses. */
void cs_put_filter(cs_emit_t *emit, cs_buf_t *buf, const cs_node_t *node);

/* What is sorted by, never NULL. */
void cs_put_order(cs_emit_t *emit, cs_buf_t *buf, const cs_order_t *order);

/* The value of an item, before its figure; as it is shown, or as it is stored. */
void cs_put_item(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, const cs_item_t *item, int shown);

/* "c" and a number. */
void cs_put_name(cs_buf_t *buf, const char *prefix, int number);

/* FROM the sessions with the records that were named, WHERE they are the list's; `onward` alone those behind
 * the row that the list goes on behind. */
void cs_put_sessions(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, int onward);

/* What the rows are sorted by: columns under a prefix and a number. */
typedef struct cs_sorts_t {
    int count;
    unsigned char descending[4 * CS_GROUPS_MAX + 3 * CS_ORDER_MAX + CS_LEVELS_MAX];
} cs_sorts_t;

/* The inside of a list with groups; its columns are key, level, place, c0, r0, ... and s0, s1, ... which it
 * is sorted by. */
void cs_put_groups(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, cs_sorts_t *sorts);

/* ---------------- query/emit_mark.c */

/* A row's mark, behind its columns, of all records that were named so far. */
void cs_put_row_mark(const cs_emit_t *emit, cs_buf_t *buf);

/* What a row of a list with marks ends with: its own, and the moment. */
#define CS_MARK_CELLS ", list.mark, pg_current_snapshot()::text"

/* What stands before and behind the rows when they are no more than their mark. */
#define CS_MARK_BEGIN "SELECT CASE WHEN count(*) > 0 THEN bit_xor(found.mark) ELSE 0 END AS mark FROM ("
void cs_put_mark_end(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list);

/* ---------------- query/steady.c */

/* Whether no value in it decides which plan is the best. */
int cs_list_is_steady(const cs_list_t *list);

#endif
