/* t/unit/verdicts.c -- passwords that were found right: remembered, forgotten in time, never mistaken, never
 * beyond the table. */
#include "base/verdicts.h"
#include "support.h"
#include "tap.h"

#define TTL    APR_TIME_C(60000000)
#define SECOND APR_TIME_C(1000000)

static cs_verdict_key_t key(const cs_verdicts_t *verdicts, const char *text)
{
    return cs_verdicts_key(verdicts, text, strlen(text));
}

static int has(const cs_verdicts_t *verdicts, const char *text, apr_time_t now)
{
    cs_verdict_key_t of = key(verdicts, text);

    return cs_verdicts_has(verdicts, &of, TTL, now);
}

static void keep(cs_verdicts_t *verdicts, const char *text, apr_time_t asked)
{
    cs_verdict_key_t of = key(verdicts, text);

    cs_verdicts_keep(verdicts, &of, asked);
}

/* What is asked of a verdict that was kept at second 1000. */
static const struct {
    const char *what;
    apr_time_t later; /* microseconds */
    const char *question;
    int known;
} cases[] = {
    {"at once", 0, "anna:right", 1},
    {"a moment later", 1, "anna:right", 1},
    {"to its last microsecond", TTL - 1, "anna:right", 1},
    {"when its time is over", TTL, "anna:right", 0},
    {"much later", 1000 * TTL, "anna:right", 0},
    {"before it was asked", -1, "anna:right", 0},
    {"long before", -900 * SECOND, "anna:right", 0},
    {"another password", 0, "anna:wrong", 0},
    {"part of the password", 0, "anna:righ", 0},
    {"more than the password", 0, "anna:right ", 0},
    {"another case", 0, "anna:Right", 0},
    {"another name", 0, "otto:right", 0},
    {"nothing", 0, "", 0},
};

static void test_cases(cs_verdicts_t *verdicts)
{
    apr_time_t asked = 1000 * SECOND;

    ok(!has(verdicts, "anna:right", asked), "nobody is known from the start");
    keep(verdicts, "anna:right", asked);
    for (size_t i = 0; i < COUNT(cases); i++) {
        is_int(has(verdicts, cases[i].question, asked + cases[i].later), cases[i].known, "%s: %s",
               cases[i].what, cases[i].known ? "known" : "not known");
    }
    keep(verdicts, "anna:right", asked + TTL);
    ok(has(verdicts, "anna:right", asked + TTL + SECOND), "asked again, known again");
    ok(!has(verdicts, "anna:right", asked + 2 * TTL), "from then on");
    {
        cs_verdict_key_t of = key(verdicts, "anna:right");

        ok(!cs_verdicts_has(verdicts, &of, 0, asked + TTL), "for no time: never");
        ok(!cs_verdicts_has(verdicts, &of, SECOND, asked + TTL + SECOND),
           "who wants it fresher does not get it");
    }
}

static void test_keys(apr_pool_t *pool, const cs_verdicts_t *verdicts)
{
    cs_verdicts_t *other = cs_verdicts_open(pool);
    cs_verdict_key_t a = key(verdicts, "anna"), b = key(verdicts, "anna"),
                     c = key(other, "anna");

    ok(memcmp(&a, &b, sizeof(a)) == 0, "a question has one key");
    ok(memcmp(&a, &c, sizeof(a)) != 0, "after a restart another");
    keep(other, "mia", SECOND);
    ok(!has(verdicts, "mia", SECOND), "tables know nothing of each other");
}

static int due(cs_verdicts_t *verdicts, const char *text, apr_time_t now)
{
    cs_verdict_key_t of = key(verdicts, text);

    return cs_verdicts_due(verdicts, &of, TTL, now);
}

static void test_renewing(cs_verdicts_t *verdicts)
{
    apr_time_t asked = 3000 * SECOND, last = asked + TTL / 4 * 3;
    cs_verdict_key_t of = key(verdicts, "renewed");

    ok(!due(verdicts, "renewed", asked), "what is not known is not renewed");
    keep(verdicts, "renewed", asked);
    ok(!due(verdicts, "renewed", asked), "nor what is fresh");
    ok(!due(verdicts, "renewed", last - 1), "before the last quarter of its time");
    ok(!due(verdicts, "other", last), "nor for somebody else");
    ok(due(verdicts, "renewed", last), "then one shall ask again");
    ok(!due(verdicts, "renewed", last) && !due(verdicts, "renewed", last + TTL / 4 - 1),
       "and nobody beside him");
    ok(has(verdicts, "renewed", last), "all others have the answer still");
    keep(verdicts, "renewed", last);
    ok(!due(verdicts, "renewed", last + TTL / 2), "renewed, it is fresh");
    ok(due(verdicts, "renewed", last + TTL / 4 * 3), "for as long as before");
    ok(due(verdicts, "renewed", last + TTL), "who failed is followed by another");
    cs_verdicts_forget(verdicts, &of);
    ok(!has(verdicts, "renewed", last) && !due(verdicts, "renewed", last + TTL / 4 * 3),
       "a no is remembered by forgetting the yes");
    keep(verdicts, "renewed", last);
    ok(has(verdicts, "renewed", last), "which may come back");
}

/* Every mixture of two keys' words: nobody's. */
static void test_mixtures(cs_verdicts_t *verdicts)
{
    cs_verdict_key_t a = key(verdicts, "mixed a"), b = key(verdicts, "mixed b");
    int found = 0;

    cs_verdicts_keep(verdicts, &a, SECOND);
    for (int mask = 1; mask < 8; mask++) {
        cs_verdict_key_t mixed = a;

        for (int word = 0; word < 3; word++) {
            mixed.words[word] = mask & 1 << word ? b.words[word] : a.words[word];
        }
        found += cs_verdicts_has(verdicts, &mixed, TTL, SECOND);
    }
    is_int(found, 0, "a key that agrees in some words is another");
}

static void test_flood(apr_pool_t *pool, cs_verdicts_t *verdicts)
{
    apr_time_t now = 5000 * SECOND;
    int kept = 0, strangers = 0;
    apr_pool_t *scratch;

    apr_pool_create(&scratch, pool);
    for (int i = 0; i < 50000; i++) {
        keep(verdicts, apr_itoa(scratch, i), now + i);
        apr_pool_clear(scratch);
    }
    for (int i = 0; i < 60000; i++) {
        int known = has(verdicts, apr_itoa(scratch, i), now + 50000);

        kept += i < 50000 && known;
        strangers += i >= 50000 && known;
        apr_pool_clear(scratch);
    }
    ok(kept > 8000 && kept <= 8192, "a flood fills the table and no more (%d)", kept);
    is_int(strangers, 0, "who was not asked about is not known");
    ok(has(verdicts, "49999", now + 50000), "the last one is there");
}

int main(void)
{
    apr_pool_t *pool = test_start();
    cs_verdicts_t *verdicts = cs_verdicts_open(pool);

    ok(verdicts != NULL, "there is a table");
    test_cases(verdicts);
    test_keys(pool, verdicts);
    test_renewing(verdicts);
    test_mixtures(verdicts);
    test_flood(pool, verdicts);
    return done();
}
