#include "db/pool.h"

#include <apr_strings.h>
#include <string.h>

#define GROW_PAUSE  apr_time_from_msec(250) /* after a failed attempt, while other connections work */
#define QUOTA_RETRY apr_time_from_msec(25)  /* between attempts to get a place that other children hold */

/* One thread that waits for a connection, on its own stack. */
struct cs_waiter_t {
    apr_thread_cond_t *cond;
    cs_conn_t *conn; /* handed over, or NULL */
    int woken;       /* to try again */
    cs_waiter_t *next;
};

/* ---------------- making and ending */

static apr_status_t close_all(void *data)
{
    cs_db_t *db = data;

    for (int i = 0; i < db->options->pool_max; i++) {
        if (db->places[i].pg) {
            cs_conn_close(&db->places[i]);
        }
    }
    return APR_SUCCESS;
}

/* Connections are opened by any thread, so each place has memory that no other thread touches. */
static apr_pool_t *place_pool(apr_pool_t *parent)
{
    apr_allocator_t *allocator;
    apr_pool_t *pool;

    apr_allocator_create(&allocator);
    apr_pool_create_ex(&pool, parent, NULL, allocator);
    apr_allocator_owner_set(allocator, pool);
    return pool;
}

cs_db_t *cs_db_make(apr_pool_t *pool, const cs_db_options_t *options, cs_quota_t *quota, const cs_log_t *log)
{
    cs_db_t *db = apr_pcalloc(pool, sizeof(*db));

    db->options = options;
    db->log = log;
    db->quota = quota;
    db->last_waiter = &db->first_waiter;
    db->places = apr_pcalloc(pool, sizeof(*db->places) * (apr_size_t)options->pool_max);
    for (int i = options->pool_max - 1; i >= 0; i--) {
        db->places[i].db = db;
        db->places[i].pool = place_pool(pool);
        db->places[i].next = db->empty;
        db->empty = &db->places[i];
    }
    apr_thread_mutex_create(&db->mutex, APR_THREAD_MUTEX_DEFAULT, pool);
    apr_pool_cleanup_register(pool, db, close_all, apr_pool_cleanup_null);
    return db;
}

/* ---------------- with the mutex held: places */

static cs_conn_t *pop(cs_conn_t **list)
{
    cs_conn_t *conn = *list;

    if (conn) {
        *list = conn->next;
        conn->next = NULL;
    }
    return conn;
}

static void push(cs_conn_t **list, cs_conn_t *conn)
{
    conn->next = *list;
    *list = conn;
}

/* An empty place that may be connected, or NULL: the pool is full, or the host's quota. */
static cs_conn_t *reserve_place(cs_db_t *db, int *quota_full)
{
    int place;

    *quota_full = 0;
    if (!db->empty || apr_time_now() < db->grow_after) {
        return NULL;
    }
    place = cs_quota_take(db->quota);
    if (place < 0) {
        *quota_full = 1;
        return NULL;
    }
    db->open++;
    db->empty->quota = place;
    return pop(&db->empty);
}

static void wake_oldest(cs_db_t *db)
{
    cs_waiter_t *waiter = db->first_waiter;

    while (waiter && waiter->woken) {
        waiter = waiter->next; /* each of them has a place to try for already */
    }
    if (waiter) {
        waiter->woken = 1;
        apr_thread_cond_signal(waiter->cond);
    }
}

/* The place's connection is gone already; somebody else may use the room. */
static void give_back_place(cs_db_t *db, cs_conn_t *conn)
{
    cs_quota_give(db->quota, conn->quota);
    db->open--;
    push(&db->empty, conn);
    wake_oldest(db);
}

static void close_idle(cs_db_t *db)
{
    cs_conn_t *conn;

    while ((conn = pop(&db->idle))) {
        cs_conn_close(conn);
        give_back_place(db, conn);
    }
}

/* ---------------- with the mutex held: waiters */

static void waiter_leave(cs_db_t *db, cs_waiter_t *waiter)
{
    cs_waiter_t **at = &db->first_waiter;

    while (*at && *at != waiter) {
        at = &(*at)->next;
    }
    if (*at) {
        *at = waiter->next;
        if (db->last_waiter == &waiter->next) {
            db->last_waiter = at;
        }
        db->waiters--;
    }
}

