/* model/select.h -- $select on an entity: which properties keep their values. */
#ifndef CS_MODEL_SELECT_H
#define CS_MODEL_SELECT_H

#include "model/entity.h"

#include <apr_pools.h>

/* How much of a property was asked for. */
enum { CS_SELECT_NOTHING, CS_SELECT_WHOLE, CS_SELECT_PART };

typedef struct cs_select_t {
    unsigned char *chosen;      /* CS_SELECT_..., per field of the entity */
    struct cs_select_t **parts; /* per field: what was chosen of a CS_SELECT_PART */
} cs_select_t;

/* Reads "TopicId, contact/name".  NULL means everything: the text is empty or "*".  What the entity does not
 * have is ignored, and a path into something that is no carrier chooses the whole of it. */
cs_select_t *cs_select_parse(apr_pool_t *pool, const cs_entity_t *entity, const char *text);

#endif
