#include "query/list.h"

#include "base/buf.h"
#include "base/num.h"

#include <string.h>

#define SQL_CEILING (1024 * 1024) /* far above what the limits of all parts allow */

typedef struct emit_t {
    apr_pool_t *pool;
    apr_array_header_t *args; /* of cs_val_t */
    unsigned joins;           /* bits by cs_join_t */
} emit_t;

/* ---------------- parts */

/* The one way of a value into a statement. */
static void put_arg(emit_t *emit, cs_buf_t *buf, cs_val_t value)
{
    char digits[CS_NUM_MAX];

    APR_ARRAY_PUSH(emit->args, cs_val_t) = value;
    cs_buf_putc(buf, '$');
    cs_buf_put(buf, digits, cs_num_print_int(digits, emit->args->nelts));
}

static void need(emit_t *emit, cs_join_t join)
{
    while (join != CS_JOIN_SESSION) {
        emit->joins |= 1u << join;
        join = cs_archive_joins[join].needs;
    }
}

/* SQL of a column's row, with the records that it names. */
static void put_sql(emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, const char *sql)
{
    for (; *sql; sql++) {
        apr_size_t len = strcspn(sql, "@#");

        cs_buf_put(buf, sql, len);
        sql += len;
        if (!*sql) {
            return;
        }
        cs_join_t join = *sql == '@' ? listed->family->record : listed->family->behind;

        need(emit, join);
        cs_buf_puts(buf, cs_archive_joins[join].alias);
    }
}

static const char *empty_of(cs_kind_t kind)
{
    return kind == CS_K_TEXT ? "''" : kind == CS_K_BOOL ? "false" : "0";
}

/* What is compared: as it is, or with what counts instead of a missing value. */
static void put_column(emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, int with_empty)
{
    int wrap = with_empty && cs_archive_nullable(listed);

    cs_buf_puts(buf, wrap ? "coalesce(" : listed->column->kind == CS_K_BOOL ? "(" : "");
    put_sql(emit, buf, listed, listed->column->sql);
    if (wrap) {
        cs_buf_puts(buf, ", ");
        cs_buf_puts(buf, empty_of(listed->column->kind));
    }
    cs_buf_puts(buf, wrap || listed->column->kind == CS_K_BOOL ? ")" : "");
}

/* The same for texts, which are compared without regard to case. */
static void put_operand(emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, int with_empty)
{
    int text = listed->column->kind == CS_K_TEXT;

    cs_buf_puts(buf, text ? "lower(" : "");
    put_column(emit, buf, listed, with_empty);
    cs_buf_puts(buf, text ? ")" : "");
}

static void put_value(emit_t *emit, cs_buf_t *buf, cs_val_t value)
{
    int text = value.kind == CS_K_TEXT;

    cs_buf_puts(buf, text ? "lower(" : "");
    put_arg(emit, buf, value);
    cs_buf_puts(buf, text ? ")" : "");
}

static void put_compared(emit_t *emit, cs_buf_t *buf, const cs_term_t *term, int with_empty, const char *sign,
                         cs_val_t value)
{
    put_operand(emit, buf, &term->listed, with_empty);
    cs_buf_puts(buf, sign);
    put_value(emit, buf, value);
}

/* ---------------- terms */

/* A list is one argument, so that its length does not change the statement. */
static void put_list(emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    const cs_archive_column_t *column = term->listed.column;

    put_operand(emit, buf, &term->listed, term->means != CS_MEANS_ANY);
    cs_buf_puts(buf, term->means == CS_MEANS_NONE ? " <> ALL (" : " = ANY (");
    if (column->kind == CS_K_TEXT) {
        cs_buf_puts(buf, "lower(");
        put_arg(emit, buf, term->args[0]);
        cs_buf_puts(buf, ")::text[])");
        return;
    }
    cs_buf_puts(buf, "string_to_array(");
    put_arg(emit, buf, term->args[0]);
    cs_buf_puts(buf, column->kind == CS_K_REAL ? ", ',')::double precision[])" : ", ',')::integer[])");
}

static void put_range(emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    if (term->args[0].set) {
        put_compared(emit, buf, term, 0, " >= ", term->args[0]);
        cs_buf_puts(buf, term->args[1].set ? " AND " : "");
    }
    if (term->args[1].set) {
        put_compared(emit, buf, term, 0, " < ", term->args[1]);
    }
}

/* A time that is not set is before every other, and no operator finds it there. */
static void put_is_set(emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    cs_buf_puts(buf, " AND ");
    put_column(emit, buf, &term->listed, 0);
    cs_buf_puts(buf, " > '-infinity'");
}

