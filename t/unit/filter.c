/* t/unit/filter.c -- a $filter and the SQL that it becomes, or where it is wrong. */
#include "base/clock.h"
#include "base/tz.h"
#include "query/list.h"
#include "support.h"
#include "tap.h"

static const cs_tz_t *oslo, *new_york;

/* Tuesday, 5 March 2024, 12:00 in Oslo. */
static apr_time_t the_now(void)
{
    return cs_wall_to_time((cs_wall_days(2024, 3, 5) * 24 + 11) * 3600 * CS_WALL_SECOND);
}

static const char *described_arg(apr_pool_t *pool, const cs_val_t *arg)
{
    char wall[CS_WALL_MAX];

    switch (arg->kind) {
    case CS_K_TEXT:
        return apr_pstrmemdup(pool, arg->u.s, arg->len);
    case CS_K_TIME:
        return apr_pstrmemdup(pool, wall, cs_wall_print(wall, arg->u.i));
    case CS_K_REAL:
        return apr_psprintf(pool, "%g", arg->u.d);
    case CS_K_BOOL:
        return arg->u.i ? "true" : "false";
    default:
        return apr_psprintf(pool, "%" APR_INT64_T_FMT, arg->u.i);
    }
}

#define MINE " WHERE (caller.is_admin OR session.topic_id = ANY (mine.topics))"

/* "condition | arg | arg", without the statement around it; or "code: message". */
static const char *compiled(apr_pool_t *pool, const char *text, const cs_tz_t *zone)
{
    cs_locale_t locale = {.base_zone = oslo, .zone = zone};
    cs_ctx_t *cx = test_ctx(pool);
    cs_list_t list = {.caller = cs_val_text("anna", 4), .limit = 1};
    const char *where, *end, *line;
    cs_error_t *error;
    cs_node_t *node;
    cs_sql_t sql;

    cx->locale = &locale;
    error = cs_filter_parse(pool, text, &node);
    error = error ? error : cs_filter_check(cx, the_now(), node);
    if (error) {
        return apr_pstrcat(pool, cs_code_row(error->code)->wire, ": ", error->message, NULL);
    }
    list.filter = node;
    error = cs_list_select(pool, "chatSessionId", 0, &list.chosen);
    error = error ? error : cs_list_order(pool, NULL, NULL, &list.orders);
    if (error) {
        return error->message;
    }
    cs_list_emit(pool, &list, &sql);
    where = strstr(sql.text, MINE);
    end = strstr(sql.text, " ORDER BY");
    where += where ? strlen(MINE) : 0;
    line = where && where < end ? apr_pstrmemdup(pool, where + 5, (apr_size_t)(end - where - 5)) : "";
    for (int i = 1; i < sql.count; i++) {
        line = apr_pstrcat(pool, line, " | ", described_arg(pool, &sql.args[i]), NULL);
    }
    return line;
}

#define REQ        "coalesce(session.when_requested, '-infinity')"
#define END        "coalesce(session.when_ended, '-infinity')"
#define SPAN(a, b) "floor(extract(epoch FROM session." a " - session." b "))::bigint"
#define QUEUED     SPAN("when_started", "when_requested")
#define TALKS                                      \
    " AND (session.status IN (0, 7, 8, 9, 10, 11)" \
    " OR session.status IN (1, 2, 3, 4, 5, 6))"

