/* model/check.h -- a document judged against an entity's rows: every fault at once, or the values to store.
 */
#ifndef CS_MODEL_CHECK_H
#define CS_MODEL_CHECK_H

#include "base/ctx.h"
#include "base/error.h"
#include "base/val.h"
#include "doc/doc.h"
#include "model/entity.h"

/* How many values of the entity a client may set, those in embedded parts included. */
int cs_check_count(const cs_entity_t *entity);

/* values_out gets cs_check_count() values, in the order of the rows; they point into the document.  A
 * property that is absent or null gets its unset value.  Names match without regard to case; members that the
 * entity does not have, and those that no client may set, are passed over; one that is needed and not said is
 * PARAMETER_MISSING among the faults.  BODY_INVALID with all faults
 * behind it, or BODY_SHAPE. */
cs_error_t *cs_check_entity(cs_ctx_t *cx, const cs_entity_t *entity, const cs_doc_t *doc,
                            cs_val_t *values_out) CS_CHECKED;

/* The error that carries these faults of a body: BODY_INVALID.  At least one. */
cs_error_t *cs_check_gather(cs_ctx_t *cx, cs_error_t *faults) CS_CHECKED;

/* For a change of what is stored: `values` holds all of them, and those marked in `touched` (one for each
 * value) are replaced by what the document says; the others are neither judged nor changed. */
cs_error_t *cs_check_touched(cs_ctx_t *cx, const cs_entity_t *entity, const cs_doc_t *doc,
                             const unsigned char *touched, cs_val_t *values) CS_CHECKED;

/* One value of a property that has columns of its own; `path` names it in the fault.  NULL as a document
 * gives the unset value. */
cs_error_t *cs_check_value(cs_ctx_t *cx, const cs_field_t *field, const char *path, const cs_doc_t *doc,
                           cs_val_t *value_out) CS_CHECKED;

/* The same for an embedded part, which gives cs_check_count(field->entity) values; all faults behind each
 * other. */
cs_error_t *cs_check_part(cs_ctx_t *cx, const cs_field_t *field, const char *path, const cs_doc_t *doc,
                          cs_val_t *values_out) CS_CHECKED;

#endif
