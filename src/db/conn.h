/* db/conn.h -- one connection to PostgreSQL, never blocking beyond its deadline; seen by db/ alone. */
#ifndef CS_DB_CONN_H
#define CS_DB_CONN_H

#include "db/layout.h"

#include <libpq-fe.h>

/* A place in the pool's fixed array. */
struct cs_conn_t {
    cs_db_t *db;
    PGconn *pg;            /* NULL: the place is empty */
    int quota;             /* its place in the host's quota */
    apr_pool_t *leased_to; /* the request that holds it, or NULL */
    apr_time_t idle_since;
    apr_pool_t *pool; /* of this place alone, with an allocator of its own; emptied with each connection */
    cs_layouts_t layouts;     /* how records come over this connection */
    apr_time_t trusted_until; /* the layouts need not be asked for again before */
    int spoiled;              /* answered in a way after which it must not be used again */
    cs_conn_t *next;          /* in the list of idle or of empty places */
    unsigned char prepared[CS_STMT_COUNT];
};

/* Connects, pins the session's settings and checks what it reaches: encoding and schema version.  On an error
 * the place is empty. */
cs_error_t *cs_conn_open(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options) CS_CHECKED;
void cs_conn_close(cs_conn_t *conn);

/* Whether an idle connection still looks usable: nothing has arrived on it unasked. */
int cs_conn_quiet(const cs_conn_t *conn);

/* Makes sure, once a second, that the tables are still laid out as they were when the connection was opened.
 * DB_LOST when they are not. */
cs_error_t *cs_conn_trust(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options) CS_CHECKED;

/* Whether a connection just used may be used again. */
int cs_conn_usable(const cs_conn_t *conn);

cs_error_t *cs_conn_exec(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt,
                         const cs_val_t *args, int count, cs_rows_t **rows_out) CS_CHECKED;

/* A statement without a name, planned for these values; one that only reads. */
cs_error_t *cs_conn_query(cs_ctx_t *cx, cs_conn_t *conn, const char *sql, const cs_val_t *args, int count,
                          cs_rows_t **rows_out) CS_CHECKED;

#endif
