/* httpd/conf.h -- the directives and what they set.
 *
 * One record per configuration section; a site's settings are those of its server and of the <Location>s
 * around it, merged once at start (httpd/mount.h). */
#ifndef CS_HTTPD_CONF_H
#define CS_HTTPD_CONF_H

#include "base/strings.h"
#include "base/zones.h"

#include <httpd.h>
#include <http_config.h>

#define CS_UNSET (-1)

/* Intervals are in microseconds. */
typedef struct cs_conf_t {
    int enabled;
    const char *database;
    int pool_max;
    int pool_together;
    int pool_queue; /* 0: half of the child's threads */
    int host_max;
    apr_interval_time_t pool_wait;
    apr_interval_time_t pool_idle;
    apr_interval_time_t connect_timeout;
    apr_interval_time_t statement_timeout;
    apr_interval_time_t timeout;
    apr_interval_time_t slow;
    apr_interval_time_t keepalive_wait;
    apr_interval_time_t retry_after;
    apr_interval_time_t idempotency_ttl;
    apr_int64_t max_body;
    int max_depth;
    int max_values;
    int page_size;
    int max_rows;
    apr_int64_t list_memory; /* the main server's alone counts */
    int references; /* cs_references_t */
    int properties; /* cs_properties_t */
    int auto_enroll;
    int with_username;
    int with_ticket;
    int with_implicit;
    apr_interval_time_t ticket_ttl;
    int ticket_max;
    int login_attempts;
    apr_interval_time_t login_window;
    apr_array_header_t *auth_providers; /* NULL: the default (httpd/auth_provider.h) */
    apr_interval_time_t auth_cache_ttl;
    apr_uint64_t scope; /* of the sections that these settings come from (httpd/sections.h); 0: none */
    const apr_array_header_t *app_tokens; /* NULL: not configured */
    const char *public_url;               /* scheme://host[:port] */
    apr_array_header_t *cors_origins;     /* of const char *, NULL: none */
    const cs_zone_t *time_zone;
    apr_array_header_t *zone_codes; /* of cs_zone_code_t, NULL: none */
    apr_array_header_t *strings;    /* of const cs_strings_t *, NULL: none */
    int runner;
    apr_interval_time_t runner_interval;
    apr_interval_time_t dead_after;
    apr_interval_time_t idle_after;
    apr_interval_time_t purge_after;
    apr_interval_time_t event_keep;
    apr_interval_time_t webhook_give_up;
    apr_interval_time_t webhook_timeout;
    apr_array_header_t *receivers; /* of cs_allow_t, NULL: none */
} cs_conf_t;

typedef enum cs_references_t { CS_REFERENCES_LOOSE, CS_REFERENCES_STRICT } cs_references_t;

extern const command_rec cs_conf_directives[];

void *cs_conf_create(apr_pool_t *pool, char *path);
void *cs_conf_merge(apr_pool_t *pool, void *base, void *over);

/* Gives every member that no directive set its default; the zone is loaded into the pool.  NULL or what is
 * wrong. */
const char *cs_conf_complete(apr_pool_t *pool, cs_conf_t *conf);

/* ChatSessionAuthCacheTTL, its default included: of settings that httpd merged for a request. */
apr_interval_time_t cs_conf_auth_cache_ttl(const cs_conf_t *conf);

/* ChatSessionListMemory, its default included: bytes for each thread of a child. */
apr_size_t cs_conf_list_memory(const server_rec *main_server);

/* NULL, or what does not fit together and what would. */
const char *cs_conf_cross_check(apr_pool_t *pool, const cs_conf_t *conf);

#endif