static const struct {
    const char *rule, *filter, *sql;
} cases[] = {
    /* 9.6 */
    {"FILT-8", "chatSessionId in (40,41)",
     "(session.id = ANY (string_to_array($2, ',')::integer[])) | 40,41"},
    {"FILT-4 FILT-5 OP-10", "CHATSESSIONID GE 40 and chatSessionId le 41",
     "((session.id >= $2) AND (session.id <= $3)) | 40 | 41"},
    {"FILT-2", "rating eq 5 or rating eq 4 and chatSessionId gt 100",
     "((session.rating = $2) OR ((session.rating = $3) AND (session.id > $4))) | 5 | 4 | 100"},
    {"FILT-1", "(rating eq 5 or rating eq 4) and chatSessionId gt 100",
     "(((session.rating = $2) OR (session.rating = $3)) AND (session.id > $4)) | 5 | 4 | 100"},
    {"OP-1", "firstMessage begins 'hel'", "(lower(session.first_message) LIKE lower($2)" TALKS ") | hel%"},
    {"FILT-6", "firstMessage contains 'O\\'Neil'",
     "(lower(session.first_message) LIKE lower($2)" TALKS ") | %O'Neil%"},
    {"FILT-6", "firstMessage contains 'O''Neil'",
     "(lower(session.first_message) LIKE lower($2)" TALKS ") | %O'Neil%"},
    {"9.3", "startswith(lastMessage,'bye') eq true",
     "(lower(session.last_message) LIKE lower($2)" TALKS ") | bye%"},
    {"OP-3", "whenRequested afterTime '2024-03-04T10:15:00'", "(" REQ " >= $2) | 2024-03-04T10:15:00"},
    {"OP-4", "whenRequested between ('2024-03-01','2024-03-31')",
     "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-01T00:00:00 | 2024-04-01T00:00:00"},
    {"OP-7", "whenEnded isNull", "(" END " = '-infinity')"},
    {"9.2", "status oneOf (4,5,6)", "(session.status = ANY (string_to_array($2, ',')::integer[])) | 4,5,6"},
    {"LIST-9", "getNoRows=true", "(false)"},
    {"LIST-7", "nosuch eq 1",
     "filter.column: $filter, character 1, 'nosuch': there is no such column; names are those of the list, "
     "like chatSessionId"},
    {"FILT-9", "rating eq", "filter.syntax: $filter, character 10, its end: a value is expected here"},
    {"FILT-9", "rating xx 1", "filter.operator: $filter, character 8, 'xx': there is no such operator"},
    {"FILT-3", "not rating eq 1",
     "filter.operator: $filter, character 5, 'rating': there is no \"not\": use an operator like ne"},
    {"FILT-9", "(rating eq 1",
     "filter.syntax: $filter, character 13, its end: \"and\", \"or\" or \")\" is expected here"},
    /* nothing at all */
    {"LIST-10", "", ""},
    {"LIST-10", "  ", ""},
    {"LIST-9", "getAllRows=true", "(true)"},
    {"LIST-9", "getNoRows set true", "(false)"},
    {"LIST-9", "getNoRows eq 0", "(true)"},
    {"LIST-9", "getAllRows set false", "(true)"},
    {"FILT-10", "getNoRows isNull",
     "filter.operator: $filter, character 11, 'isNull': getNoRows is a switch, which takes eq, equals"},
    /* int */
    {"int", "rating = 3", "(session.rating = $2) | 3"},
    {"int", "rating set 3", "(session.rating = $2) | 3"},
    {"int", "rating equals 3", "(session.rating = $2) | 3"},
    {"int", "rating=3", "(session.rating = $2) | 3"},
    {"FILT-7", "rating eq '3'", "(session.rating = $2) | 3"},
    {"int", "rating ne 3", "(session.rating <> $2) | 3"},
    {"int", "rating != 3", "(session.rating <> $2) | 3"},
    {"int", "rating<>3", "(session.rating <> $2) | 3"},
    {"int", "rating unequals 3", "(session.rating <> $2) | 3"},
    {"int", "rating lt -3", "(session.rating < $2) | -3"},
    {"int", "rating<3", "(session.rating < $2) | 3"},
    {"int", "rating less 3", "(session.rating < $2) | 3"},
    {"int", "rating > 3", "(session.rating > $2) | 3"},
    {"int", "rating greater 3", "(session.rating > $2) | 3"},
    {"int", "rating <= 3", "(session.rating <= $2) | 3"},
    {"int", "rating >= 3", "(session.rating >= $2) | 3"},
    {"FILT-7", "rating between ('1','6')", "(session.rating >= $2 AND session.rating <= $3) | 1 | 6"},
    {"FILT-8", "rating oneOf(3)", "(session.rating = ANY (string_to_array($2, ',')::integer[])) | 3"},
    {"int", "rating notOneOf (3,4)", "(session.rating <> ALL (string_to_array($2, ',')::integer[])) | 3,4"},
    {"int", "rating isNull", "(session.rating IS NULL)"},
    {"int", "rating isNotNull", "(session.rating IS NOT NULL)"},
    {"VAL-2", "rating eq [I:3]", "(session.rating = $2) | 3"},
    {"VAL-2", "rating eq '[I:3]'", "(session.rating = $2) | 3"},
    {"VAL-2", "rating oneOf ('[A:1,2]',3)",
     "(session.rating = ANY (string_to_array($2, ',')::integer[])) | 1,2,3"},
    {"FILT-11", "rating eq x",
     "filter.value: $filter, character 11, 'x': an integer from -2147483648 to 2147483647 is expected"},
    {"FILT-11", "rating eq 2147483648",
     "filter.value: $filter, character 11, '2147483648': an integer from -2147483648 to 2147483647 is "
     "expected"},
    {"FILT-11", "rating oneOf (1,x)",
     "filter.value: $filter, character 17, 'x': an integer from -2147483648 to 2147483647 is expected"},
    {"FILT-11", "rating eq ''",
     "filter.value: $filter, character 11, '': an integer from -2147483648 to 2147483647 is expected"},
    {"FILT-10", "rating begins 1",
     "filter.operator: $filter, character 8, 'begins': rating is an integer, which takes eq, equals, ne, lt, "
     "gt, le, ge, oneOf, notOneOf, between, isNull, isNotNull"},
    {"FILT-10", "rating intArrayOneOf (1)",
     "filter.operator: $filter, character 8, 'intArrayOneOf': rating is an integer, which takes eq, equals, "
     "ne, "
     "lt, gt, le, ge, oneOf, notOneOf, between, isNull, isNotNull"},
    /* decimal, of a joined record */
    {"VAL-3", "contact/postAddress/wgs84latitude ge 59.91", "(contact.wgs84latitude >= $2) | 59.91"},
    {"VAL-2", "contact/postAddress/wgs84latitude lt [F:-1.5]", "(contact.wgs84latitude < $2) | -1.5"},
    {"OP-8", "contact/postAddress/wgs84latitude ne 1", "(coalesce(contact.wgs84latitude, 0) <> $2) | 1"},
    {"decimal", "contact/postAddress/wgs84latitude in (1.5,2)",
     "(contact.wgs84latitude = ANY (string_to_array($2, ',')::double precision[])) | 1.5,2.0"},
    {"VAL-3", "contact/postAddress/wgs84latitude ge '59,91'",
     "filter.value: $filter, character 38, '59,91': a number is expected, with a point before decimals"},
    /* time spans */
    {"LIST-11", "timeInQueue gt 90", "(" QUEUED " > $2) | 90"},
    {"LIST-11", "timeInQueue gt [TS:90]", "(" QUEUED " > $2) | 90"},
    {"LIST-11", "timeInQueue isNull", "(" QUEUED " IS NULL)"},
    {"OP-8", "timeInQueue ne 90", "(coalesce(" QUEUED ", 0) <> $2) | 90"},
    {"FILT-11", "duration eq 1h",
     "filter.value: $filter, character 13, '1h': a number of seconds is expected, as 90 or [TS:90]"},
    /* texts */
    {"FILT-7", "firstMessage begins Su", "(lower(session.first_message) LIKE lower($2)" TALKS ") | Su%"},
    {"FILT-7", "firstMessage contains 10110",
     "(lower(session.first_message) LIKE lower($2)" TALKS ") | %10110%"},
    {"text", "firstMessage startsWith 'a'", "(lower(session.first_message) LIKE lower($2)" TALKS ") | a%"},
    {"text", "firstMessage ends 'a'", "(lower(session.first_message) LIKE lower($2)" TALKS ") | %a"},
    {"OP-8", "firstMessage notBegins 'a'", "(lower(session.first_message) NOT LIKE lower($2)) | a%"},
    {"OP-8", "firstMessage notContains 'a'", "(lower(session.first_message) NOT LIKE lower($2)) | %a%"},
    {"OP-8 OP-10", "firstMessage notEnds 'a'", "(lower(session.first_message) NOT LIKE lower($2)) | %a"},
    {"text", "firstMessage is 'a'", "(lower(session.first_message) = lower($2)" TALKS ") | a"},
    {"FILT-10", "firstMessage eq 'a'", "(lower(session.first_message) = lower($2)" TALKS ") | a"},
    {"text", "firstMessage isNot 'a'", "(lower(session.first_message) <> lower($2)) | a"},
    {"OP-9", "firstMessage is ''", "(lower(session.first_message) = lower($2)) | "},
    {"OP-9", "firstMessage isNot ''", "(lower(session.first_message) <> lower($2)) | "},
    {"text", "firstMessage between ('a','c')",
     "(lower(session.first_message) >= lower($2) AND lower(session.first_message) <= lower($3)) | a | c"},
    {"text", "firstMessage in ('a','b')",
     "(lower(session.first_message) = ANY (lower($2)::text[])) | {\"a\",\"b\"}"},
    {"text", "firstMessage in ('a\"','b\\\\,{}',NULL)",
     "(lower(session.first_message) = ANY (lower($2)::text[])) | {\"a\\\"\",\"b\\\\,{}\",\"NULL\"}"},
    {"text", "firstMessage isNull", "(session.first_message = '')"},
    {"text", "firstMessage isNotNull", "(session.first_message <> '')"},
    {"OP-2", "firstMessage contains '50%_\\\\'",
     "(lower(session.first_message) LIKE lower($2)" TALKS ") | %50\\%\\_\\\\%"},
    {"FILT-10", "firstMessage gt 'a'",
     "filter.operator: $filter, character 14, 'gt': firstMessage is a text, which takes eq, equals, ne, "
     "begins, "
     "contains, ends, notBegins, notContains, notEnds, oneOf, notOneOf, between, isNull, isNotNull"},
    {"text", "text notContains 'a'",
     "filter.operator: $filter, character 6, 'notContains': text is a text without negative operators, which "
     "takes eq, equals, begins, contains, ends, oneOf, between, isNull, isNotNull"},
    {"text", "text contains 'a'", "(lower(session.first_message) LIKE lower($2)" TALKS ") | %a%"},
    {"stringorPK", "contact/name eq 40",
     "(lower(contact.name) = lower($2) OR contact.contact_id = $3) | 40 | 40"},
    {"stringorPK", "contact/name eq 'Vik'", "(lower(contact.name) = lower($2)) | Vik"},
    {"OP-8", "contact/name isNot 'Vik'", "(lower(coalesce(contact.name, '')) <> lower($2)) | Vik"},
    {"OP-8", "person/fullName contains 'x'", "(lower(person.full_name) LIKE lower($2)) | %x%"},
    {"OP-9", "person/fullName begins ''", "(lower(coalesce(person.full_name, '')) LIKE lower($2)) | %"},
    {"OP-8", "person/fullName notContains 'x'",
     "(lower(coalesce(person.full_name, '')) NOT LIKE lower($2)) | %x%"},
    {"OP-9", "person/fullName is ''", "(lower(coalesce(person.full_name, '')) = lower($2)) | "},
    /* lists, users, booleans */
    {"list", "status eq 4", "(session.status = $2) | 4"},
    {"list", "status equals 'InQueue'", "(session.status = $2) | 4"},
    {"list", "status oneOf (inqueue,'CustomerLast',6)",
     "(session.status = ANY (string_to_array($2, ',')::integer[])) | 4,5,6"},
    {"list", "status notOneOf (4)", "(session.status <> ALL (string_to_array($2, ',')::integer[])) | 4"},
    {"OP-11", "status noneOf (4)", "(session.status <> ALL (string_to_array($2, ',')::integer[])) | 4"},
    {"OP-11", "status allOf (4)", "(session.status = ANY (string_to_array($2, ',')::integer[])) | 4"},
    {"OP-11", "status allOf (4,5)",
     "filter.value: $filter, character 17, '5': the column has one value: it cannot be all of several"},
    {"list", "status eq 'NoSuchStatus'",
     "filter.value: $filter, character 11, 'NoSuchStatus': one of Invalid, PreChatForm, Faq, OfflineForm, "
     "InQueue, CustomerLast, UserLast, Finished, Deleted, Closed, RequestPosted, ClosedFromQueue, or a "
     "number, "
     "is expected"},
    {"list", "contactId oneOf (3)",
     "(coalesce(session.contact_id, 0) = ANY (string_to_array($2, ',')::integer[])) | 3"},
    {"list", "personId isNull", "(session.customer_id <= 0)"},
    {"list", "contactId isNotNull", "(coalesce(session.contact_id, 0) > 0)"},
    {"list", "contact/category equals 'a'", "(lower(contact.category_name) = lower($2)) | a"},
    {"list", "contact/category oneOf ('a',b)",
     "(lower(contact.category_name) = ANY (lower($2)::text[])) | {\"a\",\"b\"}"},
    {"FILT-10", "icon eq 'chat'",
     "filter.operator: $filter, character 6, 'eq': icon is a column that cannot be filtered, which takes "
     "none"},
    {"OP-12", "associateId currentAssociate", "(session.user_id = caller.associate_id)"},
    {"OP-12", "agent currentAssociate", "(session.user_id = caller.associate_id)"},
    {"FILT-10", "rating currentAssociate",
     "filter.operator: $filter, character 8, 'currentAssociate': rating is an integer, which takes eq, "
     "equals, ne, "
     "lt, gt, le, ge, oneOf, notOneOf, between, isNull, isNotNull"},
    {"associate", "associateId associateIsOneOf (1,6)",
     "(session.user_id = ANY (string_to_array($2, ',')::integer[])) | 1,6"},
    {"associate", "associateId associateIsNotOneOf (1)",
     "(session.user_id <> ALL (string_to_array($2, ',')::integer[])) | 1"},
    {"bool", "person/retired set true", "((person.retired <> 0) = $2) | true"},
    {"bool", "person/retired = 1", "((person.retired <> 0) = $2) | true"},
    {"bool", "person/retired eq false", "(coalesce(person.retired <> 0, false) = $2) | false"},
    {"bool", "person/retired ne true", "(coalesce(person.retired <> 0, false) <> $2) | true"},
    {"FILT-11", "person/retired eq 2",
     "filter.value: $filter, character 19, '2': true, false, 1 or 0 is expected"},
    /* times */
    {"OP-4", "whenRequested before '2024-03-04'",
     "(" REQ " < $2 AND " REQ " > '-infinity') | 2024-03-04T00:00:00"},
    {"OP-4", "whenRequested date '2024-03-04'",
     "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-04T00:00:00 | 2024-03-05T00:00:00"},
    {"OP-4", "date equals '2024-03-04T15:00:00'",
     "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-04T00:00:00 | 2024-03-05T00:00:00"},
    {"OP-4", "whenRequested after '2024-03-04'", "(" REQ " >= $2) | 2024-03-05T00:00:00"},
    {"OP-5", "whenRequested after '2024-03-04T15:00:00'", "(" REQ " >= $2) | 2024-03-04T15:00:01"},
    {"OP-5", "whenRequested before '2024-03-04T15:00:00'",
     "(" REQ " < $2 AND " REQ " > '-infinity') | 2024-03-04T15:00:00"},
    {"OP-4", "whenRequested from '2024-03-04T15:00:00'", "(" REQ " >= $2) | 2024-03-04T00:00:00"},
    {"OP-4", "whenRequested to '2024-03-04'",
     "(" REQ " < $2 AND " REQ " > '-infinity') | 2024-03-05T00:00:00"},
    {"OP-4", "whenRequested beforeOrEqual '2024-03-04'",
     "(" REQ " < $2 AND " REQ " > '-infinity') | 2024-03-05T00:00:00"},
    {"OP-4", "whenRequested dateBetween ('2024-03-01T10:00:00','2024-03-02')",
     "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-01T00:00:00 | 2024-03-03T00:00:00"},
    {"FILT-10", "whenRequested between ('2024-03-01T10:00:00','2024-03-01T11:00:00')",
     "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-01T10:00:00 | 2024-03-01T11:00:01"},
    {"OP-3", "whenRequested beforeTime '2024-03-04T10:15:00'",
     "(" REQ " < $2 AND " REQ " > '-infinity') | 2024-03-04T10:15:00"},
    {"OP-3", "whenRequested dateTime '2024-03-04T10:15:00'", "(" REQ " = $2) | 2024-03-04T10:15:00"},
    {"OP-6", "whenRequested eq '2024-03-04'", "(" REQ " = $2) | 2024-03-04T00:00:00"},
    {"OP-6", "whenRequested ne '2024-03-04'", "(" REQ " <> $2) | 2024-03-04T00:00:00"},
    {"OP-6", "whenRequested lt '2024-03-04'",
     "(" REQ " < $2 AND " REQ " > '-infinity') | 2024-03-04T00:00:00"},
    {"OP-6", "whenRequested le '2024-03-04'",
     "(" REQ " <= $2 AND " REQ " > '-infinity') | 2024-03-04T00:00:00"},
    {"OP-6", "whenRequested gt '2024-03-04'", "(" REQ " > $2) | 2024-03-04T00:00:00"},
    {"OP-6", "whenRequested ge '2024-03-04'", "(" REQ " >= $2) | 2024-03-04T00:00:00"},
    {"VAL-1", "whenRequested ge '2024-03-04T10:00:00Z'", "(" REQ " >= $2) | 2024-03-04T11:00:00"},
    {"VAL-2", "whenRequested ge [D:03/04/2024]", "(" REQ " >= $2) | 2024-03-04T00:00:00"},
    {"VAL-2", "whenRequested ge '[D:04.03.2024]'", "(" REQ " >= $2) | 2024-03-04T00:00:00"},
    {"VAL-2", "whenRequested ge [DT:03/04/2024 10:15:30]", "(" REQ " >= $2) | 2024-03-04T10:15:30"},
    {"FILT-11", "whenRequested ge '2024-02-30'",
     "filter.value: $filter, character 18, '2024-02-30': a date is expected, as 2024-03-04, "
     "2024-03-04T10:15:00 or "
     "[D:03/04/2024]"},
    {"FILT-11", "whenRequested ge [DT:13/04/2024 10:15:30]",
     "filter.value: $filter, character 18, '[DT:13/04/2024 10:15:30]': a date is expected, as 2024-03-04, "
     "2024-03-04T10:15:00 or [D:03/04/2024]"},
    {"OP-7", "whenEnded isNotNull", "(" END " > '-infinity')"},
    {"FILT-10", "whenEnded oneOf ('2024-03-04')",
     "filter.operator: $filter, character 11, 'oneOf': whenEnded is a date and time, which takes eq, equals, "
     "ne, lt, "
     "gt, le, ge, before, date, after, from, to, dateTime, beforeTime, afterTime, between, dateBetween, "
     "isNull, "
     "isNotNull, beforeToday, today, afterToday, lastWeek, thisWeek, nextWeek, lastMonth, thisMonth, "
     "nextMonth, "
     "lastQuarter, thisQuarter, nextQuarter, thisHalf, thisYear, thisPeriod, thisPreviousAndNext, "
     "thisAndNext, "
     "thisAndPrevious, nextPeriod, previousPeriod"},
    /* functions */
    {"9.3", "endswith(lastMessage,'bye')", "(lower(session.last_message) LIKE lower($2)" TALKS ") | %bye"},
    {"9.3", "substringof('x',lastMessage)", "(lower(session.last_message) LIKE lower($2)" TALKS ") | %x%"},
    {"9.3", "substringof(lastMessage,'x')", "(lower(session.last_message) LIKE lower($2)" TALKS ") | %x%"},
    {"9.3", "contains(lastMessage,'x') = false", "(lower(session.last_message) NOT LIKE lower($2)) | %x%"},
    {"9.3", "Contains( lastMessage , x ) and rating eq 1",
     "((lower(session.last_message) LIKE lower($2)" TALKS ") AND (session.rating = $3)) | %x% | 1"},
    {"9.3", "this(date,week) eq false",
     "NOT (" REQ " >= $2 AND " REQ " < $3) | 2024-03-04T00:00:00 | 2024-03-11T00:00:00"},
    {"9.3", "length(firstMessage,'x')",
     "filter.operator: $filter, character 1, 'length': there is no such function; there are startswith, "
     "endswith, substringof, contains, this, next, previous, thisAndNext, thisAndPrevious, "
     "thisAndPreviousAndNext"},
    {"9.3", "contains(firstMessage)",
     "filter.syntax: $filter, character 1, 'contains': it takes 2 arguments: contains(column,'text')"},
    {"9.3", "contains('a','b')", "filter.syntax: $filter, character 10, 'a': a column is expected here"},
    {"9.3", "contains(firstMessage,'x') eq 2",
     "filter.syntax: $filter, character 31, '2': true or false is expected here"},
    /* syntax */
    {"FILT-9", "eq", "filter.syntax: $filter, character 3, its end: an operator is expected here"},
    {"FILT-9", "chatSessionId",
     "filter.syntax: $filter, character 14, its end: an operator is expected here"},
    {"FILT-9", "rating eq 1 and",
     "filter.syntax: $filter, character 16, its end: a column, a function or \"(\" is expected here"},
    {"FILT-9", "rating eq 1)",
     "filter.syntax: $filter, character 12, ')': \"and\", \"or\" or the end is expected here"},
    {"FILT-9", "rating eq 1 rating eq 2",
     "filter.syntax: $filter, character 13, 'rating': \"and\", \"or\" or the end is expected here"},
    {"FILT-9", "()",
     "filter.syntax: $filter, character 2, ')': a column, a function or \"(\" is expected here"},
    {"FILT-9", "firstMessage eq 'a",
     "filter.syntax: $filter, character 17, ''': the text that begins here is not closed"},
    {"FILT-9", "firstMessage contains '\\'",
     "filter.syntax: $filter, character 23, ''': the text that begins here is not closed"},
    {"FILT-9", "rating eq [I:3",
     "filter.syntax: $filter, character 11, '[': the value that begins here is not closed by ]"},
    {"FILT-9", "rating in 3",
     "filter.syntax: $filter, character 11, '3': \"(\" and a list are expected here"},
    {"FILT-9", "rating in ()", "filter.syntax: $filter, character 12, ')': a value is expected here"},
    {"FILT-9", "rating in (1 2)",
     "filter.syntax: $filter, character 14, '2': \",\" or \")\" is expected here"},
    {"FILT-9", "rating between (1)",
     "filter.syntax: $filter, character 8, 'between': it takes two values: (from, to)"},
    {"FILT-9", "\"chatSessionId\" eq 1",
     "filter.syntax: $filter, character 1, '\"': a column, a function or \"(\" is expected here"},
    {"FILT-9", "rating eq 1; drop table x",
     "filter.syntax: $filter, character 14, 'drop': \"and\", \"or\" or the end is expected here"},
    {"FILT-9", "firstMessage eq 'x'/**/or/**/1=1",
     "filter.syntax: $filter, character 20, '/': \"and\", \"or\" or the end is expected here"},
    {"FILT-3", "rating add 1 eq 2",
     "filter.operator: $filter, character 8, 'add': there is no such operator"},
};

