/* httpd/watchdog.h -- who runs the time-driven work: mod_watchdog, in one child of the server for each
 * database.
 *
 * Each database has a watchdog of its own, which is a thread: whatever hangs, holds nobody else's. */
#ifndef CS_HTTPD_WATCHDOG_H
#define CS_HTTPD_WATCHDOG_H

#include "httpd/conf.h"
#include "work/runner.h"

/* The work on a database that sites of any virtual host ask for. */
typedef struct cs_plan_t {
    const char *key; /* of the database, for every spelling of its connection string */
    const char *zone_name;
    cs_chores_t chores;
} cs_plan_t;

/* While the configuration is worked out: adds what a site asks for to the plans, of cs_plan_t.  NULL, or why
 * it does not go with what another site on the same database asks for. */
const char *cs_watchdog_plan(apr_pool_t *pool, apr_array_header_t *plans, const char *key,
                             const cs_db_options_t *options, const cs_conf_t *conf);

/* In the parent, after the configuration was read: asks mod_watchdog for a thread for each plan.  Without
 * that module there is no time-driven work, which is logged.  0 on failure, logged as well. */
int cs_watchdog_prepare(apr_pool_t *pconf, server_rec *main_server, const apr_array_header_t *plans);

#endif
