/* db/pool.h -- the inside of a database's pool, for db/pool.c, db/run.c and the keeper. */
#ifndef CS_DB_POOL_H
#define CS_DB_POOL_H

#include "db/line.h"

#include <pthread.h>

struct cs_db_t {
    const cs_db_options_t *options;
    const cs_log_t *log;
    cs_quota_t *quota;
    cs_crowd_t *crowd;
    cs_conn_t *places;      /* pool_max of them */
    apr_time_t answered_at; /* when a connection last came back in good order; read and written atomically */
    unsigned era;           /* how many connections were made; likewise */
    apr_time_t unmarked;    /* until when it is taken to have no marks; likewise */
    int keeper;             /* where a byte wakes the keeper; -1: there is none yet */

    pthread_mutex_t mutex; /* guards all below; never held over I/O on a connection, nor over another lock */
    cs_conn_t *empty;      /* places without a connection */
    cs_conn_t *idle;       /* connected and free, the one used last first */
    int open;              /* places that are not empty: idle, leased, connecting */
    cs_line_t line;        /* everybody who asks, in the order in which they came */
    apr_time_t outdated;   /* connections opened before it know tables that are no more */
    apr_time_t grow_after; /* no further connection is tried before this instant */
    int doubted;           /* something was silent: whether the database answers is to be found out */
    int down;              /* nothing answers: every lease fails at once with down_code */
    cs_code_t down_code;
    apr_time_t down_since;
    char down_reason[256];
};

/* cs_db_lease for who runs a statement that others may want to run too: where another asks for him there is
 * no connection, and asking->rows says whether it went well.  With a connection he asks for all behind him,
 * lets it go, and then tells each of them (cs_line_tell_askers). */
cs_error_t *cs_pool_lease(cs_ctx_t *cx, cs_db_t *db, cs_asking_t *asking, cs_conn_t **conn_out) CS_CHECKED;

/* What a round of upkeep wants. */
typedef struct cs_upkeep_t {
    cs_conn_t *probe; /* a place that is to be connected, or NULL */
    int soon;         /* the next round should come soon */
} cs_upkeep_t;

/* One round of upkeep: closes what idles too long or what another child waits for; when down or doubted, asks
 * for a connection to be tried.  The keeper's thread alone.  It never waits for the mutex: a child that is
 * told to die in the middle of a request may hold it for good. */
cs_upkeep_t cs_pool_tend(cs_db_t *db);

/* How the trial ended: error NULL when the place is connected.  0: not taken note of, to be called again. */
int cs_pool_probed(cs_db_t *db, cs_conn_t *probe, const cs_error_t *error);

/* A connection was found to know tables or statements that are no more: so may all that are open now. */
void cs_pool_outdate(cs_db_t *db);

#endif