/* Today is Tuesday, 5 March 2024. */
static const struct {
    const char *filter, *from, *before; /* days; NULL: open */
} periods[] = {
    {"date thisPeriod week", "2024-03-04", "2024-03-11"},
    {"date thisAndNext 10 day", "2024-03-05", "2024-03-16"},
    {"date thisAndPrevious 2 month", "2024-01-01", "2024-04-01"},
    {"date nextPeriod 3 day", "2024-03-06", "2024-03-09"},
    {"date previousPeriod 1 quarter", "2023-10-01", "2024-01-01"},
    {"date thisPreviousAndNext day", "2024-03-04", "2024-03-07"},
    {"date thisPeriod 1 4", "2024-01-01", "2024-04-01"},
    {"date thisPeriod '2'", "2024-03-04", "2024-03-11"},
    {"date thisPeriod hyr", "2024-01-01", "2024-07-01"},
    {"date thisPeriod 6", "2024-01-01", "2025-01-01"},
    {"date nextPeriod 2 YRS", "2025-01-01", "2027-01-01"},
    {"date previousPeriod 3 mons", "2023-12-01", "2024-03-01"},
    {"date previousPeriod 3 wks", "2024-02-12", "2024-03-04"},
    {"this(date,month)", "2024-03-01", "2024-04-01"},
    {"next(date,1,week)", "2024-03-11", "2024-03-18"},
    {"previous(date,1,halfyears)", "2023-07-01", "2024-01-01"},
    {"thisAndNext(date,1,qtr)", "2024-01-01", "2024-07-01"},
    {"thisAndPrevious(date,1,year)", "2023-01-01", "2025-01-01"},
    {"thisAndPreviousAndNext(date,month)", "2024-02-01", "2024-05-01"},
    {"date lastWeek", "2024-02-26", "2024-03-04"},
    {"date thisWeek", "2024-03-04", "2024-03-11"},
    {"date nextWeek", "2024-03-11", "2024-03-18"},
    {"date lastMonth", "2024-02-01", "2024-03-01"},
    {"date thisMonth", "2024-03-01", "2024-04-01"},
    {"date nextMonth", "2024-04-01", "2024-05-01"},
    {"date lastQuarter", "2023-10-01", "2024-01-01"},
    {"date thisQuarter", "2024-01-01", "2024-04-01"},
    {"date nextQuarter", "2024-04-01", "2024-07-01"},
    {"date thisHalf", "2024-01-01", "2024-07-01"},
    {"date thisYear", "2024-01-01", "2025-01-01"},
    {"date today", "2024-03-05", "2024-03-06"},
    {"date beforeToday", NULL, "2024-03-05"},
    {"date afterToday", "2024-03-06", NULL},
};

