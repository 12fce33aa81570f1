/* t/unit/check.c -- a document judged against the session's rows: what is stored, and every fault at once. */
#include "base/text.h"
#include "base/tz.h"
#include "base/span.h"
#include "base/wall.h"
#include "model/check.h"
#include "support.h"
#include "tap.h"

#define ENTITY (&cs_session_entity)
#define MOST   64 /* more than any entity has writable rows */

static const cs_tz_t *oslo, *utc;

static cs_ctx_t *ctx_in(apr_pool_t *pool, const cs_tz_t *zone)
{
    cs_locale_t *locale = apr_pcalloc(pool, sizeof(*locale));
    cs_ctx_t *cx = test_ctx(pool);

    locale->base_zone = zone;
    cx->locale = locale;
    return cx;
}

/* ---------------- values and faults as text */

static const char *shown(apr_pool_t *pool, const cs_val_t *value)
{
    static const char *const nulls[CS_K_COUNT] = {"no int",  "no bool", "no real", "no text",
                                                  "no time", "no span", "?"};
    char out[CS_WALL_MAX];

    if (!value->set) {
        return nulls[value->kind];
    }
    switch (value->kind) {
    case CS_K_INT:
        return apr_psprintf(pool, "%" APR_INT64_T_FMT, value->u.i);
    case CS_K_BOOL:
        return value->u.i == 1 ? "true" : value->u.i == 0 ? "false" : "neither";
    case CS_K_TEXT:
        return apr_psprintf(pool, "'%s'", apr_pstrmemdup(pool, value->u.s, value->len));
    case CS_K_TIME:
        return apr_pstrmemdup(pool, out, cs_wall_print(out, value->u.i));
    case CS_K_SPAN:
        return apr_pstrmemdup(pool, out, cs_span_print(out, value->u.i));
    case CS_K_REAL:
    case CS_K_OTHER:
    case CS_K_COUNT:
        break;
    }
    return "a kind that no property has";
}

/* "TopicId value.type, User/AssociateId value.range" */
static const char *faults_of(apr_pool_t *pool, const cs_error_t *error)
{
    const char *list = "";

    for (const cs_error_t *fault = error->next; fault; fault = fault->next) {
        list = apr_pstrcat(pool, list, *list ? ", " : "", fault->field ? fault->field : "nothing", " ",
                           code_of(fault), NULL);
    }
    return list;
}

/* Where the value of a property stands among those that are stored; -1 for none. */
static int place_of(const char *name)
{
    int place = 0;

    for (int i = 0; i < ENTITY->count; i++) {
        if (strcmp(ENTITY->fields[i].name, name) == 0) {
            return place;
        }
        place += (ENTITY->fields[i].flags & CS_F_WRITE) != 0;
    }
    return -1;
}

/* ---------------- what is accepted, and what is stored for it */

