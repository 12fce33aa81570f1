/* doc/writer.h -- writing a document, whatever format it goes out in.
 *
 * model/map says what; a format (wire/json_write, ...) says how.  Calls come in document order: in an object
 * each value follows its name; in an array values follow each other.  Names of an object's members are
 * properties, and live until the value is written; those of a map are data.  All goes into one buffer, whose
 * `full` flag the caller checks at the end. */
#ifndef CS_DOC_WRITER_H
#define CS_DOC_WRITER_H

#include "base/buf.h"

#include <apr.h>

typedef struct cs_writer_t cs_writer_t;

typedef struct cs_writer_ops_t {
    /* A whole document follows.  Without it a value is written to be a `ready` one.  NULL: no difference. */
    void (*begin)(cs_writer_t *w);
    void (*open)(cs_writer_t *w, const char *type); /* an object of that carrier type */
    void (*close)(cs_writer_t *w);
    void (*array_open)(cs_writer_t *w, const char *item_type);
    void (*array_close)(cs_writer_t *w);
    void (*map_open)(cs_writer_t *w, const char *entry_type); /* XML: entries are <entry_type>KeyValuePair */
    void (*map_close)(cs_writer_t *w);
    void (*name)(cs_writer_t *w, const char *name, apr_size_t len);
    void (*property)(cs_writer_t *w, const char *name, apr_size_t len); /* a name that is plain, as all of the
                                                                          entities' are */
    /* What `name` of this format wrote as the first of an object; NULL: names are not kept. */
    void (*ready_name)(cs_writer_t *w, const char *text, apr_size_t len);
    void (*null)(cs_writer_t *w);
    void (*boolean)(cs_writer_t *w, int truth);
    void (*integer)(cs_writer_t *w, apr_int64_t number);
    void (*real)(cs_writer_t *w, double number);
    void (*text)(cs_writer_t *w, const char *text, apr_size_t len);  /* UTF-8; escaped as needed */
    void (*plain)(cs_writer_t *w, const char *text, apr_size_t len); /* text that no format needs to escape */
    void (*flags)(cs_writer_t *w, const char *text, apr_size_t len); /* plain names, joined by ", " */
    void (*ready)(cs_writer_t *w, const char *text,
                  apr_size_t len); /* a value that this format wrote before */
} cs_writer_ops_t;

struct cs_writer_t {
    const cs_writer_ops_t *ops;
    cs_buf_t *buf;
    int comma;   /* something stands before the next value: the format's own business */
    void *state; /* what else the format keeps while it writes */
};

#endif