static const struct {
    const char *filter, *message;
} wrong_periods[] = {
    {"date thisPeriod fortnight", "filter.value: $filter, character 17, 'fortnight': day, week, month, "
                                  "quarter, halfyear or year, or 1 to 6, is "
                                  "expected"},
    {"date thisPeriod 7",
     "filter.value: $filter, character 17, '7': day, week, month, quarter, halfyear or year, or 1 "
     "to 6, is expected"},
    {"date nextPeriod -1 day",
     "filter.value: $filter, character 17, '-1': a number of periods, 0 or more, is expected"},
    {"date nextPeriod 99999999 day",
     "filter.value: $filter, character 26, 'day': the periods lead out of the years 1 to 9999"},
    {"date nextPeriod 2147483647 year",
     "filter.value: $filter, character 28, 'year': the periods lead out of the years 1 to 9999"},
    {"date previousPeriod 2024 year",
     "filter.value: $filter, character 26, 'year': the periods lead out of the years 1 to 9999"},
    {"date nextPeriod day", "filter.syntax: $filter, character 20, its end: a value is expected here"},
};

static void test_periods(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(periods); i++) {
        const char *from = periods[i].from, *before = periods[i].before;
        const char *sql = !from     ? "(" REQ " < $2 AND " REQ " > '-infinity')"
                          : !before ? "(" REQ " >= $2)"
                                    : "(" REQ " >= $2 AND " REQ " < $3)";

        sql = apr_pstrcat(pool, sql, from ? " | " : "", from ? from : "", from ? "T00:00:00" : "",
                          before ? " | " : "", before ? before : "", before ? "T00:00:00" : "", NULL);
        is(compiled(pool, periods[i].filter, NULL), sql, "9.5: %s", periods[i].filter);
    }
    for (size_t i = 0; i < COUNT(wrong_periods); i++) {
        is(compiled(pool, wrong_periods[i].filter, NULL), wrong_periods[i].message, "9.5: %s",
           wrong_periods[i].filter);
    }
}

