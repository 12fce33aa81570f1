/* query/order.c -- $orderBy of a list.
 *
 *      order = part *( "," part )        part = [ item [ "asc" / "desc" ] ]
 *
 * An item that is a function stands in $select as well. */
#include "query/list.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

#define BLANKS " \t\r\n\f\v"

static cs_error_t *order_error(apr_pool_t *pool, cs_code_t code, const char *part, apr_size_t len,
                               const char *reason)
{
    return cs_error_make(pool, code, "$orderBy", "$orderBy has '%s': %s", cs_text_clean(pool, part, len, 60),
                         reason);
}

/* The column of $select that is written so, or -1. */
static int find_chosen(const apr_array_header_t *chosen, const char *text, apr_size_t len)
{
    for (int i = 0; chosen && i < chosen->nelts; i++) {
        const cs_item_t *item = &APR_ARRAY_IDX(chosen, i, cs_chosen_t).item;

        if (item->figure != CS_FIGURE_NONE && cs_text_same(item->text, item->len, text, len)) {
            return i;
        }
    }
    return -1;
}

/* Takes "asc" or "desc" off the end; what is left is returned. */
static apr_size_t take_direction(const char *part, apr_size_t len, int *descending)
{
    apr_size_t start = len, end;

    while (start && !strchr(BLANKS, part[start - 1])) {
        start--;
    }
    for (end = start; end && strchr(BLANKS, part[end - 1]); end--) {
    }
    *descending = cs_text_same(part + start, len - start, "desc", 4);
    return end && (*descending || cs_text_same(part + start, len - start, "asc", 3)) ? end : len;
}

static cs_error_t *parse_order(apr_pool_t *pool, const char *part, apr_size_t len,
                               const apr_array_header_t *chosen, cs_order_t *order)
{
    apr_size_t name = take_direction(part, len, &order->descending);

    order->chosen = find_chosen(chosen, part, name);
    if (order->chosen >= 0) {
        order->listed = APR_ARRAY_IDX(chosen, order->chosen, cs_chosen_t).item.listed;
        return NULL;
    }
    if (memchr(part, '(', name)) {
        return order_error(pool, CS_E_ORDER_COLUMN, part, name,
                           "a function to sort by must stand in $select, written the same");
    }
    for (apr_size_t i = 0; i < name; i++) {
        if (strchr(BLANKS, part[i])) {
            return order_error(pool, CS_E_ORDER_SYNTAX, part, len,
                               "a column, then \"asc\", \"desc\" or nothing, is expected");
        }
    }
    if (!cs_archive_find(part, name, &order->listed)) {
        return order_error(pool, CS_E_ORDER_COLUMN, part, name, "there is no such column");
    }
    if (!order->listed.column->sortable) {
        return order_error(pool, CS_E_ORDER_COLUMN, part, name, "this column cannot be sorted by");
    }
    return NULL;
}

static int is_ordered(const apr_array_header_t *orders, const cs_order_t *order)
{
    for (int i = 0; i < orders->nelts; i++) {
        const cs_order_t *other = &APR_ARRAY_IDX(orders, i, cs_order_t);

        if (other->chosen == order->chosen && other->listed.column == order->listed.column &&
            other->listed.family == order->listed.family) {
            return 1;
        }
    }
    return 0;
}

/* What stands behind the key, or a second time, decides nothing. */
cs_error_t *cs_list_order(apr_pool_t *pool, const char *text, const apr_array_header_t *chosen,
                          const apr_array_header_t **orders_out)
{
    apr_array_header_t *orders = apr_array_make(pool, 4, sizeof(cs_order_t));
    cs_order_t key = {.listed = cs_archive_key(), .chosen = -1};
    const char *part;
    apr_size_t len;

    *orders_out = orders;
    while (cs_item_next(&text, &part, &len)) {
        cs_order_t order;

        if (len == 0) {
            continue;
        }
        CS_TRY(parse_order(pool, part, len, chosen, &order));
        if (is_ordered(orders, &key) || is_ordered(orders, &order)) {
            continue;
        }
        if (orders->nelts == CS_ORDER_MAX) {
            return order_error(pool, CS_E_ORDER_SYNTAX, part, len,
                               "there are more than " APR_STRINGIFY(CS_ORDER_MAX) " columns");
        }
        APR_ARRAY_PUSH(orders, cs_order_t) = order;
    }
    if (!is_ordered(orders, &key)) {
        key.descending = orders->nelts && APR_ARRAY_IDX(orders, orders->nelts - 1, cs_order_t).descending;
        APR_ARRAY_PUSH(orders, cs_order_t) = key;
    }
    return NULL;
}

cs_kind_t cs_order_kind(const cs_order_t *order)
{
    return order->listed.column->shown ? CS_K_TEXT : order->listed.column->kind;
}
