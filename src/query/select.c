/* query/select.c -- $select of a list, and what the functions in it make of the list. */
#include "query/list.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/* Whether a name stands in the list already, as a program would tell names apart. */
static int is_chosen(const apr_array_header_t *chosen, const char *name, apr_size_t len)
{
    for (int i = 0; i < chosen->nelts; i++) {
        const cs_chosen_t *other = &APR_ARRAY_IDX(chosen, i, cs_chosen_t);

        if (cs_text_same(other->name, other->len, name, len)) {
            return 1;
        }
    }
    return 0;
}

static const char *safe_name(apr_pool_t *pool, const char *name, apr_size_t len)
{
    char *text = apr_pstrmemdup(pool, name, len);

    for (char *c = text; *c; c++) {
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9'))) {
            *c = '_';
        }
    }
    return text;
}

static cs_error_t *choose(apr_pool_t *pool, apr_array_header_t *chosen, const cs_item_t *item, int safe)
{
    const char *text =
        safe ? safe_name(pool, item->text, item->len) : apr_pstrmemdup(pool, item->text, item->len);

    if (is_chosen(chosen, text, item->len)) {
        return NULL;
    }
    if (chosen->nelts == CS_SELECT_MAX) {
        return cs_error_make(pool, CS_E_SELECT_COLUMN, "$select", "$select takes at most %d columns",
                             CS_SELECT_MAX);
    }
    APR_ARRAY_PUSH(chosen, cs_chosen_t) = (cs_chosen_t){*item, text, item->len};
    return NULL;
}

static cs_error_t *choose_defaults(apr_pool_t *pool, apr_array_header_t *chosen, int safe)
{
    const cs_archive_family_t *family = cs_archive_family(0);

    for (const cs_archive_column_t *column = family->columns; column->name; column++) {
        if (column->by != CS_BY_SWITCH) {
            cs_item_t item = {.listed = {column, family}, .text = column->name, .len = strlen(column->name)};

            CS_TRY(choose(pool, chosen, &item, safe));
        }
    }
    return NULL;
}

cs_error_t *cs_list_select(apr_pool_t *pool, const char *text, int safe,
                           const apr_array_header_t **chosen_out)
{
    apr_array_header_t *chosen = apr_array_make(pool, 24, sizeof(cs_chosen_t));
    const char *part;
    apr_size_t len;
    int all = 1; /* nothing but blanks and "*" */

    *chosen_out = chosen;
    while (cs_item_next(&text, &part, &len)) {
        cs_item_t item;

        while (len && part[len - 1] == '?') {
            len--; /* some clients glue the mark of the query to its last name */
        }
        all = all && (len == 0 || (len == 1 && *part == '*'));
        CS_TRY(cs_item_parse(pool, part, len, &item));
        if (item.listed.column) {
            CS_TRY(choose(pool, chosen, &item, safe));
        }
    }
    return all ? choose_defaults(pool, chosen, safe) : NULL;
}

/* ---------------- groups */

static cs_error_t *misfit(apr_pool_t *pool, cs_code_t code, const char *field, const cs_item_t *item,
                          const char *reason)
{
    return cs_error_make(pool, code, field, "%s, '%s': %s", field,
                         cs_text_clean(pool, item->text, item->len, 80), reason);
}

/* What the items say together: bits by level, those that any figure asks for in every level at 0. */
typedef struct tally_t {
    int figures, groups;
    unsigned levels;
} tally_t;

static void add_figure(cs_groups_t *groups, const cs_item_t *item, tally_t *tally)
{
    int level = item->figure == CS_FIGURE_GROUP ? item->level : 0;

    tally->figures += item->figure != CS_FIGURE_NONE;
    tally->groups += level > 0;
    tally->levels |= 1u << level;
    groups->levels = level > groups->levels ? level : groups->levels;
    groups->header |= (unsigned)item->header << level;
    groups->footer |= (unsigned)item->footer << level;
    groups->details = groups->details && !(level && item->hide);
}

/* Groups of which nothing is to be seen but themselves have a footer. */
static void settle_places(cs_groups_t *groups)
{
    unsigned all = (2u << groups->levels) - 2;

    groups->header = groups->header & 1 ? all : groups->header;
    groups->footer = groups->footer & 1 ? all : groups->footer;
    if (!groups->details && !groups->header && !groups->footer) {
        groups->footer = all;
    }
}

/* A median of what came so far would cost the square of the list. */
static cs_error_t *check_items(apr_pool_t *pool, const apr_array_header_t *chosen, const cs_groups_t *groups,
                               const tally_t *tally)
{
    for (int i = 0; i < chosen->nelts; i++) {
        const cs_item_t *item = &APR_ARRAY_IDX(chosen, i, cs_chosen_t).item;

        if (groups->details && item->figure == CS_FIGURE_MEDIAN && !item->hide) {
            return misfit(pool, CS_E_SELECT_COLUMN, "$select", item,
                          "a median has no running value: add :HideDetail");
        }
        if (item->figure == CS_FIGURE_GROUP && item->level > 1 &&
            !(tally->levels & 1u << (item->level - 1))) {
            return misfit(pool, CS_E_SELECT_COLUMN, "$select", item,
                          "a group of that level stands in one of the level before, which is missing");
        }
    }
    return NULL;
}

/* Groups can be sorted by what they sum up where they are all that there is. */
static cs_error_t *check_orders(apr_pool_t *pool, const apr_array_header_t *chosen,
                                const apr_array_header_t *orders, const cs_groups_t *groups)
{
    for (int i = 0; i < orders->nelts; i++) {
        const cs_order_t *order = &APR_ARRAY_IDX(orders, i, cs_order_t);
        const cs_item_t *item =
            order->chosen < 0 ? NULL : &APR_ARRAY_IDX(chosen, order->chosen, cs_chosen_t).item;

        if (item && item->figure > CS_FIGURE_GROUP && (groups->details || groups->levels > 1)) {
            return misfit(pool, CS_E_ORDER_COLUMN, "$orderBy", item,
                          "groups are sorted by a function where there is one level of them, and GroupBy has "
                          "HideDetail");
        }
    }
    return NULL;
}

cs_error_t *cs_list_groups(apr_pool_t *pool, const apr_array_header_t *chosen,
                           const apr_array_header_t *orders, int total, const cs_groups_t **groups_out)
{
    cs_groups_t *groups = apr_pcalloc(pool, sizeof(*groups));
    tally_t tally = {0};

    *groups_out = NULL;
    groups->details = 1;
    groups->total = total;
    for (int i = 0; i < chosen->nelts; i++) {
        add_figure(groups, &APR_ARRAY_IDX(chosen, i, cs_chosen_t).item, &tally);
    }
    if (!tally.figures && !total) {
        return NULL;
    }
    if (tally.groups > CS_GROUPS_MAX) {
        return cs_error_make(pool, CS_E_SELECT_COLUMN, "$select", "$select takes at most %d GroupBy",
                             CS_GROUPS_MAX);
    }
    settle_places(groups);
    *groups_out = groups;
    CS_TRY(check_items(pool, chosen, groups, &tally));
    return check_orders(pool, chosen, orders, groups);
}
