/* db/sqlstate.h -- what PostgreSQL says to what the client is told.  The one place that knows SQLSTATEs. */
#ifndef CS_DB_SQLSTATE_H
#define CS_DB_SQLSTATE_H

#include "base/error.h"

/* An error as PostgreSQL reports it; any text may be NULL. */
typedef struct cs_complaint_t {
    const char *state;   /* five characters; NULL: the connection broke before they came */
    const char *primary; /* its message */
    const char *constraint, *table, *column;
    int carries_values; /* the statement held values of the client's */
} cs_complaint_t;

/* What libpq or PostgreSQL said, as one clean line for the log. */
const char *cs_sqlstate_said(apr_pool_t *pool, const char *message);

/* The detail for the log holds what PostgreSQL said, but for messages that may quote a value. */
cs_error_t *cs_sqlstate_error(apr_pool_t *pool, const cs_complaint_t *complaint);

#endif
