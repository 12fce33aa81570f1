/* query/emit_filter.c -- a judged $filter as SQL, and the parts that every statement is made of. */
#include "base/num.h"
#include "query/emit.h"

#include <string.h>

/* ---------------- parts */

void cs_put_arg(cs_emit_t *emit, cs_buf_t *buf, cs_val_t value)
{
    char digits[CS_NUM_MAX];

    APR_ARRAY_PUSH(emit->args, cs_val_t) = value;
    cs_buf_putc(buf, '$');
    cs_buf_put(buf, digits, cs_num_print_int(digits, emit->args->nelts));
}

static void need(cs_emit_t *emit, cs_join_t join)
{
    while (join != CS_JOIN_SESSION) {
        emit->joins |= 1u << join;
        join = cs_archive_joins[join].needs;
    }
}

void cs_put_sql(cs_emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, const char *sql)
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

void cs_put_column(cs_emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, int with_empty)
{
    int wrap = with_empty && cs_archive_nullable(listed);

    cs_buf_puts(buf, wrap ? "coalesce(" : listed->column->kind == CS_K_BOOL ? "(" : "");
    cs_put_sql(emit, buf, listed, listed->column->sql);
    if (wrap) {
        cs_buf_puts(buf, ", ");
        cs_buf_puts(buf, empty_of(listed->column->kind));
    }
    cs_buf_puts(buf, wrap || listed->column->kind == CS_K_BOOL ? ")" : "");
}

/* The same for texts, which are compared without regard to case. */
static void put_operand(cs_emit_t *emit, cs_buf_t *buf, const cs_listed_t *listed, int with_empty)
{
    int text = listed->column->kind == CS_K_TEXT;

    cs_buf_puts(buf, text ? "lower(" : "");
    cs_put_column(emit, buf, listed, with_empty);
    cs_buf_puts(buf, text ? ")" : "");
}

static void put_value(cs_emit_t *emit, cs_buf_t *buf, cs_val_t value)
{
    int text = value.kind == CS_K_TEXT;

    cs_buf_puts(buf, text ? "lower(" : "");
    cs_put_arg(emit, buf, value);
    cs_buf_puts(buf, text ? ")" : "");
}

static void put_compared(cs_emit_t *emit, cs_buf_t *buf, const cs_term_t *term, int with_empty,
                         const char *sign, cs_val_t value)
{
    put_operand(emit, buf, &term->listed, with_empty);
    cs_buf_puts(buf, sign);
    put_value(emit, buf, value);
}

/* A search for what a text is, begins with or contains, such that its indexes can be used. */
static void put_search(cs_emit_t *emit, cs_buf_t *buf, const cs_term_t *term, const char *sign)
{
    const char *parts = term->listed.column->parts;

    put_compared(emit, buf, term, 0, sign, term->args[0]);
    if (parts) {
        cs_buf_puts(buf, " AND ");
        cs_put_sql(emit, buf, &term->listed, parts);
    }
}

/* ---------------- terms */

/* A list is one argument, so that its length does not change the statement. */
static void put_list(cs_emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    const cs_archive_column_t *column = term->listed.column;

    put_operand(emit, buf, &term->listed, term->means != CS_MEANS_ANY);
    cs_buf_puts(buf, term->means == CS_MEANS_NONE ? " <> ALL (" : " = ANY (");
    if (column->kind == CS_K_TEXT) {
        cs_buf_puts(buf, "lower(");
        cs_put_arg(emit, buf, term->args[0]);
        cs_buf_puts(buf, ")::text[])");
        return;
    }
    cs_buf_puts(buf, "string_to_array(");
    cs_put_arg(emit, buf, term->args[0]);
    cs_buf_puts(buf, column->kind == CS_K_REAL ? ", ',')::double precision[])" : ", ',')::integer[])");
}

static void put_range(cs_emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
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
static void put_is_set(cs_emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    cs_buf_puts(buf, " AND ");
    cs_put_column(emit, buf, &term->listed, 0);
    cs_buf_puts(buf, " > '-infinity'");
}

/* Whether there is nothing in the column, as the list shows it. */
static void put_null(cs_emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    const cs_archive_column_t *column = term->listed.column;
    int absent = term->means == CS_MEANS_NULL;
    int number = column->by == CS_BY_LIST || column->by == CS_BY_USER || column->by == CS_BY_ASSOCIATE ||
                 column->by == CS_BY_GROUP;

    cs_put_column(emit, buf, &term->listed, column->kind == CS_K_TEXT || number);
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

static void put_meaning(cs_emit_t *emit, cs_buf_t *buf, const cs_term_t *term)
{
    switch (term->means) {
    case CS_MEANS_TRUE:
        cs_buf_puts(buf, "true");
        break;
    case CS_MEANS_FALSE:
        cs_buf_puts(buf, "false");
        break;
    case CS_MEANS_COMPARE:
        if (strcmp(term->sign, " = ") == 0) {
            put_search(emit, buf, term, term->sign);
            break;
        }
        put_compared(emit, buf, term, 0, term->sign, term->args[0]);
        break;
    case CS_MEANS_COMPARE_ALL:
        put_compared(emit, buf, term, 1, term->sign, term->args[0]);
        break;
    case CS_MEANS_LIKE:
        put_search(emit, buf, term, " LIKE ");
        break;
    case CS_MEANS_LIKE_ALL:
        put_compared(emit, buf, term, 1, " LIKE ", term->args[0]);
        break;
    case CS_MEANS_NOT_LIKE:
        put_compared(emit, buf, term, 1, " NOT LIKE ", term->args[0]);
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
        cs_put_sql(emit, buf, &term->listed, term->listed.column->key);
        cs_buf_puts(buf, " = ");
        cs_put_arg(emit, buf, term->args[1]);
        break;
    case CS_MEANS_NULL:
    case CS_MEANS_NOT_NULL:
        put_null(emit, buf, term);
        break;
    case CS_MEANS_CALLER:
        cs_put_column(emit, buf, &term->listed, 0);
        cs_buf_puts(buf, " = caller.associate_id");
        break;
    }
}

void cs_put_filter(cs_emit_t *emit, cs_buf_t *buf, const cs_node_t *node)
{
    if (node->kind == CS_NODE_TERM) {
        cs_buf_puts(buf, node->term->negated ? "NOT (" : "(");
        put_meaning(emit, buf, node->term);
        cs_buf_putc(buf, ')');
        return;
    }
    cs_buf_putc(buf, '(');
    cs_put_filter(emit, buf, node->left);
    cs_buf_puts(buf, node->kind == CS_NODE_AND ? " AND " : " OR ");
    cs_put_filter(emit, buf, node->right);
    cs_buf_putc(buf, ')');
}
