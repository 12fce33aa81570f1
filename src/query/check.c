#include "query/filter.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/text.h"
#include "base/tz.h"
#include "query/operator.h"
#include "query/period.h"
#include "query/value.h"

#include <apr_strings.h>
#include <string.h>

typedef struct check_t {
    cs_ctx_t *cx;
    cs_lex_t lex;      /* for messages */
    apr_int64_t today; /* a day of the caller's calendar */
} check_t;

static cs_error_t *wrong_value(const check_t *check, const cs_token_t *value, const char *reason)
{
    return cs_token_error(&check->lex, CS_E_FILTER_VALUE, value, reason);
}

static cs_val_t text_arg(const char *text)
{
    return cs_val_text(text, strlen(text));
}

static cs_val_t time_arg(cs_wall_t wall)
{
    return (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = wall};
}

/* A comparison that an empty column, which counts as '', 0 or false, takes part in where it has to. */
static void compare(cs_term_t *term, const char *sign, cs_val_t value, int with_empty)
{
    term->means = with_empty ? CS_MEANS_COMPARE_ALL : CS_MEANS_COMPARE;
    term->sign = sign;
    term->args[0] = value;
}

/* ---------------- times */

static int is_inside(apr_int64_t day)
{
    return day >= CS_WALL_UNSET / CS_WALL_DAY && day <= (CS_WALL_LAST + 1) / CS_WALL_DAY;
}

/* When that day begins for the caller, as it is stored. */
static cs_wall_t day_start(const check_t *check, apr_int64_t day)
{
    cs_stamp_t stamp = {.wall = day * CS_WALL_DAY};

    return cs_clock_store(check->cx->locale, &stamp);
}

/* The caller's day that a moment lies in. */
static apr_int64_t day_of(const check_t *check, const cs_moment_t *moment)
{
    const cs_locale_t *locale = check->cx->locale;
    cs_wall_t wall = moment->stamp.wall;

    if (moment->stamp.zoned) {
        wall = cs_clock_store(locale, &moment->stamp);
        if (locale->zone && locale->zone != locale->base_zone) {
            wall = cs_tz_wall(locale->zone, cs_tz_utc(locale->base_zone, wall));
        }
    }
    return wall >= 0 ? wall / CS_WALL_DAY : -((CS_WALL_DAY - 1 - wall) / CS_WALL_DAY);
}

static void range(cs_term_t *term, const cs_wall_t *from, const cs_wall_t *before)
{
    term->means = CS_MEANS_RANGE;
    term->args[0] = from ? time_arg(*from) : cs_val_null(CS_K_TIME);
    term->args[1] = before ? time_arg(*before) : cs_val_null(CS_K_TIME);
}

/* The start of the second that a time lies in. */
static cs_wall_t second_of(cs_wall_t wall)
{
    cs_wall_t rest = wall % CS_WALL_SECOND;

    return wall - (rest < 0 ? rest + CS_WALL_SECOND : rest);
}

static cs_error_t *take_moment(const check_t *check, const cs_token_t *value, cs_moment_t *moment)
{
    const char *wrong = cs_value_moment(value, moment);

    return wrong ? wrong_value(check, value, wrong) : NULL;
}

/* Where a moment begins and where it is over: a whole day without a time of day, else a second. */
static void ends_of(const check_t *check, const cs_moment_t *moment, int by_day, cs_wall_t *from,
                    cs_wall_t *before)
{
    if (moment->timed && !by_day) {
        *from = cs_clock_store(check->cx->locale, &moment->stamp);
        *before = second_of(*from) + CS_WALL_SECOND;
    }
    else {
        apr_int64_t day = day_of(check, moment);

        *from = day_start(check, day);
        *before = day_start(check, day + 1);
    }
}