/* Whether there is nothing in the column, as the list shows it. */
static void put_null(emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    const cs_archive_column_t *column = term->listed.column;
    int absent = term->means == CS_MEANS_NULL;
    int number = column->by == CS_BY_LIST || column->by == CS_BY_USER || column->by == CS_BY_ASSOCIATE ||
                 column->by == CS_BY_GROUP;

    put_column(emit, buf, &term->listed, column->kind == CS_K_TEXT || number);
    if (column->kind == CS_K_TEXT) {
        cs_buf_puts(buf, absent ? " = ''" : " <> ''");
    }
    else if (column->kind == CS_K_TIME) {
        cs_buf_puts(buf, absent ? " = '-infinity'" : " > '-infinity'");
    }
    else if (number) {
        cs_buf_puts(buf, absent ? " <= 0" : " > 0");
    }
    else {
        cs_buf_puts(buf, absent ? " IS NULL" : " IS NOT NULL");
    }
}

static void put_meaning(emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    switch (term->means) {
    case CS_MEANS_TRUE:
        cs_buf_puts(buf, "true");
        break;
    case CS_MEANS_FALSE:
        cs_buf_puts(buf, "false");
        break;
    case CS_MEANS_COMPARE:
    case CS_MEANS_COMPARE_ALL:
        put_compared(emit, buf, term, term->means == CS_MEANS_COMPARE_ALL, term->sign, term->args[0]);
        break;
    case CS_MEANS_LIKE:
    case CS_MEANS_NOT_LIKE:
        put_compared(emit, buf, term, 1, term->means == CS_MEANS_LIKE ? " LIKE " : " NOT LIKE ",
                     term->args[0]);
        break;
    case CS_MEANS_ANY:
    case CS_MEANS_ANY_ALL:
    case CS_MEANS_NONE:
        put_list(emit, buf, term);
        break;
    case CS_MEANS_BETWEEN:
        put_compared(emit, buf, term, 0, " >= ", term->args[0]);
        cs_buf_puts(buf, " AND ");
        put_compared(emit, buf, term, 0, " <= ", term->args[1]);
        break;
    case CS_MEANS_RANGE:
        put_range(emit, buf, term);
        if (!term->args[0].set) {
            put_is_set(emit, buf, term);
        }
        break;
    case CS_MEANS_UP_TO:
        put_compared(emit, buf, term, 0, term->sign, term->args[0]);
        put_is_set(emit, buf, term);
        break;
    case CS_MEANS_KEY_OR_IS:
        put_compared(emit, buf, term, 0, " = ", term->args[0]);
        cs_buf_puts(buf, " OR ");
        put_sql(emit, buf, &term->listed, term->listed.column->key);
        cs_buf_puts(buf, " = ");
        put_arg(emit, buf, term->args[1]);
        break;
    case CS_MEANS_NULL:
    case CS_MEANS_NOT_NULL:
        put_null(emit, buf, term);
        break;
    case CS_MEANS_CALLER:
        put_column(emit, buf, &term->listed, 0);
        cs_buf_puts(buf, " = caller.associate_id");
        break;
    }
}

static void put_node(emit_t *emit, cs_buf_t *buf, const cs_node_t *node)
{
    if (node->kind == CS_NODE_TERM) {
        cs_buf_puts(buf, node->term->negated ? "NOT (" : "(");
        put_meaning(emit, buf, node->term);
        cs_buf_putc(buf, ')');
        return;
    }
    cs_buf_putc(buf, '(');
    put_node(emit, buf, node->left);
    cs_buf_puts(buf, node->kind == CS_NODE_AND ? " AND " : " OR ");
    put_node(emit, buf, node->right);
    cs_buf_putc(buf, ')');
}

/* ---------------- order */

/* What is sorted by, never NULL. */
static void put_order(emit_t *emit, cs_buf_t *buf, const cs_order_t *order)
{
    if (order->listed.column->shown) {
        put_sql(emit, buf, &order->listed, order->listed.column->shown);
    }
    else {
        put_column(emit, buf, &order->listed, 1);
    }
}

static const cs_order_t *orders_of(const cs_list_t *list)
{
    return (const cs_order_t *)list->orders->elts;
}

static int in_one_direction(const cs_list_t *list)
{
    for (int i = 1; i < list->orders->nelts; i++) {
        if (orders_of(list)[i].descending != orders_of(list)[0].descending) {
            return 0;
        }
    }
    return 1;
}

/* (a, b, key) > ($1, $2, $3): one range of an index. */
static void put_after_row(emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    cs_buf_putc(buf, '(');
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_puts(buf, i ? ", " : "");
        put_order(emit, buf, &orders_of(list)[i]);
    }
    cs_buf_puts(buf, orders_of(list)[0].descending ? ") < (" : ") > (");
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_puts(buf, i ? ", " : "");
        put_arg(emit, buf, list->after[i]);
    }
    cs_buf_putc(buf, ')');
}

