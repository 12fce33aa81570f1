/* t/unit/list.c -- columns, $select, $orderBy, continuations, and the whole statement. */
#include "query/list.h"
#include "query/operator.h"
#include "support.h"
#include "tap.h"

/* ---------------- the tables */

static const char *const not_ours[] = {"project/", "x", "", "chatTopic", "associate/", "person/nothing"};

static void test_columns(void)
{
    int count = 0;

    for (int i = 0; cs_archive_family(i); i++) {
        const cs_archive_family_t *family = cs_archive_family(i);

        for (const cs_archive_column_t *column = family->columns; column->name; column++) {
            char name[200];
            cs_listed_t listed;

            count++;
            apr_snprintf(name, sizeof(name), "%s%s", family->prefix, column->name);
            ok(cs_archive_find(name, strlen(name), &listed) && listed.column == column &&
                   listed.family == family,
               "%s is found, and stands once", name);
            listed = (cs_listed_t){column, family};
            ok(column->kind != CS_K_TIME || !cs_archive_nullable(&listed), "%s: a time is never NULL", name);
            ok(!strstr(column->sql, "session_key"), "%s is no secret", name);
            ok((column->key != NULL) == (column->by == CS_BY_STRING_OR_KEY), "%s: its key", name);
            ok(column->by == CS_BY_NOTHING || cs_operator_fits(CS_OP_EQ, column->by), "%s takes eq", name);
        }
    }
    ok(count > 170, "%d columns", count);
    for (size_t i = 0; i < COUNT(not_ours); i++) {
        cs_listed_t listed;

        ok(!cs_archive_find(not_ours[i], strlen(not_ours[i]), &listed), "'%s' is no column", not_ours[i]);
    }
    is(cs_archive_key().column->name, "chatSessionId", "the key is the session's number");
}

/* ---------------- $select */

static const char *chosen(apr_pool_t *pool, const char *text, int safe)
{
    const apr_array_header_t *list;
    cs_error_t *error = cs_list_select(pool, text, safe, &list);
    const char *line = "";

    for (int i = 0; !error && i < list->nelts; i++) {
        line = apr_pstrcat(pool, line, i ? " " : "", APR_ARRAY_IDX(list, i, cs_chosen_t).name, NULL);
    }
    return error ? apr_pstrcat(pool, code_of(error), ": ", error->message, NULL) : line;
}

#define DEFAULTS                                                                                       \
    "chatSessionId firstMessage lastMessage whenRequested whenStarted whenEnded duration timeInQueue " \
    "queueLength rating agent status icon date type text associateId contactId personId updatedDate "  \
    "registeredDate recordTypeText"

static const struct {
    const char *rule, *select;
    int safe;
    const char *names;
} selects[] = {
    {"LIST-4", "rating,chatSessionId", 0, "rating chatSessionId"},
    {"LIST-2", "RATING,chatTopic/NAME", 0, "RATING chatTopic/NAME"},
    {"LIST-5", NULL, 0, DEFAULTS},
    {"LIST-5", "", 0, DEFAULTS},
    {"LIST-5", " , ", 0, DEFAULTS},
    {"LIST-5", "*", 0, DEFAULTS},
    {"LIST-7", "name,department,category/id", 0, ""},
    {"LIST-7", "nosuch,rating", 0, "rating"},
    {"LIST-8", "rating, status ,agent?", 0, "rating status agent"},
    {"LIST-3", "person/email/emailAddress", 0, "person/email/emailAddress"},
    {"8.1", "contact/name,person/email/emailAddress", 1, "contact_name person_email_emailAddress"},
    {"8.1", "rating,RATING,rating", 0, "rating"},
    {"8.1", "rating;drop table x", 0, ""},
    {"8.1", "\"", 0, ""},
    {"LIST-14", "GroupBy(rating),rating", 0, "GroupBy(rating) rating"},
    {"LIST-14", "GroupBy(status):Footer,HideDetail,rating", 0, "GroupBy(status):Footer,HideDetail rating"},
    {"LIST-14", "Count( rating ) : HideDetail , 2,rating", 0, "Count( rating ) : HideDetail , 2 rating"},
    {"LIST-14", "rating,pg_sleep(1)", 0,
     "select.column: $select, 'pg_sleep(1)', at 'pg_sleep(1)': there is no such function; there are GroupBy, "
     "Count, CountAll, Sum, Avg, Median, Percent and DatePart"},
};

/* ---------------- $orderBy */

