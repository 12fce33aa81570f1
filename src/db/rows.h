/* db/rows.h -- what a statement brought back.
 *
 * Lives in the request's pool, also after the connection went back.  Texts in it are PostgreSQL's own bytes:
 * UTF-8, not terminated. */
#ifndef CS_DB_ROWS_H
#define CS_DB_ROWS_H

#include "base/error.h"
#include "base/val.h"

typedef struct cs_rows_t cs_rows_t;

int cs_rows_count(const cs_rows_t *rows);

/* The row's columns, one record each; a composite column has its cells, a plain one itself as the only cell.
 */
const cs_record_t *cs_rows_get(const cs_rows_t *rows, int row);

/* The first column of the first row as a number, or `missing` when there is no row or it is NULL. */
apr_int64_t cs_rows_number(const cs_rows_t *rows, apr_int64_t missing);

/* Where the rows of a long result go, one at a time: a row lives until `take` returns. */
typedef struct cs_sink_t {
    cs_error_t *(*take)(struct cs_sink_t *sink, const cs_record_t *row);
    int rows; /* that were given to it */
} cs_sink_t;

#endif
