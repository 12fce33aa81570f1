#include "query/figure.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

#define BLANKS " \t\r\n\f\v"

static const cs_unit_t parts[] = {
    {"Year", CS_K_INT, "extract(year FROM @)::integer"},
    {"Quarter", CS_K_INT, "extract(quarter FROM @)::integer"},
    {"Month", CS_K_INT, "extract(month FROM @)::integer"},
    {"Day", CS_K_INT, "extract(day FROM @)::integer"},
    {"DayOfYear", CS_K_INT, "extract(doy FROM @)::integer"},
    {"DayOfWeek", CS_K_INT, "extract(dow FROM @)::integer"},
    {"DayOfWeekFromMonday", CS_K_INT, "extract(isodow FROM @)::integer"},
    {"Hour", CS_K_INT, "extract(hour FROM @)::integer"},
    {"Weekno", CS_K_INT, "extract(week FROM @)::integer"},
    {"YearMonth", CS_K_TEXT, "to_char(@, 'YYYY/MM')"},
    {"YearWeekno", CS_K_TEXT, "to_char(@, 'IYYY/IW')"},
    {"YearQuarter", CS_K_TEXT, "to_char(@, 'YYYY/Q')"},
    {"YearWeekAsISODate", CS_K_TEXT, "to_char(date_trunc('week', @), 'YYYY-MM-DD')"},
    {"ISODate", CS_K_TEXT, "to_char(@, 'YYYY-MM-DD')"},
    {"ISODateHour", CS_K_TEXT, "to_char(@, 'YYYY-MM-DD\"T\"HH24')"},
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static const struct {
    const char *name;
    int numbers; /* takes those alone */
} figures[CS_FIGURE_TYPES] = {
    [CS_FIGURE_NONE] = {"DatePart", 0}, [CS_FIGURE_GROUP] = {"GroupBy", 0},
    [CS_FIGURE_COUNT] = {"Count", 0},   [CS_FIGURE_COUNT_ALL] = {"CountAll", 0},
    [CS_FIGURE_SUM] = {"Sum", 1},       [CS_FIGURE_AVG] = {"Avg", 1},
    [CS_FIGURE_MEDIAN] = {"Median", 1}, [CS_FIGURE_PERCENT] = {"Percent", 1},
};

/* ---------------- lists of items */

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static apr_size_t word_length(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && is_letter(*at)) {
        at++;
    }
    return (apr_size_t)(at - start);
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && strchr(BLANKS, *at)) {
        at++;
    }
    return at;
}

/* 1 when the word is a modifier, which it adds to the item. */
static int take_modifier(cs_item_t *item, const char *word, apr_size_t len)
{
    apr_int64_t number;

    if (cs_text_same(word, len, "Header", 6)) {
        item->header = 1;
    }
    else if (cs_text_same(word, len, "Footer", 6)) {
        item->footer = 1;
    }
    else if (cs_text_same(word, len, "HideDetail", 10)) {
        item->hide = 1;
    }
    else if (len && cs_text_integer(word, len, &number) && number >= 1 && number <= CS_LEVELS_MAX) {
        item->level = (int)number;
    }
    else {
        return 0;
    }
    return 1;
}

/* Whether what follows a comma belongs to the function before it. */
static int goes_on(const char *at)
{
    const char *end = at + strlen(at);
    cs_item_t none = {.level = 0};
    apr_size_t len;

    at = skip_blanks(at, end);
    len = word_length(at, end);
    return (at[len] == '\0' || strchr(BLANKS ",:", at[len])) && take_modifier(&none, at, len);
}

int cs_item_next(const char **at, const char **text_out, apr_size_t *len_out)
{
    const char *start = *at;
    apr_size_t len;

    if (!start) {
        return 0;
    }
    len = strcspn(start, ",");
    if (memchr(start, '(', len)) {
        while (start[len] && goes_on(start + len + 1)) {
            len += 1 + strcspn(start + len + 1, ",");
        }
    }
    *at = start[len] ? start + len + 1 : NULL;
    while (len && strchr(BLANKS, *start)) {
        start++;
        len--;
    }
    while (len && strchr(BLANKS, start[len - 1])) {
        len--;
    }
    *text_out = start;
    *len_out = len;
    return 1;
}

