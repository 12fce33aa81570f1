#include "httpd/watchdog.h"

#include "hook/allow.h"
#include "hook/sender.h"
#include "httpd/child.h"
#include "httpd/log.h"
#include "httpd/module.h"

#include <apr_optional.h>
#include <apr_strings.h>
#include <http_log.h>
#include <mod_watchdog.h>
#include <string.h>

APLOG_USE_MODULE(chatsession);

/* ---------------- while the configuration is worked out */

static int same_receivers(const apr_array_header_t *a, const apr_array_header_t *b)
{
    if (!a || !b || a->nelts != b->nelts) {
        return a == b;
    }
    for (int i = 0; i < a->nelts; i++) {
        const cs_allow_t *x = &APR_ARRAY_IDX(a, i, const cs_allow_t);
        const cs_allow_t *y = &APR_ARRAY_IDX(b, i, const cs_allow_t);

        if (!x->name != !y->name || (x->name && strcmp(x->name, y->name) != 0) ||
            memcmp(&x->network, &y->network, sizeof(x->network)) != 0) {
            return 0;
        }
    }
    return 1;
}

static int same_chores(const cs_chores_t *a, const cs_chores_t *b)
{
    return a->every == b->every && a->dead_after == b->dead_after && a->idle_after == b->idle_after &&
           a->purge_after == b->purge_after && a->keep_events == b->keep_events &&
           a->hook_give_up == b->hook_give_up && a->hook_timeout == b->hook_timeout &&
           same_receivers(a->allow, b->allow);
}

const char *cs_watchdog_plan(apr_pool_t *pool, apr_array_header_t *plans, const char *key,
                             const cs_db_options_t *options, const cs_conf_t *conf)
{
    cs_plan_t plan = {.key = key,
                      .zone_name = conf->time_zone->name,
                      .chores = {.db = apr_pmemdup(pool, options, sizeof(*options)),
                                 .zone = conf->time_zone->tz,
                                 .every = conf->runner_interval,
                                 .dead_after = conf->dead_after,
                                 .idle_after = conf->idle_after,
                                 .purge_after = conf->purge_after,
                                 .keep_events = conf->event_keep,
                                 .hook_give_up = conf->webhook_give_up,
                                 .hook_timeout = conf->webhook_timeout,
                                 .allow = conf->receivers}};

    if (!conf->runner) {
        return NULL;
    }
    for (int i = 0; i < plans->nelts; i++) {
        const cs_plan_t *other = &APR_ARRAY_IDX(plans, i, const cs_plan_t);

        if (strcmp(other->key, key) != 0) {
            continue;
        }
        if (strcmp(other->zone_name, plan.zone_name) != 0 || !same_chores(&other->chores, &plan.chores)) {
            return "the time-driven work on this database has other settings elsewhere: say the same in both "
                   "(ChatSessionTimeZone, ChatSessionRunnerInterval, ChatSession...After, "
                   "ChatSessionEventKeep, "
                   "ChatSessionWebhook...), or ChatSessionRunner Off in one";
        }
        return NULL;
    }
    APR_ARRAY_PUSH(plans, cs_plan_t) = plan;
    return NULL;
}

/* ---------------- in the thread */

typedef struct watch_t {
    const cs_plan_t *plan;
    server_rec *server;
    apr_pool_t *pool; /* of the thread alone; NULL: it has not begun */
    cs_runner_t *runner;
} watch_t;

/* A pool with an allocator of its own: two threads must not share one. */
static void begin(watch_t *watch)
{
    const cs_log_t *log;

    if (apr_pool_create_unmanaged_ex(&watch->pool, NULL, NULL) != APR_SUCCESS) {
        watch->pool = NULL;
        return;
    }
    log = cs_log_for_server(watch->pool, watch->server);
    if (cs_sender_begin()) {
        watch->runner = cs_runner_make(watch->pool, &watch->plan->chores, log, cs_child_is_ending);
    }
    if (!watch->runner) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, watch->server,
                     "CS%04d: this process cannot do time-driven work: libcurl cannot be used", CSNO(245));
    }
}

static void end(watch_t *watch)
{
    if (watch->pool) {
        apr_pool_destroy(watch->pool);
        cs_sender_end();
    }
    watch->pool = NULL;
    watch->runner = NULL;
}

static apr_status_t on_watch(int state, void *data, apr_pool_t *pool)
{
    watch_t *watch = data;

    switch (state) {
    case AP_WATCHDOG_STATE_STARTING:
        begin(watch);
        break;
    case AP_WATCHDOG_STATE_RUNNING:
        if (watch->runner) {
            cs_runner_turn(watch->runner, pool);
        }
        break;
    case AP_WATCHDOG_STATE_STOPPING:
        end(watch);
        break;
    }
    return APR_SUCCESS;
}

/* ---------------- in the parent */

int cs_watchdog_prepare(apr_pool_t *pconf, server_rec *main_server, const apr_array_header_t *plans)
{
    APR_OPTIONAL_FN_TYPE(ap_watchdog_get_instance) *get = APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_get_instance);
    APR_OPTIONAL_FN_TYPE(ap_watchdog_register_callback) *add =
        APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_register_callback);

    if (plans->nelts && (!get || !add)) {
        ap_log_error(
            APLOG_MARK, APLOG_WARNING, 0, main_server,
            "CS%04d: mod_watchdog is not loaded: no session ends by itself, nothing expired is removed "
            "and no webhook is sent from here; load it, or say ChatSessionRunner Off",
            CSNO(246));
        return 1;
    }
    for (int i = 0; i < plans->nelts; i++) {
        watch_t *watch = apr_pcalloc(pconf, sizeof(*watch));
        ap_watchdog_t *watchdog;
        apr_status_t status;

        watch->plan = &APR_ARRAY_IDX(plans, i, const cs_plan_t);
        watch->server = main_server;
        status = get(&watchdog, apr_psprintf(pconf, "chatsession-%d", i + 1), 0, 1, pconf);
        status = status ? status : add(watchdog, AP_WD_TM_SLICE, watch, on_watch);
        if (status != APR_SUCCESS) {
            ap_log_error(APLOG_MARK, APLOG_ERR, status, main_server,
                         "CS%04d: mod_watchdog gives no thread for time-driven work", CSNO(247));
            return 0;
        }
    }
    return 1;
}
