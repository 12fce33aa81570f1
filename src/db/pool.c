#include "db/pool.h"

#include "base/monotonic.h"

#include <apr_strings.h>
#include <string.h>
#include <unistd.h>

#define GROW_PAUSE   apr_time_from_msec(250) /* after a failed attempt, while other connections work */
#define ANSWER_LASTS apr_time_from_msec(100) /* how long a database counts as answering after it did */
#define PATIENCE     apr_time_from_msec(1)   /* of who could have a connection and waits to be asked for */
#define TAKEN_RETRY  apr_time_from_sec(1)    /* between looks of who is asked for: he is told */
#define QUOTA_RETRY  apr_time_from_msec(25)  /* between attempts to get a place that other children hold */

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

/* More statements than cores do not end earlier. */
static int cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count > 0 ? (int)count : 1;
}

cs_db_t *cs_db_make(apr_pool_t *pool, const cs_db_options_t *options, cs_quota_t *quota, cs_crowd_t *crowd,
                    const cs_log_t *log)
{
    cs_db_t *db = apr_pcalloc(pool, sizeof(*db));

    db->options = options;
    db->log = log;
    db->quota = quota;
    db->crowd = crowd;
    db->keeper = -1;
    cs_line_make(&db->line, cores());
    db->places = apr_pcalloc(pool, sizeof(*db->places) * (apr_size_t)options->pool_max);
    for (int i = options->pool_max - 1; i >= 0; i--) {
        db->places[i].db = db;
        db->places[i].pool = place_pool(pool);
        db->places[i].next = db->empty;
        db->empty = &db->places[i];
    }
    pthread_mutex_init(&db->mutex, NULL);
    apr_pool_cleanup_register(pool, db, close_all, apr_pool_cleanup_null);
    return db;
}

/* ---------------- with the mutex held: places */

/* Where all places are connected and leased there is nothing to be seen: then nobody is woken. */
static void let_next_look(cs_db_t *db)
{
    if (db->idle || db->empty) {
        cs_line_tell_next(&db->line);
    }
}

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

/* An empty place that may be connected, or NULL: the pool is full, or the host's quota, and *retry_out is
 * when to try again. */
static cs_conn_t *reserve_place(cs_db_t *db, apr_time_t *retry_out)
{
    apr_time_t now = cs_monotonic_now();
    int place;

    if (!db->empty) {
        return NULL;
    }
    if (now < db->grow_after) {
        *retry_out = db->grow_after < *retry_out ? db->grow_after : *retry_out;
        return NULL;
    }
    place = cs_quota_take(db->quota);
    if (place < 0) {
        cs_quota_cry(db->quota, db->open ? CS_CRY_MORE : CS_CRY_HUNGER);
        *retry_out = now + QUOTA_RETRY < *retry_out ? now + QUOTA_RETRY : *retry_out;
        return NULL;
    }
    db->open++;
    db->empty->quota = place;
    return pop(&db->empty);
}

/* The place's connection is gone already; somebody else may use the room. */
static void give_back_place(cs_db_t *db, cs_conn_t *conn)
{
    cs_quota_give(db->quota, conn->quota);
    db->open--;
    push(&db->empty, conn);
    cs_line_tell_next(&db->line);
}

static void close_place(cs_db_t *db, cs_conn_t *conn)
{
    cs_conn_close(conn);
    give_back_place(db, conn);
}

/* The connection is his, and with it the questions of others.  Who is first now has not looked yet. */
static void give(cs_db_t *db, cs_waiter_t *waiter, cs_conn_t *conn)
{
    cs_line_leave(&db->line, waiter);
    cs_line_give(&db->line, waiter, conn, db->options->together_max);
    let_next_look(db);
}

/* A connection that works and is nobody's: to whoever has waited longest.  He is returned, and has to be told
 * once the mutex is free, so that he does not wake up only to wait for it. */
static cs_waiter_t *hand_over(cs_db_t *db, cs_conn_t *conn)
{
    cs_waiter_t *waiter = cs_line_next(&db->line);

    if (waiter) {
        give(db, waiter, conn);
        cs_line_promise(waiter);
        return waiter;
    }
    conn->idle_since = cs_monotonic_now();
    push(&db->idle, conn);
    return NULL;
}

static void tell(cs_waiter_t *waiter)
{
    if (waiter) {
        cs_line_keep_promise(waiter);
    }
}

/* Whether another child gets the place of a connection that has come free here.  One that has none is served
 * before our own queue, as long as we keep another; it gets a moment to find what we give. */
static int needed_elsewhere(cs_db_t *db)
{
    int queue = cs_line_next(&db->line) != NULL;

    if ((!queue || db->open > 1) && cs_quota_hear(db->quota, CS_CRY_HUNGER)) {
        db->grow_after = cs_monotonic_now() + 2 * QUOTA_RETRY;
        return 1;
    }
    return !queue && cs_quota_hear(db->quota, CS_CRY_MORE);
}