static const char *ordered(apr_pool_t *pool, const char *text)
{
    const apr_array_header_t *list;
    cs_error_t *error = cs_list_order(pool, text, NULL, &list);
    const char *line = "";

    for (int i = 0; !error && i < list->nelts; i++) {
        const cs_order_t *order = &APR_ARRAY_IDX(list, i, cs_order_t);

        line = apr_pstrcat(pool, line, i ? "," : "", order->listed.family->prefix, order->listed.column->name,
                           order->descending ? "-" : "", NULL);
    }
    return error ? apr_pstrcat(pool, code_of(error), ": ", error->message, NULL) : line;
}

static const struct {
    const char *rule, *order, *list;
} orders[] = {
    {"PAGE-7", NULL, "chatSessionId"},
    {"PAGE-7", "", "chatSessionId"},
    {"PAGE-7", "rating", "rating,chatSessionId"},
    {"PAGE-7", "rating desc", "rating-,chatSessionId-"},
    {"8.1", "RATING ASC, status DESC", "rating,status-,chatSessionId-"},
    {"8.1", "chatSessionId desc", "chatSessionId-"},
    {"8.1", "chatSessionId,rating", "chatSessionId"},
    {"8.1", "rating,rating desc", "rating,chatSessionId"},
    {"8.1", "contact/name asc,person/fullName", "contact/name,person/fullName,chatSessionId"},
    {"8.1", ",rating,", "rating,chatSessionId"},
    {"LIST-6", "duration", "order.column: $orderBy has 'duration': this column cannot be sorted by"},
    {"LIST-6", "getAllRows", "order.column: $orderBy has 'getAllRows': this column cannot be sorted by"},
    {"LIST-7", "nosuch", "order.column: $orderBy has 'nosuch': there is no such column"},
    {"LIST-7", "(select 1)",
     "order.column: $orderBy has '(select 1)': a function to sort by must stand in $select, written the "
     "same"},
    {"LIST-7", "select 1",
     "order.syntax: $orderBy has 'select 1': a column, then \"asc\", \"desc\" or nothing, is expected"},
    {"8.1", "rating sideways",
     "order.syntax: $orderBy has 'rating sideways': a column, then \"asc\", \"desc\" or nothing, is "
     "expected"},
    {"8.1", "rating desc desc",
     "order.syntax: $orderBy has 'rating desc desc': a column, then \"asc\", \"desc\" or nothing, is "
     "expected"},
};

/* ---------------- statements */

enum { TOTAL = 1, RAW = 2, COUNTED = 4, OF_TOPIC = 8, ZONED = 16, MARKED = 32, MARK_ALONE = 64 };

