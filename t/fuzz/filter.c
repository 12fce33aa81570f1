/* t/fuzz/filter.c -- any $filter: an error that can be told, or SQL that holds nothing of it. */
#include "fuzz.h"
#include "query/list.h"

#define FEW 100000 /* bytes that any statement stays below */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    cs_ctx_t *cx = fuzz_ctx(pool);
    cs_list_t list = {.caller = cs_val_text("anna", 4), .limit = 1};
    cs_error_t *error;
    cs_node_t *node;
    cs_sql_t sql;

    if (!cs_utf8_valid(text, strlen(text), NULL)) {
        apr_pool_destroy(pool);
        return 0; /* refused before it comes here */
    }
    error = cs_filter_parse(pool, text, &node);
    error = error ? error : cs_filter_check(cx, apr_time_from_sec(1709636400), node);
    if (error) {
        for (const cs_error_t *fault = error; fault; fault = fault->next) {
            fuzz_must_be_told(fault);
        }
        apr_pool_destroy(pool);
        return 0;
    }
    list.filter = node;
    must(!cs_list_select(pool, "chatSessionId", 0, &list.chosen));
    must(!cs_list_order(pool, NULL, NULL, &list.orders));
    cs_list_emit(pool, &list, &sql);
    must(strlen(sql.text) < FEW);
    for (const char *c = sql.text; *c; c++) {
        must((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
             strchr(" .,()_$='-<>:[]", *c));
    }
    for (int i = 0; i < sql.count; i++) {
        must(strstr(sql.text, apr_psprintf(pool, "$%d", i + 1)));
        must(sql.args[i].set);
    }
    apr_pool_destroy(pool);
    return 0;
}
