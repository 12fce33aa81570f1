/* api/pairs.h -- a body of several items that say a number of somebody each, as a statement takes it. */
#ifndef CS_API_PAIRS_H
#define CS_API_PAIRS_H

#include "api/call.h"
#include "model/entity.h"

typedef struct cs_pairs_t {
    const cs_entity_t *entity; /* of an item */
    const char *field;         /* of the item: where its id stands */
    const char *noun;          /* "user": whose id it is, in messages */
    /* The id of an item, and the number that is said of him.  The errors of its check. */
    cs_error_t *(*read)(const cs_call_t *call, const cs_doc_t *item, apr_int64_t *id_out,
                        apr_int64_t *number_out);
} cs_pairs_t;

/* The ids and the numbers of all items, in their order: two texts of integers with commas between.
 * BODY_SHAPE; BODY_INVALID with the faults of all items, VALUE_TWICE for an id that was there before. */
cs_error_t *cs_pairs_take(const cs_call_t *call, const cs_pairs_t *pairs, cs_val_t *ids_out,
                          cs_val_t *numbers_out) CS_CHECKED;

#endif
