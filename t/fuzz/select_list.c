/* t/fuzz/select_list.c -- any $select of a list, and any $orderBy behind a line feed: an error that can be
 * told, or columns, each name once, and a statement that holds nothing of what was sent. */
#include "fuzz.h"
#include "query/list.h"

static void check_names(const apr_array_header_t *chosen, int safe)
{
    must(chosen->nelts <= CS_SELECT_MAX);
    for (int i = 0; i < chosen->nelts; i++) {
        const cs_chosen_t *one = &APR_ARRAY_IDX(chosen, i, cs_chosen_t);

        must(one->item.listed.column && strlen(one->name) == one->len);
        must(!safe || !strpbrk(one->name, "/:. ()"));
        for (int k = 0; k < i; k++) {
            const cs_chosen_t *other = &APR_ARRAY_IDX(chosen, k, cs_chosen_t);

            must(!cs_text_same(other->name, other->len, one->name, one->len));
        }
    }
}

static void check_statement(apr_pool_t *pool, cs_list_t *list)
{
    int depth = 0;
    cs_sql_t sql;

    cs_list_emit(pool, list, &sql);
    must(strlen(sql.text) < 200000);
    for (const char *c = sql.text; *c; c++) {
        must((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
             strchr(" .,()_$='-<>:[]*+/\"", *c));
        depth += *c == '(' ? 1 : *c == ')' ? -1 : 0;
        must(depth >= 0);
    }
    must(depth == 0);
    for (int i = 0; i < sql.count; i++) {
        must(strstr(sql.text, apr_psprintf(pool, "$%d", i + 1)));
    }
}

static void check_list(apr_pool_t *pool, const char *select, const char *order, int variant)
{
    cs_list_t list = {.caller = cs_val_text("anna", 4), .limit = 1, .raw = variant & 1, .count = variant & 2};
    cs_error_t *error = cs_list_select(pool, select, variant & 1, &list.chosen);

    error = error ? error : cs_list_order(pool, order, list.chosen, &list.orders);
    if (!error) {
        check_names(list.chosen, variant & 1);
        error = cs_list_groups(pool, list.chosen, list.orders, (variant & 2) != 0, &list.groups);
    }
    if (error) {
        fuzz_must_be_told(error);
        return;
    }
    list.zone = variant & 2 ? "Europe/Oslo" : NULL;
    list.base_zone = "UTC";
    check_statement(pool, &list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    const char *line = strchr(text, '\n');
    const char *select = line ? apr_pstrmemdup(pool, text, (apr_size_t)(line - text)) : text;

    for (int variant = 0; variant < 4 && cs_utf8_valid(text, strlen(text), NULL); variant++) {
        check_list(pool, select, line ? line + 1 : NULL, variant);
    }
    apr_pool_destroy(pool);
    return 0;
}
