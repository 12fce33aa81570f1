/* db/rows_take.h -- a libpq result becomes rows; seen by db/ alone. */
#ifndef CS_DB_ROWS_TAKE_H
#define CS_DB_ROWS_TAKE_H

#include "db/layout.h"

#include <libpq-fe.h>

/* Opens every value of a binary result's first rows, `most` of them, records of tables as the layouts say.
 * The result belongs to the pool already.  DB_LOST when a record does not come as its layout says: the
 * connection knows its tables no more.
 */
cs_error_t *cs_rows_take(apr_pool_t *pool, const PGresult *result, const cs_layouts_t *layouts, int most,
                         cs_rows_t **rows_out) CS_CHECKED;

/* All rows of a result one after the other, each in the cells of the one before it; DB_LOST as above.  Read
 * errors lie in the pool that it was opened in. */
typedef struct cs_row_reader_t cs_row_reader_t;
cs_row_reader_t *cs_rows_open(apr_pool_t *pool, const PGresult *result, const cs_layouts_t *layouts);
cs_error_t *cs_rows_read(cs_row_reader_t *reader, int row, const cs_record_t **row_out) CS_CHECKED;

/* No rows; one row without its first column, with copies of its texts or with those of the result. */
cs_rows_t *cs_rows_none(apr_pool_t *pool);
cs_error_t *cs_rows_take_one(apr_pool_t *pool, const PGresult *result, const cs_layouts_t *layouts, int row,
                             int copied, cs_rows_t **rows_out) CS_CHECKED;

/* Whether every column that a prepared statement will bring can be read: a table that was exchanged since the
 * connection was opened is noticed here, before anything is done. */
int cs_rows_expected(const PGresult *description, const cs_layouts_t *layouts);

#endif