/* ---------------- with the mutex held: state */

static void wake_keeper(const cs_db_t *db)
{
    ssize_t written = db->keeper < 0 ? 0 : write(db->keeper, "", 1);

    (void)written; /* a pipe that is full wakes as well */
}

/* Logged once for each reason of an outage. */
static void go_down(cs_db_t *db, const cs_error_t *error)
{
    char reason[sizeof(db->down_reason)];
    cs_conn_t *conn;

    apr_cpystrn(reason, error->detail ? error->detail : error->message, sizeof(reason));
    if (!db->down || strcmp(reason, db->down_reason) != 0) {
        cs_log(db->log, CS_LOG_ERR, CSNO(101), "database \"%s\" does not serve: %s", db->options->conninfo,
               reason);
    }
    if (!db->down) {
        db->down_since = cs_monotonic_now();
    }
    db->down = 1;
    db->doubted = 0;
    db->down_code = error->code;
    memcpy(db->down_reason, reason, sizeof(reason));
    while ((conn = pop(&db->idle))) {
        close_place(db, conn);
    }
    cs_line_tell_all(&db->line);
}

/* A connection was made, or all of them are: whatever was feared, it is over. */
static void serves(cs_db_t *db)
{
    if (db->down) {
        cs_log(db->log, CS_LOG_NOTICE, CSNO(102),
               "database \"%s\" serves again after %" APR_INT64_T_FMT " ms", db->options->conninfo,
               apr_time_as_msec(cs_monotonic_now() - db->down_since));
    }
    db->down = db->doubted = 0;
    db->grow_after = 0;
    cs_quota_served(db->quota);
}

static void begin_era(cs_db_t *db)
{
    __atomic_add_fetch(&db->era, 1, __ATOMIC_RELAXED);
}

/* Something did not answer in time.  One connection alone says nothing about the database. */
static void doubt(cs_db_t *db)
{
    db->doubted = 1;
    wake_keeper(db);
}

/* A new connection that could not be made.  1: the database does not serve.  0: it does, but gives no further
 * one. */
static int attempt_failed(cs_db_t *db, const cs_conn_t *conn, const cs_error_t *error)
{
    if (db->open == 0 || (conn->silent && db->doubted)) {
        go_down(db, error);
        return 1;
    }
    if (conn->silent) {
        doubt(db);
    }
    else {
        db->doubted = 0;
    }
    cs_log(db->log, CS_LOG_WARNING, CSNO(103), "database \"%s\" gives no further connection: %s",
           db->options->conninfo, error->detail ? error->detail : error->message);
    db->grow_after = cs_monotonic_now() + GROW_PAUSE;
    return 0;
}

static cs_error_t *down_error(cs_ctx_t *cx, const cs_db_t *db)
{
    return cs_error_make(cx->pool, db->down_code, NULL, "%s",
                         db->down_code == CS_E_DB_SCHEMA ? "the database is not prepared for this server"
                                                         : "the database cannot be reached");
}

/* ---------------- leasing: all with the mutex held but for connecting and waiting */

/* Connects a reserved place.  NULL without an error: there is no further connection now. */
static cs_conn_t *connect_place(cs_ctx_t *cx, cs_db_t *db, cs_conn_t *conn, cs_error_t **error_out)
{
    cs_ctx_t attempt = *cx;
    apr_time_t limit = cs_monotonic_now() + db->options->connect_timeout;
    cs_error_t *error;
    int hurried = cx->deadline < limit;

    attempt.deadline = hurried ? cx->deadline : limit;
    pthread_mutex_unlock(&db->mutex);
    error = cs_conn_open(&attempt, conn, db->options, db->crowd->ending);
    pthread_mutex_lock(&db->mutex);
    if (!error) {
        begin_era(db);
        serves(db);
        return conn;
    }
    give_back_place(db, conn);
    if (conn->silent && hurried) {
        doubt(db); /* the request had no time for a fair attempt */
        *error_out = error;
    }
    else if (attempt_failed(db, conn, error)) {
        *error_out = error;
    }
    return NULL;
}

/* An idle connection that nothing has happened to, or NULL. */
static cs_conn_t *pick_idle(cs_db_t *db)
{
    cs_conn_t *conn;

    while ((conn = pop(&db->idle)) && (conn->opened_at < db->outdated || !cs_conn_quiet(conn))) {
        close_place(db, conn);
    }
    return conn;
}

/* Whether he rather waits for a statement that runs, to be in the next one with others, than take a
 * connection of his own: as long as they are few, and for a moment at most. */
