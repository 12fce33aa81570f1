/* db/quota.h -- how many connections all children of this host may hold to one database.
 *
 * Each connection holds a lock on one byte of an unlinked file that the parent opened.  The kernel drops the
 * locks of a process that dies, however it dies, so nothing is ever counted that is not there.  Within a
 * process its owner serialises the calls. */
#ifndef CS_DB_QUOTA_H
#define CS_DB_QUOTA_H

#include <apr_pools.h>

typedef struct cs_quota_t cs_quota_t;

/* In the parent, before it forks.  The same key finds the same quota again after a restart, so that children
 * of the old and the new generation share it.  `process` lives as long as the server.  NULL on failure:
 * *reason_out. */
cs_quota_t *cs_quota_open(apr_pool_t *process, const char *key, int max, const char **reason_out);

/* A place from 0 on, or -1 when all are taken. */
int cs_quota_take(cs_quota_t *quota);
void cs_quota_give(cs_quota_t *quota, int place);

/* Tells the other processes that somebody waits for a place; any thread. */
void cs_quota_cry(cs_quota_t *quota);

/* Whether somebody waited within the last moment: whoever does not need his connection gives it up; any
 * thread. */
int cs_quota_wanted(const cs_quota_t *quota);

#endif
