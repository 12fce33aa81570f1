/* db/line.h -- who waits for a connection of a pool, in the order in which they came; seen by db/ alone.
 *
 * Each waits by its own semaphore, so that whoever is given something needs no mutex to know: it is one
 * wake-up.  All of this is done with the pool's mutex held but where it says otherwise. */
#ifndef CS_DB_LINE_H
#define CS_DB_LINE_H

#include "db/conn.h"

#include <semaphore.h>

/* One thread that asks for a connection, on its own stack, until it has been given what it waits for. */
typedef struct cs_waiter_t {
    sem_t told;
    int tellings; /* how often it is told in all; its stack stays until it has heard each one */
    int heard;
    cs_asking_t *asking; /* the statement that it wants to run, where others may be asked with it; or NULL */
    apr_time_t patient_to; /* until when it waits for a statement that runs, though a connection be idle */
    int patient;           /* it does so */
    int taken;             /* somebody else asks for it: nobody but him tells it anything any more */
    cs_conn_t *conn;       /* or NULL */
    int given;      /* a connection, or what was asked for it; atomic, set by who took it out of the line */
    int connecting; /* trying a new connection: takes none that comes free meanwhile */
    int waiting;    /* counted as such */
    struct cs_waiter_t *next;
} cs_waiter_t;

typedef struct cs_line_t {
    cs_waiter_t *first, **last; /* everybody who asks */
    int waiting;                /* how many of them have to wait */
    int asking;                 /* how many of them could be asked for by another */
    int lanes;                  /* statements for several at once, beyond which one rather waits */
    int together;               /* that run now */
} cs_line_t;

void cs_line_make(cs_line_t *line, int lanes);

void cs_line_join(cs_line_t *line, cs_waiter_t *waiter);
void cs_line_leave(cs_line_t *line, cs_waiter_t *waiter);

/* Whether as many run as are of use: who waits for their ends is then asked for with others. */
int cs_line_is_full(const cs_line_t *line);

/* The oldest who can take a connection, or NULL. */
cs_waiter_t *cs_line_next(const cs_line_t *line);

/* Everybody shall look again, or the next one alone. */
void cs_line_tell_all(cs_line_t *line);
void cs_line_tell_next(cs_line_t *line);

/* The waiter, who left the line, has the connection.  Where he asks together with others he takes along those
 * in the line who want to run the same statement, at most `most` with him, and wait at least as long. */
void cs_line_give(cs_line_t *line, cs_waiter_t *waiter, cs_conn_t *conn, int most);

/* To one who left the line, by who took it out: that it has been given something, and then, as the last thing
 * of all, that it shall look.  It may see the promise at once, but not go before it was told.  Without the
 * mutex, but for the promise of a connection: who looks for himself has the mutex. */
void cs_line_promise(cs_waiter_t *waiter);
void cs_line_keep_promise(cs_waiter_t *waiter);
int cs_line_is_given(const cs_waiter_t *waiter);

/* To all behind the first, that their rows are there.  Without the mutex. */
void cs_line_tell_askers(cs_asking_t *first);

/* Nobody tells it anything any more, but what was told may still be on its way.  Without the mutex. */
void cs_line_hear_all(cs_waiter_t *waiter);

#endif
