/* api/body.h -- the bytes of a body to a document. */
#ifndef CS_API_BODY_H
#define CS_API_BODY_H

#include "api/call.h"
#include "model/entity.h"

/* call->body to call->doc.  BODY_EMPTY when there is no entity in it (nothing, null, []), whatever its type;
 * MEDIA_TYPE; what the decoder of that type finds. */
cs_error_t *cs_body_decode(cs_call_t *call) CS_CHECKED;

/* BODY_SHAPE when the document bears a name (XML's root) that is not the entity's, with or without the
 * suffix. */
cs_error_t *cs_body_is(const cs_call_t *call, const cs_entity_t *entity, const char *suffix) CS_CHECKED;

/* What the decoded body says of that entity: cs_check_entity() and, before it, BODY_SHAPE when the document
 * bears another entity's name, BODY_EMPTY when it is a form without one key that the entity has. */
cs_error_t *cs_body_values(cs_call_t *call, const cs_entity_t *entity, cs_val_t *values_out) CS_CHECKED;

/* The entities of a body that holds several: an array of objects, or XML's element with nothing but
 * elements of the entity's name in it.  BODY_SHAPE. */
cs_error_t *cs_body_items(const cs_call_t *call, const cs_entity_t *entity,
                          const apr_array_header_t **items_out) CS_CHECKED;

/* Adds what is wrong with one of them, by its number, to those of the others, unless there are many already.
 */
void cs_body_fault(const cs_call_t *call, cs_error_t **faults, int number, const cs_error_t *error);

/* The error that carries them; NULL for none. */
cs_error_t *cs_body_faults(const cs_call_t *call, cs_error_t *faults) CS_CHECKED;

#endif
