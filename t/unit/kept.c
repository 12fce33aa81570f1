/* t/unit/kept.c -- which statements stay prepared, and which go. */
#include "db/kept.h"
#include "support.h"
#include "tap.h"

#include <apr_strings.h>
#include <string.h>

/* What becomes of a text, as if its statement were prepared whenever it is to be. */
static cs_keeping_t use_of(cs_kept_t *kept, const char *text, int *place)
{
    cs_keeping_t keeping = cs_kept_find(kept, text, NULL, 0, place);

    if (keeping == CS_KEPT_NEW) {
        cs_kept_set(kept, *place, 1);
    }
    return keeping;
}

static void test_second_use(apr_pool_t *pool)
{
    cs_kept_t *kept = cs_kept_make(pool);
    const cs_val_t number = cs_val_int(1), text = cs_val_text("a", 1);
    int place = -1, other = -1;

    ok(use_of(kept, "SELECT 1", &place) == CS_KEPT_NOT, "the first use is without a name");
    ok(use_of(kept, "SELECT 1", &place) == CS_KEPT_NEW, "with the second it is prepared");
    ok(use_of(kept, "SELECT 1", &place) == CS_KEPT_THERE, "and there it is");
    ok(cs_kept_occupied(kept, place), "in its place");
    cs_kept_find(kept, "SELECT $1", &number, 1, &other);
    ok(cs_kept_find(kept, "SELECT $1", &text, 1, &other) == CS_KEPT_NOT, "other types are another statement");
    ok(cs_kept_find(kept, "SELECT $1", &number, 1, &other) == CS_KEPT_NEW, "whose place is its own");
    ok(other != place, "and another");
    ok(cs_kept_find(kept, "SELECT $1", &number, 1, &other) == CS_KEPT_NEW,
       "what could not be prepared is not there");
    ok(cs_kept_find(kept, "", NULL, 0, &other) == CS_KEPT_NOT, "nothing is not kept");
}

static void test_length(apr_pool_t *pool)
{
    cs_kept_t *kept = cs_kept_make(pool);
    char text[CS_KEPT_TEXT + 2];
    int place;

    memset(text, 'x', sizeof(text));
    text[CS_KEPT_TEXT] = '\0';
    use_of(kept, text, &place);
    ok(use_of(kept, text, &place) == CS_KEPT_NEW, "the longest text is kept");
    ok(use_of(kept, text, &place) == CS_KEPT_THERE, "whole");
    text[CS_KEPT_TEXT] = 'x';
    text[CS_KEPT_TEXT + 1] = '\0';
    for (int i = 0; i < 3; i++) {
        ok(use_of(kept, text, &place) == CS_KEPT_NOT, "a longer one is not, use %d", i);
    }
}

static void test_eviction(apr_pool_t *pool)
{
    cs_kept_t *kept = cs_kept_make(pool);
    int place, hot, highest = 0, still = 0, evicted = 0;

    use_of(kept, "hot", &hot);
    use_of(kept, "hot", &hot);
    for (int i = 0; i < 10 * CS_KEPT_MAX; i++) {
        const char *text = apr_itoa(pool, i);

        use_of(kept, text, &place);
        if (cs_kept_find(kept, text, NULL, 0, &place) == CS_KEPT_NEW) {
            evicted += cs_kept_occupied(kept, place);
            cs_kept_set(kept, place, 1);
        }
        highest = place > highest ? place : highest;
        still += use_of(kept, "hot", &hot) == CS_KEPT_THERE;
    }
    is_int(highest, CS_KEPT_MAX - 1, "there are so many places");
    is_int(evicted, 9 * CS_KEPT_MAX + 1, "a statement goes for each that comes, once all are taken");
    is_int(still, 10 * CS_KEPT_MAX, "one that is used all the time stays");
    cs_kept_find(kept, "late", NULL, 0, &place);
    ok(cs_kept_find(kept, "late", NULL, 0, &place) == CS_KEPT_NEW && cs_kept_occupied(kept, place),
       "the next one takes an old one's place");
    ok(cs_kept_find(kept, "late", NULL, 0, &place) == CS_KEPT_NEW,
       "and is not there before it was prepared, whatever stood there");
}

/* How often it pauses until it is there again. */
static int pause_of(cs_kept_t *kept, int *place)
{
    int uses = 0;

    while (use_of(kept, "slow", place) == CS_KEPT_PAUSED) {
        uses++;
    }
    return uses;
}

static void test_pause(apr_pool_t *pool)
{
    cs_kept_t *kept = cs_kept_make(pool);
    int place;

    use_of(kept, "slow", &place);
    use_of(kept, "slow", &place);
    cs_kept_took(kept, place, apr_time_from_msec(1));
    is_int(pause_of(kept, &place), 0, "what is quick does not pause");
    cs_kept_took(kept, place, apr_time_from_sec(1));
    is_int(pause_of(kept, &place), 16, "what is slow pauses");
    cs_kept_took(kept, place, apr_time_from_sec(1));
    is_int(pause_of(kept, &place), 32, "longer each time");
    for (int i = 0; i < 64; i++) {
        cs_kept_took(kept, place, apr_time_from_msec(1));
    }
    cs_kept_took(kept, place, apr_time_from_sec(1));
    is_int(pause_of(kept, &place), 16, "until it was quick for a while");
    for (int i = 0; i < 100; i++) {
        cs_kept_took(kept, place, apr_time_from_sec(1));
    }
    is_int(pause_of(kept, &place), 65536, "and no longer than that");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_second_use(pool);
    test_length(pool);
    test_eviction(pool);
    test_pause(pool);
    return done();
}
