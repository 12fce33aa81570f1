#include "config.h"

#include "db/keeper.h"

#include "db/pool.h"

#include <apr_thread_proc.h>
#include <pthread.h>

#define SOON  apr_time_from_msec(200)  /* while something is down or idle: how late the way back is noticed */
#define LATER apr_time_from_msec(1000) /* otherwise */

typedef struct keeper_t {
    apr_pool_t *pool; /* the thread's own */
    cs_db_t *const *dbs;
    int count;
    const cs_log_t *log;
    apr_thread_t *thread;
    apr_thread_mutex_t
        *mutex; /* only for cond: a child that is told to die in the middle of a request may hold others */
    apr_thread_cond_t *cond;
    int stop;
} keeper_t;

static int stopping(keeper_t *keeper)
{
    return __atomic_load_n(&keeper->stop, __ATOMIC_ACQUIRE);
}

static int tend_all(keeper_t *keeper, apr_pool_t *scratch)
{
    int soon = 0;

    for (int i = 0; i < keeper->count && !stopping(keeper); i++) {
        cs_ctx_t cx = {.pool = scratch, .log = keeper->log};

        soon |= cs_pool_tend(&cx, keeper->dbs[i]);
        apr_pool_clear(scratch);
    }
    return soon;
}

static void *APR_THREAD_FUNC keep(apr_thread_t *thread, void *data)
{
    keeper_t *keeper = data;
    apr_pool_t *scratch;

    (void)thread;
#ifdef HAVE_PTHREAD_SETNAME_NP
    pthread_setname_np(pthread_self(), "cs-keeper");
#endif
    apr_pool_create(&scratch, keeper->pool);
    while (!stopping(keeper)) {
        int soon = tend_all(keeper, scratch);

        apr_thread_mutex_lock(keeper->mutex);
        if (!stopping(keeper)) {
            apr_thread_cond_timedwait(keeper->cond, keeper->mutex, soon ? SOON : LATER);
        }
        apr_thread_mutex_unlock(keeper->mutex);
    }
    apr_pool_destroy(scratch);
    return NULL;
}

static apr_status_t stop_keeper(void *data)
{
    keeper_t *keeper = data;
    apr_status_t status;

    __atomic_store_n(&keeper->stop, 1, __ATOMIC_RELEASE);
    apr_thread_cond_signal(keeper->cond);
    apr_thread_join(&status, keeper->thread);
    apr_pool_destroy(keeper->pool);
    return APR_SUCCESS;
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
    keeper->dbs = dbs;
    keeper->count = count;
    keeper->log = log;
    apr_thread_mutex_create(&keeper->mutex, APR_THREAD_MUTEX_DEFAULT, keeper->pool);
    apr_thread_cond_create(&keeper->cond, keeper->pool);
    status = apr_thread_create(&keeper->thread, NULL, keep, keeper, keeper->pool);
    if (status != APR_SUCCESS) {
        apr_pool_destroy(keeper->pool);
        return status;
    }
    apr_pool_pre_cleanup_register(pool, keeper, stop_keeper);
    return APR_SUCCESS;
}
