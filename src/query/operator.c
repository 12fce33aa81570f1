#include "query/operator.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

enum { DAY = 1, WEEK, MONTH, QUARTER, HALF, YEAR };

/* The first word of an operator is the one that messages name. */
static const cs_operator_t operators[] = {
    {"eq", CS_OP_EQ, CS_OPERAND_VALUE, {0}},
    {"=", CS_OP_EQ, CS_OPERAND_VALUE, {0}},
    {"set", CS_OP_EQ, CS_OPERAND_VALUE, {0}},
    {"is", CS_OP_EQ, CS_OPERAND_VALUE, {0}},
    {"equals", CS_OP_EQUALS, CS_OPERAND_VALUE, {0}},
    {"ne", CS_OP_NE, CS_OPERAND_VALUE, {0}},
    {"!=", CS_OP_NE, CS_OPERAND_VALUE, {0}},
    {"<>", CS_OP_NE, CS_OPERAND_VALUE, {0}},
    {"unequals", CS_OP_NE, CS_OPERAND_VALUE, {0}},
    {"isNot", CS_OP_NE, CS_OPERAND_VALUE, {0}},
    {"lt", CS_OP_LT, CS_OPERAND_VALUE, {0}},
    {"<", CS_OP_LT, CS_OPERAND_VALUE, {0}},
    {"less", CS_OP_LT, CS_OPERAND_VALUE, {0}},
    {"gt", CS_OP_GT, CS_OPERAND_VALUE, {0}},
    {">", CS_OP_GT, CS_OPERAND_VALUE, {0}},
    {"greater", CS_OP_GT, CS_OPERAND_VALUE, {0}},
    {"le", CS_OP_LE, CS_OPERAND_VALUE, {0}},
    {"<=", CS_OP_LE, CS_OPERAND_VALUE, {0}},
    {"ge", CS_OP_GE, CS_OPERAND_VALUE, {0}},
    {">=", CS_OP_GE, CS_OPERAND_VALUE, {0}},
    {"begins", CS_OP_BEGINS, CS_OPERAND_VALUE, {0}},
    {"startsWith", CS_OP_BEGINS, CS_OPERAND_VALUE, {0}},
    {"contains", CS_OP_CONTAINS, CS_OPERAND_VALUE, {0}},
    {"ends", CS_OP_ENDS, CS_OPERAND_VALUE, {0}},
    {"notBegins", CS_OP_NOT_BEGINS, CS_OPERAND_VALUE, {0}},
    {"notContains", CS_OP_NOT_CONTAINS, CS_OPERAND_VALUE, {0}},
    {"notEnds", CS_OP_NOT_ENDS, CS_OPERAND_VALUE, {0}},
    {"before", CS_OP_BEFORE, CS_OPERAND_VALUE, {0}},
    {"date", CS_OP_DAY, CS_OPERAND_VALUE, {0}},
    {"after", CS_OP_AFTER, CS_OPERAND_VALUE, {0}},
    {"from", CS_OP_FROM, CS_OPERAND_VALUE, {0}},
    {"to", CS_OP_TO, CS_OPERAND_VALUE, {0}},
    {"beforeOrEqual", CS_OP_TO, CS_OPERAND_VALUE, {0}},
    {"dateTime", CS_OP_INSTANT, CS_OPERAND_VALUE, {0}},
    {"beforeTime", CS_OP_BEFORE_TIME, CS_OPERAND_VALUE, {0}},
    {"afterTime", CS_OP_AFTER_TIME, CS_OPERAND_VALUE, {0}},
    {"oneOf", CS_OP_ONE_OF, CS_OPERAND_LIST, {0}},
    {"in", CS_OP_ONE_OF, CS_OPERAND_LIST, {0}},
    {"associateIsOneOf", CS_OP_ONE_OF, CS_OPERAND_LIST, {0}},
    {"notOneOf", CS_OP_NOT_ONE_OF, CS_OPERAND_LIST, {0}},
    {"noneOf", CS_OP_NOT_ONE_OF, CS_OPERAND_LIST, {0}},
    {"associateIsNotOneOf", CS_OP_NOT_ONE_OF, CS_OPERAND_LIST, {0}},
    {"allOf", CS_OP_ALL_OF, CS_OPERAND_LIST, {0}},
    {"intArrayAllOf", CS_OP_ARRAY, CS_OPERAND_LIST, {0}},
    {"intArrayNotAllOf", CS_OP_ARRAY, CS_OPERAND_LIST, {0}},
    {"intArrayOneOf", CS_OP_ARRAY, CS_OPERAND_LIST, {0}},
    {"intArrayNotAnyOf", CS_OP_ARRAY, CS_OPERAND_LIST, {0}},
    {"between", CS_OP_BETWEEN, CS_OPERAND_PAIR, {0}},
    {"dateBetween", CS_OP_DATE_BETWEEN, CS_OPERAND_PAIR, {0}},
    {"isNull", CS_OP_NULL, CS_OPERAND_NONE, {0}},
    {"isNotNull", CS_OP_NOT_NULL, CS_OPERAND_NONE, {0}},
    {"currentAssociate", CS_OP_CALLER, CS_OPERAND_NONE, {0}},
    {"beforeToday", CS_OP_BEFORE_TODAY, CS_OPERAND_NONE, {0}},
    {"today", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 0, 0, 0, DAY}},
    {"afterToday", CS_OP_AFTER_TODAY, CS_OPERAND_NONE, {0}},
    {"lastWeek", CS_OP_PERIODS, CS_OPERAND_NONE, {0, -1, 0, -1, WEEK}},
    {"thisWeek", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 0, 0, 0, WEEK}},
    {"nextWeek", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 1, 0, 1, WEEK}},
    {"lastMonth", CS_OP_PERIODS, CS_OPERAND_NONE, {0, -1, 0, -1, MONTH}},
    {"thisMonth", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 0, 0, 0, MONTH}},
    {"nextMonth", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 1, 0, 1, MONTH}},
    {"lastQuarter", CS_OP_PERIODS, CS_OPERAND_NONE, {0, -1, 0, -1, QUARTER}},
    {"thisQuarter", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 0, 0, 0, QUARTER}},
    {"nextQuarter", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 1, 0, 1, QUARTER}},
    {"thisHalf", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 0, 0, 0, HALF}},
    {"thisYear", CS_OP_PERIODS, CS_OPERAND_NONE, {0, 0, 0, 0, YEAR}},
    {"thisPeriod", CS_OP_PERIODS, CS_OPERAND_PERIOD, {0, 0, 0, 0, 0}},
    {"thisPreviousAndNext", CS_OP_PERIODS, CS_OPERAND_PERIOD, {0, -1, 0, 1, 0}},
    {"thisAndNext", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {0, 0, 1, 0, 0}},
    {"thisAndPrevious", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {-1, 0, 0, 0, 0}},
    {"nextPeriod", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {0, 1, 1, 0, 0}},
    {"previousPeriod", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {-1, 0, 0, -1, 0}},
};
#define OPERATORS (sizeof(operators) / sizeof(operators[0]))

