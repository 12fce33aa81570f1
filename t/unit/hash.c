/* t/unit/hash.c -- names that were made to collide cost no more than others. */
#include "base/hash.h"
#include "support.h"
#include "tap.h"

#define NAMES 4096

/* The number in blocks that APR's own hash function takes for the same. */
static const char *colliding(apr_pool_t *pool, int number)
{
    char *name = apr_palloc(pool, 25);

    for (int bit = 0; bit < 12; bit++) {
        memcpy(name + 2 * bit, number >> bit & 1 ? "FY" : "Ez", 2);
    }
    name[24] = '\0';
    return name;
}

static void test_colliding_names(apr_pool_t *pool)
{
    apr_hash_t *hash = cs_hash_make(pool);
    int found = 0;

    for (int i = 0; i < NAMES; i++) {
        apr_hash_set(hash, colliding(pool, i), APR_HASH_KEY_STRING, "");
    }
    for (int i = 0; i < NAMES; i++) {
        found += apr_hash_get(hash, colliding(pool, i), i % 2 ? 24 : APR_HASH_KEY_STRING) != NULL;
    }
    is_int((int)apr_hash_count(hash), NAMES, "all names are kept apart");
    is_int(found, NAMES, "and found again, by their length or their end");
    ok(!apr_hash_get(hash, "EzFY", 4), "what is not there is not found");
}

/* By the clock, because a collision shows in nothing else: the square of the names would take far longer. */
static void test_time(apr_pool_t *pool)
{
    apr_time_t start = apr_time_now(), plain;
    apr_hash_t *hash = cs_hash_make(pool);

    for (int i = 0; i < NAMES; i++) {
        apr_hash_set(hash, apr_psprintf(pool, "%024d", i), APR_HASH_KEY_STRING, "");
    }
    plain = apr_time_now() - start;
    start = apr_time_now();
    hash = cs_hash_make(pool);
    for (int i = 0; i < NAMES; i++) {
        apr_hash_set(hash, colliding(pool, i), APR_HASH_KEY_STRING, "");
    }
    ok(apr_time_now() - start < 20 * plain + apr_time_from_msec(50),
       "colliding names take no longer than others");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_colliding_names(pool);
    test_time(pool);
    return done();
}
