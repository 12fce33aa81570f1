/* model/map.h -- a row of the database to a document. */
#ifndef CS_MODEL_MAP_H
#define CS_MODEL_MAP_H

#include "base/ctx.h"
#include "base/val.h"
#include "doc/writer.h"
#include "model/entity.h"
#include "model/rights.h"
#include "model/select.h"

/* How an entity is shown to this caller; all of it outlives the call. */
typedef struct cs_view_t {
    const cs_parts_t *parts; /* prepared in the writer's format */
    cs_right_t right;
    const cs_select_t *select;   /* NULL: everything */
    const cs_locale_t *locale;   /* NULL: texts and times as they are stored */
    const char *collection;      /* URL of the entity's collection for _Links; NULL: the member is left out */
    const cs_record_t *items;    /* the first record below the entity's, for CS_T_ITEMS */
    int item_count, item_stride; /* how many there are, and how far one is from the next */
} cs_view_t;

/* Writes the entity.  records[0] holds its own cells, then comes one record per reference, in the order of
 * the rows.  records NULL writes a new entity, everything unset.  A reference to a record that is not there
 * shows its id, and the unset value of everything else. */
void cs_map_entity(cs_writer_t *w, const cs_entity_t *entity, const cs_record_t *records,
                   const cs_view_t *view);

#endif