static const cs_function_t functions[] = {
    {"startswith(column,'text')", 2, 0, {"startswith", CS_OP_BEGINS, CS_OPERAND_VALUE, {0}}},
    {"endswith(column,'text')", 2, 0, {"endswith", CS_OP_ENDS, CS_OPERAND_VALUE, {0}}},
    {"substringof('text',column)", 2, 1, {"substringof", CS_OP_CONTAINS, CS_OPERAND_VALUE, {0}}},
    {"contains(column,'text')", 2, 0, {"contains", CS_OP_CONTAINS, CS_OPERAND_VALUE, {0}}},
    {"this(column,unit)", 2, 0, {"this", CS_OP_PERIODS, CS_OPERAND_PERIOD, {0, 0, 0, 0, 0}}},
    {"next(column,count,unit)", 3, 0, {"next", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {0, 1, 1, 0, 0}}},
    {"previous(column,count,unit)",
     3,
     0,
     {"previous", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {-1, 0, 0, -1, 0}}},
    {"thisAndNext(column,count,unit)",
     3,
     0,
     {"thisAndNext", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {0, 0, 1, 0, 0}}},
    {"thisAndPrevious(column,count,unit)",
     3,
     0,
     {"thisAndPrevious", CS_OP_PERIODS, CS_OPERAND_COUNT_PERIOD, {-1, 0, 0, 0, 0}}},
    {"thisAndPreviousAndNext(column,unit)",
     2,
     0,
     {"thisAndPreviousAndNext", CS_OP_PERIODS, CS_OPERAND_PERIOD, {0, -1, 0, 1, 0}}},
};
#define FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

const cs_operator_t *cs_operator_find(const cs_token_t *word)
{
    for (apr_size_t i = 0; i < OPERATORS; i++) {
        if (cs_token_is(word, operators[i].word)) {
            return &operators[i];
        }
    }
    return NULL;
}

const cs_function_t *cs_function_find(const cs_token_t *name)
{
    for (apr_size_t i = 0; i < FUNCTIONS; i++) {
        if (cs_token_is(name, functions[i].how.word)) {
            return &functions[i];
        }
    }
    return NULL;
}

const char *cs_function_names(apr_pool_t *pool)
{
    const char *list = "";

    for (apr_size_t i = 0; i < FUNCTIONS; i++) {
        list = apr_pstrcat(pool, list, i ? ", " : "", functions[i].how.word, NULL);
    }
    return list;
}