static const struct {
    const char *select, *order;
    const char *after; /* "x": behind a row of 1s and 'a's */
    int flags;
    const char *sql; /* without what all have in common: see shortened() */
} statements[] = {
    {"rating", NULL, NULL, 0,
     "<HEAD>, list.c0 <CALLER> SELECT session.id AS key, session.rating AS c0 FROM chat_session AS session "
     "WHERE <MINE> ORDER BY key LIMIT 1) AS list ON true ORDER BY list.key"},
    {"agent", "rating desc", "x", 0,
     "<HEAD>, list.o0, list.c0 <CALLER> SELECT session.id AS key, session.rating AS o0, "
     "coalesce(agent.full_name, '') AS c0 FROM chat_session AS session LEFT JOIN associate AS agent ON "
     "agent.associate_id = session.user_id WHERE <MINE> AND (session.rating, session.id) < ($2, $3) ORDER "
     "BY o0 DESC, key DESC LIMIT 1) AS list ON true ORDER BY list.o0 DESC, list.key DESC"},
    {"chatSessionId", "contact/name,rating desc", "x", 0,
     "<HEAD>, list.o0, list.o1 <CALLER> SELECT session.id AS key, coalesce(contact.name, '') AS "
     "o0, session.rating AS o1 FROM chat_session AS session LEFT JOIN contact AS contact "
     "ON contact.contact_id = coalesce(session.contact_id, 0) WHERE <MINE> AND coalesce(contact.name, '') "
     ">= $2 AND (coalesce(contact.name, '') > $3 OR coalesce(contact.name, '') = $4 AND (session.rating < "
     "$5 OR session.rating = $6 AND (session.id < $7))) ORDER BY o0, o1 DESC, key DESC LIMIT 1) AS list ON "
     "true ORDER BY list.o0, list.o1 DESC, list.key DESC"},
    {"chatSessionId,contact/name,chatTopic/name", "rating desc", NULL, MARKED,
     "<HEAD>, list.o0, list.c1, list.c2, list.mark, pg_current_snapshot()::text <CALLER> SELECT "
     "session.id AS key, session.rating AS o0, contact.name AS c1, topic.name AS c2, "
     "hash_record_extended(ROW(session.xmin, topic.xmin), hashint8extended(session.id, "
     "mark_seed('{contact}', 'chat_session', 'chat_topic'))) AS mark FROM chat_session AS session "
     "LEFT JOIN chat_topic AS topic ON topic.id = session.topic_id LEFT JOIN contact AS contact ON "
     "contact.contact_id = coalesce(session.contact_id, 0) WHERE <MINE> ORDER BY o0 DESC, key DESC "
     "LIMIT 1) AS list ON true ORDER BY list.o0 DESC, list.key DESC"},
    {"chatSessionId,contact/name,chatTopic/name", "rating desc", NULL, MARK_ALONE,
     "SELECT list.mark <CALLER> SELECT CASE WHEN count(*) > 0 THEN bit_xor(found.mark) ELSE 0 END AS "
     "mark FROM (SELECT session.id AS key, session.rating AS o0, "
     "hash_record_extended(ROW(session.xmin, topic.xmin), hashint8extended(session.id, "
     "mark_seed('{contact}', 'chat_session', 'chat_topic'))) AS mark FROM chat_session AS session "
     "LEFT JOIN chat_topic AS topic ON topic.id = session.topic_id LEFT JOIN contact AS contact ON "
     "contact.contact_id = coalesce(session.contact_id, 0) WHERE <MINE> ORDER BY o0 DESC, key DESC "
     "LIMIT 1) AS found) AS list ON (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - "
     "pg_snapshot_xmin(moment)::text::bigint < 50000 AND NOT EXISTS (SELECT FROM reference_change AS "
     "change WHERE change.at >= pg_snapshot_xmax(moment) AND change.at < "
     "pg_snapshot_xmax(pg_current_snapshot()) AND change.relation = ANY ('{contact}')) AND NOT EXISTS "
     "(SELECT FROM pg_snapshot_xip(moment) AS working JOIN reference_change AS change ON change.at = "
     "working AND change.relation = ANY ('{contact}')) FROM CAST($2::text AS pg_snapshot) AS moment)"},
    {"chatSessionId", NULL, NULL, MARK_ALONE | OF_TOPIC,
     "SELECT list.mark, EXISTS (SELECT FROM chat_topic AS asked WHERE asked.id = $2 AND "
     "(caller.is_admin OR asked.id = ANY (mine.topics))) <CALLER> SELECT CASE WHEN count(*) > 0 THEN "
     "bit_xor(found.mark) ELSE 0 END AS mark FROM (SELECT session.id AS key, "
     "hash_record_extended(ROW(session.xmin), hashint8extended(session.id, mark_seed('{}', "
     "'chat_session'))) AS mark FROM chat_session AS session WHERE <MINE> AND session.topic_id = $3 "
     "ORDER BY key LIMIT 1) AS found) AS list ON true"},
    {"person/personAssociate/firstName", "chatSessionId", NULL, 0,
     "<HEAD>, list.c0 <CALLER> SELECT session.id AS key, person_owner_person.firstname AS c0 FROM "
     "chat_session AS session LEFT JOIN person AS person ON person.person_id = session.customer_id LEFT "
     "JOIN associate AS person_owner ON person_owner.associate_id = person.associate_id LEFT JOIN person AS "
     "person_owner_person ON person_owner_person.person_id = person_owner.person_id WHERE <MINE> ORDER BY "
     "key LIMIT 1) AS list ON true ORDER BY list.key"},
    {"agent,rating", NULL, NULL, RAW | COUNTED | OF_TOPIC,
     "<HEAD>, list.c0, list.r0, list.c1, list.r1, EXISTS (SELECT FROM chat_topic AS asked WHERE asked.id = "
     "$2 AND (caller.is_admin OR asked.id = ANY (mine.topics))), counted.sessions FROM caller($1) AS caller "
     "CROSS JOIN LATERAL <TOPICS> AS mine (topics) CROSS JOIN LATERAL (SELECT count(*) FROM chat_session AS "
     "session WHERE <MINE> AND session.topic_id = $3) AS counted (sessions) LEFT JOIN LATERAL (SELECT "
     "session.id AS key, coalesce(agent.full_name, '') AS c0, session.user_id AS r0, session.rating AS c1, "
     "session.rating AS r1 FROM chat_session AS session LEFT JOIN associate AS agent ON agent.associate_id "
     "= session.user_id WHERE <MINE> AND session.topic_id = $4 ORDER BY key LIMIT 1) AS list ON "
     "counted.sessions >= 0 ORDER BY list.key"},
    {"DatePart(whenRequested):YearMonth", NULL, NULL, ZONED,
     "<HEAD>, list.c0 <CALLER> SELECT session.id AS key, to_char((nullif(coalesce(session.when_requested, "
     "'-infinity'), '-infinity') AT TIME ZONE $2 AT TIME ZONE $3), 'YYYY/MM') AS c0 FROM chat_session AS "
     "session WHERE <MINE> ORDER BY key LIMIT 1) AS list ON true ORDER BY list.key"},
    {"GroupBy(status):Footer,HideDetail,CountAll(chatSessionId)", NULL, NULL, 0,
     "<HEAD>, list.level, list.place, list.c0, list.c1 <CALLER> WITH base AS (SELECT session.id AS key, "
     "session.status AS g0, session.id AS a1 FROM chat_session AS session WHERE <MINE>) SELECT member.key, "
     "member.level, member.place, member.g0 AS c0, member.f1 AS c1, CASE WHEN member.level = 0 THEN 1 ELSE 0 "
     "END AS s0, CASE WHEN member.g0 IS NULL THEN 1 ELSE 0 END AS s1, member.g0 AS s2, CASE WHEN "
     "member.level = 1 THEN member.place ELSE 1 END AS s3 FROM (SELECT 0 AS key, figures.level, shape.place, "
     "figures.g0, figures.f1 FROM (SELECT 0 + 1 - GROUPING(base.g0) AS level, base.g0, count(base.a1) AS f1 "
     "FROM base GROUP BY GROUPING SETS ((base.g0))) AS figures JOIN (VALUES (1, 2)) AS shape (level, place) "
     "ON shape.level = figures.level) AS member ORDER BY s0, s1, s2, s3 LIMIT 1) AS list ON true "
     "ORDER BY list.s0, list.s1, list.s2, list.s3"},
    {"GroupBy(agent):HideDetail,Count(personId),Sum(rating)",
     "Sum(rating) desc,GroupBy(agent):HideDetail desc", NULL, TOTAL | RAW,
     "<HEAD>, list.level, list.place, list.c0, list.r0, list.c1, list.r1, list.c2, list.r2 <CALLER> WITH "
     "base AS (SELECT session.id AS key, session.user_id AS g0, coalesce(agent.full_name, '') AS t0, CASE "
     "WHEN session.customer_id > 0 THEN session.customer_id END AS a1, session.rating AS a2 FROM "
     "chat_session AS session LEFT JOIN associate AS agent ON agent.associate_id = session.user_id WHERE "
     "<MINE>) SELECT member.key, member.level, member.place, member.t0 AS c0, member.g0 AS r0, member.f1 AS "
     "c1, member.f1 AS r1, member.f2 AS c2, member.f2 AS r2, CASE WHEN member.level = 0 THEN 1 ELSE 0 END AS "
     "s0, CASE WHEN member.f2 IS NULL THEN 1 ELSE 0 END AS s1, member.f2 AS s2, CASE WHEN member.g0 IS NULL "
     "THEN 1 ELSE 0 END AS s3, member.t0 AS s4, member.g0 AS s5, CASE WHEN member.level = 1 THEN "
     "member.place ELSE 1 END AS s6 FROM (SELECT 0 AS key, figures.level, shape.place, figures.g0, "
     "figures.t0, figures.f1, figures.f2 FROM (SELECT 0 + 1 - GROUPING(base.g0) AS level, base.g0, base.t0, "
     "count(DISTINCT base.a1) AS f1, coalesce(sum(base.a2), 0)::bigint AS f2 FROM base GROUP BY GROUPING "
     "SETS ((), (base.g0, base.t0))) AS figures JOIN (VALUES (0, 2), (1, 2)) AS shape (level, place) ON "
     "shape.level = figures.level) AS member ORDER BY s0, s1, s2 DESC, s3, s4 DESC, s5 DESC, s6 LIMIT 1) AS "
     "list "
     "ON true ORDER BY list.s0, list.s1, list.s2 DESC, list.s3, list.s4 DESC, list.s5 "
     "DESC, list.s6"},
    {"GroupBy(status):Header,rating,CountAll(chatSessionId),Count(rating),Avg(duration):HideDetail",
     "status desc,rating", NULL, RAW,
     "<HEAD>, list.level, list.place, list.c0, list.r0, list.c1, list.r1, list.c2, list.r2, list.c3, "
     "list.r3, list.c4, list.r4 <CALLER> WITH base AS (SELECT session.id AS key, session.status AS g0, "
     "session.rating AS d1, session.rating AS e1, session.id AS a2, session.rating AS a3, "
     "floor(extract(epoch FROM session.when_ended - session.when_started))::bigint AS a4, session.status AS "
     "o0, session.rating AS o1, session.id AS o2 FROM chat_session AS session WHERE <MINE>) SELECT "
     "member.key, member.level, member.place, member.g0 AS c0, member.g0 AS r0, member.d1 AS c1, member.e1 "
     "AS r1, member.f2 AS c2, member.f2 AS r2, member.f3 AS c3, member.f3 AS r3, member.f4 AS c4, member.f4 "
     "AS r4, CASE WHEN member.level = 0 THEN 1 ELSE 0 END AS s0, CASE WHEN member.g0 IS NULL THEN 1 ELSE 0 "
     "END AS s1, member.g0 AS s2, CASE WHEN member.level = 1 THEN member.place ELSE 1 END AS s3, member.o0 "
     "AS s4, member.o1 AS s5, member.o2 AS s6 FROM (SELECT 0 AS key, figures.level, shape.place, figures.g0, "
     "NULL AS d1, NULL AS e1, figures.f2, figures.f3, figures.f4, NULL AS o0, NULL AS o1, NULL AS o2 FROM "
     "(SELECT 0 + 1 - GROUPING(base.g0) AS level, base.g0, count(base.a2) AS f2, count(DISTINCT base.a3) AS "
     "f3, round(avg(base.a4))::bigint AS f4 FROM base GROUP BY GROUPING SETS ((base.g0))) AS figures JOIN "
     "(VALUES (1, 0)) AS shape (level, place) ON shape.level = figures.level UNION ALL SELECT base.key, 2 AS "
     "level, 1 AS place, base.g0, base.d1, base.e1, count(base.a2) OVER running AS f2, count(*) FILTER "
     "(WHERE base.u3) OVER running AS f3, NULL AS f4, base.o0, base.o1, base.o2 FROM (SELECT base.*, base.a3 "
     "IS NOT NULL AND row_number() OVER (PARTITION BY base.g0, base.a3 ORDER BY base.o0 DESC, base.o1, "
     "base.o2) = 1 AS u3 FROM base) AS base WINDOW running AS (PARTITION BY base.g0 ORDER BY base.o0 DESC, "
     "base.o1, base.o2 ROWS UNBOUNDED PRECEDING)) AS member ORDER BY s0, s1, s2 DESC, s3, s4 DESC, s5, s6 "
     "LIMIT 1) AS list ON true ORDER BY list.s0, list.s1, list.s2 DESC, list.s3, list.s4 DESC, "
     "list.s5, list.s6"},
    {"GroupBy(chatTopic/name):Footer,1,GroupBy(DatePart(date):Year):Header,Footer,2,rating", NULL, NULL,
     TOTAL,
     "<HEAD>, list.level, list.place, list.c0, list.c1, list.c2 <CALLER> WITH base AS (SELECT session.id AS "
     "key, coalesce(topic.name, '') AS g0, extract(year FROM nullif(coalesce(session.when_requested, "
     "'-infinity'), '-infinity'))::integer AS g1, session.rating AS d2, session.id AS o0 FROM chat_session "
     "AS session LEFT JOIN chat_topic AS topic ON topic.id = session.topic_id WHERE <MINE>) SELECT "
     "member.key, member.level, member.place, member.g0 AS c0, member.g1 AS c1, member.d2 AS c2, CASE WHEN "
     "member.level = 0 THEN 1 ELSE 0 END AS s0, CASE WHEN member.g0 IS NULL THEN 1 ELSE 0 END AS s1, "
     "member.g0 AS s2, CASE WHEN member.level = 1 THEN member.place ELSE 1 END AS s3, CASE WHEN member.g1 IS "
     "NULL THEN 1 ELSE 0 END AS s4, member.g1 AS s5, CASE WHEN member.level = 2 THEN member.place ELSE 1 END "
     "AS s6, member.o0 AS s7 FROM (SELECT 0 AS key, figures.level, shape.place, figures.g0, figures.g1, NULL "
     "AS d2, NULL AS o0 FROM (SELECT 0 + 1 - GROUPING(base.g0) + 1 - GROUPING(base.g1) AS level, base.g0, "
     "base.g1 FROM base GROUP BY GROUPING SETS ((), (base.g0), (base.g0, base.g1))) AS figures JOIN (VALUES "
     "(0, 2), (1, 2), (2, 0), (2, 2)) AS shape (level, place) ON shape.level = figures.level UNION ALL "
     "SELECT base.key, 3 AS level, 1 AS place, base.g0, base.g1, base.d2, base.o0 FROM (SELECT base.* FROM "
     "base) AS base WINDOW running AS (PARTITION BY base.g0, base.g1 ORDER BY base.o0 ROWS UNBOUNDED "
     "PRECEDING)) AS member ORDER BY s0, s1, s2, s3, s4, s5, s6, s7 LIMIT 1) AS list ON true "
     "ORDER BY list.s0, list.s1, list.s2, list.s3, list.s4, list.s5, list.s6, list.s7"},
    {"Percent(rating),Median(timeInQueue):HideDetail", NULL, NULL, TOTAL,
     "<HEAD>, list.level, list.place, list.c0, list.c1 <CALLER> WITH base AS (SELECT session.id AS key, "
     "session.rating AS a0, floor(extract(epoch FROM session.when_started - session.when_requested))::bigint "
     "AS a1, session.id AS o0 FROM chat_session AS session WHERE <MINE>) SELECT member.key, member.level, "
     "member.place, member.f0 AS c0, member.f1 AS c1, CASE WHEN member.level = 0 THEN 1 ELSE 0 END AS s0, "
     "member.o0 AS s1 FROM (SELECT 0 AS key, figures.level, shape.place, figures.f0, figures.f1, NULL AS o0 "
     "FROM (SELECT 0 AS level, (100 * sum(base.a0)::double precision / nullif((SELECT sum(whole.a0) FROM "
     "base AS whole), 0))::double precision AS f0, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY "
     "base.a1::double precision))::bigint AS f1 FROM base GROUP BY GROUPING SETS (())) AS figures JOIN "
     "(VALUES (0, 2)) AS shape (level, place) ON shape.level = figures.level UNION ALL SELECT base.key, 1 AS "
     "level, 1 AS place, (100 * sum(base.a0) OVER running::double precision / nullif((SELECT sum(whole.a0) "
     "FROM base AS whole), 0))::double precision AS f0, NULL AS f1, base.o0 FROM (SELECT base.* FROM base) "
     "AS base WINDOW running AS ( ORDER BY base.o0 ROWS UNBOUNDED PRECEDING)) AS member ORDER BY s0, s1 "
     "LIMIT 1) AS list ON true ORDER BY list.s0, list.s1"},
    {"Median(rating)", NULL, NULL, 0,
     "select.column: $select, 'Median(rating)': a median has no running value: add :HideDetail"},
    {"GroupBy(rating):2", NULL, NULL, 0,
     "select.column: $select, 'GroupBy(rating):2': a group of that level stands in one of the level before, "
     "which is missing"},
    {"GroupBy(rating):Footer,Sum(rating)", "Sum(rating)", NULL, 0,
     "order.column: $orderBy, 'Sum(rating)': groups are sorted by a function where there is one level of "
     "them, and GroupBy has HideDetail"},
    {"Avg(status)", NULL, NULL, 0,
     "select.column: $select, 'Avg(status)', at '': Avg takes a column of numbers or time spans; status is a "
     "list"},
    {"Sum(DatePart(date):Hour", NULL, NULL, 0,
     "select.column: $select, 'Sum(DatePart(date):Hour', at '': \")\" is expected here"},
    {"Sum(Count(rating))", NULL, NULL, 0,
     "select.column: $select, 'Sum(Count(rating))', at 'rating))': inside of a function only DatePart or a "
     "column can stand"},
    {"DatePart(rating):Year", NULL, NULL, 0,
     "select.column: $select, 'DatePart(rating):Year', at ':Year': DatePart takes a date"},
    {"DatePart(date)", NULL, NULL, 0,
     "select.column: $select, 'DatePart(date)', at '': behind DatePart(...) one of these is expected: Year, "
     "Quarter, Month, Day, DayOfYear, DayOfWeek, DayOfWeekFromMonday, Hour, Weekno, YearMonth, YearWeekno, "
     "YearQuarter, YearWeekAsISODate, ISODate, ISODateHour"},
    {"DatePart(date):Century", NULL, NULL, 0,
     "select.column: $select, 'DatePart(date):Century', at 'Century': behind DatePart(...) one of these is "
     "expected: Year, Quarter, Month, Day, DayOfYear, DayOfWeek, DayOfWeekFromMonday, Hour, Weekno, "
     "YearMonth, YearWeekno, YearQuarter, YearWeekAsISODate, ISODate, ISODateHour"},
    {"GroupBy(nosuch)", NULL, NULL, 0,
     "select.column: $select, 'GroupBy(nosuch)', at 'nosuch)': a column of this list and \")\" are expected "
     "here"},
    {"GroupBy(getNoRows)", NULL, NULL, 0,
     "select.column: $select, 'GroupBy(getNoRows)', at 'getNoRows)': a column of this list and \")\" are "
     "expected here"},
    {"GroupBy(rating) x", NULL, NULL, 0,
     "select.column: $select, 'GroupBy(rating) x', at 'x': nothing more is expected here"},
    {"GroupBy(rating):Sideways", NULL, NULL, 0,
     "select.column: $select, 'GroupBy(rating):Sideways', at 'Sideways': Header, Footer, HideDetail or a "
     "level from 1 to 9 is expected here, of a function other than DatePart"},
    {"DatePart(date):Year:HideDetail", NULL, NULL, 0,
     "select.column: $select, 'DatePart(date):Year:HideDetail', at 'HideDetail': Header, Footer, HideDetail "
     "or a level from 1 to 9 is expected here, of a function other than DatePart"},
    {"rating", "Sum(rating)", NULL, 0,
     "order.column: $orderBy has 'Sum(rating)': a function to sort by must stand in $select, written the "
     "same"},
    {"CurrencyConvert(rating;1):Base", NULL, NULL, 0,
     "select.column: $select, 'CurrencyConvert(rating;1):Base', at 'CurrencyConvert(rating;1):Base': there "
     "is no such function; there are GroupBy, Count, CountAll, Sum, Avg, Median, Percent and DatePart"},
};

