/* db/layout.h -- how the records of the tables lie in PostgreSQL's bytes; seen by db/ alone.
 *
 * A whole record comes twice as fast as the same columns one by one, but in the table's order: a migration,
 * or a view in the table's place, may have another.  So each connection learns the order by name when it is
 * opened, with a mark of it; every statement that brings records brings the mark of its tables as they were
 * when it was planned, and where that is another one the order is learned again. */
#ifndef CS_DB_LAYOUT_H
#define CS_DB_LAYOUT_H

#include "db/db.h"
#include "db/rows.h"
#include "db/types.h"

typedef struct cs_attribute_t {
    apr_uint32_t oid; /* of its type, as it must come */
    int cell;         /* where its value goes; -1: nobody reads it */
    const cs_reading_t *reading; /* as what */
} cs_attribute_t;

/* The records of one table. */
typedef struct cs_layout_t {
    apr_uint32_t oid; /* of the composite type */
    int count;
    cs_attribute_t *attributes;
    int cells;
} cs_layout_t;

#define CS_MARKS_MAX 8 /* sets of tables that records come from in one statement */

typedef struct cs_layouts_t {
    apr_int64_t marks[CS_MARKS_MAX]; /* of all columns of each set at the time: chatsession.layout() */
    int mark_count;
    int count;
    const cs_layout_t *layouts;
} cs_layouts_t;

/* From the rows of the statement schema_layout, in the pool; an error in the other.  DB_SCHEMA when a table
 * lacks a column, or it has a type that its property cannot be read from; the detail names it. */
cs_error_t *cs_layouts_make(apr_pool_t *pool, apr_pool_t *error_pool, const cs_shape_t *shapes, int count,
                            const cs_rows_t *rows, cs_layouts_t *layouts_out) CS_CHECKED;

/* Whether it is one of the marks. */
int cs_layouts_have(const cs_layouts_t *layouts, apr_int64_t mark);

/* The layout of that composite type, or NULL. */
const cs_layout_t *cs_layout_find(const cs_layouts_t *layouts, apr_uint32_t oid);

#endif
