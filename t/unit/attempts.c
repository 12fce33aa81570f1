/* t/unit/attempts.c -- failed log-ins: counted, forgotten, kept apart, never beyond the table. */
#include "base/attempts.h"
#include "support.h"
#include "tap.h"

#define LIMIT  3
#define WINDOW 60
#define SECOND APR_TIME_C(1000000)

static apr_uint64_t key(const cs_attempts_t *attempts, const char *text)
{
    return cs_attempts_key(attempts, text, strlen(text));
}

static void fail(cs_attempts_t *attempts, apr_uint64_t of, int times, apr_time_t now)
{
    for (int i = 0; i < times; i++) {
        cs_attempts_fail(attempts, of, WINDOW, now);
    }
}

static int wait_for(const cs_attempts_t *attempts, apr_uint64_t of, apr_time_t now)
{
    return cs_attempts_wait(attempts, of, LIMIT, WINDOW, now);
}

static void test_counting(cs_attempts_t *attempts, apr_time_t now)
{
    apr_uint64_t anna = key(attempts, "anna"), mia = key(attempts, "mia");

    ok(anna != mia, "names have keys of their own");
    ok(anna == key(attempts, "anna"), "and the same one every time");
    is_int(wait_for(attempts, anna, now), 0, "who never failed may try");
    fail(attempts, anna, LIMIT - 1, now);
    is_int(wait_for(attempts, anna, now), 0, "who failed less often than the limit as well");
    fail(attempts, anna, 1, now + 10 * SECOND);
    is_int(wait_for(attempts, anna, now + 10 * SECOND), WINDOW - 10,
           "at the limit he waits for the window's end");
    is_int(wait_for(attempts, anna, now + 59 * SECOND), 1, "to its last second");
    is_int(wait_for(attempts, mia, now), 0, "somebody else does not");
    is_int(cs_attempts_wait(attempts, anna, LIMIT + 1, WINDOW, now), 0, "nor he under a higher limit");
    is_int(wait_for(attempts, anna, now + 60 * SECOND), 0, "then he may try again");
    fail(attempts, anna, 1, now + 61 * SECOND);
    is_int(wait_for(attempts, anna, now + 61 * SECOND), 0,
           "a failure after it is the first of another window");
    fail(attempts, anna, 2, now + 62 * SECOND);
    is_int(wait_for(attempts, anna, now + 62 * SECOND), WINDOW - 1, "which starts with it");
    cs_attempts_forget(attempts, anna);
    is_int(wait_for(attempts, anna, now + 62 * SECOND), 0, "a success forgets them");
    cs_attempts_forget(attempts, anna);
    cs_attempts_forget(attempts, mia);
    is_int(wait_for(attempts, mia, now), 0, "also where there were none");
    fail(attempts, mia, 5000, now);
    is_int(cs_attempts_wait(attempts, mia, CS_ATTEMPTS_MAX, WINDOW, now), WINDOW,
           "the count ends at its greatest");
    is_int(cs_attempts_wait(attempts, mia, CS_ATTEMPTS_MAX + 1, WINDOW, now), 0, "and never runs over");
}

/* Many more names than the table holds: whoever failed often stays counted, whoever is found is who failed.
 */
static void test_flood(apr_pool_t *pool, cs_attempts_t *attempts, apr_time_t now)
{
    apr_uint64_t often = key(attempts, "often");
    int strangers = 0;

    fail(attempts, often, 50, now);
    for (int i = 0; i < 200000; i++) {
        fail(attempts, key(attempts, apr_itoa(pool, i)), 1, now);
    }
    is_int(wait_for(attempts, often, now), WINDOW,
           "a flood of names does not make room for who failed often");
    for (int i = 200000; i < 220000; i++) {
        strangers += cs_attempts_wait(attempts, key(attempts, apr_itoa(pool, i)), 1, WINDOW, now) != 0;
    }
    ok(strangers < 20, "of 20000 names that never failed almost none are taken for others (%d)", strangers);
    fail(attempts, key(attempts, "late"), LIMIT, now + 2 * WINDOW * SECOND);
    is_int(wait_for(attempts, key(attempts, "late"), now + 2 * WINDOW * SECOND), WINDOW,
           "what has run out makes room");
}

int main(void)
{
    apr_pool_t *pool = test_start();
    cs_attempts_t *attempts = cs_attempts_open(pool);
    apr_time_t now = apr_time_now();

    ok(attempts != NULL, "there is a table");
    ok(attempts && cs_attempts_open(pool) == attempts, "the same one for every restart");
    test_counting(attempts, now);
    test_flood(pool, attempts, now);
    return done();
}