static cs_error_t *check_pair(const check_t *check, cs_term_t *term, int by_day)
{
    cs_moment_t first, last;
    cs_wall_t from, before, none;

    CS_TRY(take_moment(check, &term->values[0], &first));
    CS_TRY(take_moment(check, &term->values[1], &last));
    ends_of(check, &first, by_day, &from, &none);
    ends_of(check, &last, by_day, &none, &before);
    range(term, &from, &before);
    return NULL;
}

static cs_error_t *check_periods(const check_t *check, cs_term_t *term)
{
    const cs_span_t *span = &term->how->span;
    const cs_token_t *unit_word = term->count ? &term->values[term->count - 1] : &term->word;
    int unit = span->unit ? span->unit : cs_period_unit(unit_word);
    apr_int64_t count = 0, from, before;
    cs_wall_t low, high;

    if (term->how->operand == CS_OPERAND_COUNT_PERIOD &&
        (cs_value_int(&term->values[0], &count) || count < 0)) {
        return wrong_value(check, &term->values[0], "a number of periods, 0 or more, is expected");
    }
    if (!unit) {
        return wrong_value(check, unit_word,
                           "day, week, month, quarter, halfyear or year, or 1 to 6, is expected");
    }
    if (!cs_period_days(check->today, unit, span->first_count * count + span->first,
                        span->last_count * count + span->last, &from, &before)) {
        return wrong_value(check, unit_word, "the periods lead out of the years 1 to 9999");
    }
    low = day_start(check, from);
    high = day_start(check, before);
    if (from >= before) {
        term->means = CS_MEANS_FALSE;
        return NULL;
    }
    range(term, &low, &high);
    return NULL;
}

static cs_error_t *check_time(const check_t *check, cs_term_t *term)
{
    cs_wall_t from, before, at;
    cs_moment_t moment;

    switch (term->how->op) {
    case CS_OP_PERIODS:
        return check_periods(check, term);
    case CS_OP_BEFORE_TODAY:
        from = day_start(check, check->today);
        range(term, NULL, &from);
        return NULL;
    case CS_OP_AFTER_TODAY:
        from = day_start(check, check->today + 1);
        range(term, &from, NULL);
        return NULL;
    case CS_OP_BETWEEN:
    case CS_OP_DATE_BETWEEN:
        return check_pair(check, term, term->how->op == CS_OP_DATE_BETWEEN);
    default:
        break;
    }
    CS_TRY(take_moment(check, &term->values[0], &moment));
    if (!is_inside(moment.stamp.wall / CS_WALL_DAY)) {
        return wrong_value(check, &term->values[0], "the time is not in the years 1 to 9999");
    }
    at = cs_clock_store(check->cx->locale, &moment.stamp);
    ends_of(check, &moment, term->how->op != CS_OP_AFTER && term->how->op != CS_OP_BEFORE, &from, &before);
    switch (term->how->op) {
    case CS_OP_EQUALS:
    case CS_OP_DAY:
        range(term, &from, &before);
        break;
    case CS_OP_BEFORE:
        range(term, NULL, &from);
        break;
    case CS_OP_AFTER:
        range(term, &before, NULL);
        break;
    case CS_OP_FROM:
        range(term, &from, NULL);
        break;
    case CS_OP_TO:
        range(term, NULL, &before);
        break;
    case CS_OP_LT:
    case CS_OP_BEFORE_TIME:
        range(term, NULL, &at);
        break;
    case CS_OP_GE:
    case CS_OP_AFTER_TIME:
        range(term, &at, NULL);
        break;
    case CS_OP_LE:
        term->means = CS_MEANS_UP_TO;
        term->sign = " <= ";
        term->args[0] = time_arg(at);
        break;
    case CS_OP_GT:
        compare(term, " > ", time_arg(at), 0);
        break;
    case CS_OP_NE:
        compare(term, " <> ", time_arg(at), 0);
        break;
    default:
        compare(term, " = ", time_arg(at), 0);
        break;
    }
    return NULL;
}

/* ---------------- numbers, booleans, lists of numbers */

