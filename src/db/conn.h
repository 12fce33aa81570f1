/* db/conn.h -- one connection to PostgreSQL, never blocking beyond its deadline; seen by db/ alone. */
#ifndef CS_DB_CONN_H
#define CS_DB_CONN_H

#include "db/asking.h"
#include "db/kept.h"

#include <libpq-fe.h>

/* How far a connection that is being opened has come. */
typedef enum cs_stage_t { CS_STAGE_CONNECT, CS_STAGE_VERSION, CS_STAGE_LAYOUT, CS_STAGE_OPEN } cs_stage_t;

/* A place in the pool's fixed array. */
struct cs_conn_t {
    cs_db_t *db;
    PGconn *pg;            /* NULL: the place is empty */
    int quota;             /* its place in the host's quota */
    apr_pool_t *leased_to; /* the request that holds it, or NULL */
    apr_time_t opened_at, idle_since;
    apr_pool_t *pool;     /* of this place alone, with an allocator of its own; cleared for each connection */
    cs_kept_t *kept;      /* which statements made for calls it keeps */
    apr_pool_t *tables;   /* in the pool: the layouts */
    cs_layouts_t layouts; /* how records come over this connection */
    cs_stage_t stage;
    PGresult *answer; /* what has come of the command that runs */
    int spoiled;      /* answered in a way after which it must not be used again */
    int silent;       /* did not answer in time: perhaps the whole database does not */
    int together;     /* leased to somebody who asks for others as well */
    int untouched;    /* the statement that failed last has certainly changed nothing */
    cs_conn_t *next;  /* in the list of idle or of empty places */
    unsigned char prepared[CS_STMT_COUNT];
};

/* Connects, pins the session's settings and checks what it reaches: encoding, schema version, tables.  On an
 * error the place is empty.  `ending` (or NULL) says that nobody should wait for long any more. */
cs_error_t *cs_conn_open(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                         int (*ending)(void)) CS_CHECKED;

/* The same in steps that never wait, for who opens many at once: start, then a step whenever poll() found one
 * of *events_out, until there are none.  cx->pool lives until then. */
cs_error_t *cs_conn_start(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                          short *events_out) CS_CHECKED;
cs_error_t *cs_conn_step(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                         short *events_out) CS_CHECKED;

/* What an opening that took too long is called; the place is empty then. */
cs_error_t *cs_conn_give_up(cs_ctx_t *cx, cs_conn_t *conn);

void cs_conn_close(cs_conn_t *conn);

/* Whether an idle connection still looks usable: nothing has arrived on it unasked. */
int cs_conn_quiet(const cs_conn_t *conn);

/* Whether a connection just used may be used again. */
int cs_conn_usable(const cs_conn_t *conn);

/* DB_SILENT when there is no answer until cx->deadline, or for so long that not even the server's own time
 * limit came back.  After an error conn->untouched says whether the statement may be sent again. */
cs_error_t *cs_conn_exec(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt,
                         const cs_val_t *args, int count, cs_rows_t **rows_out) CS_CHECKED;

/* The same for several requests at once, by the first one's time; on an error none of them has rows. */
cs_error_t *cs_conn_ask(cs_conn_t *conn, const cs_db_options_t *options, cs_asking_t *first) CS_CHECKED;

/* A statement that was made for a call, and only reads.  Its rows go into the sink one by one. */
cs_error_t *cs_conn_query(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                          const cs_query_t *query, cs_sink_t *sink) CS_CHECKED;

/* ---------------- between conn.c, query.c and open.c */

/* Until the socket is ready or the instant is there: 1, or 0 at the instant. */
int cs_conn_wait(const cs_conn_t *conn, short events, apr_time_t until);

/* What to wait for before PQgetResult is certain not to block; 0: nothing. */
short cs_conn_events(const cs_conn_t *conn);

/* Takes what has come of the answer to one command.  1 when all of it is in conn->answer, whose end of life
 * is cx->pool's, or 0 and what to wait for. */
int cs_conn_collect(cs_ctx_t *cx, cs_conn_t *conn, short *events_out);

/* The complete answer, or the error that it is. */
cs_error_t *cs_conn_judge(cs_ctx_t *cx, cs_conn_t *conn, int carries_values,
                          PGresult **result_out) CS_CHECKED;

/* The two together, until the instant. */
cs_error_t *cs_conn_await(cs_ctx_t *cx, cs_conn_t *conn, apr_time_t until, int carries_values,
                          PGresult **result_out) CS_CHECKED;

/* When a statement that begins now is to be given up. */
apr_time_t cs_conn_limit(const cs_ctx_t *cx, const cs_db_options_t *options);

/* Errors: the connection broke; it did not answer; the result is an error. */
cs_error_t *cs_conn_lost(cs_ctx_t *cx, cs_conn_t *conn);
cs_error_t *cs_conn_silent(cs_ctx_t *cx, cs_conn_t *conn);
cs_error_t *cs_conn_refused(cs_ctx_t *cx, cs_conn_t *conn, const PGresult *result, int carries_values);

/* Learns the tables' layouts, by the instant. */
cs_error_t *cs_conn_learn(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                          apr_time_t until) CS_CHECKED;

#endif
