/* query/emit_groups.c -- lists with figures: groups with headers and footers, and the sessions between them.
 *
 *      base      a row per session: what groups are made of (g, and s where it is shown otherwise), arguments
 *                of figures (a), what sessions are sorted by (o), what is shown of them (d, e)
 *      figures   a row per group and level, of base; each once for every place that it is shown in
 *      running   a row per session, with figures up to it
 *
 * A place is 0 before the members of a group, 1 among them, 2 behind them; the level of a grand total is 0.
 */
#include "query/emit.h"

#include <string.h>

typedef struct grouping_t {
    cs_emit_t *emit;
    cs_buf_t *buf;
    const cs_list_t *list;
    const cs_groups_t *groups;
} grouping_t;

static const cs_item_t *item_of(const grouping_t *grouping, int i)
{
    return &APR_ARRAY_IDX(grouping->list->chosen, i, cs_chosen_t).item;
}

static int count_of(const grouping_t *grouping)
{
    return grouping->list->chosen->nelts;
}

static const cs_order_t *order_of(const grouping_t *grouping, int i)
{
    return &APR_ARRAY_IDX(grouping->list->orders, i, cs_order_t);
}

static int orders_of(const grouping_t *grouping)
{
    return grouping->list->orders->nelts;
}

static int is_group(const grouping_t *grouping, int i)
{
    return item_of(grouping, i)->figure == CS_FIGURE_GROUP;
}

static int is_figure(const grouping_t *grouping, int i)
{
    return item_of(grouping, i)->figure > CS_FIGURE_GROUP;
}

static int is_plain(const grouping_t *grouping, int i)
{
    return item_of(grouping, i)->figure == CS_FIGURE_NONE;
}

/* Shown by another text than what it is grouped by. */
static int has_text(const grouping_t *grouping, int i)
{
    return !item_of(grouping, i)->part && item_of(grouping, i)->listed.column->shown;
}

static void put(const grouping_t *grouping, const char *text)
{
    cs_buf_puts(grouping->buf, text);
}

static void put_name(const grouping_t *grouping, const char *prefix, int number)
{
    cs_put_name(grouping->buf, prefix, number);
}

/* ---------------- base */

/* A value that counts: NULL where there is nothing in the column. */
static void put_present(const grouping_t *grouping, const cs_item_t *item)
{
    const cs_archive_column_t *column = item->listed.column;
    int id = column->kind == CS_K_INT && !column->words &&
             (column->by == CS_BY_LIST || column->by == CS_BY_USER || column->by == CS_BY_ASSOCIATE);
    const char *empty = item->part                  ? NULL
                        : column->kind == CS_K_TEXT ? "''"
                        : column->kind == CS_K_TIME ? "'-infinity'"
                                                    : NULL;

    if (id) {
        put(grouping, "CASE WHEN ");
        cs_put_item(grouping->emit, grouping->buf, grouping->list, item, 0);
        put(grouping, " > 0 THEN ");
    }
    put(grouping, empty ? "nullif(" : "");
    cs_put_item(grouping->emit, grouping->buf, grouping->list, item, 0);
    if (empty) {
        put(grouping, ", ");
        put(grouping, empty);
        put(grouping, ")");
    }
    put(grouping, id ? " END" : "");
}

static void put_group_key(const grouping_t *grouping, int i)
{
    const cs_item_t *item = item_of(grouping, i);

    put(grouping, ", ");
    if (item->part) {
        cs_put_item(grouping->emit, grouping->buf, grouping->list, item, 0);
    }
    else {
        cs_put_column(grouping->emit, grouping->buf, &item->listed, 1);
    }
    put_name(grouping, " AS g", i);
    if (has_text(grouping, i)) {
        put(grouping, ", ");
        cs_put_item(grouping->emit, grouping->buf, grouping->list, item, 1);
        put_name(grouping, " AS t", i);
    }
}

/* What is shown of a session itself. */
static void put_detail(const grouping_t *grouping, int i)
{
    put(grouping, ", ");
    cs_put_item(grouping->emit, grouping->buf, grouping->list, item_of(grouping, i), 1);
    put_name(grouping, " AS d", i);
    if (grouping->list->raw) {
        put(grouping, ", ");
        cs_put_item(grouping->emit, grouping->buf, grouping->list, item_of(grouping, i), 0);
        put_name(grouping, " AS e", i);
    }
}