static cs_error_t *take_number(const check_t *check, const cs_term_t *term, const cs_token_t *token,
                               cs_val_t *value)
{
    const cs_archive_column_t *column = term->listed.column;
    apr_pool_t *pool = check->cx->pool;
    apr_int64_t number = 0;
    double real = 0;
    const char *wrong;

    if (column->kind == CS_K_REAL) {
        wrong = cs_value_real(pool, token, &real);
        *value = (cs_val_t){.kind = CS_K_REAL, .set = 1, .u.d = real};
    }
    else {
        wrong = column->by == CS_BY_SPAN ? cs_value_span(token, &number)
                                         : cs_value_word(pool, token, column->words, &number);
        *value = cs_val_int(number);
    }
    return wrong ? wrong_value(check, token, wrong) : NULL;
}

static int is_zero(const cs_val_t *value)
{
    return value->kind == CS_K_TEXT   ? value->len == 0
           : value->kind == CS_K_REAL ? value->u.d >= 0 && value->u.d <= 0
                                      : value->u.i == 0;
}

static cs_error_t *put_number(const check_t *check, const cs_term_t *term, const cs_token_t *token,
                              cs_buf_t *list, int *zero)
{
    char digits[CS_NUM_MAX];
    cs_val_t value;

    CS_TRY(take_number(check, term, token, &value));
    *zero |= is_zero(&value);
    if (list->length) {
        cs_buf_putc(list, ',');
    }
    cs_buf_put(list, digits,
               value.kind == CS_K_REAL ? cs_num_print_real(digits, value.u.d)
                                       : cs_num_print_int(digits, value.u.i));
    return NULL;
}

/* "[A:1,2]" stands for as many values; a comma inside an encoded value does not part a list. */
static cs_error_t *put_numbers(const check_t *check, const cs_term_t *term, cs_buf_t *list, int *zero)
{
    int put = 0;

    for (int i = 0; i < term->count; i++) {
        cs_token_t part = term->values[i];
        apr_size_t len;
        const char *inside = cs_value_inside(&part, "A", &len);

        if (!inside) {
            CS_TRY(put_number(check, term, &part, list, zero));
            continue;
        }
        for (const char *end = inside + len; inside <= end;) {
            const char *comma = memchr(inside, ',', (apr_size_t)(end - inside));

            part.s = inside;
            part.len = (apr_size_t)((comma ? comma : end) - inside);
            CS_TRY(put_number(check, term, &part, list, zero));
            if (++put > CS_FILTER_VALUES) {
                return cs_token_error(&check->lex, CS_E_FILTER_LIMIT, &term->values[i],
                                      "there are more than " APR_STRINGIFY(CS_FILTER_VALUES) " values");
            }
            inside = (comma ? comma : end) + 1;
        }
    }
    return NULL;
}

/* As PostgreSQL writes a text array. */
static void put_text(cs_buf_t *list, const cs_token_t *token)
{
    if (list->length > 1) {
        cs_buf_putc(list, ',');
    }
    cs_buf_putc(list, '"');
    for (apr_size_t i = 0; i < token->len; i++) {
        if (token->s[i] == '"' || token->s[i] == '\\') {
            cs_buf_putc(list, '\\');
        }
        cs_buf_putc(list, token->s[i]);
    }
    cs_buf_putc(list, '"');
}

#define LIST_CEILING (4 * CS_FILTER_LENGTH)

static cs_error_t *check_list(const check_t *check, cs_term_t *term)
{
    cs_buf_t *list = cs_buf_make(check->cx->pool, LIST_CEILING);
    int text = term->listed.column->kind == CS_K_TEXT;
    int zero = 0;

    if (term->how->op == CS_OP_ALL_OF && term->count > 1) {
        return wrong_value(check, &term->values[1], "the column has one value: it cannot be all of several");
    }
    if (text) {
        cs_buf_putc(list, '{');
        for (int i = 0; i < term->count; i++) {
            put_text(list, &term->values[i]);
            zero |= term->values[i].len == 0;
        }
        cs_buf_putc(list, '}');
    }
    else {
        CS_TRY(put_numbers(check, term, list, &zero));
    }
    if (list->full) {
        return cs_token_error(&check->lex, CS_E_FILTER_LIMIT, &term->word, "the list is too long");
    }
    term->means = term->how->op == CS_OP_NOT_ONE_OF ? CS_MEANS_NONE : zero ? CS_MEANS_ANY_ALL : CS_MEANS_ANY;
    term->args[0] = text_arg(cs_buf_text(list, check->cx->pool));
    return NULL;
}

