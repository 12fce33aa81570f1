/* query/filter.h -- a $filter: parsed into a tree, judged against the columns, then written as SQL.
 *
 * Three passes over the same tree: parse makes it out of text, check fills in what each term means and turns
 * its values into arguments, emit writes it.  Nothing that a client wrote goes into the SQL but as an
 * argument.  All of it lives in the pool of cx, and is bounded by the limits below. */
#ifndef CS_QUERY_FILTER_H
#define CS_QUERY_FILTER_H

#include "base/ctx.h"
#include "query/archive.h"
#include "query/lex.h"

#define CS_FILTER_LENGTH 65536 /* bytes */
#define CS_FILTER_TERMS  200
#define CS_FILTER_DEPTH  32   /* of parentheses */
#define CS_FILTER_VALUES 2000 /* in all lists together */

/* An operator whatever column it stands behind. */
typedef enum cs_op_t {
    CS_OP_EQ,
    CS_OP_EQUALS, /* like EQ, but by day for a time */
    CS_OP_NE,
    CS_OP_LT,
    CS_OP_GT,
    CS_OP_LE,
    CS_OP_GE,
    CS_OP_BEGINS,
    CS_OP_CONTAINS,
    CS_OP_ENDS,
    CS_OP_NOT_BEGINS,
    CS_OP_NOT_CONTAINS,
    CS_OP_NOT_ENDS,
    CS_OP_BEFORE,
    CS_OP_DAY,
    CS_OP_AFTER,
    CS_OP_FROM,
    CS_OP_TO,
    CS_OP_INSTANT,
    CS_OP_BEFORE_TIME,
    CS_OP_AFTER_TIME,
    CS_OP_ONE_OF,
    CS_OP_NOT_ONE_OF,
    CS_OP_ALL_OF,
    CS_OP_ARRAY, /* of columns that hold several values: the session has none */
    CS_OP_BETWEEN,
    CS_OP_DATE_BETWEEN,
    CS_OP_NULL,
    CS_OP_NOT_NULL,
    CS_OP_CALLER,
    CS_OP_BEFORE_TODAY,
    CS_OP_AFTER_TODAY,
    CS_OP_PERIODS, /* the unit periods from `first` to `last`, counted from the current one */
    CS_OP_COUNT
} cs_op_t;

/* What follows an operator. */
typedef enum cs_operand_t {
    CS_OPERAND_NONE,
    CS_OPERAND_VALUE,
    CS_OPERAND_LIST,
    CS_OPERAND_PAIR,
    CS_OPERAND_PERIOD,      /* a unit */
    CS_OPERAND_COUNT_PERIOD /* how many, and a unit */
} cs_operand_t;

/* A range of periods as an operator says it: `count` times n, plus a constant, at each end. */
typedef struct cs_span_t {
    int first_count, first, last_count, last;
    int unit; /* 0: the operand says it */
} cs_span_t;

typedef struct cs_operator_t {
    const char *word;
    cs_op_t op;
    cs_operand_t operand;
    cs_span_t span; /* of CS_OP_PERIODS */
} cs_operator_t;

/* How a term is written. */
typedef enum cs_meaning_t {
    CS_MEANS_TRUE,
    CS_MEANS_FALSE,
    CS_MEANS_COMPARE,     /* `sign` args[0] */
    CS_MEANS_COMPARE_ALL, /* the same, with an empty column as '', 0 or false */
    CS_MEANS_LIKE,
    CS_MEANS_LIKE_ALL, /* the same, with an empty column as '' */
    CS_MEANS_NOT_LIKE,
    CS_MEANS_ANY,
    CS_MEANS_ANY_ALL, /* the same, with an empty column as '', 0 or false */
    CS_MEANS_NONE,
    CS_MEANS_BETWEEN,
    CS_MEANS_RANGE,     /* from args[0] up to, without, args[1]; one of them may be missing: `set` 0 */
    CS_MEANS_UP_TO,     /* `sign` args[0], and not empty */
    CS_MEANS_KEY_OR_IS, /* args[0] as a text, or args[1] as the record's number */
    CS_MEANS_NULL,
    CS_MEANS_NOT_NULL,
    CS_MEANS_CALLER
} cs_meaning_t;

typedef struct cs_term_t {
    cs_token_t name, word; /* column and operator as they were written */
    const cs_operator_t *how;
    const cs_token_t *values;
    int count;
    int negated; /* "eq false" behind a function */
    /* what check adds */
    cs_listed_t listed;
    cs_meaning_t means;
    const char *sign;
    cs_val_t args[2];
} cs_term_t;

typedef enum cs_node_kind_t { CS_NODE_TERM, CS_NODE_AND, CS_NODE_OR } cs_node_kind_t;

typedef struct cs_node_t {
    cs_node_kind_t kind;
    cs_term_t *term;
    struct cs_node_t *left, *right;
} cs_node_t;

/* NULL in *node_out: blank, no restriction.  FILTER_SYNTAX, FILTER_OPERATOR, FILTER_LIMIT. */
cs_error_t *cs_filter_parse(apr_pool_t *pool, const char *text, cs_node_t **node_out) CS_CHECKED;

/* Judges every term; `now` decides what today is, in the caller's zone.  FILTER_COLUMN, FILTER_OPERATOR,
 * FILTER_VALUE: the first fault, with all of them behind it. */
cs_error_t *cs_filter_check(cs_ctx_t *cx, apr_time_t now, cs_node_t *node) CS_CHECKED;

#endif
