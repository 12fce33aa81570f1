/* query/steady.c -- whether a list's best plan is the same whatever its values are, and whether its rows tell
 * all that it is made of.
 *
 * So it is where one index has what is asked for, in its order: the sessions of somebody or of a topic, from
 * the newest or the oldest on; and where nothing is asked for.  How rare a status or a day is, or a word in a
 * text, decides where to look, and PostgreSQL is to know them. */
#include "query/emit.h"

#include <string.h>

/* Columns that are equal for few of many sessions, and begin an index that ends in the key. */
static int is_indexed(const cs_listed_t *listed)
{
    static const char *const columns[] = {"@.user_id", "@.customer_id", "session.topic_id",
                                          "coalesce(@.contact_id, 0)"};

    for (apr_size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (strcmp(listed->column->sql, columns[i]) == 0) {
            return listed->family->record == CS_JOIN_SESSION || listed->family->record == CS_JOIN_TOPIC;
        }
    }
    return 0;
}

static int is_one_index(const cs_node_t *filter)
{
    const cs_term_t *term = filter->term;

    return filter->kind == CS_NODE_TERM && !term->negated && is_indexed(&term->listed) &&
           (term->means == CS_MEANS_CALLER ||
            (term->means == CS_MEANS_COMPARE && strcmp(term->sign, " = ") == 0));
}

static int is_all(const cs_list_t *list)
{
    return !list->topic && (!list->filter || (list->filter->kind == CS_NODE_TERM &&
                                              list->filter->term->means == CS_MEANS_TRUE));
}

int cs_list_is_steady(const cs_list_t *list)
{
    if (list->groups || list->count || list->orders->nelts > 2) {
        return 0;
    }
    if (is_all(list)) {
        return list->orders->nelts == 1 || !list->after;
    }
    return list->orders->nelts == 1 && (list->topic ? !list->filter : is_one_index(list->filter));
}

/* ---------------- marks */

/* What the SQL finds by itself is no record of the row. */
static int looks_elsewhere(const char *sql)
{
    return sql && strstr(sql, "(SELECT");
}

static int is_of_its_row(const cs_listed_t *listed)
{
    return !looks_elsewhere(listed->column->sql) && !looks_elsewhere(listed->column->shown) &&
           !looks_elsewhere(cs_archive_joins[listed->family->record].on) &&
           !looks_elsewhere(cs_archive_joins[listed->family->behind].on);
}

int cs_list_can_be_marked(const cs_list_t *list)
{
    int can = cs_list_is_steady(list);

    for (int i = 0; can && i < list->chosen->nelts; i++) {
        const cs_item_t *item = &APR_ARRAY_IDX(list->chosen, i, cs_chosen_t).item;

        can = !item->part && is_of_its_row(&item->listed);
    }
    for (int i = 0; can && i < list->orders->nelts; i++) {
        can = is_of_its_row(&APR_ARRAY_IDX(list->orders, i, cs_order_t).listed);
    }
    return can;
}