static void put_base(const grouping_t *grouping)
{
    put(grouping, "WITH base AS (SELECT session.id AS key");
    for (int i = 0; i < count_of(grouping); i++) {
        if (is_group(grouping, i)) {
            put_group_key(grouping, i);
        }
        else if (is_figure(grouping, i)) {
            put(grouping, ", ");
            put_present(grouping, item_of(grouping, i));
            put_name(grouping, " AS a", i);
        }
        else if (grouping->groups->details) {
            put_detail(grouping, i);
        }
    }
    for (int i = 0; grouping->groups->details && i < orders_of(grouping); i++) {
        if (order_of(grouping, i)->chosen < 0) {
            put(grouping, ", ");
            cs_put_order(grouping->emit, grouping->buf, order_of(grouping, i));
            put_name(grouping, " AS o", i);
        }
    }
    cs_put_sessions(grouping->emit, grouping->buf, grouping->list, 0);
    put(grouping, ") ");
}

/* ---------------- figures */

/* "sum(base.a3)", of a group; or with " OVER running" of what came so far. */
static void put_sum(const grouping_t *grouping, const char *function, int i, const char *over)
{
    put(grouping, function);
    put_name(grouping, "(base.a", i);
    put(grouping, ")");
    put(grouping, over);
}

static const char *cast_of(const cs_item_t *item)
{
    return cs_item_kind(item) == CS_K_INT ? "::bigint" : "::double precision";
}

static void put_average(const grouping_t *grouping, int i, const char *over)
{
    int span = cs_item_kind(item_of(grouping, i)) == CS_K_INT;

    put(grouping, span ? "round(" : "");
    if (item_of(grouping, i)->figure == CS_FIGURE_MEDIAN) {
        put_name(grouping, "percentile_cont(0.5) WITHIN GROUP (ORDER BY base.a", i);
        put(grouping, "::double precision)");
    }
    else {
        put_sum(grouping, "avg", i, over);
    }
    put(grouping, span ? ")" : "");
    put(grouping, cast_of(item_of(grouping, i)));
}

static void put_figure(const grouping_t *grouping, int i, const char *over)
{
    switch (item_of(grouping, i)->figure) {
    case CS_FIGURE_COUNT:
        if (*over) {
            put_name(grouping, "count(*) FILTER (WHERE base.u", i);
            put(grouping, ")");
            put(grouping, over);
        }
        else {
            put_sum(grouping, "count", i, over);
        }
        break;
    case CS_FIGURE_COUNT_ALL:
        put_sum(grouping, "count", i, over);
        break;
    case CS_FIGURE_SUM:
        put(grouping, "coalesce(");
        put_sum(grouping, "sum", i, over);
        put(grouping, ", 0)");
        put(grouping, cast_of(item_of(grouping, i)));
        break;
    case CS_FIGURE_PERCENT:
        put(grouping, "(100 * ");
        put_sum(grouping, "sum", i, over);
        put_name(grouping, "::double precision / nullif((SELECT sum(whole.a", i);
        put(grouping, ") FROM base AS whole), 0))::double precision");
        break;
    default:
        put_average(grouping, i, over);
        break;
    }
}

/* Different values are counted by the aggregate itself in a group. */
static void put_group_figure(const grouping_t *grouping, int i)
{
    if (item_of(grouping, i)->figure == CS_FIGURE_COUNT) {
        put_name(grouping, "count(DISTINCT base.a", i);
        put(grouping, ")");
        return;
    }
    put_figure(grouping, i, "");
}

/* The deepest level's groups are always made: they have all that GROUPING is asked about. */
static int is_made(const cs_groups_t *groups, int level)
{
    return level == groups->levels ||
           (level == 0 ? groups->total : ((groups->header | groups->footer) >> level & 1u) != 0);
}

/* All that groups down to that level are made by. */
static void put_set(const grouping_t *grouping, int level)
{
    const char *comma = "";

    put(grouping, "(");
    for (int i = 0; i < count_of(grouping); i++) {
        if (is_group(grouping, i) && item_of(grouping, i)->level <= level) {
            put(grouping, comma);
            put_name(grouping, "base.g", i);
            if (has_text(grouping, i)) {
                put_name(grouping, ", base.t", i);
            }
            comma = ", ";
        }
    }
    put(grouping, ")");
}

static void put_sets(const grouping_t *grouping)
{
    const char *comma = "";

    put(grouping, " GROUP BY GROUPING SETS (");
    for (int level = 0; level <= grouping->groups->levels; level++) {
        if (is_made(grouping->groups, level)) {
            put(grouping, comma);
            put_set(grouping, level);
            comma = ", ";
        }
    }
    put(grouping, ")");
}

/* GROUPING says 0 of what a group is made by: counted once for each level that has it. */
static void put_level(const grouping_t *grouping)
{
    int next = 1;

    put(grouping, "0");
    for (int level = 1; level <= grouping->groups->levels; level++) {
        for (int i = 0; next == level && i < count_of(grouping); i++) {
            if (is_group(grouping, i) && item_of(grouping, i)->level == level) {
                put_name(grouping, " + 1 - GROUPING(base.g", i);
                put(grouping, ")");
                next++;
            }
        }
    }
}

