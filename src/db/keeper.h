/* db/keeper.h -- a thread of each child that looks after its databases: notices when one is back, closes
 * connections that nobody needs. */
#ifndef CS_DB_KEEPER_H
#define CS_DB_KEEPER_H

#include "db/db.h"

/* In the child, before its workers start.  The thread ends with the pool, before anything in it is cleaned
 * up.  The array and what it points to live in the same pool.  An error when there can be no thread. */
apr_status_t cs_keeper_start(apr_pool_t *pool, cs_db_t *const *dbs, int count, const cs_log_t *log);

#endif