/* The sign of a comparison, or NULL. */
static const char *sign_of(cs_op_t op)
{
    static const char *const signs[CS_OP_COUNT] = {
        [CS_OP_EQ] = " = ", [CS_OP_EQUALS] = " = ", [CS_OP_NE] = " <> ", [CS_OP_LT] = " < ",
        [CS_OP_GT] = " > ", [CS_OP_LE] = " <= ",    [CS_OP_GE] = " >= ",
    };

    return signs[op];
}

static cs_error_t *check_number(const check_t *check, cs_term_t *term)
{
    cs_val_t value;

    CS_TRY(take_number(check, term, &term->values[0], &value));
    if (term->how->op == CS_OP_BETWEEN) {
        term->means = CS_MEANS_BETWEEN;
        term->args[0] = value;
        return take_number(check, term, &term->values[1], &term->args[1]);
    }
    compare(term, sign_of(term->how->op), value,
            term->how->op == CS_OP_NE || (sign_of(term->how->op)[1] == '=' && is_zero(&value)));
    return NULL;
}

static cs_error_t *check_bool(const check_t *check, cs_term_t *term)
{
    int truth;
    const char *wrong = cs_value_bool(&term->values[0], &truth);

    if (wrong) {
        return wrong_value(check, &term->values[0], wrong);
    }
    if (term->listed.column->by == CS_BY_SWITCH) {
        int none = truth && cs_token_is(&term->name, "getNoRows");

        term->means = none ? CS_MEANS_FALSE : CS_MEANS_TRUE;
        return NULL;
    }
    compare(term, sign_of(term->how->op), (cs_val_t){.kind = CS_K_BOOL, .set = 1, .u.i = truth},
            term->how->op == CS_OP_NE || !truth);
    return NULL;
}

/* ---------------- texts */

/* The value as a LIKE pattern, in which "%", "_" and "\" of its own stand for themselves. */
static cs_val_t pattern(apr_pool_t *pool, const cs_token_t *value, int open_start, int open_end)
{
    char *text = apr_palloc(pool, 2 * value->len + 3);
    char *out = text;

    if (open_start) {
        *out++ = '%';
    }
    for (apr_size_t i = 0; i < value->len; i++) {
        if (strchr("%_\\", value->s[i])) {
            *out++ = '\\';
        }
        *out++ = value->s[i];
    }
    if (open_end) {
        *out++ = '%';
    }
    return cs_val_text(text, (apr_size_t)(out - text));
}

static cs_error_t *check_text(const check_t *check, cs_term_t *term)
{
    const cs_token_t *value = &term->values[0];
    cs_op_t op = term->how->op;
    int begins = op == CS_OP_BEGINS || op == CS_OP_NOT_BEGINS;
    int ends = op == CS_OP_ENDS || op == CS_OP_NOT_ENDS;
    int negative = op == CS_OP_NOT_BEGINS || op == CS_OP_NOT_CONTAINS || op == CS_OP_NOT_ENDS;
    cs_val_t text = cs_val_text(value->s, value->len);
    apr_int64_t number;

    if (op == CS_OP_BETWEEN) {
        term->means = CS_MEANS_BETWEEN;
        term->args[0] = text;
        term->args[1] = cs_val_text(term->values[1].s, term->values[1].len);
    }
    else if (sign_of(op)) {
        compare(term, sign_of(op), text, op == CS_OP_NE || is_zero(&text));
        if (term->listed.column->by == CS_BY_STRING_OR_KEY && op != CS_OP_NE &&
            value->kind == CS_TOKEN_WORD && !cs_value_int(value, &number)) {
            term->means = CS_MEANS_KEY_OR_IS;
            term->args[1] = cs_val_int(number);
        }
    }
    else {
        term->means = negative != term->negated ? CS_MEANS_NOT_LIKE
                      : is_zero(&text)          ? CS_MEANS_LIKE_ALL
                                                : CS_MEANS_LIKE;
        term->negated = 0;
        term->args[0] = pattern(check->cx->pool, value, !begins, !ends);
    }
    return NULL;
}