/* (1, 0), (1, 2): every place of every level that something is shown in. */
static void put_places(const grouping_t *grouping)
{
    const cs_groups_t *groups = grouping->groups;
    const char *comma = "";

    for (int level = 0; level <= groups->levels; level++) {
        for (int place = 0; place <= 2; place += 2) {
            int wanted = level == 0 ? groups->total && place == 2
                                    : ((place ? groups->footer : groups->header) >> level & 1u) != 0;

            if (wanted) {
                put(grouping, comma);
                put_name(grouping, "(", level);
                put_name(grouping, ", ", place);
                put(grouping, ")");
                comma = ", ";
            }
        }
    }
}

/* Columns of both halves of the union, in one order; a half has NULL where it has nothing. */
static void put_half(const grouping_t *grouping, int running)
{
    const cs_groups_t *groups = grouping->groups;

    for (int i = 0; i < count_of(grouping); i++) {
        if (is_group(grouping, i)) {
            put_name(grouping, running ? ", base.g" : ", figures.g", i);
            if (has_text(grouping, i)) {
                put_name(grouping, running ? ", base.t" : ", figures.t", i);
            }
        }
        else if (is_figure(grouping, i)) {
            int hidden = running && item_of(grouping, i)->hide;

            put(grouping, running ? ", " : "");
            if (hidden) {
                put(grouping, "NULL");
            }
            else if (running) {
                put_figure(grouping, i, " OVER running");
            }
            put_name(grouping, running ? " AS f" : ", figures.f", i);
        }
        else if (groups->details) {
            put_name(grouping, running ? ", base.d" : ", NULL AS d", i);
            if (grouping->list->raw) {
                put_name(grouping, running ? ", base.e" : ", NULL AS e", i);
            }
        }
    }
    for (int i = 0; groups->details && i < orders_of(grouping); i++) {
        if (order_of(grouping, i)->chosen < 0) {
            put_name(grouping, running ? ", base.o" : ", NULL AS o", i);
        }
    }
}

static void put_figures(const grouping_t *grouping)
{
    put(grouping, "SELECT 0 AS key, figures.level, shape.place");
    put_half(grouping, 0);
    put(grouping, " FROM (SELECT ");
    put_level(grouping);
    put(grouping, " AS level");
    for (int i = 0; i < count_of(grouping); i++) {
        if (is_group(grouping, i)) {
            put_name(grouping, ", base.g", i);
            if (has_text(grouping, i)) {
                put_name(grouping, ", base.t", i);
            }
        }
        else if (is_figure(grouping, i)) {
            put(grouping, ", ");
            put_group_figure(grouping, i);
            put_name(grouping, " AS f", i);
        }
    }
    put(grouping, " FROM base");
    put_sets(grouping);
    put(grouping, ") AS figures JOIN (VALUES ");
    put_places(grouping);
    put(grouping, ") AS shape (level, place) ON shape.level = figures.level");
}

/* ---------------- running */

/* PARTITION BY all groups, and what else; ORDER BY as the sessions are. */
static void put_window(const grouping_t *grouping, int value)
{
    const char *comma = "PARTITION BY ";

    for (int i = 0; i < count_of(grouping); i++) {
        if (is_group(grouping, i)) {
            put(grouping, comma);
            put_name(grouping, "base.g", i);
            comma = ", ";
        }
    }
    if (value >= 0) {
        put(grouping, comma);
        put_name(grouping, "base.a", value);
    }
    comma = " ORDER BY ";
    for (int i = 0; i < orders_of(grouping); i++) {
        if (order_of(grouping, i)->chosen < 0) {
            put(grouping, comma);
            put_name(grouping, "base.o", i);
            put(grouping, order_of(grouping, i)->descending ? " DESC" : "");
            comma = ", ";
        }
    }
}

/* Whether a value is the first of its kind in its group. */
static void put_firsts(const grouping_t *grouping)
{
    put(grouping, " FROM (SELECT base.*");
    for (int i = 0; i < count_of(grouping); i++) {
        if (item_of(grouping, i)->figure == CS_FIGURE_COUNT && !item_of(grouping, i)->hide) {
            put_name(grouping, ", base.a", i);
            put(grouping, " IS NOT NULL AND row_number() OVER (");
            put_window(grouping, i);
            put_name(grouping, ") = 1 AS u", i);
        }
    }
    put(grouping, " FROM base) AS base");
}

static void put_running(const grouping_t *grouping)
{
    put_name(grouping, "SELECT base.key, ", grouping->groups->levels + 1);
    put(grouping, " AS level, 1 AS place");
    put_half(grouping, 1);
    put_firsts(grouping);
    put(grouping, " WINDOW running AS (");
    put_window(grouping, -1);
    put(grouping, " ROWS UNBOUNDED PRECEDING)");
}

