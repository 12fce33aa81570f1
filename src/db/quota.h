/* db/quota.h -- how many connections all children of this host may hold to one database.
 *
 * Each connection holds a lock on one byte of an unlinked file that the parent opened.  The kernel drops the
 * locks of a process that dies, however it dies, so nothing is ever counted that is not there.  Any thread
 * may call. */
#ifndef CS_DB_QUOTA_H
#define CS_DB_QUOTA_H

#include <apr_pools.h>
#include <apr_time.h>

#define CS_QUOTA_MAX 1000

typedef struct cs_quota_t cs_quota_t;

/* In the parent, before it forks.  The same key finds the same quota again after a restart, so that children
 * of the old and the new generation share it; both keep to the limit that was given last.  `process` lives as
 * long as the server.  NULL on failure: *reason_out. */
cs_quota_t *cs_quota_open(apr_pool_t *process, const char *key, int max, const char **reason_out);

/* A place from 0 on, or -1 when all are taken. */
int cs_quota_take(cs_quota_t *quota);
void cs_quota_give(cs_quota_t *quota, int place);

/* Tells the other processes that the database serves, and when it last was told. */
void cs_quota_served(cs_quota_t *quota);
apr_time_t cs_quota_served_at(const cs_quota_t *quota);

/* How much somebody wants a place. */
typedef enum cs_cry_t {
    CS_CRY_MORE,   /* one more than he has: he gets what nobody needs */
    CS_CRY_HUNGER, /* he has none: he gets one of whoever has several */
    CS_CRIES
} cs_cry_t;

/* Tells the other processes that somebody waits for a place. */
void cs_quota_cry(cs_quota_t *quota, cs_cry_t cry);

/* Whether somebody cried like that within the last moment.  A cry is heard once: who hears it gives a place
 * back. */
int cs_quota_hear(cs_quota_t *quota, cs_cry_t cry);

#endif