/* ---------------- marks */

static const struct {
    const char *select, *order;
    int can;
} marked[] = {
    {"chatSessionId,firstMessage,person/fullName,contact/name", "chatSessionId desc", 1},
    {"agent,chatTopic/name,associate/lastName,contact/contactAssociate/fullName", NULL, 1},
    {"rating", "person/fullName", 1},
    {"rating", "person/fullName,rating", 0},
    {"rating", "person/supportAssociate", 0},
    {"person/supportAssociateFullName", NULL, 0},
    {"associate/contactCategory", NULL, 0},
    {"person/correspondingAssociate/fullName", NULL, 0},
    {"DatePart(date):Year", NULL, 0},
    {"CountAll(rating)", NULL, 0},
};

static void test_marked(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(marked); i++) {
        cs_list_t list = {.limit = 1};
        cs_error_t *error = cs_list_select(pool, marked[i].select, 0, &list.chosen);

        error = error ? error : cs_list_order(pool, marked[i].order, list.chosen, &list.orders);
        error = error ? error : cs_list_groups(pool, list.chosen, list.orders, 0, &list.groups);
        ok(!error && cs_list_can_be_marked(&list) == marked[i].can, "$select=%s by %s %s", marked[i].select,
           marked[i].order ? marked[i].order : "nothing", marked[i].can ? "has marks" : "has none");
    }
}