static const struct {
    const char *json, *property, *stored;
} accepted[] = {
    /* integers */
    {"{\"TopicId\":12}", "TopicId", "12"},
    {"{\"TopicId\":\"12\"}", "TopicId", "12"},
    {"{\"TopicId\":-1}", "TopicId", "-1"},
    {"{\"TopicId\":2147483647}", "TopicId", "2147483647"},
    {"{\"TopicId\":-2147483648}", "TopicId", "-2147483648"},
    {"{\"TopicId\":\"-2147483648\"}", "TopicId", "-2147483648"},
    {"{\"TopicId\":null}", "TopicId", "0"},
    {"{}", "TopicId", "0"},
    {"{\"Rating\":5}", "Rating", "5"},
    /* booleans */
    {"{\"CustomerConsented\":true}", "CustomerConsented", "true"},
    {"{\"CustomerConsented\":false}", "CustomerConsented", "false"},
    {"{\"CustomerConsented\":\"true\"}", "CustomerConsented", "true"},
    {"{\"CustomerConsented\":\"FALSE\"}", "CustomerConsented", "false"},
    {"{\"CustomerConsented\":1}", "CustomerConsented", "true"},
    {"{\"CustomerConsented\":0}", "CustomerConsented", "false"},
    {"{\"CustomerConsented\":null}", "CustomerConsented", "false"},
    {"{}", "ChatbotIsActive", "false"},
    /* texts */
    {"{\"CustomerName\":\"Kari Vik\"}", "CustomerName", "'Kari Vik'"},
    {"{\"CustomerName\":\"\"}", "CustomerName", "''"},
    {"{\"CustomerName\":null}", "CustomerName", "''"},
    {"{}", "CustomerName", "''"},
    {"{\"CustomerName\":\" \\t\\n'; DROP TABLE chat_session; --\"}", "CustomerName",
     "' \t\n'; DROP TABLE chat_session; --'"},
    {"{\"CustomerName\":\"\\u00e5\\uD83D\\uDE00\"}", "CustomerName", "'\xC3\xA5\xF0\x9F\x98\x80'"},
    {"{\"CustomerName\":\"12\"}", "CustomerName", "'12'"},
    /* enumerations */
    {"{\"Status\":\"InQueue\"}", "Status", "4"},
    {"{\"Status\":\"inqueue\"}", "Status", "4"},
    {"{\"Status\":\"INQUEUE\"}", "Status", "4"},
    {"{\"Status\":4}", "Status", "4"},
    {"{\"Status\":\"4\"}", "Status", "4"},
    {"{\"Status\":0}", "Status", "0"},
    {"{\"Status\":11}", "Status", "11"},
    {"{\"Status\":\"ClosedFromQueue\"}", "Status", "11"},
    {"{\"Status\":null}", "Status", "0"},
    {"{}", "Status", "0"},
    /* flags */
    {"{\"Flags\":0}", "Flags", "0"},
    {"{\"Flags\":1}", "Flags", "1"},
    {"{\"Flags\":3}", "Flags", "3"},
    {"{\"Flags\":\"3\"}", "Flags", "3"},
    {"{\"Flags\":32767}", "Flags", "32767"},
    {"{\"Flags\":\"CustomerIsTyping\"}", "Flags", "0"},
    {"{\"Flags\":\"UserIsTyping\"}", "Flags", "1"},
    {"{\"Flags\":\"useristyping\"}", "Flags", "1"},
    {"{\"Flags\":\"CustomerIsTyping, UserIsTyping\"}", "Flags", "1"},
    {"{\"Flags\":\"UserIsTyping,CustomerIsTyping\"}", "Flags", "1"},
    {"{\"Flags\":\"UserIsTyping , UserIsTyping\"}", "Flags", "1"},
    {"{\"Flags\":\"\"}", "Flags", "0"},
    {"{\"Flags\":null}", "Flags", "0"},
    {"{}", "Flags", "0"},
    /* references: only the id inside counts */
    {"{\"User\":{\"AssociateId\":5}}", "User", "5"},
    {"{\"User\":{\"AssociateId\":\"5\"}}", "User", "5"},
    {"{\"user\":{\"associateId\":5}}", "User", "5"},
    {"{\"User\":{\"AssociateId\":2147483647}}", "User", "2147483647"},
    {"{\"User\":{\"Name\":[1],\"AssociateId\":5,\"Rank\":\"x\",\"Nonsense\":{}}}", "User", "5"},
    {"{\"User\":null}", "User", "-1"},
    {"{\"User\":{}}", "User", "-1"},
    {"{\"User\":{\"Name\":\"kari\"}}", "User", "-1"},
    {"{\"User\":{\"AssociateId\":null}}", "User", "-1"},
    {"{\"User\":{\"AssociateId\":0}}", "User", "-1"},
    {"{\"User\":{\"AssociateId\":-1}}", "User", "-1"},
    {"{\"User\":{\"PersonId\":7}}", "User", "-1"},
    {"{}", "User", "-1"},
    {"{}", "Person", "-1"},
    {"{\"Person\":{\"PersonId\":7}}", "Person", "7"},
    {"{\"Contact\":{\"ContactId\":77}}", "Contact", "77"},
    {"{\"Contact\":{\"ContactId\":0}}", "Contact", "no int"},
    {"{\"Contact\":{\"ContactId\":-1}}", "Contact", "no int"},
    {"{\"Contact\":{}}", "Contact", "no int"},
    {"{\"Contact\":null}", "Contact", "no int"},
    {"{}", "Contact", "no int"},
    {"{\"Project\":{\"ProjectId\":8}}", "Project", "8"},
    {"{\"Sale\":{\"SaleId\":9}}", "Sale", "9"},
    {"{\"Ticket\":{\"TicketId\":10}}", "Ticket", "10"},
    {"{\"TransferTo\":{\"AssociateId\":11}}", "TransferTo", "11"},
    {"{}", "TransferTo", "no int"},
    /* names in any case */
    {"{\"topicid\":12}", "TopicId", "12"},
    {"{\"TOPICID\":12}", "TopicId", "12"},
    {"{\"chatbotIsActive\":true}", "ChatbotIsActive", "true"},
    /* what does not count */
    {"{\"ChatSessionId\":99,\"TopicId\":12}", "TopicId", "12"},
    {"{\"ChatSessionId\":\"99\"}", "TopicId", "0"},
    {"{\"ChatSessionId\":null}", "TopicId", "0"},
    {"{\"ChatSessionId\":\"abc\"}", "TopicId", "0"},
    {"{\"ChatSessionId\":[]}", "TopicId", "0"},
    {"{\"Nonsense\":{\"TopicId\":5},\"TopicId\":12}", "TopicId", "12"},
    {"{\"Nonsense\":1,\"nonsense\":2,\"TopicId\":12}", "TopicId", "12"},
    {"{\"TableRight\":{\"Mask\":\"FULL\"},\"FieldProperties\":7,\"_Links\":[],\"TopicId\":12}", "TopicId",
     "12"},
    {"{\"TableRight\":1,\"tableright\":2,\"TopicId\":12}", "TopicId", "12"},
    {"{\"topic_id\":5,\"TopicId\":12}", "TopicId", "12"},
    {"{\"AssociateId\":5}", "User", "-1"},
};

