/* db/rows_take.h -- a libpq result becomes rows; seen by db/ alone. */
#ifndef CS_DB_ROWS_TAKE_H
#define CS_DB_ROWS_TAKE_H

#include "db/rows.h"

#include <libpq-fe.h>

/* Opens every value of a binary result.  The result belongs to the pool already.  DB_FAILED for a column type
 * that no property has. */
cs_error_t *cs_rows_take(apr_pool_t *pool, const PGresult *result, cs_rows_t **rows_out) CS_CHECKED;

#endif
