/* db/pool.h -- the inside of a database's pool, for db/pool.c and its keeper. */
#ifndef CS_DB_POOL_H
#define CS_DB_POOL_H

#include "db/conn.h"

#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>

typedef struct cs_waiter_t cs_waiter_t;

struct cs_db_t {
    const cs_db_options_t *options;
    const cs_log_t *log;
    cs_quota_t *quota;
    cs_conn_t *places; /* pool_max of them */

    apr_thread_mutex_t
        *mutex;       /* guards all below; never held over I/O on a connection, nor over another lock */
    cs_conn_t *empty; /* places without a connection */
    cs_conn_t *idle;  /* connected and free, the one used last first */
    int open;         /* places that are not empty: idle, leased, connecting */
    cs_waiter_t *first_waiter, **last_waiter;
    int waiters;
    apr_time_t grow_after; /* no further connection is tried before this instant */
    int down;              /* nothing answers: every lease fails at once with down_code */
    cs_code_t down_code;
    apr_time_t down_since;
    char down_reason[256];
};

/* One round of upkeep: reconnects when down, closes what idles too long or what another child waits for.  cx
 * is for this round alone.  Returns whether the next round should come soon.  Never waits for the mutex. */
int cs_pool_tend(cs_ctx_t *cx, cs_db_t *db);

#endif