/* At the end of the queue until woken or until the instant; the connection handed over, or NULL. */
static cs_conn_t *wait_in_queue(cs_ctx_t *cx, cs_db_t *db, apr_time_t until)
{
    cs_waiter_t waiter = {NULL, NULL, 0, NULL};

    apr_thread_cond_create(&waiter.cond, cx->pool);
    *db->last_waiter = &waiter;
    db->last_waiter = &waiter.next;
    db->waiters++;
    while (!waiter.conn && !waiter.woken) {
        apr_interval_time_t left = until - apr_time_now();

        if (left <= 0 || apr_thread_cond_timedwait(waiter.cond, db->mutex, left) == APR_TIMEUP) {
            break;
        }
    }
    waiter_leave(db, &waiter);
    apr_thread_cond_destroy(waiter.cond);
    return waiter.conn;
}

/* ---------------- with the mutex held: state */

/* Logged once for each reason of an outage. */
static void go_down(cs_db_t *db, const cs_error_t *error)
{
    char reason[sizeof(db->down_reason)];

    apr_cpystrn(reason, error->detail ? error->detail : error->message, sizeof(reason));
    if (!db->down || strcmp(reason, db->down_reason) != 0) {
        cs_log(db->log, CS_LOG_ERR, CSNO(101), "database \"%s\" does not serve: %s", db->options->conninfo,
               reason);
    }
    if (!db->down) {
        db->down_since = apr_time_now();
    }
    db->down = 1;
    db->down_code = error->code;
    memcpy(db->down_reason, reason, sizeof(reason));
    close_idle(db);
    for (cs_waiter_t *waiter = db->first_waiter; waiter; waiter = waiter->next) {
        waiter->woken = 1;
        apr_thread_cond_signal(waiter->cond);
    }
}

static void go_up(cs_db_t *db)
{
    cs_log(db->log, CS_LOG_NOTICE, CSNO(102), "database \"%s\" serves again after %" APR_INT64_T_FMT " ms",
           db->options->conninfo, apr_time_as_msec(apr_time_now() - db->down_since));
    db->down = 0;
    db->grow_after = 0;
}

static cs_error_t *down_error(cs_ctx_t *cx, const cs_db_t *db)
{
    return cs_error_make(cx->pool, db->down_code, NULL, "%s",
                         db->down_code == CS_E_DB_SCHEMA ? "the database is not prepared for this server"
                                                         : "the database cannot be reached");
}

/* ---------------- leasing */

/* Connects a reserved place, with the mutex released meanwhile.  A failure while other connections work is no
 * more than a full house; alone it means that the database does not serve. */
static cs_conn_t *connect_place(cs_ctx_t *cx, cs_db_t *db, cs_conn_t *conn, cs_error_t **error_out)
{
    cs_ctx_t attempt = *cx;
    apr_time_t limit = apr_time_now() + db->options->connect_timeout;

    attempt.deadline = limit < cx->deadline ? limit : cx->deadline;
    apr_thread_mutex_unlock(db->mutex);
    *error_out = cs_conn_open(&attempt, conn, db->options);
    apr_thread_mutex_lock(db->mutex);
    if (!*error_out) {
        return conn;
    }
    db->open--;
    cs_quota_give(db->quota, conn->quota);
    push(&db->empty, conn);
    if (db->open > 0) {
        cs_log(db->log, CS_LOG_WARNING, CSNO(103), "database \"%s\" gives no further connection: %s",
               db->options->conninfo, (*error_out)->detail ? (*error_out)->detail : (*error_out)->message);
        db->grow_after = apr_time_now() + GROW_PAUSE;
        *error_out = NULL;
    }
    else {
        go_down(db, *error_out);
    }
    return NULL;
}

/* An idle connection that nothing has happened to, or NULL. */
static cs_conn_t *pick_idle(cs_db_t *db)
{
    cs_conn_t *conn;

    while ((conn = pop(&db->idle)) && !cs_conn_quiet(conn)) {
        cs_conn_close(conn);
        give_back_place(db, conn);
    }
    return conn;
}

/* With the mutex held throughout, but for connecting and waiting. */
static cs_error_t *find_connection(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out)
{
    apr_time_t limit = apr_time_now() + db->options->wait;
    apr_time_t until = limit < cx->deadline ? limit : cx->deadline;

    for (;;) {
        cs_error_t *error = NULL;
        cs_conn_t *conn = NULL;
        apr_time_t now = apr_time_now();
        int quota_full;

        if (db->down) {
            return down_error(cx, db);
        }
        *conn_out = pick_idle(db);
        if (*conn_out) {
            return NULL;
        }
        conn = reserve_place(db, &quota_full);
        if (conn) {
            *conn_out = connect_place(cx, db, conn, &error);
            if (*conn_out || error) {
                return error;
            }
            continue;
        }
        if (db->waiters >= db->options->queue_max) {
            return cs_error_make(cx->pool, CS_E_DB_BUSY, NULL, "too many requests wait for the database");
        }
        if (now >= until) {
            return cs_error_make(cx->pool, CS_E_DB_BUSY, NULL, "no database connection came free in time");
        }
        if (quota_full) {
            cs_quota_cry(db->quota);
        }
        *conn_out =
            wait_in_queue(cx, db, quota_full && now + QUOTA_RETRY < until ? now + QUOTA_RETRY : until);
        if (*conn_out) {
            return NULL;
        }
    }
}