/* ---------------- */

/* Without the caller, what he may see, and the numbers at its end. */
static const char *shortened(apr_pool_t *pool, const char *sql)
{
    static const char *const common[] = {
        "(SELECT coalesce(array_agg(held.topic_id), ARRAY[]::integer[]) FROM chat_topic_user AS held WHERE "
        "held.user_id = "
        "caller.associate_id AND (held.manager OR held.can_respond OR held.can_listen OR "
        "held.notifications))",
        " FROM caller($1) AS caller CROSS JOIN LATERAL <TOPICS> AS mine (topics) LEFT JOIN LATERAL (",
        "(caller.is_admin OR session.topic_id = ANY (mine.topics))",
        "SELECT list.key",
    };
    static const char *const signs[] = {"<TOPICS>", " <CALLER> ", "<MINE>", "<HEAD>"};

    for (size_t i = 0; i < COUNT(common); i++) {
        for (const char *at = strstr(sql, common[i]); at; at = strstr(sql, common[i])) {
            sql = apr_pstrcat(pool, apr_pstrmemdup(pool, sql, (apr_size_t)(at - sql)), signs[i],
                              at + strlen(common[i]), NULL);
        }
    }
    return sql;
}

static const char *stated(apr_pool_t *pool, size_t i)
{
    static const apr_int64_t topic = 7;
    cs_list_t list = {.caller = cs_val_text("anna", 4), .limit = 1};
    int flags = statements[i].flags;
    cs_val_t after[CS_ORDER_MAX + 1];
    cs_error_t *error = cs_list_select(pool, statements[i].select, 0, &list.chosen);
    cs_sql_t sql;

    error = error ? error : cs_list_order(pool, statements[i].order, list.chosen, &list.orders);
    error = error ? error : cs_list_groups(pool, list.chosen, list.orders, flags & TOTAL, &list.groups);
    if (error) {
        return apr_pstrcat(pool, code_of(error), ": ", error->message, NULL);
    }
    for (int k = 0; k < CS_ORDER_MAX + 1; k++) {
        after[k] = cs_val_int(1);
    }
    list.after = statements[i].after ? after : NULL;
    list.raw = flags & RAW;
    list.count = flags & COUNTED;
    list.topic = flags & OF_TOPIC ? &topic : NULL;
    list.zone = flags & ZONED ? "Europe/Oslo" : NULL;
    list.base_zone = "UTC";
    list.marks = flags & MARKED ? CS_MARKS_TOO : flags & MARK_ALONE ? CS_MARKS_ALONE : CS_MARKS_NONE;
    list.moment = "7:9:8";
    cs_list_emit(pool, &list, &sql);
    return shortened(pool, sql.text);
}

