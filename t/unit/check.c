/* t/unit/check.c -- a document judged against the session's rows: what is stored, and every fault at once. */
#include "checked.h"

static const cs_tz_t *oslo, *utc;

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

int main(void)
{
    apr_pool_t *pool = test_start();

    load_zones(pool, &oslo, &utc);
    test_accepted(pool);
    test_refused(pool);
    test_shapes(pool);
    test_lengths(pool);
    test_everything(pool);
    test_kinds(pool);
    test_messages(pool);
    test_nothing_to_write(pool);
    return done();
}
