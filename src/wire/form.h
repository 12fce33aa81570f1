/* wire/form.h -- application/x-www-form-urlencoded in.
 *
 * Keys are names, those of members of members with a dot or in brackets: Contact.ContactId,
 * Contact[ContactId].  They are the same in any case and either spelling, and of one that is given several
 * times the last value counts.  A key that is no such path is passed over, as one that nobody knows.  Values
 * are strings, `untyped`. */
#ifndef CS_WIRE_FORM_H
#define CS_WIRE_FORM_H

#include "base/ctx.h"
#include "base/error.h"
#include "doc/doc.h"

/* The object that the form makes, in cx->pool.  Errors: FORM_..., TEXT_NUL. */
cs_error_t *cs_form_decode(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out) CS_CHECKED;

#endif