static void test_statements(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(statements); i++) {
        is(stated(pool, i), statements[i].sql, "statement %zu, $select=%s", i, statements[i].select);
    }
}

/* ---------------- continuations */

static void test_continuation(apr_pool_t *pool)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "!!!!",
                                      "bjE7",
                                      "bjE7bjI7bjM7",
                                      "dDE6YTs",
                                      "bjE7dDk6YTs",
                                      "bjE7dDE6YTtu",
                                      "bng7dDE6YTs",
                                      "====",
                                      "bjE7dC0xOmE7",
                                      "bjE7dDE6gDs"};
    cs_val_t values[] = {cs_val_int(-5), cs_val_text("a;:b", 4), cs_val_int(7)};
    const apr_array_header_t *list, *numbers;
    const cs_val_t *back = NULL;
    cs_error_t *error = cs_list_order(pool, "rating,contact/name", NULL, &list);
    const char *text;

    ok(!error && list->nelts == 3, "an order of three");
    text = cs_skip_encode(pool, list, values);
    ok(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(text),
       "a continuation is fit for a URL");
    is(code_of(cs_skip_decode(pool, list, text, &back)), "", "it is read back");
    ok(back && back[0].u.i == -5 && back[1].len == 4 && memcmp(back[1].u.s, "a;:b", 4) == 0 &&
           back[2].u.i == 7,
       "as the same values");
    error = cs_list_order(pool, "rating", NULL, &numbers);
    is(code_of(cs_skip_decode(pool, numbers, text, &back)), "query.skip-token", "but not for another order");
    error = cs_list_order(pool, "contact/name", NULL, &list);
    ok(!error, "an order of two");
    for (size_t i = 0; i < COUNT(bad); i++) {
        is(code_of(cs_skip_decode(pool, list, bad[i], &back)), "query.skip-token", "'%s' continues nothing",
           bad[i]);
    }
}

