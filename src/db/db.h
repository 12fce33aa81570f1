/* db/db.h -- a database: its pool of connections in this child, and running statements on them.
 *
 * Any thread may lease; a leased connection is that thread's until it goes back, which it does at the latest
 * with the request's pool.  Waiters are served in the order they came.  While the database is known not to
 * answer, every lease fails at once; the keeper (db/keeper.h) notices when it is back. */
#ifndef CS_DB_DB_H
#define CS_DB_DB_H

#include "base/ctx.h"
#include "base/error.h"
#include "base/log.h"
#include "base/val.h"
#include "db/quota.h"
#include "db/rows.h"
#include "db/stmt.h"

typedef struct cs_db_t cs_db_t;
typedef struct cs_conn_t cs_conn_t;

/* A table whose records statements bring back whole: the columns that are read, in the order of the cells. */
typedef struct cs_shape_t {
    const char *table;
    const cs_column_t *columns;
    int count;
} cs_shape_t;

#define CS_TOGETHER_MAX 64 /* requests that one statement asks for */

/* Intervals are in microseconds. */
typedef struct cs_db_options_t {
    const char *conninfo;                  /* libpq's; without a password (db/conninfo.h) */
    int pool_max;                          /* connections of this child */
    int queue_max;                         /* requests of this child that may wait for one */
    int together_max;                      /* of them, that one statement asks for */
    apr_interval_time_t wait;              /* for a connection */
    apr_interval_time_t connect_timeout;   /* for one attempt */
    apr_interval_time_t statement_timeout; /* told to PostgreSQL */
    apr_interval_time_t idle_timeout;      /* an unused connection is closed after it */
    const char *const *sql;                /* CS_STMT_COUNT finished texts */
    const cs_shape_t *shapes;              /* of all tables whose records they bring back */
    int shape_count;
} cs_db_options_t;

/* The requests of this child that hold or wait for a connection of any of its databases.  While a database
 * answers, its requests are gone in a moment, and may be as many as there are threads; one that has been
 * silent for a while gets no more than `max` of all, so that the other threads stay free for what needs no
 * database. */
typedef struct cs_crowd_t {
    int max;
    int inside;          /* counted atomically */
    int (*ending)(void); /* whether the child is about to end: then no attempt to connect lasts long */
} cs_crowd_t;

/* In the child, before its threads start; connections are opened when they are needed and closed with the
 * pool. options, quota, crowd and log outlive it. */
cs_db_t *cs_db_make(apr_pool_t *pool, const cs_db_options_t *options, cs_quota_t *quota, cs_crowd_t *crowd,
                    const cs_log_t *log);

/* A connection that works.  Waits at most options->wait and not beyond cx->deadline.  DB_UNAVAILABLE (or what
 * else keeps the database from answering), DB_BUSY when no connection came free or too many requests ask.
 * Who is asked for by another waits for neither, but for that one's statement. */
cs_error_t *cs_db_lease(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out) CS_CHECKED;
void cs_db_release(cs_conn_t *conn);

/* Runs one statement, at most until cx->deadline.  The rows do not need the connection any more.  On an error
 * the connection may be unusable; its release sees to that. */
cs_error_t *cs_db_exec(cs_ctx_t *cx, cs_conn_t *conn, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                       cs_rows_t **rows_out) CS_CHECKED;

/* Several statements as one change, on a connection that is leased until the end of it.  Both ends release
 * it: commit whether or not it succeeds (after an error the outcome is not known), rollback whatever state it
 * is in.  One that is never ended is rolled back when its lease ends with cx->pool. */
cs_error_t *cs_db_begin(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out) CS_CHECKED;
cs_error_t *cs_db_commit(cs_ctx_t *cx, cs_conn_t *conn) CS_CHECKED;
void cs_db_rollback(cs_ctx_t *cx, cs_conn_t *conn);

/* A number that is another one whenever a connection has been made: what was remembered of the database may
 * have been another's. */
unsigned cs_db_era(const cs_db_t *db);

/* Whether statements with a mark of records (query/template.h) are worth an attempt: they are not for a
 * minute after one has found what has none in a table's place, a view for example. */
int cs_db_has_marks(const cs_db_t *db);
void cs_db_lacks_marks(cs_db_t *db);

/* Leases, runs, releases.  A statement whose connection broke runs once more on another, when it is
 * repeatable or has certainly not been carried out. */
cs_error_t *cs_db_run(cs_ctx_t *cx, cs_db_t *db, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                      cs_rows_t **rows_out) CS_CHECKED;

/* A statement that was made for a call, and only reads. */
typedef struct cs_query_t {
    const char *sql;
    const cs_val_t *args;
    int count;
    int steady; /* its best plan is the same for all values: it may be kept, and planned without them */
    int few;    /* all rows at once are little memory */
} cs_query_t;

/* The same for such a statement; its rows go into the sink as they come, or when all have where they are few.
 * An error of the sink's ends it, and is passed up. */
cs_error_t *cs_db_query(cs_ctx_t *cx, cs_db_t *db, const cs_query_t *query, cs_sink_t *sink) CS_CHECKED;

#endif