static apr_status_t release_leased(void *data)
{
    cs_conn_t *conn = data;
    cs_db_t *db = conn->db;
    cs_waiter_t *waiter;
    int usable = cs_conn_usable(conn);

    if (!usable) {
        cs_conn_close(conn);
    }
    apr_thread_mutex_lock(db->mutex);
    conn->leased_to = NULL;
    waiter = db->first_waiter;
    if (!usable) {
        give_back_place(db, conn);
    }
    else if (waiter && !db->down) {
        waiter_leave(db, waiter);
        waiter->conn = conn;
        apr_thread_cond_signal(waiter->cond);
    }
    else if (db->down || cs_quota_wanted(db->quota)) {
        cs_conn_close(conn);
        give_back_place(db, conn);
    }
    else {
        conn->idle_since = apr_time_now();
        push(&db->idle, conn);
    }
    apr_thread_mutex_unlock(db->mutex);
    return APR_SUCCESS;
}

static cs_error_t *lease_any(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out)
{
    apr_time_t start = apr_time_now();
    cs_error_t *error;

    apr_thread_mutex_lock(db->mutex);
    error = find_connection(cx, db, conn_out);
    apr_thread_mutex_unlock(db->mutex);
    cx->meter.waiting += apr_time_now() - start;
    if (!error) {
        (*conn_out)->leased_to = cx->pool;
        apr_pool_cleanup_register(cx->pool, *conn_out, release_leased, apr_pool_cleanup_null);
    }
    return error;
}

/* One that broke, or that knows the tables no more, is given up before anything was done with it. */
cs_error_t *cs_db_lease(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out)
{
    for (;;) {
        cs_error_t *error;

        CS_TRY(lease_any(cx, db, conn_out));
        error = cs_conn_trust(cx, *conn_out, db->options);
        if (!error) {
            return NULL;
        }
        (*conn_out)->spoiled = 1;
        cs_db_release(*conn_out);
        if (error->code != CS_E_DB_LOST || apr_time_now() > cx->deadline) {
            return error;
        }
    }
}

void cs_db_release(cs_conn_t *conn)
{
    apr_pool_cleanup_run(conn->leased_to, conn, release_leased);
}

/* ---------------- running */

/* What the end of a statement tells about its connection and the database. */
static void note_end(cs_ctx_t *cx, cs_conn_t *conn, apr_time_t start, const cs_error_t *error)
{
    cs_db_t *db = conn->db;

    cx->meter.database += apr_time_now() - start;
    conn->spoiled = conn->spoiled || (error && error->code == CS_E_DB_LOST);
    if (error && error->code == CS_E_DB_TIMEOUT && PQtransactionStatus(conn->pg) == PQTRANS_ACTIVE &&
        apr_time_now() - start >= db->options->statement_timeout) {
        /* Not even its own statement_timeout came back: the server is gone. */
        apr_thread_mutex_lock(db->mutex);
        go_down(db, error);
        apr_thread_mutex_unlock(db->mutex);
    }
}

cs_error_t *cs_db_exec(cs_ctx_t *cx, cs_conn_t *conn, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                       cs_rows_t **rows_out)
{
    apr_time_t start = apr_time_now();
    cs_error_t *error = cs_conn_exec(cx, conn, conn->db->options, stmt, args, count, rows_out);

    note_end(cx, conn, start, error);
    return error;
}

cs_error_t *cs_db_query(cs_ctx_t *cx, cs_db_t *db, const char *sql, const cs_val_t *args, int count,
                        cs_rows_t **rows_out)
{
    for (int attempt = 1;; attempt++) {
        apr_time_t start;
        cs_conn_t *conn;
        cs_error_t *error;

        CS_TRY(cs_db_lease(cx, db, &conn));
        start = apr_time_now();
        error = cs_conn_query(cx, conn, sql, args, count, rows_out);
        note_end(cx, conn, start, error);
        cs_db_release(conn);
        if (!error || error->code != CS_E_DB_LOST || attempt == 2) {
            return error;
        }
    }
}

