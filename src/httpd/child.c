#include "httpd/child.h"

#include "db/keeper.h"
#include "httpd/conf.h"
#include "httpd/log.h"
#include "httpd/module.h"
#include "httpd/mount.h"

#include <ap_mpm.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <http_log.h>

APLOG_USE_MODULE(chatsession);

typedef struct child_t {
    cs_db_t **dbs;
    cs_attempts_t *attempts;
    cs_crowd_t crowd;
    cs_verdicts_t *verdicts;
    cs_tags_t *tags;
    cs_answers_t *answers;
    cs_keepalive_t keepalive;
    apr_uint64_t first_id;
    apr_uint32_t requests;  /* counted atomically */
    apr_uint32_t anonymous; /* likewise: requests that nobody authenticated */
} child_t;

static child_t *child; /* set once, before the child's threads start */

int cs_child_prepare(apr_pool_t *process, apr_pool_t *pconf, server_rec *main_server)
{
    apr_array_header_t *databases = cs_mounts_databases(main_server);
    cs_mounts_t *mounts = ap_get_module_config(main_server->module_config, &chatsession_module);

    mounts->attempts = cs_attempts_open(process);
    mounts->verdicts = cs_verdicts_open(pconf);
    if (!mounts->attempts || !mounts->verdicts) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, main_server,
                     "CS%04d: log-ins cannot be counted or remembered: there is no shared memory", CSNO(4));
        return 0;
    }
    for (int i = 0; i < databases->nelts; i++) {
        cs_database_t *database = &APR_ARRAY_IDX(databases, i, cs_database_t);
        const char *reason;

        database->quota = cs_quota_open(process, database->key, database->host_max, &reason);
        if (!database->quota) {
            ap_log_error(APLOG_MARK, APLOG_ERR, 0, main_server,
                         "CS%04d: the limit ChatSessionHostMax cannot be kept: %s", CSNO(2), reason);
            return 0;
        }
    }
    return 1;
}

static int threads_of_child(void)
{
    int threads = 1;

    ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads);
    return threads > 1 ? threads : 1;
}

/* What is slow gets half of the threads, however many databases there are; the rest is for other sites. */
static int half_of(int threads)
{
    return threads > 1 ? threads / 2 : 1;
}

static void fit_to_threads(cs_db_options_t *options, int threads)
{
    int most = half_of(threads);

    options->pool_max = options->pool_max < most ? options->pool_max : most;
    if (options->queue_max == 0) {
        options->queue_max = threads;
    }
}

/* httpd waits for its threads before it lets a child end. */
int cs_child_is_ending(void)
{
    int state = AP_MPMQ_RUNNING;

    ap_mpm_query(AP_MPMQ_MPM_STATE, &state);
    return state == AP_MPMQ_STOPPING;
}

/* A child that is told to end at once destroys its pool while its threads may still answer: what they use
 * lies in a pool that only the end of the process takes away. */
static apr_pool_t *lasting_pool(apr_pool_t *pool)
{
    apr_pool_t *lasting;

    return apr_pool_create_unmanaged_ex(&lasting, NULL, NULL) == APR_SUCCESS ? lasting : pool;
}

void cs_child_init(apr_pool_t *pool, server_rec *main_server)
{
    const apr_array_header_t *databases = cs_mounts_databases(main_server);
    const cs_mounts_t *mounts = ap_get_module_config(main_server->module_config, &chatsession_module);
    apr_pool_t *lasting = lasting_pool(pool);
    const cs_log_t *log = cs_log_for_server(lasting, main_server);
    child_t *made = apr_pcalloc(lasting, sizeof(*made));
    int threads = threads_of_child();
    apr_status_t status;

    cs_keepalive_make(&made->keepalive, threads);
    made->crowd.max = half_of(threads);
    made->crowd.ending = cs_child_is_ending;

    if (apr_generate_random_bytes((unsigned char *)&made->first_id, sizeof(made->first_id)) != APR_SUCCESS) {
        made->first_id = (apr_uint64_t)apr_time_now() << 20 ^ (apr_uint64_t)getpid();
    }
    made->dbs = apr_pcalloc(lasting, sizeof(cs_db_t *) * (apr_size_t)(databases->nelts + 1));
    for (int i = 0; i < databases->nelts; i++) {
        const cs_database_t *database = &APR_ARRAY_IDX(databases, i, cs_database_t);
        cs_db_options_t *options = apr_pmemdup(lasting, &database->options, sizeof(*options));

        fit_to_threads(options, threads);
        made->dbs[i] = cs_db_make(lasting, options, database->quota, &made->crowd, log);
    }
    made->attempts = mounts->attempts;
    made->verdicts = mounts->verdicts;
    child = made;
    if (databases->nelts == 0) {
        return;
    }
    made->tags = cs_tags_make(lasting, threads);
    made->answers = cs_answers_make(lasting, cs_conf_list_memory(main_server) * (apr_size_t)threads);
    status = cs_keeper_start(pool, made->dbs, databases->nelts, log);
    if (status != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, status, main_server,
                     "CS%04d: the thread that reconnects to databases could not be started; this child "
                     "serves no chat sessions",
                     CSNO(3));
        child = NULL;
    }
}

cs_db_t *cs_child_db(int index)
{
    return child ? child->dbs[index] : NULL;
}

cs_tags_t *cs_child_tags(void)
{
    return child ? child->tags : NULL;
}

cs_answers_t *cs_child_answers(void)
{
    return child ? child->answers : NULL;
}

cs_keepalive_t *cs_child_keepalive(void)
{
    return child ? &child->keepalive : NULL;
}

int cs_child_is_first_anonymous(void)
{
    return !child || __atomic_fetch_add(&child->anonymous, 1, __ATOMIC_RELAXED) == 0;
}

cs_attempts_t *cs_child_attempts(void)
{
    return child ? child->attempts : NULL;
}

cs_verdicts_t *cs_child_verdicts(void)
{
    return child ? child->verdicts : NULL;
}

const char *cs_child_request_id(apr_pool_t *pool)
{
    apr_uint64_t id = 0;

    if (child) {
        id = child->first_id + __atomic_add_fetch(&child->requests, 1, __ATOMIC_RELAXED);
    }
    return apr_psprintf(pool, "%016" APR_UINT64_T_HEX_FMT, id);
}
