#include "wire/feed_write.h"

#include "base/num.h"
#include "wire/xml_write.h"

#include <string.h>

#define HEAD                                                                                \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"" \
    " xmlns:d=\"http://schemas.microsoft.com/ado/2007/08/dataservices\""                    \
    " xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"><id>"

enum { LIST = 1, ENTRY };

void cs_feed_open_rows(cs_feed_t *feed)
{
    feed->depth = LIST;
}

static cs_feed_t *feed_of(cs_writer_t *w)
{
    return w->state;
}

static int is_named(const cs_feed_t *feed, const char *name)
{
    return feed->name_len == strlen(name) && memcmp(feed->name, name, feed->name_len) == 0;
}

static void put_escaped(cs_writer_t *w, const char *text)
{
    cs_xml_escape(w->buf, text, strlen(text));
}

/* <id>, <title> and <updated>, from behind "<id>". */
static void put_head(cs_writer_t *w, const char *key, apr_size_t len)
{
    cs_feed_t *feed = feed_of(w);
    char digits[CS_NUM_MAX];

    put_escaped(w, feed->url);
    if (key && feed->numbered) {
        cs_buf_putc(w->buf, '#');
        cs_buf_put(w->buf, digits, cs_num_print_int(digits, ++feed->entries));
    }
    else if (key) {
        cs_buf_putc(w->buf, '/');
        cs_buf_put(w->buf, key, len);
    }
    cs_buf_puts(w->buf, "</id><title>");
    cs_buf_put(w->buf, key ? key : feed->title, key ? len : strlen(feed->title));
    cs_buf_puts(w->buf, "</title><updated>");
    cs_buf_puts(w->buf, feed->updated);
    cs_buf_puts(w->buf, "</updated>");
}

static void put_start(cs_writer_t *w, const char *name, apr_size_t len, const char *attributes)
{
    cs_buf_puts(w->buf, "<d:");
    cs_buf_put(w->buf, name, len);
    cs_buf_puts(w->buf, attributes);
    cs_buf_putc(w->buf, '>');
}

static void put_end(cs_writer_t *w, const char *name, apr_size_t len)
{
    cs_buf_puts(w->buf, "</d:");
    cs_buf_put(w->buf, name, len);
    cs_buf_putc(w->buf, '>');
}

/* The list, an entry of it, or an object in one, which is an element by its name. */
static void open_object(cs_writer_t *w, const char *type)
{
    cs_feed_t *feed = feed_of(w);

    (void)type;
    if (++feed->depth == LIST) {
        cs_buf_puts(w->buf, HEAD);
        put_head(w, NULL, 0);
    }
    else if (feed->depth > ENTRY && feed->depth < CS_FEED_DEPTH) {
        feed->outer[feed->depth] = feed->name;
        feed->outer_len[feed->depth] = feed->name_len;
        put_start(w, feed->name, feed->name_len, "");
    }
}

static void close_object(cs_writer_t *w)
{
    cs_feed_t *feed = feed_of(w);

    if (feed->depth > ENTRY && feed->depth < CS_FEED_DEPTH) {
        put_end(w, feed->outer[feed->depth], feed->outer_len[feed->depth]);
    }
    else if (feed->depth <= ENTRY) {
        cs_buf_puts(w->buf, feed->depth == LIST ? "</feed>" : "</m:properties></content></entry>");
    }
    feed->depth--;
}

static void open_array(cs_writer_t *w, const char *type)
{
    (void)w;
    (void)type;
}

static void close_array(cs_writer_t *w)
{
    (void)w;
}

static void take_name(cs_writer_t *w, const char *name, apr_size_t len)
{
    feed_of(w)->name = name;
    feed_of(w)->name_len = len;
}

/* <d:Name attributes>text</d:Name>; the first of an entry opens it. */
static void put_property(cs_writer_t *w, const char *attributes, const char *text, apr_size_t len)
{
    const cs_feed_t *feed = feed_of(w);

    if (feed->depth == ENTRY && is_named(feed, "PrimaryKey")) {
        cs_buf_puts(w->buf, "<entry><id>");
        put_head(w, text, len);
        cs_buf_puts(w->buf, "<content type=\"application/xml\"><m:properties>");
    }
    put_start(w, feed->name, feed->name_len, attributes);
    cs_xml_escape(w->buf, text, len);
    put_end(w, feed->name, feed->name_len);
}

/* A member of the list itself: of those the count and the link have a place in a feed. */
static void put_value(cs_writer_t *w, const char *attributes, const char *text, apr_size_t len)
{
    if (feed_of(w)->depth >= ENTRY) {
        put_property(w, attributes, text, len);
    }
    else if (is_named(feed_of(w), "odata.count")) {
        cs_buf_puts(w->buf, "<m:count>");
        cs_buf_put(w->buf, text, len);
        cs_buf_puts(w->buf, "</m:count>");
    }
    else if (is_named(feed_of(w), "odata.nextLink") && len) {
        cs_buf_puts(w->buf, "<link rel=\"next\" href=\"");
        cs_xml_escape(w->buf, text, len); /* a URL has no quotes */
        cs_buf_puts(w->buf, "\"/>");
    }
}

static void put_null(cs_writer_t *w)
{
    put_value(w, " m:null=\"true\"", "", 0);
}

static void put_text(cs_writer_t *w, const char *text, apr_size_t len)
{
    put_value(w, "", text, len);
}

static void put_boolean(cs_writer_t *w, int truth)
{
    put_value(w, " m:type=\"Edm.Boolean\"", truth ? "true" : "false", truth ? 4 : 5);
}

static void put_integer(cs_writer_t *w, apr_int64_t number)
{
    char digits[CS_NUM_MAX];

    int wide = number < -APR_INT64_C(2147483648) || number > APR_INT64_C(2147483647);

    put_value(w, wide ? " m:type=\"Edm.Int64\"" : " m:type=\"Edm.Int32\"", digits,
              cs_num_print_int(digits, number));
}

static void put_real(cs_writer_t *w, double number)
{
    char digits[CS_NUM_MAX];
    apr_size_t len = cs_num_print_real(digits, number);

    if (len) {
        put_value(w, " m:type=\"Edm.Double\"", digits, len);
    }
    else {
        put_null(w);
    }
}

const cs_writer_ops_t cs_feed_writer = {
    .open = open_object,
    .close = close_object,
    .array_open = open_array,
    .array_close = close_array,
    .map_open = open_object,
    .map_close = close_object,
    .name = take_name,
    .property = take_name,
    .null = put_null,
    .boolean = put_boolean,
    .integer = put_integer,
    .real = put_real,
    .text = put_text,
    .plain = put_text,
    .flags = put_text,
    .ready = put_text,
};