cs_error_t *cs_db_run(cs_ctx_t *cx, cs_db_t *db, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                      cs_rows_t **rows_out)
{
    for (int attempt = 1;; attempt++) {
        cs_conn_t *conn;
        cs_error_t *error;
        int prepared;

        CS_TRY(cs_db_lease(cx, db, &conn));
        prepared = conn->prepared[stmt];
        error = cs_db_exec(cx, conn, stmt, args, count, rows_out);
        /* A connection that broke while it prepared has not run anything yet. */
        prepared = prepared || conn->prepared[stmt];
        cs_db_release(conn);
        if (!error || error->code != CS_E_DB_LOST || attempt == 2 ||
            (prepared && !cs_stmt_table[stmt].repeatable)) {
            return error;
        }
        cs_log(cx->log, CS_LOG_INFO, CSNO(104), "statement %s runs again: %s", cs_stmt_table[stmt].name,
               error->detail);
    }
}

/* ---------------- transactions */

/* One that broke before anything was done in it is begun once more on another connection. */
cs_error_t *cs_db_begin(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out)
{
    for (int attempt = 1;; attempt++) {
        cs_rows_t *none;
        cs_error_t *error;

        CS_TRY(cs_db_lease(cx, db, conn_out));
        error = cs_db_exec(cx, *conn_out, CS_STMT_TRANSACTION_BEGIN, NULL, 0, &none);
        if (!error) {
            return NULL;
        }
        cs_db_release(*conn_out);
        if (error->code != CS_E_DB_LOST || attempt == 2) {
            return error;
        }
    }
}

cs_error_t *cs_db_commit(cs_ctx_t *cx, cs_conn_t *conn)
{
    cs_rows_t *none;
    cs_error_t *error = cs_db_exec(cx, conn, CS_STMT_TRANSACTION_COMMIT, NULL, 0, &none);

    cs_db_release(conn);
    return error;
}

/* The request's time may be over, but the connection is worth another moment. */
void cs_db_rollback(cs_ctx_t *cx, cs_conn_t *conn)
{
    if (PQtransactionStatus(conn->pg) == PQTRANS_INTRANS ||
        PQtransactionStatus(conn->pg) == PQTRANS_INERROR) {
        cs_ctx_t more = *cx;
        cs_rows_t *none;

        more.deadline = apr_time_now() + conn->db->options->connect_timeout;
        if (cs_db_exec(&more, conn, CS_STMT_TRANSACTION_ROLLBACK, NULL, 0, &none)) {
            conn->spoiled = 1;
        }
    }
    cs_db_release(conn);
}

/* ---------------- upkeep */

/* Closes connections that idled too long or broke, and one that another child waits for. */
static void close_unneeded(cs_db_t *db)
{
    apr_time_t oldest = apr_time_now() - db->options->idle_timeout;
    int wanted = cs_quota_wanted(db->quota);
    cs_conn_t *kept = NULL, *conn;

    while ((conn = pop(&db->idle))) {
        if (wanted || conn->idle_since < oldest || !cs_conn_quiet(conn)) {
            cs_conn_close(conn);
            give_back_place(db, conn);
            wanted = 0;
        }
        else {
            push(&kept, conn);
        }
    }
    while ((conn = pop(&kept))) {
        push(&db->idle, conn);
    }
}

static void try_to_come_up(cs_ctx_t *cx, cs_db_t *db)
{
    cs_error_t *error;
    cs_conn_t *conn;
    int quota_full;

    db->grow_after = 0;
    conn = reserve_place(db, &quota_full);
    if (!conn) {
        return; /* all places are leased to requests that still wait: their ends make room */
    }
    apr_thread_mutex_unlock(db->mutex);
    cx->deadline = apr_time_now() + db->options->connect_timeout;
    error = cs_conn_open(cx, conn, db->options);
    apr_thread_mutex_lock(db->mutex);
    if (error) {
        give_back_place(db, conn);
        go_down(db, error);
        return;
    }
    go_up(db);
    conn->idle_since = apr_time_now();
    push(&db->idle, conn);
}

int cs_pool_tend(cs_ctx_t *cx, cs_db_t *db)
{
    int soon;

    if (apr_thread_mutex_trylock(db->mutex) != APR_SUCCESS) {
        return 1;
    }
    if (db->down) {
        try_to_come_up(cx, db);
    }
    else {
        close_unneeded(db);
    }
    soon = db->idle || (db->down && db->down_code != CS_E_DB_SCHEMA);
    apr_thread_mutex_unlock(db->mutex);
    return soon;
}
