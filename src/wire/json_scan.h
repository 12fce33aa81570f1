/* wire/json_scan.h -- is this JSON?  RFC 8259 to the letter, in one pass over the bytes, before a lenient
 * parser sees them.
 *
 * Beyond the grammar it refuses what would be read differently by different readers or cannot be stored:
 * malformed UTF-8, lone surrogates, U+0000, a name twice in one object, nesting beyond limits->depth, more
 * values than limits->values. */
#ifndef CS_WIRE_JSON_SCAN_H
#define CS_WIRE_JSON_SCAN_H

#include "base/ctx.h"
#include "base/error.h"

#include <apr_tables.h>

/* A number as it stands in the bytes. */
typedef struct cs_json_number_t {
    const char *text;
    apr_size_t len;
} cs_json_number_t;

/* numbers_out gets the numbers in the order in which they stand (cs_json_number_t, in cx->pool); it may be
 * NULL. NULL, or an error whose message names the byte offset (from 0, the byte-order mark not counted). */
cs_error_t *cs_json_scan(cs_ctx_t *cx, const char *bytes, apr_size_t len,
                         apr_array_header_t **numbers_out) CS_CHECKED;

#endif
