/* t/unit/build.c -- documents made by a writer: the same that JSON of the same calls would be. */
#include "doc/build.h"
#include "model/map.h"
#include "rows.h"
#include "support.h"
#include "tap.h"
#include "wire/json_write.h"

#include <math.h>

#define NAME(w, literal) (w)->ops->name((w), literal, sizeof(literal) - 1)

/* ---------------- one call each */

static void put_null(cs_writer_t *w)
{
    w->ops->null(w);
}

static void put_true(cs_writer_t *w)
{
    w->ops->boolean(w, 1);
}

static void put_integer(cs_writer_t *w)
{
    w->ops->integer(w, APR_INT64_MIN);
}

static void put_real(cs_writer_t *w)
{
    w->ops->real(w, 1500);
}

static void put_infinity(cs_writer_t *w)
{
    w->ops->real(w, INFINITY);
}

static void put_text(cs_writer_t *w)
{
    char text[] = {'a', 'b', '"'}; /* not terminated, and gone afterwards */

    w->ops->text(w, text, sizeof(text));
}

static void put_nothing(cs_writer_t *w)
{
    w->ops->text(w, "", 0);
}

static void put_plain(cs_writer_t *w)
{
    w->ops->plain(w, "InQueue", 7);
}

static void put_ready(cs_writer_t *w)
{
    w->ops->ready(w, "{\"Mask\":\"FULL\"}", 15);
}

static void put_empty(cs_writer_t *w)
{
    w->ops->open(w, "T");
    w->ops->close(w);
}

static void put_empty_map(cs_writer_t *w)
{
    w->ops->map_open(w, "String");
    w->ops->map_close(w);
}

static void put_empty_array(cs_writer_t *w)
{
    w->ops->array_open(w, "T");
    w->ops->array_close(w);
}

static void put_nested(cs_writer_t *w)
{
    w->ops->open(w, "T");
    NAME(w, "a");
    w->ops->array_open(w, "I");
    w->ops->integer(w, 1);
    w->ops->open(w, "U");
    NAME(w, "b");
    w->ops->null(w);
    w->ops->close(w);
    w->ops->array_open(w, "J");
    w->ops->array_close(w);
    w->ops->array_close(w);
    NAME(w, "c");
    w->ops->text(w, "d", 1);
    w->ops->close(w);
}

static void put_many(cs_writer_t *w)
{
    w->ops->array_open(w, "I");
    for (int i = 0; i < 20; i++) {
        w->ops->integer(w, i);
    }
    w->ops->array_close(w);
}

static const struct {
    const char *name;
    void (*write)(cs_writer_t *w);
    const char *built;
} cases[] = {
    {"null", put_null, "null"},
    {"a boolean", put_true, "true"},
    {"an integer", put_integer, "#-9223372036854775808"},
    {"a real", put_real, "#1500.0"},
    {"infinity is no number", put_infinity, "null"},
    {"a text is copied", put_text, "'ab\"'"},
    {"an empty text", put_nothing, "''"},
    {"a plain text", put_plain, "'InQueue'"},
    {"what another format wrote is not read", put_ready, "null"},
    {"an empty object", put_empty, "{}"},
    {"an empty dictionary", put_empty_map, "{}"},
    {"an empty array", put_empty_array, "[]"},
    {"objects in arrays in objects", put_nested, "{a=[#1 {b=null} []] c='d'}"},
    {"more items than there was room for", put_many,
     "[#0 #1 #2 #3 #4 #5 #6 #7 #8 #9 #10 #11 #12 #13 #14 #15 #16 #17 #18 #19]"},
};

static void test_calls(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        cs_writer_t w = cs_build_writer(pool);

        ok(cs_build_doc(&w) == NULL, "%s: before it there is nothing", cases[i].name);
        cases[i].write(&w);
        is(test_described(pool, cs_build_doc(&w)), cases[i].built, "%s", cases[i].name);
    }
}

/* ---------------- a whole entity: what JSON reads back */

static void test_entity(apr_pool_t *pool)
{
    static const cs_part_t null_part = {"null", 4};
    cs_parts_t *parts = apr_pcalloc(pool, sizeof(*parts));
    cs_view_t view = {.parts = parts, .collection = "http://host/ChatSession"};
    cs_writer_t json = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, 1024 * 1024)};
    cs_writer_t build = cs_build_writer(pool);
    rows_t *rows = rows_filled(pool);

    for (int right = 0; right < CS_RIGHT_COUNT; right++) {
        parts->table_right[right] = null_part;
        for (int carrier = 0; carrier < CS_CARRIER_COUNT; carrier++) {
            parts->properties[right][carrier] = null_part;
        }
    }
    cs_map_entity(&json, ROWS_OF, rows->records, &view);
    cs_map_entity(&build, ROWS_OF, rows->records, &view);
    is(test_described(pool, cs_build_doc(&build)),
       test_described(pool, test_doc(test_ctx(pool), cs_buf_text(json.buf, pool))),
       "a session with everything is the document that its JSON is");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_calls(pool);
    test_entity(pool);
    return done();
}