static void test_accepted(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(accepted); i++) {
        cs_ctx_t *cx = ctx_in(pool, oslo);
        cs_val_t values[MOST];
        cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, accepted[i].json), values);

        is(error ? error->message : shown(pool, &values[place_of(accepted[i].property)]), accepted[i].stored,
           "%s: %s is stored", accepted[i].json, accepted[i].property);
    }
}

/* ---------------- times */

static const struct {
    const char *sent, *in_oslo, *in_utc;
} times[] = {
    /* without a zone it is the base zone's clock */
    {"2024-01-15T12:00:00", "2024-01-15T12:00:00", "2024-01-15T12:00:00"},
    {"2024-07-01T12:00:00.1234567", "2024-07-01T12:00:00.123457", "2024-07-01T12:00:00.123457"},
    {"2024-07-01", "2024-07-01T00:00:00", "2024-07-01T00:00:00"},
    {"2024-03-31T02:30:00", "2024-03-31T02:30:00", "2024-03-31T02:30:00"},
    /* with a zone it is an instant */
    {"2024-01-15T12:00:00Z", "2024-01-15T13:00:00", "2024-01-15T12:00:00"},
    {"2024-07-01T12:00:00Z", "2024-07-01T14:00:00", "2024-07-01T12:00:00"},
    {"2024-07-01T12:00:00.500Z", "2024-07-01T14:00:00.5", "2024-07-01T12:00:00.5"},
    {"2024-07-01T12:00:00+02:00", "2024-07-01T12:00:00", "2024-07-01T10:00:00"},
    {"2024-07-01T12:00:00-0500", "2024-07-01T19:00:00", "2024-07-01T17:00:00"},
    {"2024-03-31T00:59:59Z", "2024-03-31T01:59:59", "2024-03-31T00:59:59"},
    {"2024-03-31T01:00:00Z", "2024-03-31T03:00:00", "2024-03-31T01:00:00"},
    {"2024-10-27T00:30:00Z", "2024-10-27T02:30:00", "2024-10-27T00:30:00"},
    {"2024-10-27T01:30:00Z", "2024-10-27T02:30:00", "2024-10-27T01:30:00"},
    {"2023-12-31T23:30:00Z", "2024-01-01T00:30:00", "2023-12-31T23:30:00"},
    {"1999-12-31T23:59:59.9999999Z", "2000-01-01T01:00:00", "2000-01-01T00:00:00"},
    /* no date, in whatever zone it is said */
    {"", "no time", "no time"},
    {"0001-01-01T00:00:00", "no time", "no time"},
    {"0001-01-01", "no time", "no time"},
    {"0001-01-01T00:00:00Z", "no time", "no time"},
    {"0001-01-01T00:00:00.000", "no time", "no time"},
    {"0001-01-01T00:00:00+01:00", "no time", "no time"},
    {"0001-01-01T00:00:00-05:00", "no time", "no time"},
    {"0001-01-01T01:00:00+01:00", "no time", "no time"},
    /* no end is not moved either */
    {"9999-12-31T23:59:59", "9999-12-31T23:59:59", "9999-12-31T23:59:59"},
    {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59", "9999-12-31T23:59:59"},
    {"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"},
    {"9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59", "9999-12-31T23:59:59"},
    {"9999-12-31T23:59:59+01:00", "9999-12-31T23:59:59", "9999-12-31T23:59:59"},
    {"9999-12-31T12:00:00Z", "9999-12-31T13:00:00", "9999-12-31T12:00:00"},
    {"0001-01-02T01:00:00+01:00", "0001-01-02T00:43:00", "0001-01-02T00:00:00"},
    /* what browsers in Oslo, Tokyo and New York send for no date */
    {"0000-12-31T23:17:00.000Z", "no time", "no time"},
    {"0000-12-31T14:41:01.000Z", "no time", "no time"},
    {"0001-01-01T04:56:02.000Z", "no time", "no time"},
    {"0001-01-01T23:59:59.999999Z", "no time", "no time"},
    {"0001-01-01T00:00:01+14:00", "no time", "no time"},
    {"0001-01-01T04:56:02", "0001-01-01T04:56:02", "0001-01-01T04:56:02"},
};

static void test_times(apr_pool_t *pool)
{
    int place = place_of("WhenStarted");

    for (size_t i = 0; i < COUNT(times); i++) {
        for (int here = 0; here < 2; here++) {
            cs_ctx_t *cx = ctx_in(pool, here ? oslo : utc);
            const char *json = apr_psprintf(pool, "{\"WhenStarted\":\"%s\"}", times[i].sent);
            cs_val_t values[MOST];
            cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, json), values);

            is(error ? error->message : shown(pool, &values[place]),
               here ? times[i].in_oslo : times[i].in_utc, "'%s' where the base zone is %s", times[i].sent,
               here ? "Europe/Oslo" : "UTC");
        }
    }
}

