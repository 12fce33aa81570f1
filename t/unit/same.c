/* t/unit/same.c -- when two values are the same: as JSON (RFC 6902, 4.6), and as a property's value. */
#include "base/tz.h"
#include "doc/same.h"
#include "model/same.h"
#include "support.h"
#include "tap.h"

/* ---------------- JSON */

static const struct {
    const char *a, *b;
    int same;
} pairs[] = {
    {"1", "1", 1},
    {"1", "1.0", 1},
    {"1", "1e0", 1},
    {"1", "1E+00", 1},
    {"1", "10e-1", 1},
    {"1", "0.1e1", 1},
    {"1", "0.0000001e7", 1},
    {"100", "1e2", 1},
    {"100", "1.00e2", 1},
    {"0", "-0", 1},
    {"0", "0.000e99999999999999999999999", 1},
    {"123.4500", "1.2345e2", 1},
    {"1230e-1", "123", 1},
    {"9007199254740993", "9007199254740993.0", 1},
    {"1e400", "10e399", 1},
    {"1e99999999999999999999", "10e99999999999999999998", 1},
    {"1e100000000000000000000", "10e99999999999999999999", 1},
    {"1e-100000000000000000000", "0.1e-99999999999999999999", 1},
    {"10e-1000000000000000000000000000000000001", "1e-1000000000000000000000000000000000000", 1},
    {"1e00000000000000000000000001", "10", 1},
    {"1", "2", 0},
    {"1", "-1", 0},
    {"1", "10", 0},
    {"1", "0.1", 0},
    {"12", "1.3e1", 0},
    {"12", "120", 0},
    {"1.1", "11", 0},
    {"1.01", "1.1", 0},
    {"0", "1e-400", 0},
    {"9007199254740993", "9007199254740992", 0},
    {"0.1", "0.10000000000000001", 0},
    {"1e400", "1e401", 0},
    {"1e99999999999999999999", "1e99999999999999999998", 0},
    {"1e99999999999999999999", "1e-99999999999999999999", 0},
    {"1e99999999999999999999", "1", 0},
    {"1", "true", 0},
    {"1", "\"1\"", 0},
    {"0", "null", 0},
    {"0", "false", 0},
    {"true", "true", 1},
    {"true", "false", 0},
    {"null", "null", 1},
    {"null", "{}", 0},
    {"\"a\"", "\"a\"", 1},
    {"\"a\"", "\"\\u0061\"", 1},
    {"\"a\"", "\"A\"", 0},
    {"\"a\"", "\"ab\"", 0},
    {"\"\\u00e9\"", "\"e\\u0301\"", 0},
    {"[]", "[]", 1},
    {"[]", "{}", 0},
    {"[1,2]", "[1.0,2e0]", 1},
    {"[1,2]", "[2,1]", 0},
    {"[1,2]", "[1]", 0},
    {"{}", "{}", 1},
    {"{\"a\":1,\"b\":[null]}", "{\"b\":[null],\"a\":1}", 1},
    {"{\"a\":1}", "{\"A\":1}", 0},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", 0},
    {"{\"a\":1,\"c\":2}", "{\"a\":1,\"b\":2}", 0},
    {"{\"a\":{\"b\":{\"c\":1}}}", "{\"a\":{\"b\":{\"c\":2}}}", 0},
};

static void test_json(apr_pool_t *pool)
{
    cs_ctx_t *cx = test_ctx(pool);

    for (size_t i = 0; i < COUNT(pairs); i++) {
        const cs_doc_t *a = test_doc(cx, pairs[i].a), *b = test_doc(cx, pairs[i].b);

        is_int(cs_doc_same(pool, a, b), pairs[i].same, "%s and %s", pairs[i].a, pairs[i].b);
        is_int(cs_doc_same(pool, b, a), pairs[i].same, "%s and %s", pairs[i].b, pairs[i].a);
    }
}

