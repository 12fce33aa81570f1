/* httpd/mount.h -- where the API is served, on which virtual host, with which settings.
 *
 * Worked out once per start from the <Location>s that say "ChatSession On"; read-only afterwards. */
#ifndef CS_HTTPD_MOUNT_H
#define CS_HTTPD_MOUNT_H

#include "api/site.h"

#include <httpd.h>

typedef struct cs_mount_t {
    const char *root; /* "/crm/api/v1": what URLs begin with; no slash at its end */
    apr_size_t root_len;
    const char *above; /* "/crm/api": where the API tells of itself; NULL: that is none of ours */
    const apr_array_header_t
        *cors_origins;      /* of const char *: that may use the API from a page; NULL: none */
    const char *public_url; /* scheme and host of links, or NULL: as the request says */
    apr_interval_time_t slow;
    apr_interval_time_t keepalive_wait; /* httpd/keepalive.h; 0: not at all */
    int retry_after;    /* seconds */
    int login_attempts; /* failed ones of a client and name in a window; 0: as many as they like */
    int login_window;   /* seconds */
    cs_site_t site;
} cs_mount_t;

/* The module's record of each server. */
typedef struct cs_mounts_t {
    apr_array_header_t *mounts; /* of cs_mount_t *, the server's own */
    apr_array_header_t
        *databases;            /* of cs_database_t, those of all servers; in the main server's record alone */
    apr_array_header_t *plans; /* of cs_plan_t, the time-driven work of all servers; there alone as well */
    struct cs_attempts_t *attempts; /* in the main server's record alone */
    struct cs_verdicts_t *verdicts; /* likewise */
} cs_mounts_t;

/* A database that sites of any virtual host use with equal settings; each child has one pool for it. */
typedef struct cs_database_t {
    cs_db_options_t options;
    const char *key; /* the same for every spelling of its connection string */
    int host_max;
    cs_quota_t *quota;
} cs_database_t;

/* The record of a server, empty until cs_mounts_resolve. */
void *cs_mounts_create(apr_pool_t *pool, server_rec *s);

/* Works out the mounts of all virtual hosts and the databases behind them.  Everything wrong is logged; then
 * the answer is 0. */
int cs_mounts_resolve(apr_pool_t *pool, server_rec *main_server);

/* Logs where the API is served. */
void cs_mounts_tell(const server_rec *main_server);

/* The databases of all servers. */
apr_array_header_t *cs_mounts_databases(server_rec *main_server);

/* The time-driven work of all servers. */
const apr_array_header_t *cs_mounts_plans(server_rec *main_server);

/* The mount that the path lies on, or NULL; *rest_out is what comes after its root, beginning with "/", or
 * "/"; it is "" for the place above the root, "/crm/api". */
const cs_mount_t *cs_mount_find(server_rec *s, const char *path, const char **rest_out);

#endif