/* ---------------- what is refused */

static const struct {
    const char *json, *faults;
} refused[] = {
    /* integers */
    {"{\"TopicId\":2147483648}", "TopicId value.range"},
    {"{\"TopicId\":-2147483649}", "TopicId value.range"},
    {"{\"TopicId\":\"2147483648\"}", "TopicId value.range"},
    {"{\"TopicId\":9223372036854775808}", "TopicId value.range"},
    {"{\"TopicId\":99999999999999999999999}", "TopicId value.range"},
    {"{\"TopicId\":-99999999999999999999999}", "TopicId value.range"},
    {"{\"TopicId\":\"99999999999999999999999\"}", "TopicId value.range"},
    {"{\"TopicId\":1.5}", "TopicId value.type"},
    {"{\"TopicId\":1.0}", "TopicId value.type"},
    {"{\"TopicId\":1e3}", "TopicId value.type"},
    {"{\"TopicId\":\"1.5\"}", "TopicId value.type"},
    {"{\"TopicId\":\"\"}", "TopicId value.type"},
    {"{\"TopicId\":\" 1\"}", "TopicId value.type"},
    {"{\"TopicId\":\"1 \"}", "TopicId value.type"},
    {"{\"TopicId\":\"twelve\"}", "TopicId value.type"},
    {"{\"TopicId\":\"0x10\"}", "TopicId value.type"},
    {"{\"TopicId\":\"-\"}", "TopicId value.type"},
    {"{\"TopicId\":\"+\"}", "TopicId value.type"},
    {"{\"TopicId\":\"--1\"}", "TopicId value.type"},
    {"{\"TopicId\":\"1-2\"}", "TopicId value.type"},
    {"{\"TopicId\":\"2024-07-01\"}", "TopicId value.type"},
    {"{\"TopicId\":true}", "TopicId value.type"},
    {"{\"TopicId\":[1]}", "TopicId value.type"},
    {"{\"TopicId\":{\"ChatTopicId\":1}}", "TopicId value.type"},
    {"{\"Rating\":\"five\"}", "Rating value.type"},
    /* booleans */
    {"{\"CustomerConsented\":2}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":-1}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":1.0}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":\"yes\"}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":\"1\"}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":\"\"}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":\"true \"}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":[]}", "CustomerConsented value.type"},
    {"{\"CustomerConsented\":{}}", "CustomerConsented value.type"},
    /* texts */
    {"{\"CustomerName\":1}", "CustomerName value.type"},
    {"{\"CustomerName\":true}", "CustomerName value.type"},
    {"{\"CustomerName\":[\"a\"]}", "CustomerName value.type"},
    {"{\"CustomerName\":{}}", "CustomerName value.type"},
    /* times */
    {"{\"WhenStarted\":1}", "WhenStarted value.type"},
    {"{\"WhenStarted\":true}", "WhenStarted value.type"},
    {"{\"WhenStarted\":[]}", "WhenStarted value.type"},
    {"{\"WhenStarted\":{}}", "WhenStarted value.type"},
    {"{\"WhenStarted\":\"yesterday\"}", "WhenStarted value.time"},
    {"{\"WhenStarted\":\" \"}", "WhenStarted value.time"},
    {"{\"WhenStarted\":\"2024-02-30T12:00:00\"}", "WhenStarted value.time"},
    {"{\"WhenStarted\":\"2024-07-01T25:00:00\"}", "WhenStarted value.time"},
    {"{\"WhenStarted\":\"2024-07-01 12:00:00\"}", "WhenStarted value.time"},
    {"{\"WhenStarted\":\"/Date(1719828000000)/\"}", "WhenStarted value.time"},
    {"{\"WhenStarted\":\"9999-12-31T23:30:00Z\"}", "WhenStarted value.range"}, /* in Oslo it is year 10000 */
    {"{\"WhenStarted\":\"9999-12-31T23:59:58-05:00\"}", "WhenStarted value.range"},
    /* enumerations */
    {"{\"Status\":\"Waiting\"}", "Status value.name"},
    {"{\"Status\":\"InQueu\"}", "Status value.name"},
    {"{\"Status\":\"InQueue,Faq\"}", "Status value.name"},
    {"{\"Status\":\"\"}", "Status value.name"},
    {"{\"Status\":12}", "Status value.name"},
    {"{\"Status\":-1}", "Status value.name"},
    {"{\"Status\":\"12\"}", "Status value.name"},
    {"{\"Status\":4.5}", "Status value.name"},
    {"{\"Status\":4294967300}", "Status value.name"},
    {"{\"Status\":99999999999999999999}", "Status value.name"},
    {"{\"Status\":true}", "Status value.type"},
    {"{\"Status\":[4]}", "Status value.type"},
    {"{\"Status\":{}}", "Status value.type"},
    /* flags */
    {"{\"Flags\":-1}", "Flags value.range"},
    {"{\"Flags\":32768}", "Flags value.range"},
    {"{\"Flags\":\"32768\"}", "Flags value.range"},
    {"{\"Flags\":1.5}", "Flags value.type"},
    {"{\"Flags\":true}", "Flags value.type"},
    {"{\"Flags\":[\"UserIsTyping\"]}", "Flags value.type"},
    {"{\"Flags\":\"Typing\"}", "Flags value.name"},
    {"{\"Flags\":\"UserIsTyping, Typing\"}", "Flags value.name"},
    {"{\"Flags\":\"UserIsTyping CustomerIsTyping\"}", "Flags value.name"},
    {"{\"Flags\":\"UserIsTyping;CustomerIsTyping\"}", "Flags value.name"},
    {"{\"Flags\":\",UserIsTyping\"}", "Flags value.name"},
    {"{\"Flags\":\"UserIsTyping,,CustomerIsTyping\"}", "Flags value.name"},
    {"{\"Flags\":\"UserIsTyping, \"}", "Flags value.name"},
    {"{\"Flags\":\"UserIsTyping,\"}", "Flags value.name"},
    {"{\"Flags\":\",\"}", "Flags value.name"},
    /* references */
    {"{\"User\":5}", "User value.type"},
    {"{\"User\":\"5\"}", "User value.type"},
    {"{\"User\":true}", "User value.type"},
    {"{\"User\":[]}", "User value.type"},
    {"{\"User\":[{\"AssociateId\":5}]}", "User value.type"},
    {"{\"User\":{\"AssociateId\":\"x\"}}", "User/AssociateId value.type"},
    {"{\"User\":{\"AssociateId\":1.5}}", "User/AssociateId value.type"},
    {"{\"User\":{\"AssociateId\":true}}", "User/AssociateId value.type"},
    {"{\"User\":{\"AssociateId\":{}}}", "User/AssociateId value.type"},
    {"{\"User\":{\"AssociateId\":\"\"}}", "User/AssociateId value.type"},
    {"{\"User\":{\"AssociateId\":-2}}", "User/AssociateId value.range"},
    {"{\"User\":{\"AssociateId\":2147483648}}", "User/AssociateId value.range"},
    {"{\"contact\":{\"contactid\":\"x\"}}", "Contact/ContactId value.type"},
    {"{\"Ticket\":{\"TicketId\":\"x\"}}", "Ticket/TicketId value.type"},
    /* the key does not count, but it must be one */
    /* given twice */
    {"{\"ChatSessionId\":1.5}", "ChatSessionId value.type"},
    {"{\"ChatSessionId\":2147483648}", "ChatSessionId value.range"},
    {"{\"ChatSessionId\":1,\"chatsessionid\":1}", "ChatSessionId value.twice"},
    {"{\"TopicId\":1,\"topicid\":1}", "TopicId value.twice"},
    {"{\"topicid\":1,\"TOPICID\":2,\"TopicId\":3}", "TopicId value.twice"},
    {"{\"TopicId\":null,\"topicid\":1}", "TopicId value.twice"},
    /* several at once, in the order of the properties */
    {"{\"Status\":\"Waiting\",\"TopicId\":\"x\"}", "TopicId value.type, Status value.name"},
    {"{\"User\":5,\"Person\":{\"PersonId\":-2},\"Rating\":2147483648,\"CustomerConsented\":2}",
     "User value.type, Person/PersonId value.range, CustomerConsented value.type, Rating value.range"},
    {"{\"TopicId\":\"x\",\"CustomerName\":\"fine\",\"WhenEnded\":\"x\",\"Nonsense\":1}",
     "TopicId value.type, WhenEnded value.time"},
};

