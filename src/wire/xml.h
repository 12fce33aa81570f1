/* wire/xml.h -- XML in.
 *
 * Elements become members by their local names; attributes do not count, but for xsi:nil.  An element with
 * elements in it is an object, or an array when it holds several and all of one name.  One without is a
 * string, `untyped`: what it means is for those to say who know the property. */
#ifndef CS_WIRE_XML_H
#define CS_WIRE_XML_H

#include "base/ctx.h"
#include "base/error.h"
#include "doc/doc.h"

/* The document that the bytes hold, in cx->pool: an object that bears the root's name, or null.  Errors:
 * XML_..., TEXT_NUL. */
cs_error_t *cs_xml_decode(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out) CS_CHECKED;

#endif
