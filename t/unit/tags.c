/* t/unit/tags.c -- entity tags that a process remembers: whose, the newest, and no more than fit. */
#include "base/tags.h"

#include "support.h"
#include "tap.h"

static const int sites[2];

static cs_tag_key_t key_of(int site, int id, int form)
{
    return (cs_tag_key_t){.place = &sites[site], .id = id, .form = (apr_uint64_t)form};
}

static cs_tag_t tag_of(int mark)
{
    return (cs_tag_t){.text = "\"2-3\"", .version = 2, .mark = mark, .right = 4, .era = 5};
}

static void test_keys(apr_pool_t *pool)
{
    cs_tags_t *tags = cs_tags_make(pool, 64);
    const cs_tag_key_t key = key_of(0, 7, 9), others[] = {key_of(1, 7, 9), key_of(0, 8, 9), key_of(0, 7, 8)};
    const cs_tag_t old = tag_of(1), new = tag_of(6);
    cs_tag_t found;

    ok(!cs_tags_find(tags, &key, &found), "nothing is remembered at first");
    cs_tags_keep(tags, &key, &old);
    ok(cs_tags_find(tags, &key, &found) && memcmp(&found, &old, sizeof(found)) == 0, "then what was kept");
    for (size_t i = 0; i < COUNT(others); i++) {
        ok(!cs_tags_find(tags, &others[i], &found), "but nothing for another place, entity or form (%d)",
           (int)i);
    }
    cs_tags_keep(tags, &key, &new);
    ok(cs_tags_find(tags, &key, &found) && found.mark == 6, "what is kept later counts");
}

static void test_bound(apr_pool_t *pool)
{
    cs_tags_t *tags = cs_tags_make(pool, 64);
    int there = 0, wrong = 0;
    cs_tag_t found;

    for (int id = 1; id <= 100000; id++) {
        const cs_tag_key_t key = key_of(0, id, 0);
        const cs_tag_t tag = tag_of(id);

        cs_tags_keep(tags, &key, &tag);
        wrong += !cs_tags_find(tags, &key, &found) || found.mark != id;
    }
    is_int(wrong, 0, "who came last is remembered");
    for (int id = 1; id <= 100000; id++) {
        const cs_tag_key_t key = key_of(0, id, 0);

        if (cs_tags_find(tags, &key, &found)) {
            there++;
            wrong += found.mark != id;
        }
    }
    is_int(there, 8192, "of very many as many as there is room for");
    is_int(wrong, 0, "each his own");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_keys(pool);
    test_bound(pool);
    return done();
}
