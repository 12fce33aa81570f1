/* db/sqlstate.h -- what PostgreSQL says to what the client is told.  The one place that knows SQLSTATEs. */
#ifndef CS_DB_SQLSTATE_H
#define CS_DB_SQLSTATE_H

#include "base/error.h"

/* state: five characters, or NULL when the connection broke before one came.  primary and constraint go into
 * the error's detail, for the log; either may be NULL. */
cs_error_t *cs_sqlstate_error(apr_pool_t *pool, const char *state, const char *primary,
                              const char *constraint);

#endif