static void test_refused(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        cs_ctx_t *cx = ctx_in(pool, oslo);
        cs_val_t values[MOST];
        cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, refused[i].json), values);

        is(code_of(error), "body.invalid", "%s is refused", refused[i].json);
        if (error) {
            is(faults_of(pool, error), refused[i].faults, "%s: its faults", refused[i].json);
        }
    }
}

static const struct {
    const char *json, *message;
} shapes[] = {
    {"null", "the body is null where a ChatSession as an object should be"},
    {"true", "the body is a boolean where a ChatSession as an object should be"},
    {"12", "the body is a number where a ChatSession as an object should be"},
    {"\"{}\"", "the body is a string where a ChatSession as an object should be"},
    {"[]", "the body is an array where a ChatSession as an object should be"},
    {"[{\"TopicId\":1}]", "the body is an array where a ChatSession as an object should be"},
};

static void test_shapes(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(shapes); i++) {
        cs_ctx_t *cx = ctx_in(pool, oslo);
        cs_val_t values[MOST];
        cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, shapes[i].json), values);

        is(code_of(error), "body.shape", "%s is no session", shapes[i].json);
        is(error ? error->message : NULL, shapes[i].message, "%s: the message says what it is",
           shapes[i].json);
    }
}

/* ---------------- lengths are of characters, not of bytes */

