/* db/conninfo.h -- libpq's connection strings, judged before they are used. */
#ifndef CS_DB_CONNINFO_H
#define CS_DB_CONNINFO_H

#include <apr_pools.h>

/* NULL when libpq can read it and it holds nothing that it must not; else what is wrong with it and what
 * would be right. The answer never repeats the string. */
const char *cs_conninfo_check(apr_pool_t *pool, const char *conninfo);

/* The same text for every spelling of a connection string that was found good. */
const char *cs_conninfo_key(apr_pool_t *pool, const char *conninfo);

#endif
