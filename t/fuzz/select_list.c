/* t/fuzz/select_list.c -- any $select of a list: an error that can be told, or columns, each name once. */
#include "fuzz.h"
#include "query/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);

    for (int safe = 0; safe < 2 && cs_utf8_valid(text, strlen(text), NULL); safe++) {
        cs_list_t list = {.caller = cs_val_text("anna", 4), .limit = 1};
        cs_error_t *error = cs_list_select(pool, text, safe, &list.chosen);
        cs_sql_t sql;

        if (error) {
            fuzz_must_be_told(error);
            continue;
        }
        must(list.chosen->nelts <= CS_SELECT_MAX);
        for (int i = 0; i < list.chosen->nelts; i++) {
            const cs_chosen_t *chosen = &APR_ARRAY_IDX(list.chosen, i, cs_chosen_t);

            must(chosen->listed.column && strlen(chosen->name) == chosen->len);
            must(!safe || !strpbrk(chosen->name, "/:. "));
            for (int k = 0; k < i; k++) {
                const cs_chosen_t *other = &APR_ARRAY_IDX(list.chosen, k, cs_chosen_t);

                must(!cs_text_same(other->name, other->len, chosen->name, chosen->len));
            }
        }
        must(!cs_list_order(pool, NULL, &list.orders));
        cs_list_emit(pool, &list, &sql);
        must(sql.count == 3);
    }
    apr_pool_destroy(pool);
    return 0;
}
