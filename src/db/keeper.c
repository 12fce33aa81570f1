#include "config.h"

#include "db/keeper.h"

#include "base/monotonic.h"
#include "db/pool.h"

#include <apr_thread_proc.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define SOON  apr_time_from_msec(200)  /* while something is down or idle: how late the way back is noticed */
#define LATER apr_time_from_msec(1000) /* otherwise */
#define RETRY apr_time_from_msec(10)   /* for a mutex that somebody held */

/* A database and the connection that is being tried to it. */
typedef struct charge_t {
    cs_db_t *db;
    apr_time_t next; /* round of upkeep */
    apr_pool_t *pool;
    cs_ctx_t cx;      /* of the trial; its deadline */
    cs_conn_t *probe; /* NULL: there is none */
    cs_error_t *error;
    short events; /* what the trial waits for; 0: it has ended */
} charge_t;

typedef struct keeper_t {
    apr_pool_t *pool; /* the thread's own */
    charge_t *charges;
    int count;
    const cs_log_t *log;
    apr_thread_t *thread;
    struct pollfd *sockets; /* the pipe's, then one per charge */
    int bell[2];            /* a pipe: a byte in it ends the wait */
    int stop;
} keeper_t;

static int stopping(keeper_t *keeper)
{
    return __atomic_load_n(&keeper->stop, __ATOMIC_ACQUIRE);
}

/* ---------------- trials */

static void begin_trial(keeper_t *keeper, charge_t *charge, cs_conn_t *probe)
{
    apr_pool_clear(charge->pool);
    charge->cx = (cs_ctx_t){.pool = charge->pool,
                            .log = keeper->log,
                            .deadline = cs_monotonic_now() + charge->db->options->connect_timeout};
    charge->probe = probe;
    charge->events = 0;
    charge->error = cs_conn_start(&charge->cx, probe, charge->db->options, &charge->events);
}

static void go_on(charge_t *charge, short happened, apr_time_t now)
{
    if (charge->events && happened) {
        charge->error = cs_conn_step(&charge->cx, charge->probe, charge->db->options, &charge->events);
    }
    else if (charge->events && now >= charge->cx.deadline) {
        charge->error = cs_conn_give_up(&charge->cx, charge->probe);
    }
    if (charge->error) {
        charge->events = 0;
    }
    if (!charge->events && cs_pool_probed(charge->db, charge->probe, charge->error)) {
        charge->probe = NULL;
        charge->next = now + SOON;
    }
}

static void tend(keeper_t *keeper, charge_t *charge, apr_time_t now)
{
    cs_upkeep_t upkeep;

    if (charge->probe || now < charge->next) {
        return;
    }
    upkeep = cs_pool_tend(charge->db);
    charge->next = now + (upkeep.soon ? SOON : LATER);
    if (upkeep.probe) {
        begin_trial(keeper, charge, upkeep.probe);
    }
}

/* ---------------- the thread */

static apr_time_t due_at(const charge_t *charge, apr_time_t now)
{
    if (!charge->probe) {
        return charge->next;
    }
    return charge->events ? charge->cx.deadline : now + RETRY;
}

/* Until something happens to a trial, or something is due, or the bell rings. */
static void wait_for_work(keeper_t *keeper)
{
    apr_time_t now = cs_monotonic_now(), due = now + LATER;
    apr_interval_time_t left;

    keeper->sockets[0] = (struct pollfd){.fd = keeper->bell[0], .events = POLLIN};
    for (int i = 0; i < keeper->count; i++) {
        const charge_t *charge = &keeper->charges[i];
        apr_time_t next = due_at(charge, now);

        keeper->sockets[1 + i] = (struct pollfd){.fd = charge->events ? PQsocket(charge->probe->pg) : -1,
                                                 .events = charge->events};
        due = next < due ? next : due;
    }
    left = due > now ? due - now : 0;
    poll(keeper->sockets, (nfds_t)keeper->count + 1, (int)((left + 999) / 1000));
}

static void answer_bell(keeper_t *keeper)
{
    char rings[64];

    if (!keeper->sockets[0].revents) {
        return;
    }
    while (read(keeper->bell[0], rings, sizeof(rings)) > 0) {
    }
    for (int i = 0; i < keeper->count; i++) {
        keeper->charges[i].next = 0;
    }
}

static void *APR_THREAD_FUNC keep(apr_thread_t *thread, void *data)
{
    keeper_t *keeper = data;

    (void)thread;
#ifdef HAVE_PTHREAD_SETNAME_NP
    pthread_setname_np(pthread_self(), "cs-keeper");
#endif
    while (!stopping(keeper)) {
        apr_time_t now = cs_monotonic_now();

        for (int i = 0; i < keeper->count && !stopping(keeper); i++) {
            charge_t *charge = &keeper->charges[i];

            if (charge->probe) {
                go_on(charge, keeper->sockets[1 + i].revents, now);
            }
            tend(keeper, charge, now);
            keeper->sockets[1 + i].revents = 0;
        }
        wait_for_work(keeper);
        answer_bell(keeper);
    }
    return NULL;
}

/* ---------------- starting and stopping */

/* Connections, those of trials included, are closed with their pools. */
static apr_status_t stop_keeper(void *data)
{
    keeper_t *keeper = data;
    apr_status_t status;
    ssize_t written;

    __atomic_store_n(&keeper->stop, 1, __ATOMIC_RELEASE);
    written = write(keeper->bell[1], "", 1);
    (void)written; /* a pipe that is full wakes as well */
    apr_thread_join(&status, keeper->thread);
    for (int i = 0; i < keeper->count; i++) {
        keeper->charges[i].db->keeper = -1;
    }
    close(keeper->bell[0]);
    close(keeper->bell[1]);
    apr_pool_destroy(keeper->pool);
    return APR_SUCCESS;
}

static apr_status_t start(keeper_t *keeper, cs_db_t *const *dbs)
{
    if (pipe2(keeper->bell, O_CLOEXEC | O_NONBLOCK) != 0) {
        return apr_get_os_error();
    }
    for (int i = 0; i < keeper->count; i++) {
        keeper->charges[i].db = dbs[i];
        apr_pool_create(&keeper->charges[i].pool, keeper->pool);
        dbs[i]->keeper = keeper->bell[1];
    }
    return apr_thread_create(&keeper->thread, NULL, keep, keeper, keeper->pool);
}

apr_status_t cs_keeper_start(apr_pool_t *pool, cs_db_t *const *dbs, int count, const cs_log_t *log)
{
    keeper_t *keeper = apr_pcalloc(pool, sizeof(*keeper));
    apr_status_t status;

    /* A pool outside the child's: two threads must not share an allocator. */
    status = apr_pool_create_unmanaged_ex(&keeper->pool, NULL, NULL);
    if (status != APR_SUCCESS) {
        return status;
    }
    keeper->count = count;
    keeper->log = log;
    keeper->charges = apr_pcalloc(pool, sizeof(charge_t) * (apr_size_t)count);
    keeper->sockets = apr_pcalloc(pool, sizeof(struct pollfd) * ((apr_size_t)count + 1));
    status = start(keeper, dbs);
    if (status != APR_SUCCESS) {
        apr_pool_destroy(keeper->pool);
        return status;
    }
    apr_pool_pre_cleanup_register(pool, keeper, stop_keeper);
    return APR_SUCCESS;
}
