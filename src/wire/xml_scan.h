/* wire/xml_scan.h -- may this XML be parsed?  One pass over the bytes before a parser with a wider view of
 * XML sees them.
 *
 * It refuses what no body needs and what would cost more than its length: document types and entities of
 * one's own, encodings but UTF-8, U+0000 and what else XML has no place for, nesting beyond limits->depth,
 * more elements and attributes than limits->values, more line ends, references and markup besides than that
 * again, long names and attributes, many namespaces.  Tags are matched here; the rest of the grammar is the
 * parser's. */
#ifndef CS_WIRE_XML_SCAN_H
#define CS_WIRE_XML_SCAN_H

#include "base/ctx.h"
#include "base/error.h"

/* NULL, or an error whose message names the byte offset (from 0, the byte-order mark not counted). */
cs_error_t *cs_xml_scan(cs_ctx_t *cx, const char *bytes, apr_size_t len) CS_CHECKED;

#endif
