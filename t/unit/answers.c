/* t/unit/answers.c -- answers that a process remembers: whose, the newest, whole, and no more than fit. */
#include "base/answers.h"

#include "support.h"
#include "tap.h"

static cs_answer_key_t key_of(apr_pool_t *pool, int number)
{
    const char *text = apr_psprintf(pool, "https://chat.example/api/v1/ChatSession?$top=%d", number);

    return (cs_answer_key_t){text, strlen(text)};
}

static cs_given_t given_of(int mark)
{
    return (cs_given_t){.known = CS_KNOWN_LASTING, .era = 3, .mark = mark, .moment = "740:755:741,750"};
}

/* Of several pieces, long ones linked in. */
static cs_buf_t *body_of(apr_pool_t *pool, int number, size_t len)
{
    cs_buf_t *buf = cs_buf_make(pool, 1024 * 1024);
    char *text = apr_palloc(pool, len + 1);

    memset(text, 'a' + number % 26, len);
    cs_buf_puts(buf, apr_psprintf(pool, "%d:", number));
    cs_buf_link(buf, text, len);
    return buf;
}

static const char *taken(apr_pool_t *pool, cs_answers_t *answers, const cs_answer_key_t *key,
                         cs_given_t given)
{
    cs_buf_t *into = cs_buf_make(pool, 1024 * 1024);

    return cs_answers_take(answers, key, &given, into) ? cs_buf_text(into, pool) : NULL;
}

static void test_one(apr_pool_t *pool)
{
    cs_answers_t *answers = cs_answers_make(pool, 65536);
    const cs_answer_key_t key = key_of(pool, 1), other = key_of(pool, 2);
    const cs_given_t asked = {.known = CS_KNOWN_ASKED}, first = given_of(7), second = given_of(8);
    cs_given_t other_era = first, other_moment = first;

    is_int(cs_answers_find(answers, &key, pool).known, CS_KNOWN_NOT, "nothing is known at first");
    cs_answers_keep(answers, &key, &asked, NULL);
    is_int(cs_answers_find(answers, &key, pool).known, CS_KNOWN_ASKED, "that it was asked for");
    ok(!taken(pool, answers, &key, asked), "is no answer");
    cs_answers_keep(answers, &key, &first, body_of(pool, 1, 3000));
    is_int(cs_answers_find(answers, &key, pool).known, CS_KNOWN_LASTING, "an answer is remembered");
    is_int(cs_answers_find(answers, &key, pool).mark, 7, "with its mark");
    is_int(cs_answers_find(answers, &key, pool).era, 3, "its era");
    is(cs_answers_find(answers, &key, pool).moment, "740:755:741,750", "and its moment");
    is(taken(pool, answers, &key, first), cs_buf_text(body_of(pool, 1, 3000), pool), "and is taken whole");
    is_int(cs_answers_find(answers, &other, pool).known, CS_KNOWN_NOT, "but not for another key");
    other_era.era = 4;
    ok(!taken(pool, answers, &key, other_era), "not in another era");
    ok(!taken(pool, answers, &key, second), "and not with another mark");
    cs_answers_keep(answers, &key, &second, body_of(pool, 2, 3000));
    is(taken(pool, answers, &key, second), cs_buf_text(body_of(pool, 2, 3000), pool),
       "one as long takes its place");
    cs_answers_keep(answers, &key, &first, body_of(pool, 3, 200));
    is(taken(pool, answers, &key, first), cs_buf_text(body_of(pool, 3, 200), pool),
       "and so does a shorter one");
    ok(!taken(pool, answers, &key, second), "what was there before is gone");
    other_moment.moment = "741:755:741,750";
    ok(!taken(pool, answers, &key, other_moment), "nor is it taken for what was read at another moment");
    other_moment.moment = NULL;
    ok(!taken(pool, answers, &key, other_moment), "or nobody knows when");
    ok(cs_answers_make(pool, (apr_size_t)8 << 30) != NULL, "there is no more memory than may be");
}

static void test_long(apr_pool_t *pool)
{
    cs_answers_t *answers = cs_answers_make(pool, 65536);
    const cs_answer_key_t key = key_of(pool, 1);
    char *text = apr_pcalloc(pool, 65536);
    const cs_answer_key_t endless = {text, 65536};
    const cs_given_t given = given_of(7);

    cs_answers_keep(answers, &key, &given, body_of(pool, 1, 16384));
    is_int(cs_answers_find(answers, &key, pool).known, CS_KNOWN_UNFIT, "of what is too long that is known");
    ok(!taken(pool, answers, &key, given), "and nothing else");
    cs_answers_keep(answers, &key, &given, body_of(pool, 1, 16000));
    is(taken(pool, answers, &key, given), cs_buf_text(body_of(pool, 1, 16000), pool),
       "the longest that fits");
    cs_answers_keep(answers, &endless, &given, NULL);
    is_int(cs_answers_find(answers, &endless, pool).known, CS_KNOWN_NOT,
           "a key that is too long is not known");
    ok(cs_answers_make(pool, 0) == NULL, "without memory nothing is");
}

/* Many of all lengths: what is found is right, and the last ones are. */
static void test_many(apr_pool_t *pool, apr_size_t bytes, size_t longest)
{
    cs_answers_t *answers = cs_answers_make(pool, bytes);
    int wrong = 0, lost = 0, there = 0;
    apr_pool_t *scratch;

    apr_pool_create(&scratch, pool);
    for (int i = 0; i < 20000; i++) {
        cs_answer_key_t key = key_of(scratch, i);
        const cs_given_t given = given_of(i);

        cs_answers_keep(answers, &key, &given, body_of(scratch, i, (size_t)i * 7919 % longest));
        for (int back = 0; back < 3 && back <= i; back++) {
            cs_given_t before = given_of(i - back);
            const char *text;

            key = key_of(scratch, i - back);
            text = taken(scratch, answers, &key, before);
            lost += back == 0 && !text;
            there += text != NULL;
            wrong += text &&
                     strcmp(text, cs_buf_text(body_of(scratch, i - back, (size_t)(i - back) * 7919 % longest),
                                              scratch)) != 0;
        }
        apr_pool_clear(scratch);
    }
    is_int(wrong, 0, "of 20,000 in %d bytes each is right as long as it is there", (int)bytes);
    is_int(lost, 0, "the newest always is");
    ok(there > 55000, "and mostly those before it: %d", there);
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_one(pool);
    test_long(pool);
    test_many(pool, 4096, 900);
    test_many(pool, 65536, 9000);
    return done();
}