static void put_beyond(emit_t *emit, cs_buf_t *buf, const cs_list_t *list, int i, const char *suffix)
{
    put_order(emit, buf, &orders_of(list)[i]);
    cs_buf_puts(buf, orders_of(list)[i].descending ? " <" : " >");
    cs_buf_puts(buf, suffix);
    put_arg(emit, buf, list->after[i]);
}

/* a >= $1 AND (a > $2 OR (b < $3 OR (... AND b = $4)) AND a = $5): the first bound is for the index. */
static void put_after_mixed(emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    put_beyond(emit, buf, list, 0, "= ");
    cs_buf_puts(buf, " AND ");
    for (int i = 0; i < list->orders->nelts; i++) {
        int last = i == list->orders->nelts - 1;

        cs_buf_putc(buf, '(');
        put_beyond(emit, buf, list, i, " ");
        if (!last) {
            cs_buf_puts(buf, " OR ");
            put_order(emit, buf, &orders_of(list)[i]);
            cs_buf_puts(buf, " = ");
            put_arg(emit, buf, list->after[i]);
            cs_buf_puts(buf, " AND ");
        }
    }
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_putc(buf, ')');
    }
}

/* ---------------- the statement */

static void put_name(cs_buf_t *buf, const char *prefix, int number)
{
    char digits[CS_NUM_MAX];

    cs_buf_puts(buf, prefix);
    cs_buf_put(buf, digits, cs_num_print_int(digits, number));
}

static void put_shown(emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed)
{
    put_sql(emit, buf, listed, listed->column->shown ? listed->column->shown : listed->column->sql);
}

/* The columns of the list, each under a name of ours. */
static void put_columns(emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    cs_buf_puts(buf, "SELECT session.id AS key");
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_puts(buf, ", ");
        put_order(emit, buf, &orders_of(list)[i]);
        put_name(buf, " AS o", i);
    }
    for (int i = 0; i < list->chosen->nelts; i++) {
        cs_buf_puts(buf, ", ");
        put_shown(emit, buf, &APR_ARRAY_IDX(list->chosen, i, cs_chosen_t).listed);
        put_name(buf, " AS c", i);
    }
}

static void put_where(emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    if (list->filter) {
        cs_buf_puts(buf, " WHERE ");
        put_node(emit, buf, list->filter);
    }
    if (list->after) {
        cs_buf_puts(buf, list->filter ? " AND " : " WHERE ");
        (in_one_direction(list) ? put_after_row : put_after_mixed)(emit, buf, list);
    }
}

static void put_order_by(cs_buf_t *buf, const cs_list_t *list, const char *prefix)
{
    cs_buf_puts(buf, " ORDER BY ");
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_puts(buf, i ? ", " : "");
        put_name(buf, prefix, i);
        cs_buf_puts(buf, orders_of(list)[i].descending ? " DESC" : "");
    }
}

static void put_joins(const emit_t *emit, cs_buf_t *buf)
{
    cs_buf_puts(buf, " FROM chat_session AS session");
    for (int i = 0; i < CS_JOIN_COUNT; i++) {
        if (emit->joins & 1u << i) {
            cs_buf_puts(buf, cs_archive_joins[i].sql);
        }
    }
}

static void put_outer(emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    cs_buf_puts(buf, "SELECT caller.associate_id, list.key");
    for (int i = 0; i < list->orders->nelts; i++) {
        put_name(buf, ", list.o", i);
    }
    for (int i = 0; i < list->chosen->nelts; i++) {
        put_name(buf, ", list.c", i);
    }
    cs_buf_puts(buf, " FROM caller(");
    put_arg(emit, buf, list->caller);
    cs_buf_puts(buf, ") AS caller LEFT JOIN LATERAL (");
}

void cs_list_emit(apr_pool_t *pool, const cs_list_t *list, cs_sql_t *sql_out)
{
    emit_t emit = {.pool = pool, .args = apr_array_make(pool, 16, sizeof(cs_val_t))};
    cs_buf_t *whole = cs_buf_make(pool, SQL_CEILING), *where = cs_buf_make(pool, SQL_CEILING);

    put_outer(&emit, whole, list);
    put_columns(&emit, whole, list);
    put_where(&emit, where, list); /* knows the records that must be joined before it */
    put_joins(&emit, whole);
    cs_buf_put(whole, cs_buf_bytes(where, pool), where->length);
    put_order_by(whole, list, "o");
    cs_buf_puts(whole, " LIMIT ");
    put_arg(&emit, whole, cs_val_int(list->limit));
    cs_buf_puts(whole, " OFFSET ");
    put_arg(&emit, whole, cs_val_int(list->skip));
    cs_buf_puts(whole, ") AS list ON true");
    put_order_by(whole, list, "list.o");
    sql_out->text = cs_buf_text(whole, pool);
    sql_out->args = (const cs_val_t *)emit.args->elts;
    sql_out->count = emit.args->nelts;
}
