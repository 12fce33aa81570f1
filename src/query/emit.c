#include "query/emit.h"

#include "base/num.h"

#include <string.h>

/* The topics that the caller has a role in.  A function of the schema would be planned anew for each call. */
#define TOPICS                                                                                   \
    "SELECT coalesce(array_agg(held.topic_id), ARRAY[]::integer[]) FROM chat_topic_user AS held" \
    " WHERE held.user_id = caller.associate_id"                                                  \
    " AND (held.manager OR held.can_respond OR held.can_listen OR held.notifications)"

/* ---------------- order */

void cs_put_order(cs_emit_t *emit, cs_buf_t *buf, const cs_order_t *order)
{
    if (order->listed.column->shown) {
        cs_put_sql(emit, buf, &order->listed, order->listed.column->shown);
    }
    else {
        cs_put_column(emit, buf, &order->listed, 1);
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
static void put_after_row(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    cs_buf_putc(buf, '(');
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_puts(buf, i ? ", " : "");
        cs_put_order(emit, buf, &orders_of(list)[i]);
    }
    cs_buf_puts(buf, orders_of(list)[0].descending ? ") < (" : ") > (");
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_puts(buf, i ? ", " : "");
        cs_put_arg(emit, buf, list->after[i]);
    }
    cs_buf_putc(buf, ')');
}

static void put_beyond(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, int i, const char *suffix)
{
    cs_put_order(emit, buf, &orders_of(list)[i]);
    cs_buf_puts(buf, orders_of(list)[i].descending ? " <" : " >");
    cs_buf_puts(buf, suffix);
    cs_put_arg(emit, buf, list->after[i]);
}

/* a >= $1 AND (a > $2 OR (b < $3 OR (... AND b = $4)) AND a = $5): the first bound is for the index. */
static void put_after_mixed(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    put_beyond(emit, buf, list, 0, "= ");
    cs_buf_puts(buf, " AND ");
    for (int i = 0; i < list->orders->nelts; i++) {
        int last = i == list->orders->nelts - 1;

        cs_buf_putc(buf, '(');
        put_beyond(emit, buf, list, i, " ");
        if (!last) {
            cs_buf_puts(buf, " OR ");
            cs_put_order(emit, buf, &orders_of(list)[i]);
            cs_buf_puts(buf, " = ");
            cs_put_arg(emit, buf, list->after[i]);
            cs_buf_puts(buf, " AND ");
        }
    }
    for (int i = 0; i < list->orders->nelts; i++) {
        cs_buf_putc(buf, ')');
    }
}

/* ---------------- the statement */

void cs_put_name(cs_buf_t *buf, const char *prefix, int number)
{
    char digits[CS_NUM_MAX];

    cs_buf_puts(buf, prefix);
    cs_buf_put(buf, digits, cs_num_print_int(digits, number));
}

/* A time that is set, on the caller's clock. */
static void put_clock(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, const cs_listed_t *listed)
{
    cs_buf_puts(buf, list->zone ? "(nullif(" : "nullif(");
    cs_put_column(emit, buf, listed, 0);
    cs_buf_puts(buf, ", '-infinity')");
    if (list->zone) {
        cs_buf_puts(buf, " AT TIME ZONE ");
        cs_put_arg(emit, buf, cs_val_text(list->base_zone, strlen(list->base_zone)));
        cs_buf_puts(buf, " AT TIME ZONE ");
        cs_put_arg(emit, buf, cs_val_text(list->zone, strlen(list->zone)));
        cs_buf_putc(buf, ')');
    }
}

void cs_put_item(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, const cs_item_t *item, int shown)
{
    const cs_archive_column_t *column = item->listed.column;
    const char *sql;

    if (!item->part) {
        cs_put_sql(emit, buf, &item->listed, shown && column->shown ? column->shown : column->sql);
        return;
    }
    sql = strchr(item->part->sql, '@');
    cs_buf_put(buf, item->part->sql, (apr_size_t)(sql - item->part->sql));
    put_clock(emit, buf, list, &item->listed);
    cs_buf_puts(buf, sql + 1);
}

static const cs_item_t *item_of(const cs_list_t *list, int chosen)
{
    return &APR_ARRAY_IDX(list->chosen, chosen, cs_chosen_t).item;
}

/* The session's own number, which every row begins with, need not come again. */
static int is_key(const cs_list_t *list, int chosen)
{
    const cs_item_t *item = item_of(list, chosen);
    cs_listed_t key = cs_archive_key();

    return !list->groups && !item->part && item->listed.column == key.column &&
           item->listed.family == key.family;
}

