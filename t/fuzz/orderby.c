/* t/fuzz/orderby.c -- any $orderBy, and any $skiptoken behind a line feed: errors that can be told, or an
 * order that ends in the key, and values of its kinds. */
#include "fuzz.h"
#include "query/list.h"

static void check_order(apr_pool_t *pool, const apr_array_header_t *orders, const char *token)
{
    const cs_order_t *last = &APR_ARRAY_IDX(orders, orders->nelts - 1, cs_order_t);
    cs_list_t list = {.caller = cs_val_text("anna", 4), .limit = 1, .orders = orders};
    cs_error_t *error;
    cs_sql_t sql;

    must(orders->nelts <= CS_ORDER_MAX + 1);
    must(last->listed.column == cs_archive_key().column);
    must(!cs_list_select(pool, "chatSessionId", 0, &list.chosen));
    error = cs_skip_decode(pool, orders, token, &list.after);
    if (error) {
        fuzz_must_be_told(error);
        list.after = NULL;
    }
    else {
        const cs_val_t *again = NULL;
        const char *text = cs_skip_encode(pool, orders, list.after);

        must(!cs_skip_decode(pool, orders, text, &again));
        for (int i = 0; i < orders->nelts; i++) {
            must(again[i].kind == cs_order_kind(&APR_ARRAY_IDX(orders, i, cs_order_t)));
            must(again[i].kind == list.after[i].kind && again[i].len == list.after[i].len);
        }
    }
    cs_list_emit(pool, &list, &sql);
    must(strlen(sql.text) < 20000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    const char *line = strchr(text, '\n');
    const char *order = line ? apr_pstrmemdup(pool, text, (apr_size_t)(line - text)) : text;
    const apr_array_header_t *orders;
    cs_error_t *error;

    if (cs_utf8_valid(text, strlen(text), NULL)) {
        error = cs_list_order(pool, order, NULL, &orders);
        if (error) {
            fuzz_must_be_told(error);
        }
        else {
            check_order(pool, orders, line ? line + 1 : "");
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
