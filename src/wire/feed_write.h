/* wire/feed_write.h -- a list as an Atom feed with OData's properties.
 *
 * The same calls that write a list in JSON: an object with "odata.nextLink" and "value", an array of flat
 * objects, each of which begins with "PrimaryKey".  Names are those of properties already (letters, digits,
 * "_").  The writer's `state` is a cs_feed_t, set before the first call. */
#ifndef CS_WIRE_FEED_WRITE_H
#define CS_WIRE_FEED_WRITE_H

#include "doc/writer.h"

typedef struct cs_feed_t {
    const char *url;     /* of the list; an entry's is below it, by its key */
    const char *title;   /* of the list */
    const char *updated; /* RFC 3339 */
    /* the writer's own */
    int depth;
    const char *name;
    apr_size_t name_len;
} cs_feed_t;

extern const cs_writer_ops_t cs_feed_writer;

#endif