static void put_order_columns(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, cs_sorts_t *sorts)
{
    for (int i = 0; i < list->orders->nelts; i++) {
        if (i < list->orders->nelts - 1) { /* the last one is the key */
            cs_buf_puts(buf, ", ");
            cs_put_order(emit, buf, &orders_of(list)[i]);
            cs_put_name(buf, " AS o", i);
        }
        sorts->descending[sorts->count++] = orders_of(list)[i].descending != 0;
    }
}

static void put_chosen(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    for (int i = 0; i < list->chosen->nelts; i++) {
        if (is_key(list, i)) {
            continue;
        }
        cs_buf_puts(buf, ", ");
        cs_put_item(emit, buf, list, item_of(list, i), 1);
        cs_put_name(buf, " AS c", i);
        if (list->raw) {
            cs_buf_puts(buf, ", ");
            cs_put_item(emit, buf, list, item_of(list, i), 0);
            cs_put_name(buf, " AS r", i);
        }
    }
}

/* The columns of the list, each under a name of ours. */
static void put_columns(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, cs_sorts_t *sorts)
{
    cs_buf_puts(buf, "SELECT session.id AS key");
    put_order_columns(emit, buf, list, sorts);
    /* a mark is that of all records that the columns name, even where it stands alone */
    put_chosen(emit, list->marks == CS_MARKS_ALONE ? cs_buf_make(emit->pool, CS_SQL_CEILING) : buf, list);
    if (list->marks) {
        cs_put_row_mark(emit, buf);
    }
}

/* What the caller may not see is not there.  His topics are found once for the statement. */
static void put_conditions(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, int onward)
{
    cs_buf_puts(buf, " WHERE (caller.is_admin OR session.topic_id = ANY (mine.topics))");
    if (list->topic) {
        cs_buf_puts(buf, " AND session.topic_id = ");
        cs_put_arg(emit, buf, cs_val_int(*list->topic));
    }
    if (list->filter) {
        cs_buf_puts(buf, " AND ");
        cs_put_filter(emit, buf, list->filter);
    }
    if (list->after && onward) {
        cs_buf_puts(buf, " AND ");
        (in_one_direction(list) ? put_after_row : put_after_mixed)(emit, buf, list);
    }
}

static void put_join(cs_buf_t *buf, const cs_archive_join_t *join)
{
    const char *const parts[] = {" LEFT JOIN ", join->table, " AS ", join->alias, " ON ", join->on};

    for (apr_size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        cs_buf_puts(buf, parts[i]);
    }
}

void cs_put_sessions(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, int onward)
{
    cs_buf_t *where = cs_buf_make(emit->pool, CS_SQL_CEILING);

    put_conditions(emit, where, list, onward); /* knows the records that must be joined before it */
    cs_buf_puts(buf, " FROM chat_session AS session");
    for (int i = 0; i < CS_JOIN_COUNT; i++) {
        if (emit->joins & 1u << i) {
            put_join(buf, &cs_archive_joins[i]);
        }
    }
    cs_buf_put(buf, cs_buf_bytes(where, emit->pool), where->length);
}

/* `from` is "list." or "". */
static void put_order_by(cs_buf_t *buf, const cs_list_t *list, const char *from, const cs_sorts_t *sorts)
{
    for (int i = 0; i < sorts->count; i++) {
        cs_buf_puts(buf, i ? ", " : " ORDER BY ");
        cs_buf_puts(buf, from);
        if (list->groups || i < sorts->count - 1) {
            cs_put_name(buf, list->groups ? "s" : "o", i);
        }
        else {
            cs_buf_puts(buf, "key");
        }
        cs_buf_puts(buf, sorts->descending[i] ? " DESC" : "");
    }
}

/* How many sessions there are, in the same snapshot.  A join and no value of the row: that would be counted
 * anew for each row of the page. */
static void put_count(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    unsigned before = emit->joins;

    emit->joins = 0;
    cs_buf_puts(buf, " CROSS JOIN LATERAL (SELECT count(*)");
    cs_put_sessions(emit, buf, list, 0);
    cs_buf_puts(buf, ") AS counted (sessions)");
    emit->joins = before;
}

/* In the text, because the planner is to know how few of the rows are wanted; numbers, and ours. */
static void put_extent(cs_buf_t *buf, const cs_list_t *list)
{
    cs_put_name(buf, " LIMIT ", list->limit);
    if (list->skip) {
        cs_put_name(buf, " OFFSET ", list->skip);
    }
}

/* What the rows are joined by: a condition of the count says nothing, but has it made before them. */
static void put_join_of_list(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    if (list->marks == CS_MARKS_ALONE) {
        cs_put_mark_end(emit, buf, list);
        return;
    }
    cs_buf_puts(buf, list->count ? ") AS list ON counted.sessions >= 0" : ") AS list ON true");
}