static const char *repeated(apr_pool_t *pool, const char *unit, int times_over)
{
    size_t len = strlen(unit);
    char *text = apr_palloc(pool, len * (size_t)times_over + 1);

    for (int i = 0; i < times_over; i++) {
        memcpy(text + (size_t)i * len, unit, len);
    }
    text[len * (size_t)times_over] = '\0';
    return text;
}

static void test_lengths(apr_pool_t *pool)
{
    static const char *const units[] = {"x", "\xC3\xA5", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};

    for (int i = 0; i < ENTITY->count; i++) {
        const cs_field_t *field = &ENTITY->fields[i];

        if (field->type != CS_T_STRING || !(field->flags & CS_F_WRITE)) {
            continue;
        }
        for (size_t j = 0; j < COUNT(units); j++) {
            cs_ctx_t *cx = ctx_in(pool, utc);
            const char *fits =
                apr_psprintf(pool, "{\"%s\":\"%s\"}", field->name, repeated(pool, units[j], field->max));
            const char *beyond =
                apr_psprintf(pool, "{\"%s\":\"%s\"}", field->name, repeated(pool, units[j], field->max + 1));
            cs_val_t values[MOST];
            cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, fits), values);

            is(error ? error->message : NULL, NULL, "JSON-20: %s takes %d times %s", field->name, field->max,
               units[j]);
            error = cs_check_entity(cx, ENTITY, test_doc(cx, beyond), values);
            is(error ? faults_of(pool, error) : "", apr_pstrcat(pool, field->name, " value.length", NULL),
               "%s does not take %d times %s", field->name, field->max + 1, units[j]);
        }
    }
}

