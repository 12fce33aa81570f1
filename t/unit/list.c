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
    {"LIST-14", "GroupBy(rating)", 0,
     "select.column: $select has 'GroupBy(rating)': functions are not supported here"},
    {"LIST-14", "rating,pg_sleep(1)", 0,
     "select.column: $select has 'pg_sleep(1)': functions are not supported here"},
};

/* ---------------- $orderBy */

static const char *ordered(apr_pool_t *pool, const char *text)
{
    const apr_array_header_t *list;
    cs_error_t *error = cs_list_order(pool, text, &list);
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
     "order.syntax: $orderBy has '(select 1)': a column, then \"asc\", \"desc\" or nothing, is expected"},
    {"8.1", "rating sideways",
     "order.syntax: $orderBy has 'rating sideways': a column, then \"asc\", \"desc\" or nothing, is "
     "expected"},
    {"8.1", "rating desc desc",
     "order.syntax: $orderBy has 'rating desc desc': a column, then \"asc\", \"desc\" or nothing, is "
     "expected"},
};

/* ---------------- statements */

static const struct {
    const char *select, *order;
    const char *after; /* "x": behind a row of 1s and 'a's */
    const char *sql;
} statements[] = {
    {"rating", NULL, NULL,
     "SELECT caller.associate_id, list.key, list.o0, list.c0 FROM caller($1) AS caller LEFT JOIN LATERAL "
     "(SELECT "
     "session.id AS key, session.id AS o0, session.rating AS c0 FROM chat_session AS session ORDER BY o0 "
     "LIMIT $2 "
     "OFFSET $3) AS list ON true ORDER BY list.o0"},
    {"agent", "rating desc", "x",
     "SELECT caller.associate_id, list.key, list.o0, list.o1, list.c0 FROM caller($1) AS caller LEFT JOIN "
     "LATERAL "
     "(SELECT session.id AS key, session.rating AS o0, session.id AS o1, coalesce(agent.full_name, '') AS c0 "
     "FROM "
     "chat_session AS session LEFT JOIN associate AS agent ON agent.associate_id = session.user_id WHERE "
     "(session.rating, session.id) < ($2, $3) ORDER BY o0 DESC, o1 DESC LIMIT $4 OFFSET $5) AS list ON true "
     "ORDER BY "
     "list.o0 DESC, list.o1 DESC"},
    {"chatSessionId", "contact/name,rating desc", "x",
     "SELECT caller.associate_id, list.key, list.o0, list.o1, list.o2, list.c0 FROM caller($1) AS caller "
     "LEFT JOIN "
     "LATERAL (SELECT session.id AS key, coalesce(contact.name, '') AS o0, session.rating AS o1, session.id "
     "AS o2, "
     "session.id AS c0 FROM chat_session AS session LEFT JOIN contact AS contact ON contact.contact_id = "
     "session.contact_id WHERE coalesce(contact.name, '') >= $2 AND (coalesce(contact.name, '') > $3 OR "
     "coalesce(contact.name, '') = $4 AND (session.rating < $5 OR session.rating = $6 AND (session.id < "
     "$7))) ORDER BY "
     "o0, o1 DESC, o2 DESC LIMIT $8 OFFSET $9) AS list ON true ORDER BY list.o0, list.o1 DESC, list.o2 DESC"},
    {"person/personAssociate/firstName", "chatSessionId", NULL,
     "SELECT caller.associate_id, list.key, list.o0, list.c0 FROM caller($1) AS caller LEFT JOIN LATERAL "
     "(SELECT "
     "session.id AS key, session.id AS o0, person_owner_person.firstname AS c0 FROM chat_session AS session "
     "LEFT JOIN "
     "person AS person ON person.person_id = session.customer_id LEFT JOIN associate AS person_owner ON "
     "person_owner.associate_id = person.associate_id LEFT JOIN person AS person_owner_person ON "
     "person_owner_person.person_id = person_owner.person_id ORDER BY o0 LIMIT $2 OFFSET $3) AS list ON true "
     "ORDER BY "
     "list.o0"},
};

static void test_statements(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(statements); i++) {
        cs_list_t list = {.caller = cs_val_text("anna", 4), .limit = 1};
        cs_val_t after[CS_ORDER_MAX + 1];
        cs_error_t *error = cs_list_select(pool, statements[i].select, 0, &list.chosen);
        cs_sql_t sql;

        error = error ? error : cs_list_order(pool, statements[i].order, &list.orders);
        ok(!error, "statement %zu is asked for", i);
        for (int k = 0; k < CS_ORDER_MAX + 1; k++) {
            after[k] = cs_val_int(1);
        }
        list.after = statements[i].after ? after : NULL;
        cs_list_emit(pool, &list, &sql);
        is(sql.text, statements[i].sql, "statement %zu", i);
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
    cs_error_t *error = cs_list_order(pool, "rating,contact/name", &list);
    const char *text;

    ok(!error && list->nelts == 3, "an order of three");
    text = cs_skip_encode(pool, list, values);
    ok(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(text),
       "a continuation is fit for a URL");
    is(code_of(cs_skip_decode(pool, list, text, &back)), "", "it is read back");
    ok(back && back[0].u.i == -5 && back[1].len == 4 && memcmp(back[1].u.s, "a;:b", 4) == 0 &&
           back[2].u.i == 7,
       "as the same values");
    error = cs_list_order(pool, "rating", &numbers);
    is(code_of(cs_skip_decode(pool, numbers, text, &back)), "query.skip-token", "but not for another order");
    error = cs_list_order(pool, "contact/name", &list);
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
    is(code_of(cs_list_order(pool, order, &list)), "", "what stands behind the key does not count");
    is(code_of(cs_list_order(pool, strstr(order, ",chatTopic/"), &list)), "order.syntax",
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
    test_continuation(pool);
    test_many(pool);
    return done();
}