/* ---------------- terms */

static cs_error_t *find_column(const check_t *check, cs_term_t *term)
{
    const cs_token_t *name = &term->name;

    if (cs_archive_find(name->s, name->len, &term->listed)) {
        return NULL;
    }
    return cs_token_error(&check->lex, CS_E_FILTER_COLUMN, name,
                          "there is no such column; names are those of the list, like chatSessionId");
}

/* Names of a list have no order that a client could mean. */
static int fits(cs_op_t op, const cs_archive_column_t *column)
{
    int ordered = op == CS_OP_LT || op == CS_OP_GT || op == CS_OP_LE || op == CS_OP_GE;

    return cs_operator_fits(op, column->by) &&
           !(ordered && column->by == CS_BY_LIST && column->kind == CS_K_TEXT);
}

static cs_error_t *check_term(const check_t *check, cs_term_t *term)
{
    apr_pool_t *pool = check->cx->pool;
    const cs_archive_column_t *column;

    CS_TRY(find_column(check, term));
    column = term->listed.column;
    if (!fits(term->how->op, column)) {
        return cs_token_error(&check->lex, CS_E_FILTER_OPERATOR, &term->word,
                              apr_psprintf(pool, "%s is %s, which takes %s", column->name,
                                           cs_by_name(column->by), cs_operator_names(pool, column->by)));
    }
    switch (term->how->op) {
    case CS_OP_NULL:
        term->means = CS_MEANS_NULL;
        return NULL;
    case CS_OP_NOT_NULL:
        term->means = CS_MEANS_NOT_NULL;
        return NULL;
    case CS_OP_CALLER:
        term->means = CS_MEANS_CALLER;
        return NULL;
    case CS_OP_ONE_OF:
    case CS_OP_NOT_ONE_OF:
    case CS_OP_ALL_OF:
        return check_list(check, term);
    default:
        break;
    }
    switch (column->kind) {
    case CS_K_TIME:
        return check_time(check, term);
    case CS_K_TEXT:
        return check_text(check, term);
    case CS_K_BOOL:
        return check_bool(check, term);
    default:
        return check_number(check, term);
    }
}

static void check_node(const check_t *check, cs_node_t *node, cs_error_t **faults)
{
    if (node->kind == CS_NODE_TERM) {
        cs_error_t *fault = check_term(check, node->term);

        if (fault) {
            cs_error_add(faults, fault);
        }
        return;
    }
    check_node(check, node->left, faults);
    check_node(check, node->right, faults);
}

cs_error_t *cs_filter_check(cs_ctx_t *cx, apr_time_t now, cs_node_t *node)
{
    const cs_tz_t *zone = cx->locale->zone ? cx->locale->zone : cx->locale->base_zone;
    cs_wall_t utc = cs_wall_of_time(now);
    cs_moment_t moment = {.stamp = {.wall = zone ? cs_tz_wall(zone, utc) : utc}};
    check_t check = {.cx = cx, .lex = {.pool = cx->pool, .what = "$filter"}};
    cs_error_t *faults = NULL, *whole;

    if (!node) {
        return NULL;
    }
    check.today = day_of(&check, &moment);
    check_node(&check, node, &faults);
    if (!faults || !faults->next) {
        return faults;
    }
    whole = cs_error_make(cx->pool, faults->code, NULL, "%s", faults->message);
    whole->next = faults;
    return whole;
}
