/* t/unit/check_times.c -- times in a document: on which clock they are, and what is stored for them. */
#include "checked.h"

static const cs_tz_t *oslo, *utc;

/* ---------------- without a caller's zone */

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
};

static void test_refused(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        cs_ctx_t *cx = ctx_in(pool, oslo);
        cs_val_t values[MOST];
        cs_error_t *error = cs_check_entity(cx, ENTITY, test_doc(cx, refused[i].json), values);

        is(code_of(error), "body.invalid", "%s is refused", refused[i].json);
        is(error ? faults_of(pool, error) : "", refused[i].faults, "%s: its faults", refused[i].json);
    }
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

    load_zones(pool, &oslo, &utc);
    test_times(pool);
    test_refused(pool);
    test_zoned(pool);
    return done();
}