/* ---------------- the whole */

static const char everything[] =
    "{\"Rating\":30,\"ChatbotIsActive\":true,\"TransferTo\":{\"AssociateId\":28},\"Ticket\":{\"TicketId\":27}"
    ","
    "\"Sale\":{\"SaleId\":26},\"Project\":{\"ProjectId\":25},\"Contact\":{\"ContactId\":24},\"Flags\":1,"
    "\"Rank\":22,\"AlertLevel\":21,\"InitialQueuePos\":20,\"SessionKey\":\"19\","
    "\"WhenFetched\":\"2018-01-01\",\"WhenIdle\":\"2017-01-01\",\"WhenEnded\":\"2016-01-01\","
    "\"WhenStarted\":\"2015-01-01\",\"WhenRequested\":\"2014-01-01\",\"LastMessage\":\"13\","
    "\"FirstMessage\":\"12\",\"Status\":11,\"CustomerCompanyName\":\"10\",\"CustomerConsented\":true,"
    "\"CustomerPhone\":\"8\",\"CustomerEmail\":\"7\",\"CustomerName\":\"6\",\"CustomerHost\":\"5\","
    "\"CustomerAlias\":\"4\",\"Person\":{\"PersonId\":3},\"User\":{\"AssociateId\":2},\"TopicId\":1,"
    "\"ChatSessionId\":99}";

static void test_everything(apr_pool_t *pool)
{
    cs_ctx_t *cx = ctx_in(pool, utc);
    cs_val_t values[MOST];
    cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, everything), values);
    const char *line = "";

    is_int(cs_check_count(ENTITY), 30, "thirty values are stored");
    for (int i = 0; i < cs_check_count(ENTITY); i++) {
        line = apr_pstrcat(pool, line, i ? " " : "", shown(pool, &values[i]), NULL);
    }
    is(error ? error->message : line,
       "1 2 3 '4' '5' '6' '7' '8' true '10' 11 '12' '13' 2014-01-01T00:00:00 2015-01-01T00:00:00 "
       "2016-01-01T00:00:00 2017-01-01T00:00:00 2018-01-01T00:00:00 '19' 20 21 22 1 24 25 26 27 28 true 30",
       "they come in the order of the rows, however they are sent");
}

/* A statement's parameters have their types whatever the values are. */
static void test_kinds(apr_pool_t *pool)
{
    cs_ctx_t *cx = ctx_in(pool, utc);
    cs_val_t full[MOST], empty[MOST];
    const char *nulls = "{";
    int different = 0, missing = 0;

    memset(empty, 0x5A, sizeof(empty));
    missing += cs_check_entity(cx, ENTITY, test_doc(cx, everything), full) != NULL;
    missing += cs_check_entity(cx, ENTITY, test_doc(cx, "{}"), empty) != NULL;
    for (int i = 0; i < cs_check_count(ENTITY); i++) {
        different += full[i].kind != empty[i].kind;
    }
    is_int(different, 0, "a value that is not sent has the kind of one that is");
    for (int i = 0; i < ENTITY->count; i++) {
        nulls = apr_psprintf(pool, "%s%s\"%s\":null", nulls, i ? "," : "", ENTITY->fields[i].name);
    }
    missing += cs_check_entity(cx, ENTITY, test_doc(cx, apr_pstrcat(pool, nulls, "}", NULL)), full) != NULL;
    is_int(missing, 0, "everything, nothing and null everywhere can be stored");
    different = 0;
    for (int i = 0; i < cs_check_count(ENTITY); i++) {
        different += strcmp(shown(pool, &full[i]), shown(pool, &empty[i])) != 0;
    }
    is_int(different, 0, "null is the same as not sent");
}

/* ---------------- messages */

static const char *message_of(apr_pool_t *pool, const char *json)
{
    cs_ctx_t *cx = ctx_in(pool, oslo);
    cs_val_t values[MOST];
    cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, json), values);

    return error ? error->message : "";
}

