/* wire/json.h -- JSON in. */
#ifndef CS_WIRE_JSON_H
#define CS_WIRE_JSON_H

#include "base/ctx.h"
#include "base/error.h"
#include "doc/doc.h"

/* The document that the bytes hold, in cx->pool; a leading byte-order mark is skipped.  Errors: JSON_...,
 * TEXT_NUL, each with the byte offset. */
cs_error_t *cs_json_decode(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out) CS_CHECKED;

#endif