/* ---------------- order */

typedef struct sort_t {
    cs_sorts_t *sorts;
    unsigned char placed[CS_SELECT_MAX]; /* groups that are sorted by already */
} sort_t;

static void end_sort(const grouping_t *grouping, sort_t *sort, int descending)
{
    sort->sorts->descending[sort->sorts->count] = descending != 0;
    put_name(grouping, " AS s", sort->sorts->count++);
}

/* In the order of what is shown; a group of nothing is the last in either direction. */
static void sort_by(const grouping_t *grouping, sort_t *sort, int i, int descending)
{
    const char *name = is_figure(grouping, i) ? "member.f" : "member.g";

    if (sort->placed[i]) {
        return;
    }
    sort->placed[i] = 1;
    put_name(grouping, is_figure(grouping, i) ? ", CASE WHEN member.f" : ", CASE WHEN member.g", i);
    put(grouping, " IS NULL THEN 1 ELSE 0 END");
    end_sort(grouping, sort, 0);
    if (is_group(grouping, i) && has_text(grouping, i)) {
        put_name(grouping, ", member.t", i);
        end_sort(grouping, sort, descending);
    }
    put(grouping, ", ");
    put_name(grouping, name, i);
    end_sort(grouping, sort, descending);
}

/* The group that $orderBy means: by its whole text, or by its column. */
static int is_meant(const grouping_t *grouping, const cs_order_t *order, int i)
{
    const cs_item_t *item = item_of(grouping, i);

    return order->chosen == i ||
           (order->chosen < 0 && is_group(grouping, i) && !item->part &&
            item->listed.column == order->listed.column && item->listed.family == order->listed.family);
}

static void sort_level(const grouping_t *grouping, sort_t *sort, int level)
{
    for (int k = 0; k < orders_of(grouping); k++) {
        for (int i = 0; i < count_of(grouping); i++) {
            if (is_meant(grouping, order_of(grouping, k), i) &&
                (is_figure(grouping, i) || item_of(grouping, i)->level == level)) {
                sort_by(grouping, sort, i, order_of(grouping, k)->descending);
            }
        }
    }
    for (int i = 0; i < count_of(grouping); i++) {
        if (is_group(grouping, i) && item_of(grouping, i)->level == level) {
            sort_by(grouping, sort, i, 0);
        }
    }
    put_name(grouping, ", CASE WHEN member.level = ", level);
    put(grouping, " THEN member.place ELSE 1 END");
    end_sort(grouping, sort, 0);
}

static void put_sorts(const grouping_t *grouping, sort_t *sort)
{
    put(grouping, ", CASE WHEN member.level = 0 THEN 1 ELSE 0 END");
    end_sort(grouping, sort, 0);
    for (int level = 1; level <= grouping->groups->levels; level++) {
        sort_level(grouping, sort, level);
    }
    for (int i = 0; grouping->groups->details && i < orders_of(grouping); i++) {
        if (order_of(grouping, i)->chosen < 0) {
            put_name(grouping, ", member.o", i);
            end_sort(grouping, sort, order_of(grouping, i)->descending);
        }
    }
}

/* ---------------- the whole */

/* Where a cell comes from: shown or stored. */
static const char *source_of(const grouping_t *grouping, int i, int stored)
{
    if (is_plain(grouping, i)) {
        return !grouping->groups->details ? NULL : stored ? ", member.e" : ", member.d";
    }
    if (is_figure(grouping, i)) {
        return ", member.f";
    }
    return has_text(grouping, i) && !stored ? ", member.t" : ", member.g";
}

static void put_cells(const grouping_t *grouping)
{
    for (int i = 0; i < count_of(grouping); i++) {
        for (int stored = 0; stored <= (grouping->list->raw ? 1 : 0); stored++) {
            const char *source = source_of(grouping, i, stored);

            if (source) {
                put_name(grouping, source, i);
            }
            else {
                put(grouping, ", NULL::integer");
            }
            put_name(grouping, stored ? " AS r" : " AS c", i);
        }
    }
}

void cs_put_groups(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list, cs_sorts_t *sorts)
{
    grouping_t grouping = {emit, buf, list, list->groups};
    sort_t sort = {.sorts = sorts};
    int shown = list->groups->header || list->groups->footer || list->groups->total;

    put_base(&grouping);
    cs_buf_puts(buf, "SELECT member.key, member.level, member.place");
    put_cells(&grouping);
    put_sorts(&grouping, &sort);
    cs_buf_puts(buf, " FROM (");
    if (shown) {
        put_figures(&grouping);
    }
    cs_buf_puts(buf, shown && list->groups->details ? " UNION ALL " : "");
    if (list->groups->details) {
        put_running(&grouping);
    }
    cs_buf_puts(buf, ") AS member");
}
