/* work/runner.h -- time-driven work of one database: what is to happen without a request.
 *
 * One of all runners of all hosts does it: who holds a lock in the database, on the connection that all of
 * the work runs on.  When that connection ends, however it does, the lock is another's, and nothing of the
 * work can go on without it.  A runner is one thread's. */
#ifndef CS_WORK_RUNNER_H
#define CS_WORK_RUNNER_H

#include "base/tz.h"
#include "db/db.h"

#include <apr_tables.h>

/* Intervals in microseconds; 0: never. */
typedef struct cs_chores_t {
    const cs_db_options_t *db;
    const cs_tz_t *zone;              /* that the sessions' times are in */
    apr_interval_time_t every;        /* pause between two rounds */
    apr_interval_time_t dead_after;   /* a customer's client has not fetched */
    apr_interval_time_t idle_after;   /* nobody says anything in a talk */
    apr_interval_time_t purge_after;  /* a session was marked as deleted */
    apr_interval_time_t keep_events;  /* and the log of deliveries */
    apr_interval_time_t hook_give_up; /* what could not be delivered */
    apr_interval_time_t hook_timeout; /* for one try */
    const apr_array_header_t *allow;  /* of cs_allow_t: receivers; NULL: none */
} cs_chores_t;

typedef struct cs_runner_t cs_runner_t;

/* In the thread that will run it; all of it ends with the pool.  chores and log outlive it.  ending: whether
 * the process is about to end, then nothing lasts long. */
cs_runner_t *cs_runner_make(apr_pool_t *pool, const cs_chores_t *chores, const cs_log_t *log,
                            int (*ending)(void));

/* Does what is due, for about a second at most while the database answers; the pool is scratch. */
void cs_runner_turn(cs_runner_t *runner, apr_pool_t *pool);

#endif
