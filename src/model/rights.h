/* model/rights.h -- TableRight and FieldProperties: constant texts, written once per process.
 *
 * Prepared while the server is configured, never changed after, linked into answers without a copy. */
#ifndef CS_MODEL_RIGHTS_H
#define CS_MODEL_RIGHTS_H

#include "doc/writer.h"
#include "model/entity.h"

/* What the caller may do with a record. */
typedef enum cs_right_t {
    CS_RIGHT_FULL,   /* everything */
    CS_RIGHT_SAVE,   /* all but delete it: also what is about to be created */
    CS_RIGHT_READ,   /* look at it */
    CS_RIGHT_CHANGE, /* look at it and change it, while it is there */
    CS_RIGHT_COUNT
} cs_right_t;

/* How much of FieldProperties is sent: ChatSessionFieldProperties. */
typedef enum cs_properties_t {
    CS_PROPERTIES_FULL, /* every carrier's */
    CS_PROPERTIES_OWN,  /* the entity's own */
    CS_PROPERTIES_NONE,
    CS_PROPERTIES_COUNT
} cs_properties_t;

typedef struct cs_part_t {
    const char *text;
    apr_size_t len;
} cs_part_t;

/* The texts in one format. */
typedef struct cs_parts_t {
    cs_part_t table_right[CS_RIGHT_COUNT];
    cs_part_t properties[CS_RIGHT_COUNT][CS_CARRIER_COUNT];
} cs_parts_t;

/* Writes them all with that format's writer into the pool. */
void cs_rights_prepare(apr_pool_t *pool, cs_properties_t wanted, const cs_writer_ops_t *format,
                       cs_parts_t *parts_out);

#endif
