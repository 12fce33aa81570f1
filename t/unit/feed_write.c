/* t/unit/feed_write.c -- a list as a feed, call by call. */
#include "wire/feed_write.h"

#include "support.h"
#include "tap.h"

#include <math.h>

#define HEAD                                                                                \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"" \
    " xmlns:d=\"http://schemas.microsoft.com/ado/2007/08/dataservices\""                    \
    " xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\">"          \
    "<id>http://h/a&amp;b</id><title>List</title><updated>2024-03-04T10:20:00Z</updated>"

static void put_name(cs_writer_t *w, const char *name)
{
    w->ops->name(w, name, strlen(name));
}

static const char *written(apr_pool_t *pool, int rows, const char *link)
{
    cs_feed_t feed = {.url = "http://h/a&b", .title = "List", .updated = "2024-03-04T10:20:00Z"};
    cs_writer_t w = {.ops = &cs_feed_writer, .buf = cs_buf_make(pool, 1024 * 1024), .state = &feed};

    w.ops->open(&w, "List");
    put_name(&w, "odata.metadata");
    w.ops->text(&w, "http://h/m", 10);
    put_name(&w, "odata.nextLink");
    if (link) {
        w.ops->text(&w, link, strlen(link));
    }
    else {
        w.ops->null(&w);
    }
    put_name(&w, "value");
    w.ops->array_open(&w, "Row");
    for (int i = 0; i < rows; i++) {
        w.ops->open(&w, "Row");
        put_name(&w, "PrimaryKey");
        w.ops->plain(&w, "41", 2);
        put_name(&w, "text");
        w.ops->text(&w, BYTES("<&>\x01"));
        put_name(&w, "number");
        w.ops->integer(&w, -4);
        put_name(&w, "truth");
        w.ops->boolean(&w, 1);
        put_name(&w, "real");
        w.ops->real(&w, 1.5);
        put_name(&w, "no_number");
        w.ops->real(&w, (double)NAN);
        put_name(&w, "none");
        w.ops->null(&w);
        w.ops->close(&w);
    }
    w.ops->array_close(&w);
    w.ops->close(&w);
    return cs_buf_text(w.buf, pool);
}

#define ENTRY                                                                                     \
    "<entry><id>http://h/a&amp;b/41</id><title>41</title><updated>2024-03-04T10:20:00Z</updated>" \
    "<content type=\"application/xml\"><m:properties><d:PrimaryKey>41</d:PrimaryKey>"             \
    "<d:text>&lt;&amp;&gt;</d:text><d:number m:type=\"Edm.Int32\">-4</d:number>"                  \
    "<d:truth m:type=\"Edm.Boolean\">true</d:truth><d:real m:type=\"Edm.Double\">1.5</d:real>"    \
    "<d:no_number m:null=\"true\"></d:no_number><d:none m:null=\"true\"></d:none>"                \
    "</m:properties></content></entry>"

/* A full row, rows apart from the list around them, and a count. */
static const char *composed(apr_pool_t *pool, int numbered)
{
    cs_feed_t feed = {
        .url = "http://h", .title = "List", .updated = "2024-03-04T10:20:00Z", .numbered = numbered};
    cs_feed_t apart = feed;
    cs_writer_t rows = {.ops = &cs_feed_writer, .buf = cs_buf_make(pool, 1024 * 1024), .state = &apart};
    cs_writer_t w = {.ops = &cs_feed_writer, .buf = cs_buf_make(pool, 1024 * 1024), .state = &feed};

    cs_feed_open_rows(&apart);
    rows.ops->open(&rows, "Row");
    put_name(&rows, "PrimaryKey");
    rows.ops->integer(&rows, 41);
    put_name(&rows, "Column");
    rows.ops->map_open(&rows, "Cell");
    put_name(&rows, "rating");
    rows.ops->open(&rows, "Cell");
    put_name(&rows, "RawValue");
    rows.ops->integer(&rows, APR_INT64_C(5000000000));
    rows.ops->close(&rows);
    rows.ops->map_close(&rows);
    rows.ops->close(&rows);
    w.ops->open(&w, "List");
    put_name(&w, "odata.count");
    w.ops->plain(&w, "7", 1);
    put_name(&w, "value");
    w.ops->array_open(&w, "Row");
    cs_buf_append(w.buf, rows.buf);
    w.ops->array_close(&w);
    w.ops->close(&w);
    return strstr(cs_buf_text(w.buf, pool), "<m:count>");
}

#define FULL(id)                                                                              \
    "<m:count>7</m:count><entry><id>http://h" id "</id><title>41</title>"                     \
    "<updated>2024-03-04T10:20:00Z</updated><content type=\"application/xml\"><m:properties>" \
    "<d:PrimaryKey m:type=\"Edm.Int32\">41</d:PrimaryKey><d:Column><d:rating>"                \
    "<d:RawValue m:type=\"Edm.Int64\">5000000000</d:RawValue></d:rating></d:Column>"          \
    "</m:properties></content></entry></feed>"

int main(void)
{
    apr_pool_t *pool = test_start();

    is(written(pool, 0, NULL), HEAD "</feed>", "8.7: an empty list");
    is(written(pool, 2, NULL), HEAD ENTRY ENTRY "</feed>", "8.7: rows are entries, values have their types");
    is(written(pool, 1, "http://h/?a=1&b=2"),
       HEAD "<link rel=\"next\" href=\"http://h/?a=1&amp;b=2\"/>" ENTRY "</feed>", "8.7: the next page");
    is(composed(pool, 0), FULL("/41"), "8.7: full rows are elements in each other");
    is(composed(pool, 1), FULL("#1"), "8.7: rows without addresses are numbered");
    return done();
}