static int is_patient(const cs_db_t *db, const cs_waiter_t *waiter)
{
    return waiter->asking && cs_line_is_full(&db->line) && db->line.asking < db->options->together_max &&
           (waiter->waiting || db->line.waiting < db->options->queue_max) &&
           cs_monotonic_now() < waiter->patient_to;
}

/* For the one whose turn it is; what came free while it could not connect counts as well. */
static cs_error_t *look_for_one(cs_ctx_t *cx, cs_db_t *db, cs_waiter_t *waiter, apr_time_t *retry_out)
{
    cs_error_t *error = NULL;
    cs_conn_t *conn = NULL, *place;

    while (!error && !conn && !(conn = pick_idle(db)) && !db->down &&
           (place = reserve_place(db, retry_out))) {
        waiter->connecting = 1;
        cs_line_tell_next(&db->line);
        conn = connect_place(cx, db, place, &error);
        waiter->connecting = 0;
    }
    if (conn) {
        give(db, waiter, conn);
    }
    return error;
}

static cs_error_t *must_wait(cs_ctx_t *cx, cs_db_t *db, cs_waiter_t *waiter)
{
    if (waiter->waiting) {
        return NULL;
    }
    if (db->line.waiting >= db->options->queue_max) {
        return cs_error_make(cx->pool, CS_E_DB_BUSY, NULL, "too many requests wait for the database");
    }
    waiter->waiting = 1;
    db->line.waiting++;
    return NULL;
}

/* What there is for it now, or until when to wait. */
static cs_error_t *take_turn(cs_ctx_t *cx, cs_db_t *db, cs_waiter_t *waiter, apr_time_t until,
                             apr_time_t *retry_out)
{
    *retry_out = until;
    if (waiter->taken) {
        *retry_out = cs_monotonic_now() + TAKEN_RETRY;
        return NULL;
    }
    if (db->down) {
        return down_error(cx, db);
    }
    waiter->patient = is_patient(db, waiter);
    if (waiter->patient) {
        *retry_out = waiter->patient_to < until ? waiter->patient_to : until;
    }
    else if (cs_line_next(&db->line) == waiter) {
        CS_TRY(look_for_one(cx, db, waiter, retry_out));
    }
    if (waiter->conn) {
        return NULL;
    }
    if (db->down) {
        return down_error(cx, db);
    }
    if (cs_monotonic_now() >= until) {
        return cs_error_make(cx->pool, CS_E_DB_BUSY, NULL, "no database connection came free in time");
    }
    return must_wait(cx, db, waiter);
}

/* ---------------- leasing: without the mutex */

/* He leaves without anything. */
static void give_up(cs_db_t *db, cs_waiter_t *waiter)
{
    cs_line_leave(&db->line, waiter);
    let_next_look(db);
}

static cs_error_t *wait_for_one(cs_ctx_t *cx, cs_db_t *db, cs_waiter_t *waiter)
{
    apr_time_t now = cs_monotonic_now(), limit = now + db->options->wait;
    apr_time_t until = limit < cx->deadline ? limit : cx->deadline;
    cs_error_t *error = NULL;

    sem_init(&waiter->told, 0, 0);
    waiter->patient_to = now + PATIENCE;
    pthread_mutex_lock(&db->mutex);
    cs_line_join(&db->line, waiter);
    while (!waiter->conn && !error) {
        apr_time_t retry;

        error = take_turn(cx, db, waiter, until, &retry);
        if (!error && !waiter->conn) {
            if (!waiter->taken) { /* without the mutex somebody may take him, and then use his pool */
                cs_log(cx->log, CS_LOG_TRACE4, 0, "waits for a connection");
            }
            pthread_mutex_unlock(&db->mutex);
            waiter->heard += cs_monotonic_sem_wait(&waiter->told, retry);
            if (cs_line_is_given(waiter)) {
                return NULL;
            }
            pthread_mutex_lock(&db->mutex);
        }
    }
    if (error) {
        give_up(db, waiter);
    }
    pthread_mutex_unlock(&db->mutex);
    return error;
}

static void leave_crowd(cs_db_t *db)
{
    __atomic_sub_fetch(&db->crowd->inside, 1, __ATOMIC_RELAXED);
}

static void end_together(cs_db_t *db, cs_conn_t *conn)
{
    db->line.together -= conn->together;
    conn->together = 0;
}