/* What every row says of the whole list. */
static void put_common(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    if (list->topic) {
        cs_buf_puts(buf, ", EXISTS (SELECT FROM chat_topic AS asked WHERE asked.id = ");
        cs_put_arg(emit, buf, cs_val_int(*list->topic));
        cs_buf_puts(buf, " AND (caller.is_admin OR asked.id = ANY (mine.topics)))");
    }
    if (list->count) {
        cs_buf_puts(buf, ", counted.sessions");
    }
}

/* The cells of a row, but for what it says of the whole list. */
static void put_cells(cs_buf_t *buf, const cs_list_t *list)
{
    cs_buf_puts(buf, list->groups ? "SELECT list.key, list.level, list.place" : "SELECT list.key");
    for (int i = 0; !list->groups && i < list->orders->nelts - 1; i++) {
        cs_put_name(buf, ", list.o", i);
    }
    for (int i = 0; i < list->chosen->nelts; i++) {
        if (is_key(list, i)) {
            continue;
        }
        cs_put_name(buf, ", list.c", i);
        if (list->raw) {
            cs_put_name(buf, ", list.r", i);
        }
    }
}

static void put_outer(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    if (list->marks == CS_MARKS_ALONE) {
        cs_buf_puts(buf, "SELECT list.mark");
    }
    else {
        put_cells(buf, list);
    }
    put_common(emit, buf, list);
    cs_buf_puts(buf, list->marks == CS_MARKS_TOO ? CS_MARK_CELLS : "");
    cs_buf_puts(buf, " FROM caller($1) AS caller"
                     " CROSS JOIN LATERAL (" TOPICS ") AS mine (topics)");
    if (list->count) {
        put_count(emit, buf, list);
    }
    cs_buf_puts(buf, " LEFT JOIN LATERAL (");
    cs_buf_puts(buf, list->marks == CS_MARKS_ALONE ? CS_MARK_BEGIN : "");
}

int cs_list_order_cell(const cs_list_t *list, int order)
{
    return order == list->orders->nelts - 1 ? CS_LIST_KEY : CS_LIST_ORDERS + order;
}

/* Behind the cells of those before it. */
static int place_of(const cs_list_t *list, int chosen)
{
    int place = list->groups ? CS_LIST_FIGURES : CS_LIST_ORDERS + list->orders->nelts - 1;

    for (int i = 0; i < chosen; i++) {
        place += is_key(list, i) ? 0 : list->raw ? 2 : 1;
    }
    return place;
}

int cs_list_cell(const cs_list_t *list, int chosen)
{
    return is_key(list, chosen) ? CS_LIST_KEY : place_of(list, chosen);
}

int cs_list_topic_cell(const cs_list_t *list)
{
    return place_of(list, list->chosen->nelts);
}

int cs_list_count_cell(const cs_list_t *list)
{
    return cs_list_topic_cell(list) + (list->topic ? 1 : 0);
}

int cs_list_mark_cell(const cs_list_t *list)
{
    return cs_list_count_cell(list) + (list->count ? 1 : 0);
}

int cs_list_moment_cell(const cs_list_t *list)
{
    return cs_list_mark_cell(list) + 1;
}

int cs_list_raw_cell(const cs_list_t *list, int chosen)
{
    return cs_list_cell(list, chosen) + (list->raw && !is_key(list, chosen) ? 1 : 0);
}

void cs_list_emit(apr_pool_t *pool, const cs_list_t *list, cs_sql_t *sql_out)
{
    cs_emit_t emit = {.pool = pool, .args = apr_array_make(pool, 16, sizeof(cs_val_t))};
    cs_buf_t *whole = cs_buf_make(pool, CS_SQL_CEILING);
    cs_sorts_t sorts = {.count = 0};

    APR_ARRAY_PUSH(emit.args, cs_val_t) = list->caller; /* $1, as in every statement */
    put_outer(&emit, whole, list);
    if (list->groups) {
        cs_put_groups(&emit, whole, list, &sorts);
    }
    else {
        put_columns(&emit, whole, list, &sorts);
        cs_put_sessions(&emit, whole, list, 1);
    }
    put_order_by(whole, list, "", &sorts);
    put_extent(whole, list);
    put_join_of_list(&emit, whole, list);
    if (list->marks != CS_MARKS_ALONE) {
        put_order_by(whole, list, "list.", &sorts);
    }
    sql_out->text = cs_buf_text(whole, pool);
    sql_out->args = (const cs_val_t *)emit.args->elts;
    sql_out->count = emit.args->nelts;
    sql_out->steady = cs_list_is_steady(list);
}