/* ---------------- which operator fits which column */

#define BIT(by) (1u << CS_BY_##by)
#define NUMBERS (BIT(INT) | BIT(DECIMAL) | BIT(SPAN))
#define TEXTS   (BIT(STRING) | BIT(STRING_OR_KEY) | BIT(POSITIVE))
#define BOTH    (BIT(STRING) | BIT(STRING_OR_KEY)) /* forms of texts */
#define USERS   (BIT(ASSOCIATE) | BIT(USER))
#define LISTS   (USERS | BIT(LIST) | BIT(GROUP))
#define TIMES   (BIT(DATE) | BIT(DATETIME))
#define ALL     (BIT(BOOL) | NUMBERS | TEXTS | LISTS | TIMES)

static const unsigned fits[CS_OP_COUNT] = {
    [CS_OP_EQ] = ALL | BIT(SWITCH),
    [CS_OP_EQUALS] = ALL | BIT(SWITCH),
    [CS_OP_NE] = ALL & ~BIT(POSITIVE),
    [CS_OP_LT] = NUMBERS | LISTS | TIMES,
    [CS_OP_GT] = NUMBERS | LISTS | TIMES,
    [CS_OP_LE] = NUMBERS | LISTS | TIMES,
    [CS_OP_GE] = NUMBERS | LISTS | TIMES,
    [CS_OP_BEGINS] = TEXTS,
    [CS_OP_CONTAINS] = TEXTS,
    [CS_OP_ENDS] = TEXTS,
    [CS_OP_NOT_BEGINS] = BOTH,
    [CS_OP_NOT_CONTAINS] = BOTH,
    [CS_OP_NOT_ENDS] = BOTH,
    [CS_OP_BEFORE] = TIMES,
    [CS_OP_DAY] = TIMES,
    [CS_OP_AFTER] = TIMES,
    [CS_OP_FROM] = TIMES,
    [CS_OP_TO] = TIMES,
    [CS_OP_INSTANT] = TIMES,
    [CS_OP_BEFORE_TIME] = TIMES,
    [CS_OP_AFTER_TIME] = TIMES,
    [CS_OP_ONE_OF] = NUMBERS | TEXTS | LISTS,
    [CS_OP_NOT_ONE_OF] = NUMBERS | BOTH | LISTS,
    [CS_OP_ALL_OF] = LISTS,
    [CS_OP_ARRAY] = 0,
    [CS_OP_BETWEEN] = NUMBERS | TEXTS | TIMES,
    [CS_OP_DATE_BETWEEN] = TIMES,
    [CS_OP_NULL] = ALL,
    [CS_OP_NOT_NULL] = ALL,
    [CS_OP_CALLER] = USERS,
    [CS_OP_BEFORE_TODAY] = TIMES,
    [CS_OP_AFTER_TODAY] = TIMES,
    [CS_OP_PERIODS] = TIMES,
};

int cs_operator_fits(cs_op_t op, cs_by_t by)
{
    return (fits[op] >> by & 1u) != 0;
}

const char *cs_operator_names(apr_pool_t *pool, cs_by_t by)
{
    const char *list = "";

    for (apr_size_t i = 0; i < OPERATORS; i++) {
        int first = i == 0 || operators[i].op != operators[i - 1].op || operators[i].op == CS_OP_PERIODS;

        if (first && cs_operator_fits(operators[i].op, by)) {
            list = apr_pstrcat(pool, list, *list ? ", " : "", operators[i].word, NULL);
        }
    }
    return *list ? list : "none";
}

/* ---------------- units */

int cs_period_unit(const cs_token_t *token)
{
    static const struct {
        const char *word;
        int unit;
    } units[] = {
        {"1", DAY},           {"day", DAY},          {"days", DAY},    {"2", WEEK},       {"week", WEEK},
        {"weeks", WEEK},      {"wk", WEEK},          {"wks", WEEK},    {"3", MONTH},      {"month", MONTH},
        {"months", MONTH},    {"mon", MONTH},        {"mons", MONTH},  {"mos", MONTH},    {"4", QUARTER},
        {"quarter", QUARTER}, {"quarters", QUARTER}, {"qtr", QUARTER}, {"qtrs", QUARTER}, {"5", HALF},
        {"halfyear", HALF},   {"halfyears", HALF},   {"hyr", HALF},    {"hyrs", HALF},    {"6", YEAR},
        {"year", YEAR},       {"years", YEAR},       {"yr", YEAR},     {"yrs", YEAR},
    };

    for (apr_size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (cs_text_same(token->s, token->len, units[i].word, strlen(units[i].word))) {
            return units[i].unit;
        }
    }
    return 0;
}