/* ---------------- one item */

typedef struct cursor_t {
    apr_pool_t *pool;
    cs_item_t *item;
    const char *at, *end;
} cursor_t;

static cs_error_t *wrong(const cursor_t *cursor, const char *reason)
{
    const cs_item_t *item = cursor->item;

    return cs_error_make(cursor->pool, CS_E_SELECT_COLUMN, "$select", "$select, '%s', at '%s': %s",
                         cs_text_clean(cursor->pool, item->text, item->len, 80),
                         cs_text_clean(cursor->pool, cursor->at, (apr_size_t)(cursor->end - cursor->at), 40),
                         reason);
}

static int take_sign(cursor_t *cursor, char sign)
{
    cursor->at = skip_blanks(cursor->at, cursor->end);
    if (cursor->at == cursor->end || *cursor->at != sign) {
        return 0;
    }
    cursor->at = skip_blanks(cursor->at + 1, cursor->end);
    return 1;
}

/* A name and the "(" behind it, both of which are taken; 0 when that is not there. */
static int take_call(cursor_t *cursor, const char **name_out, apr_size_t *len_out)
{
    const char *name = skip_blanks(cursor->at, cursor->end);
    apr_size_t len = word_length(name, cursor->end);
    cursor_t behind = *cursor;

    behind.at = name + len;
    if (!len || !take_sign(&behind, '(')) {
        return 0;
    }
    cursor->at = behind.at;
    *name_out = name;
    *len_out = len;
    return 1;
}

/* A column's name, up to the ")". */
static cs_error_t *take_column(cursor_t *cursor)
{
    const char *close = memchr(cursor->at, ')', (apr_size_t)(cursor->end - cursor->at));
    apr_size_t len = close ? (apr_size_t)(close - cursor->at) : 0;

    while (len && strchr(BLANKS, cursor->at[len - 1])) {
        len--;
    }
    if (!close || !cs_archive_find(cursor->at, len, &cursor->item->listed) ||
        cursor->item->listed.column->by == CS_BY_SWITCH) {
        return wrong(cursor, "a column of this list and \")\" are expected here");
    }
    cursor->at = skip_blanks(close + 1, cursor->end);
    return NULL;
}

static const char *part_names(apr_pool_t *pool)
{
    const char *list = "";

    for (apr_size_t i = 0; i < PARTS; i++) {
        list = apr_pstrcat(pool, list, i ? ", " : "", parts[i].name, NULL);
    }
    return list;
}

/* From behind "DatePart(". */
static cs_error_t *take_part(cursor_t *cursor)
{
    cs_item_t *item = cursor->item;
    apr_size_t len;

    CS_TRY(take_column(cursor));
    if (item->listed.column->kind != CS_K_TIME) {
        return wrong(cursor, "DatePart takes a date");
    }
    if (take_sign(cursor, ':')) {
        len = word_length(cursor->at, cursor->end);
        for (apr_size_t i = 0; i < PARTS; i++) {
            if (cs_text_same(cursor->at, len, parts[i].name, strlen(parts[i].name))) {
                item->part = &parts[i];
                cursor->at += len;
                return NULL;
            }
        }
    }
    return wrong(cursor, apr_pstrcat(cursor->pool, "behind DatePart(...) one of these is expected: ",
                                     part_names(cursor->pool), NULL));
}

static int is_part(const char *name, apr_size_t len)
{
    return cs_text_same(name, len, "DatePart", 8);
}

