/* wire/feed_write.h -- a list as an Atom feed with OData's properties.
 *
 * The same calls that write a list in JSON: an object with "odata.nextLink" and "value", an array of
 * objects, each of which begins with "PrimaryKey".  Objects in these are elements of their names.  Names are
 * those of properties already (letters, digits,
 * "_").  The writer's `state` is a cs_feed_t, set before the first call. */
#ifndef CS_WIRE_FEED_WRITE_H
#define CS_WIRE_FEED_WRITE_H

#include "doc/writer.h"

#define CS_FEED_DEPTH 8

typedef struct cs_feed_t {
    const char *url;     /* of the list; an entry's is below it, by its key */
    const char *title;   /* of the list */
    const char *updated; /* RFC 3339 */
    int numbered;        /* entries have no addresses of their own: they are numbered in the list's */
    /* the writer's own */
    int depth;
    const char *name;
    apr_size_t name_len;
    const char *outer[CS_FEED_DEPTH]; /* objects that are open */
    apr_size_t outer_len[CS_FEED_DEPTH];
    int entries;
} cs_feed_t;

/* Rows are written by themselves, without the list around them. */
void cs_feed_open_rows(cs_feed_t *feed);

extern const cs_writer_ops_t cs_feed_writer;

#endif
