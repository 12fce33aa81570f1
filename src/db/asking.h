/* db/asking.h -- requests that are asked for by one statement; seen by db/ alone.
 *
 * What a short statement costs PostgreSQL is for the most part its beginning: a plan of nine tables is set up
 * for a row of each.  A statement that is marked "together" takes an array for each of its arguments, an
 * element per request, and tells in its first column whose row it is, from 1 on.  Whoever gets a
 * connection asks so for himself and for those who wait behind him; he reads their rows into their memory,
 * and wakes them.
 *
 * One that changes something is a statement of its own beside the one for a single request, and goes well for
 * those who are in its answer, all of them in one commit.  Whoever is not, and everybody when it fails, asks
 * once more by himself, and is told then what there is to tell.  Its requests are one caller's, who is known
 * by the first argument. */
#ifndef CS_DB_ASKING_H
#define CS_DB_ASKING_H

#include "db/layout.h"

#include <libpq-fe.h>

#define CS_ASKING_ARGS_MAX 48 /* arguments of a statement that is asked together */

/* One request.  Its memory is its thread's, which waits meanwhile; the one who asks for it writes there. */
typedef struct cs_asking_t {
    cs_ctx_t *cx;
    cs_stmt_id_t stmt;
    const cs_val_t *args;
    int count;
    int changes;                /* something: without a row, or without others, he asks by himself */
    cs_rows_t *rows;            /* NULL: the statement failed, or he is to ask by himself */
    cs_error_t *error;          /* then why, or NULL: it may be because of another's arguments */
    apr_time_t asked;           /* when it was sent */
    struct cs_waiter_t *waiter; /* who waits for the rows */
    struct cs_asking_t *next;
} cs_asking_t;

int cs_asking_count(const cs_asking_t *first);

/* Sends the prepared statement for all of them; like PQsendQueryPrepared. */
int cs_asking_send(PGconn *pg, const cs_asking_t *first);

/* Gives each its rows.  Of several each has a copy of its own: the result may end. */
cs_error_t *cs_asking_take(cs_asking_t *first, const PGresult *result,
                           const cs_layouts_t *layouts) CS_CHECKED;

#endif
