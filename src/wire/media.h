/* wire/media.h -- media types: which body is read how, and how the answer is written.
 *
 * One table of rows serves Content-Type and Accept; a new format is a new row. */
#ifndef CS_WIRE_MEDIA_H
#define CS_WIRE_MEDIA_H

#include "base/ctx.h"
#include "base/error.h"
#include "doc/doc.h"
#include "doc/writer.h"

/* Formats in which constant parts of an answer are prepared once. */
typedef enum cs_format_t { CS_FORMAT_JSON, CS_FORMAT_XML, CS_FORMAT_COUNT } cs_format_t;

typedef struct cs_media_t {
    const char *type, *subtype;
    /* How a body of this type is read; NULL: such a body is refused. */
    cs_error_t *(*decode)(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out);
    /* How an answer of this type is written; NULL: it is not offered. */
    const cs_writer_ops_t *writer;
    cs_format_t format;
    int problems_only; /* offered for errors alone (RFC 9457) */
    int only_for;      /* bits: offered for answers of those kinds alone; 0: for all */
    int patches;       /* a body of this type can be a patch */
    int keys_alone;    /* a body of this type without one known key is no entity */
} cs_media_t;

/* Kinds of answers that have media types of their own. */
enum {
    CS_MEDIA_PAGE = 1, /* a browser may have a page of it */
    CS_MEDIA_LIST = 2  /* it is a list */
};

/* What is written when nothing else is asked for. */
const cs_media_t *cs_media_default(void);

/* How constant parts in that format are written. */
const cs_writer_ops_t *cs_media_writer(cs_format_t format);

/* The row for a body with that Content-Type (NULL: none was sent).  MEDIA_TYPE when it cannot be read. */
cs_error_t *cs_media_of_body(cs_ctx_t *cx, const char *content_type, const cs_media_t **media_out) CS_CHECKED;

/* The same for a patch: the JSON types alone, and none at all means the default. */
cs_error_t *cs_media_of_patch(cs_ctx_t *cx, const char *content_type,
                              const cs_media_t **media_out) CS_CHECKED;

/* The row for the answer: Accept, or without it the request's own Content-Type, decides; either may be NULL.
 * `kind`: bits of what the answer is; 0: nothing special.
 * Never fails: what cannot be served gets the default.  *problem_out is the row for an error's problem
 * document, or NULL when none was asked for. */
const cs_media_t *cs_media_for_answer(const char *accept, const char *content_type, int kind,
                                      const cs_media_t **problem_out);

/* "application/json; charset=utf-8" */
const char *cs_media_content_type(apr_pool_t *pool, const cs_media_t *media);

#endif