static apr_status_t release_leased(void *data)
{
    cs_conn_t *conn = data;
    cs_db_t *db = conn->db;
    cs_waiter_t *waiter = NULL;
    int usable = cs_conn_usable(conn);

    if (usable) {
        cs_quota_served(db->quota);
    }
    else {
        cs_conn_close(conn);
    }
    pthread_mutex_lock(&db->mutex);
    conn->leased_to = NULL;
    end_together(db, conn);
    if (!usable) {
        give_back_place(db, conn);
        if (conn->silent) {
            doubt(db);
        }
    }
    else if (db->down || conn->opened_at < db->outdated || needed_elsewhere(db)) {
        close_place(db, conn);
    }
    else {
        waiter = hand_over(db, conn);
    }
    pthread_mutex_unlock(&db->mutex);
    tell(waiter);
    if (usable) {
        __atomic_store_n(&db->answered_at, cs_monotonic_now(), __ATOMIC_RELAXED);
    }
    leave_crowd(db);
    return APR_SUCCESS;
}

static int answers(const cs_db_t *db, apr_time_t now)
{
    return now - __atomic_load_n(&db->answered_at, __ATOMIC_RELAXED) < ANSWER_LASTS;
}

cs_error_t *cs_pool_lease(cs_ctx_t *cx, cs_db_t *db, cs_asking_t *asking, cs_conn_t **conn_out)
{
    cs_waiter_t waiter = {.asking = asking};
    apr_time_t start = cs_monotonic_now();
    cs_error_t *error;

    if (__atomic_add_fetch(&db->crowd->inside, 1, __ATOMIC_RELAXED) > db->crowd->max && !answers(db, start)) {
        leave_crowd(db);
        return cs_error_make(cx->pool, CS_E_DB_BUSY, NULL,
                             "half of the child's threads work for databases, and this one answers slowly");
    }
    if (asking) {
        asking->waiter = &waiter;
    }
    error = wait_for_one(cx, db, &waiter);
    cs_line_hear_all(&waiter);
    sem_destroy(&waiter.told);
    *conn_out = waiter.conn;
    if (!waiter.conn) {
        leave_crowd(db);
    }
    else {
        waiter.conn->leased_to = cx->pool;
        apr_pool_cleanup_register(cx->pool, waiter.conn, release_leased, apr_pool_cleanup_null);
    }
    cx->meter.waiting += cs_monotonic_now() - start;
    return error;
}

cs_error_t *cs_db_lease(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out)
{
    return cs_pool_lease(cx, db, NULL, conn_out);
}

void cs_db_release(cs_conn_t *conn)
{
    apr_pool_cleanup_run(conn->leased_to, conn, release_leased);
}

void cs_pool_outdate(cs_db_t *db)
{
    pthread_mutex_lock(&db->mutex);
    db->outdated = cs_monotonic_now();
    pthread_mutex_unlock(&db->mutex);
}

/* ---------------- upkeep */

/* Closes connections that idled too long or broke, and those that other children wait for. */
static void close_unneeded(cs_db_t *db)
{
    apr_time_t oldest = cs_monotonic_now() - db->options->idle_timeout;
    cs_conn_t *kept = NULL, *conn;

    while ((conn = pop(&db->idle))) {
        if (conn->idle_since < oldest || !cs_conn_quiet(conn) || needed_elsewhere(db)) {
            close_place(db, conn);
        }
        else {
            push(&kept, conn);
        }
    }
    while ((conn = pop(&kept))) {
        push(&db->idle, conn);
    }
}

/* No place: all are leased to requests that still wait, whose ends make room; or other children hold all of
 * them, and if they are served, so shall we be, in our turn. */
static cs_conn_t *reserve_probe(cs_db_t *db)
{
    apr_time_t never = 0;
    cs_conn_t *place;

    db->grow_after = 0;
    place = reserve_place(db, &never);
    if (!place && db->empty && db->down && cs_quota_served_at(db->quota) > db->down_since) {
        serves(db);
    }
    return place;
}

cs_upkeep_t cs_pool_tend(cs_db_t *db)
{
    cs_upkeep_t upkeep = {NULL, 1};

    if (pthread_mutex_trylock(&db->mutex) != 0) {
        return upkeep;
    }
    if (!db->down) {
        close_unneeded(db);
    }
    if (db->down || db->doubted) {
        upkeep.probe = reserve_probe(db);
    }
    upkeep.soon = db->idle || db->doubted || (db->down && db->down_code != CS_E_DB_SCHEMA);
    pthread_mutex_unlock(&db->mutex);
    return upkeep;
}

int cs_pool_probed(cs_db_t *db, cs_conn_t *probe, const cs_error_t *error)
{
    cs_waiter_t *waiter = NULL;

    if (pthread_mutex_trylock(&db->mutex) != 0) {
        return 0;
    }
    if (!error) {
        begin_era(db);
        serves(db);
        waiter = hand_over(db, probe);
    }
    else {
        give_back_place(db, probe);
        attempt_failed(db, probe, error);
    }
    pthread_mutex_unlock(&db->mutex);
    tell(waiter);
    return 1;
}