/* What stands between the parentheses of a figure, and the closing one. */
static cs_error_t *take_argument(cursor_t *cursor)
{
    const char *name;
    apr_size_t len;

    if (!take_call(cursor, &name, &len)) {
        return take_column(cursor);
    }
    if (!is_part(name, len)) {
        return wrong(cursor, "inside of a function only DatePart or a column can stand");
    }
    CS_TRY(take_part(cursor));
    return take_sign(cursor, ')') ? NULL : wrong(cursor, "\")\" is expected here");
}

static cs_error_t *take_value(cursor_t *cursor)
{
    cs_item_t *item = cursor->item;
    const char *name;
    apr_size_t len;

    if (!take_call(cursor, &name, &len)) {
        return wrong(cursor, "a function is expected here");
    }
    if (is_part(name, len)) {
        return take_part(cursor);
    }
    for (int i = CS_FIGURE_GROUP; i < CS_FIGURE_TYPES; i++) {
        if (cs_text_same(name, len, figures[i].name, strlen(figures[i].name))) {
            item->figure = (cs_figure_t)i;
            return take_argument(cursor);
        }
    }
    cursor->at = name;
    return wrong(cursor, "there is no such function; there are GroupBy, Count, CountAll, Sum, Avg, Median, "
                         "Percent and DatePart");
}

static cs_error_t *take_modifiers(cursor_t *cursor)
{
    cs_item_t *item = cursor->item;

    while (take_sign(cursor, ':') || take_sign(cursor, ',')) {
        apr_size_t len = word_length(cursor->at, cursor->end);

        if (item->figure == CS_FIGURE_NONE || !take_modifier(item, cursor->at, len)) {
            return wrong(cursor, "Header, Footer, HideDetail or a level from 1 to " APR_STRINGIFY(
                                     CS_LEVELS_MAX) " is expected here, of a function other than DatePart");
        }
        cursor->at += len;
    }
    return cursor->at == cursor->end ? NULL : wrong(cursor, "nothing more is expected here");
}

static cs_error_t *check_type(const cursor_t *cursor)
{
    const cs_item_t *item = cursor->item;
    cs_by_t by = item->listed.column->by;
    int number = item->part ? item->part->kind == CS_K_INT
                            : by == CS_BY_INT || by == CS_BY_DECIMAL || by == CS_BY_SPAN;

    return !figures[item->figure].numbers || number
               ? NULL
               : wrong(cursor,
                       apr_psprintf(cursor->pool, "%s takes a column of numbers or time spans; %s is %s",
                                    figures[item->figure].name, item->listed.column->name, cs_by_name(by)));
}

cs_error_t *cs_item_parse(apr_pool_t *pool, const char *text, apr_size_t len, cs_item_t *item_out)
{
    cursor_t cursor = {.pool = pool, .item = item_out, .at = text, .end = text + len};

    memset(item_out, 0, sizeof(*item_out));
    item_out->text = text;
    item_out->len = len;
    item_out->level = 1;
    if (!memchr(text, '(', len)) {
        if (!cs_archive_find(text, len, &item_out->listed)) {
            item_out->listed.column = NULL;
        }
        return NULL;
    }
    CS_TRY(take_value(&cursor));
    CS_TRY(take_modifiers(&cursor));
    return check_type(&cursor);
}

/* ---------------- kinds */

cs_kind_t cs_item_argument(const cs_item_t *item)
{
    return item->part ? item->part->kind : item->listed.column->kind;
}

cs_kind_t cs_item_kind(const cs_item_t *item)
{
    switch (item->figure) {
    case CS_FIGURE_COUNT:
    case CS_FIGURE_COUNT_ALL:
        return CS_K_INT;
    case CS_FIGURE_SUM:
        return cs_item_argument(item);
    case CS_FIGURE_AVG:
    case CS_FIGURE_MEDIAN:
        return item->listed.column->by == CS_BY_SPAN ? CS_K_INT : CS_K_REAL;
    case CS_FIGURE_PERCENT:
        return CS_K_REAL;
    default:
        return !item->part && item->listed.column->shown ? CS_K_TEXT : cs_item_argument(item);
    }
}