static void test_messages(apr_pool_t *pool)
{
    const char *long_value = repeated(pool, "9", 5000);
    const char *message;

    is(message_of(pool, "{\"TopicId\":\"x\"}"),
       "TopicId takes an integer from -2147483648 to 2147483647, not 'x'", "one fault is told in full");
    is(message_of(pool, "{\"TopicId\":\"x\",\"Status\":\"y\",\"User\":{\"AssociateId\":\"z\"}}"),
       "3 properties cannot be saved: TopicId, User/AssociateId, Status", "several are named");
    ok(strstr(message_of(pool, "{\"Status\":\"x\"}"), "Invalid, PreChatForm, Faq, OfflineForm, InQueue"),
       "the message of an enumeration names its members");
    ok(strstr(message_of(pool, "{\"CustomerAlias\":\"0123456789012345678901234567890123456789"
                               "0123456789012345678901234567890123456789\"}"),
              "at most 64 characters, not 80"),
       "the message of a text that is too long names both lengths");
    ok(strstr(message_of(pool, "{\"WhenEnded\":\"2024-13-01\"}"), "the month is not 01 to 12"),
       "the message of a time says what is wrong with it");
    message = message_of(pool, "{\"TopicId\":\"a\\n\\u001B[31mb\\u0085\"}");
    ok(strstr(message, "'a??[31mb?'"), "what is repeated is cleaned");
    message = message_of(pool, apr_pstrcat(pool, "{\"TopicId\":\"", long_value, "\"}", NULL));
    ok(strlen(message) < 200, "what is repeated is cut");
}

/* ---------------- another entity: the whole of another table's rows */

static void test_nothing_to_write(apr_pool_t *pool)
{
    cs_ctx_t *cx = ctx_in(pool, oslo);
    cs_val_t value = cs_val_int(4711);

    is_int(cs_check_count(&cs_person_entity), 0, "nothing of a person is stored");
    is(code_of(
           cs_check_entity(cx, &cs_person_entity, test_doc(cx, "{\"Firstname\":1,\"PersonId\":2}"), &value)),
       "", "what cannot be set is not judged");
    is_int(value.u.i, 4711, "and no value comes of it");
    is(code_of(cs_check_entity(cx, &cs_person_entity, test_doc(cx, "{\"PersonId\":\"x\"}"), &value)), "",
       "the key as little");
}

/* ---------------- times of the caller's zone */

static const struct {
    const char *rule, *sent, *stored;
} zoned[] = {
    {"TZ-4", "2024-01-15T12:00:00", "2024-01-15T13:00:00"},
    {"TZ-5", "2024-01-15T12:00:00-05:00", "2024-01-15T18:00:00"},
    {"TZ-11", "2024-03-31T01:30:00", "2024-03-31T03:30:00"},
    {"TZ-8", "0001-01-01T00:00:00", "no time"},
    {"TZ-8", "9999-12-31T23:59:59", "9999-12-31T23:59:59"},
    {"TZ-4", "9999-12-31T23:30:00", "value.range"}, /* the year 10000 in Oslo */
};

static void test_zoned(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(zoned); i++) {
        cs_ctx_t *cx = ctx_in(pool, oslo);
        cs_locale_t locale = {.base_zone = oslo, .zone = utc};
        cs_val_t values[MOST];
        const char *json = apr_psprintf(pool, "{\"WhenRequested\":\"%s\"}", zoned[i].sent);
        cs_error_t *error;

        cx->locale = &locale;
        error = cs_check_entity(cx, ENTITY, test_doc(cx, json), values);
        is(error ? code_of(error->next) : shown(pool, &values[place_of("WhenRequested")]), zoned[i].stored,
           "%s: %s from a caller in UTC, stored in Oslo", zoned[i].rule, zoned[i].sent);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();
    const char *reason = NULL;

    oslo = cs_tz_load(pool, "Europe/Oslo", &reason);
    utc = cs_tz_load(pool, "UTC", &reason);
    if (!oslo || !utc) {
        printf("Bail out! no tzdata: %s\n", reason);
        return 1;
    }
    test_accepted(pool);
    test_times(pool);
    test_refused(pool);
    test_shapes(pool);
    test_lengths(pool);
    test_everything(pool);
    test_kinds(pool);
    test_messages(pool);
    test_nothing_to_write(pool);
    test_zoned(pool);
    return done();
}