/* Ten thousand members in the opposite order: a comparison of each with each would be seen. */
static void test_large(apr_pool_t *pool)
{
    const int count = 9000;
    char *forth = apr_palloc(pool, 200000), *back = apr_palloc(pool, 200000);
    char *f = forth, *b = back;
    cs_ctx_t *cx = test_ctx(pool);
    apr_time_t start;
    int same = 1;
    const cs_doc_t *x, *y;

    for (int i = 0; i < count; i++) {
        f += apr_snprintf(f, 20, "%c\"m%d\":%d", i ? ',' : '{', i, i);
        b += apr_snprintf(b, 20, "%c\"m%d\":%d", i ? ',' : '{', count - 1 - i, count - 1 - i);
    }
    apr_cpystrn(f, "}", 2);
    apr_cpystrn(b, "}", 2);
    x = test_doc(cx, forth);
    y = test_doc(cx, back);
    start = apr_time_now();
    for (int i = 0; i < 10; i++) {
        same = same && cs_doc_same(pool, x, y);
    }
    ok(same, "%d members in the opposite order are the same", count);
    ok(apr_time_now() - start < apr_time_from_sec(5), "and are compared quickly");
}

/* ---------------- properties */

static const struct {
    const char *property, *current, *wanted;
    int same;
} properties[] = {
    /* numbers by value */
    {"TopicId", "12", "12", 1},
    {"TopicId", "12", "12.0", 1},
    {"TopicId", "12", "1.2e1", 1},
    {"TopicId", "12", "\"12\"", 1},
    {"TopicId", "12", "\"+012\"", 1},
    {"TopicId", "0", "null", 1},
    {"TopicId", "null", "0", 1},
    {"TopicId", NULL, "0", 1},
    {"TopicId", "12", "13", 0},
    {"TopicId", "12", "12.5", 0},
    {"TopicId", "12", "\"12.0\"", 0},
    {"TopicId", "12", "true", 0},
    {"TopicId", "12", "null", 0},
    {"TopicId", "12", "[12]", 0},
    {"TopicId", "12", "99999999999999999999", 0},
    /* booleans */
    {"CustomerConsented", "true", "true", 1},
    {"CustomerConsented", "true", "1", 1},
    {"CustomerConsented", "true", "\"TRUE\"", 1},
    {"CustomerConsented", "false", "null", 1},
    {"CustomerConsented", NULL, "false", 1},
    {"CustomerConsented", "true", "null", 0},
    {"CustomerConsented", "true", "false", 0},
    {"CustomerConsented", "true", "2", 0},
    /* strings exactly */
    {"CustomerName", "\"Kari\"", "\"Kari\"", 1},
    {"CustomerName", "\"\"", "null", 1},
    {"CustomerName", NULL, "\"\"", 1},
    {"CustomerName", "\"Kari\"", "\"kari\"", 0},
    {"CustomerName", "\"Kari\"", "\"Kari \"", 0},
    {"CustomerName", "\"Kari\"", "null", 0},
    {"CustomerName", "\"12\"", "12", 0},
    /* enumerations by name or number */
    {"Status", "\"InQueue\"", "\"InQueue\"", 1},
    {"Status", "\"InQueue\"", "\"inqueue\"", 1},
    {"Status", "\"InQueue\"", "4", 1},
    {"Status", "\"InQueue\"", "\"4\"", 1},
    {"Status", "\"Invalid\"", "null", 1},
    {"Status", "77", "77", 1},
    {"Status", "77", "77.0", 1},
    {"Status", "\"InQueue\"", "5", 0},
    {"Status", "\"InQueue\"", "\"Faq\"", 0},
    {"Status", "\"InQueue\"", "\"Nonsense\"", 0},
    {"Status", "77", "\"InQueue\"", 0},
    {"Flags", "\"UserIsTyping\"", "\"UserIsTyping, CustomerIsTyping\"", 1},
    {"Flags", "\"UserIsTyping\"", "1", 1},
    {"Flags", "3", "3", 1},
    {"Flags", "\"CustomerIsTyping\"", "\"\"", 1},
    {"Flags", "\"UserIsTyping\"", "0", 0},
    /* times as instants; the base zone is Oslo */
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T12:00:00\"", 1},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T12:00:00.000\"", 1},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T12:00\"", 1},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T10:00:00Z\"", 1},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T12:00:00+02:00\"", 1},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T06:00:00-0400\"", 1},
    {"WhenRequested", "\"2024-01-15T12:00:00\"", "\"2024-01-15T11:00:00Z\"", 1},
    {"WhenRequested", "\"2024-07-01T00:00:00\"", "\"2024-07-01\"", 1},
    {"WhenRequested", "\"0001-01-01T00:00:00\"", "null", 1},
    {"WhenRequested", "\"0001-01-01T00:00:00\"", "\"\"", 1},
    {"WhenRequested", "null", "\"0001-01-01T00:00:00Z\"", 1},
    {"WhenRequested", "\"9999-12-31T23:59:59\"", "\"9999-12-31T23:59:59Z\"", 1},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T12:00:00Z\"", 0},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"2024-07-01T12:00:00.000001\"", 0},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "null", 0},
    {"WhenRequested", "\"2024-07-01T12:00:00\"", "\"soon\"", 0},
    /* references: member by member over the members given */
    {"Contact", "{\"ContactId\":77,\"Name\":\"Acme\"}", "{\"ContactId\":77}", 1},
    {"Contact", "{\"ContactId\":77,\"Name\":\"Acme\"}", "{\"contactid\":\"77\",\"NAME\":\"Acme\"}", 1},
    {"Contact", "{\"ContactId\":77,\"Name\":\"Acme\"}", "{\"Name\":\"Acme\"}", 1},
    {"Contact", "{\"ContactId\":77,\"Name\":\"Acme\"}", "{\"ContactId\":77,\"TableRight\":{\"Mask\":1}}", 1},
    {"Contact", "{\"ContactId\":77}", "{\"ContactId\":77,\"City\":null}", 1},
    {"Contact", "{\"ContactId\":77,\"Address\":{\"Street\":{\"City\":\"Oslo\"}}}",
     "{\"Address\":{\"Street\":{\"City\":\"Oslo\"}}}", 1},
    {"Contact", "{\"ContactId\":77,\"Address\":{\"LocalizedAddress\":[]}}",
     "{\"Address\":{\"LocalizedAddress\":null}}", 1},
    {"Contact", "null", "null", 1},
    {"Contact", "null", "{}", 1},
    {"Contact", NULL, "{\"ContactId\":0}", 1},
    {"Contact", "{\"ContactId\":0}", "null", 1},
    {"Contact", "{\"ContactId\":77}", "null", 0},
    {"Contact", "{\"ContactId\":77}", "{}", 0},
    {"Contact", "{\"ContactId\":77}", "{\"ContactId\":0}", 0},
    {"Contact", "{\"ContactId\":77}", "{\"ContactId\":78}", 0},
    {"Contact", "null", "{\"ContactId\":77}", 0},
    {"Contact", "{\"ContactId\":77,\"Name\":\"Acme\"}", "{\"ContactId\":77,\"Name\":\"acme\"}", 0},
    {"Contact", "{\"ContactId\":77}", "{\"ContactId\":77,\"Nonsense\":null}", 0},
    {"Contact", "{\"ContactId\":77,\"Address\":{\"Street\":{\"City\":\"Oslo\"}}}",
     "{\"Address\":{\"Street\":{\"City\":\"Bergen\"}}}", 0},
    {"Contact", "{\"ContactId\":77}", "77", 0},
    {"Contact", "{\"ContactId\":77}", "[]", 0},
    {"User", "{\"AssociateId\":5,\"ExtraFields\":{}}", "{\"AssociateId\":5,\"ExtraFields\":{}}", 1},
    {"User", "{\"AssociateId\":5,\"ExtraFields\":{}}", "{\"AssociateId\":5,\"ExtraFields\":{\"x\":1}}", 0},
};

static void test_properties(apr_pool_t *pool)
{
    const char *reason = NULL;
    cs_locale_t locale = {.base_zone = cs_tz_load(pool, "Europe/Oslo", &reason)};
    cs_ctx_t *cx = test_ctx(pool);

    cx->locale = &locale;
    for (size_t i = 0; i < COUNT(properties); i++) {
        const char *name = properties[i].property, *current = properties[i].current;
        const cs_field_t *field = cs_entity_find(&cs_session_entity, name, strlen(name));

        is_int(cs_same_value(cx, field, current ? test_doc(cx, current) : NULL,
                             test_doc(cx, properties[i].wanted)),
               properties[i].same, "PATCH-8: %s %s, tested for %s", name, current ? current : "absent",
               properties[i].wanted);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_json(pool);
    test_large(pool);
    test_properties(pool);
    return done();
}
