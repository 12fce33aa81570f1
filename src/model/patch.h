/* model/patch.h -- PATCH of an entity: what its properties allow, and the values to store. */
#ifndef CS_MODEL_PATCH_H
#define CS_MODEL_PATCH_H

#include "base/ctx.h"
#include "base/error.h"
#include "base/val.h"
#include "doc/doc.h"
#include "model/entity.h"

/* records: as for cs_map_entity, never NULL.  patch: an array is a JSON Patch, an object a merge document.
 * values_out gets cs_check_count() values, in the order of the rows; what the patch does not touch keeps the
 * stored cell's value as it is, unseen.  *changed_out is the number of values that differ from the stored
 * ones.  BODY_SHAPE; BODY_INVALID with all faults behind it, each with the operation's part ("3/value") or,
 * for a merge document, the property as its field; PATCH_TEST; PATCH_SIZE. */
cs_error_t *cs_patch_entity(cs_ctx_t *cx, const cs_entity_t *entity, const cs_record_t *records,
                            const cs_doc_t *patch, cs_val_t *values_out, int *changed_out) CS_CHECKED;

#endif