static void test_many(apr_pool_t *pool)
{
    const char *names = "rating", *order = "";
    const apr_array_header_t *list;

    for (int i = 0, count = 0; cs_archive_family(i) && count <= CS_SELECT_MAX; i++) {
        const cs_archive_family_t *family = cs_archive_family(i);

        for (const cs_archive_column_t *column = family->columns; column->name; column++, count++) {
            names = apr_pstrcat(pool, names, ",", family->prefix, column->name, NULL);
            order =
                column->sortable ? apr_pstrcat(pool, order, ",", family->prefix, column->name, NULL) : order;
        }
    }
    is(code_of(cs_list_select(pool, names, 0, &list)), "select.column", "more than %d columns are too many",
       CS_SELECT_MAX);
    is(code_of(cs_list_order(pool, order, NULL, &list)), "", "what stands behind the key does not count");
    is(code_of(cs_list_order(pool, strstr(order, ",chatTopic/"), NULL, &list)), "order.syntax",
       "more than %d to sort by are too many", CS_ORDER_MAX);
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_columns();
    for (size_t i = 0; i < COUNT(selects); i++) {
        is(chosen(pool, selects[i].select, selects[i].safe), selects[i].names, "%s: $select=%s",
           selects[i].rule, selects[i].select ? selects[i].select : "nothing");
    }
    for (size_t i = 0; i < COUNT(orders); i++) {
        is(ordered(pool, orders[i].order), orders[i].list, "%s: $orderBy=%s", orders[i].rule,
           orders[i].order ? orders[i].order : "nothing");
    }
    test_statements(pool);
    test_marked(pool);
    test_continuation(pool);
    test_many(pool);
    return done();
}