/* At noon in Oslo it is six in New York; days begin six hours later there. */
static void test_zones(apr_pool_t *pool)
{
    is(compiled(pool, "date today", new_york),
       "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-05T06:00:00 | 2024-03-06T06:00:00",
       "VAL-1: today is the caller's");
    is(compiled(pool, "date date '2024-03-20'", new_york),
       "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-20T05:00:00 | 2024-03-21T05:00:00",
       "VAL-1: a day begins when it does in the caller's zone, summer time there already");
    is(compiled(pool, "date date '2024-03-04T23:30:00-05:00'", new_york),
       "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-04T06:00:00 | 2024-03-05T06:00:00",
       "VAL-1: an instant lies in the caller's day");
    is(compiled(pool, "date ge '2024-03-04T10:00:00'", new_york), "(" REQ " >= $2) | 2024-03-04T16:00:00",
       "VAL-1: a time without a zone is the caller's");
    is(compiled(pool, "date date '2024-03-31'", NULL),
       "(" REQ " >= $2 AND " REQ " < $3) | 2024-03-31T00:00:00 | 2024-04-01T00:00:00",
       "VAL-1: a day of 23 hours");
}

static void test_limits(apr_pool_t *pool)
{
    const char *terms = "rating eq 1", *open = "", *close = "", *values = "1";
    char *huge = apr_palloc(pool, CS_FILTER_LENGTH + 2);
    cs_node_t *node;

    for (int i = 1; i < CS_FILTER_TERMS; i++) {
        terms = apr_pstrcat(pool, terms, " or rating eq 1", NULL);
    }
    for (int i = 0; i < CS_FILTER_DEPTH; i++) {
        open = apr_pstrcat(pool, open, "(", NULL);
        close = apr_pstrcat(pool, close, ")", NULL);
    }
    for (int i = 1; i < CS_FILTER_VALUES; i++) {
        values = apr_pstrcat(pool, values, ",1", NULL);
    }
    memset(huge, ' ', CS_FILTER_LENGTH + 1);
    huge[CS_FILTER_LENGTH + 1] = '\0';
    is(code_of(cs_filter_parse(pool, terms, &node)), "", "%d terms are not too many", CS_FILTER_TERMS);
    is(code_of(cs_filter_parse(pool, apr_pstrcat(pool, terms, " or rating eq 1", NULL), &node)),
       "filter.limit", "one more is");
    is(code_of(cs_filter_parse(pool, apr_pstrcat(pool, open, "rating eq 1", close, NULL), &node)), "",
       "%d parentheses are not too deep", CS_FILTER_DEPTH);
    is(code_of(cs_filter_parse(pool, apr_pstrcat(pool, "(", open, "rating eq 1", close, ")", NULL), &node)),
       "filter.limit", "one more is");
    is(code_of(cs_filter_parse(pool, apr_pstrcat(pool, "rating in (", values, ")", NULL), &node)), "",
       "%d values are not too many", CS_FILTER_VALUES);
    is(code_of(cs_filter_parse(pool, apr_pstrcat(pool, "rating in (1,", values, ")", NULL), &node)),
       "filter.limit", "one more is");
    is(code_of(cs_filter_parse(pool, huge, &node)), "filter.limit", "a filter that is too long");
}

static void test_all_faults(apr_pool_t *pool)
{
    cs_node_t *node;
    cs_error_t *error = cs_filter_parse(pool, "a eq 1 and rating eq x or firstMessage lt 2", &node);

    error = error ? error : cs_filter_check(test_ctx(pool), the_now(), node);
    is_int(cs_error_count(error), 4, "FILT-9: all faults at once, the first one before them");
    is(code_of(error), "filter.column", "the first decides the code");
    is(error->next->next->message,
       "$filter, character 22, 'x': an integer from -2147483648 to 2147483647 is expected",
       "each has its own message");
}

int main(void)
{
    apr_pool_t *pool = test_start();
    const char *reason;

    oslo = cs_tz_load(pool, "Europe/Oslo", &reason);
    new_york = cs_tz_load(pool, "America/New_York", &reason);
    for (size_t i = 0; i < COUNT(cases); i++) {
        is(compiled(pool, cases[i].filter, NULL), cases[i].sql, "%s: %s", cases[i].rule, cases[i].filter);
    }
    test_periods(pool);
    test_zones(pool);
    test_limits(pool);
    test_all_faults(pool);
    return done();
}
