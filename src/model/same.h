/* model/same.h -- whether two documents say the same of a property: numbers by value, enumerations by name or
 * number, times as instants, strings exactly, records member by member over the members that are given. */
#ifndef CS_MODEL_SAME_H
#define CS_MODEL_SAME_H

#include "base/ctx.h"
#include "doc/doc.h"
#include "model/entity.h"

/* `current` may be NULL: there is nothing.  Nothing and null are the property's unset value; a reference
 * without members or with the id 0 is none. */
int cs_same_value(cs_ctx_t *cx, const cs_field_t *field, const cs_doc_t *current, const cs_doc_t *wanted);

/* Constant parts, whose value is never a client's business. */
int cs_same_ignores(const cs_field_t *field);

#endif
