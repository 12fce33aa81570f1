/* doc/pointer.h -- JSON Pointer (RFC 6901): a path into a document. */
#ifndef CS_DOC_POINTER_H
#define CS_DOC_POINTER_H

#include "doc/doc.h"

/* One segment, `~0` and `~1` resolved. */
typedef struct cs_segment_t {
    const char *text; /* terminated */
    apr_size_t len;
} cs_segment_t;

typedef struct cs_pointer_t {
    int count; /* 0: the whole document */
    const cs_segment_t *segments;
} cs_pointer_t;

typedef enum cs_pointer_reading_t {
    CS_POINTER_STRICT, /* RFC 6901: empty, or a slash before each segment; names match exactly */
    CS_POINTER_LENIENT /* the first slash may be missing; names match without regard to case */
} cs_pointer_reading_t;

/* Reads a pointer of at most `most` segments; they live in the pool.  NULL, or what is wrong with it. */
const char *cs_pointer_parse(apr_pool_t *pool, const char *text, apr_size_t len, cs_pointer_reading_t reading,
                             int most, cs_pointer_t *pointer_out);

/* The pointer as text, each segment behind a slash but the first, as the API names properties in faults. */
const char *cs_pointer_text(apr_pool_t *pool, const cs_pointer_t *pointer);

/* The array index that the segment is (RFC 6901: no sign, no leading zero), or -1.  What is greater than
 * `most` is most + 1. */
int cs_pointer_index(const cs_segment_t *segment, int most);

/* The segment "-": behind the last item. */
int cs_pointer_is_end(const cs_segment_t *segment);

/* The slot of the member that the segment names, or -1. */
int cs_pointer_member(const cs_doc_t *object, const cs_segment_t *segment, cs_pointer_reading_t reading);

/* What stands there, or NULL. */
const cs_doc_t *cs_pointer_find(const cs_doc_t *doc, const cs_pointer_t *pointer,
                                cs_pointer_reading_t reading);

#endif
