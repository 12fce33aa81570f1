#include "httpd/mount.h"

#include "base/text.h"
#include "db/conninfo.h"
#include "httpd/conf.h"
#include "httpd/module.h"
#include "httpd/watchdog.h"

#include <apr_fnmatch.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(chatsession);

#define API_PATH "/api/v1"

/* ---------------- sections of a server */

/* The path of a <Location> without a pattern, or NULL. */
static const char *plain_path(ap_conf_vector_t *section)
{
    const core_dir_config *core = ap_get_core_module_config(section);

    return core->r || core->d_is_fnmatch || !core->d || *core->d != '/' ? NULL : core->d;
}

/* Whether the section holds for all that is below the path. */
static int lies_on(const char *section, const char *path)
{
    apr_size_t len = strlen(section);

    while (len && section[len - 1] == '/') {
        len--;
    }
    return strncmp(section, path, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static int ends_in(const char *path, apr_size_t len, const char *ending)
{
    apr_size_t size = strlen(ending);

    return len >= size && cs_text_same(path + len - size, size, ending, size);
}

/* <Location "/crm">, "/crm/api" and "/crm/api/v1" all mean the API at /crm/api/v1.  What the administrator
 * wrote keeps its spelling, because r->uri must match his <Location>. */
static const char *root_of(apr_pool_t *pool, const char *path)
{
    apr_size_t len = strlen(path);
    const char *rest = API_PATH;

    while (len && path[len - 1] == '/') {
        len--;
    }
    if (ends_in(path, len, API_PATH)) {
        rest = "";
    }
    else if (ends_in(path, len, "/api")) {
        rest = "/v1";
    }
    return apr_pstrcat(pool, apr_pstrmemdup(pool, path, len), rest, NULL);
}

/* The server's settings, overlaid by those of every <Location> around the path, in httpd's order. */
static cs_conf_t *settings_for(apr_pool_t *pool, server_rec *s, const char *path)
{
    const core_server_config *core = ap_get_core_module_config(s->module_config);
    ap_conf_vector_t **sections = (ap_conf_vector_t **)core->sec_url->elts;
    cs_conf_t *conf = ap_get_module_config(s->lookup_defaults, &chatsession_module);

    conf = cs_conf_merge(pool, cs_conf_create(pool, NULL), conf);
    for (int i = 0; i < core->sec_url->nelts; i++) {
        const char *section = plain_path(sections[i]);
        cs_conf_t *ours = ap_get_module_config(sections[i], &chatsession_module); /* NULL: says nothing */

        if (ours && section && lies_on(section, path)) {
            conf = cs_conf_merge(pool, conf, ours);
        }
    }
    return conf;
}

/* ---------------- from settings to sites */

static int database_index(apr_array_header_t *databases, const cs_database_t *wanted)
{
    cs_database_t *known = (cs_database_t *)databases->elts;

    for (int i = 0; i < databases->nelts; i++) {
        const cs_db_options_t *a = &known[i].options, *b = &wanted->options;

        if (strcmp(known[i].key, wanted->key) == 0 && known[i].host_max == wanted->host_max &&
            a->pool_max == b->pool_max && a->queue_max == b->queue_max &&
            a->together_max == b->together_max && a->wait == b->wait &&
            a->connect_timeout == b->connect_timeout && a->statement_timeout == b->statement_timeout &&
            a->idle_timeout == b->idle_timeout) {
            return i;
        }
    }
    APR_ARRAY_PUSH(databases, cs_database_t) = *wanted;
    return databases->nelts - 1;
}

/* NULL, or why the settings do not go with those of another site on the same database. */
static const char *disagreement(apr_pool_t *pool, const apr_array_header_t *databases, const cs_conf_t *conf)
{
    const cs_database_t *known = (const cs_database_t *)databases->elts;
    const char *key = cs_conninfo_key(pool, conf->database);

    for (int i = 0; i < databases->nelts; i++) {
        if (strcmp(known[i].key, key) == 0 && known[i].host_max != conf->host_max) {
            return apr_psprintf(pool,
                                "ChatSessionHostMax %d is %d elsewhere for the same database: it limits the "
                                "connections of all sites together, so say the same in both",
                                conf->host_max, known[i].host_max);
        }
    }
    return NULL;
}

static cs_database_t database_from(apr_pool_t *pool, const cs_conf_t *conf, const cs_constants_t *constants)
{
    cs_database_t database = {.key = cs_conninfo_key(pool, conf->database), .host_max = conf->host_max};

    database.options = (cs_db_options_t){
        .conninfo = conf->database,
        .pool_max = conf->pool_max,
        .queue_max = conf->pool_queue,
        .together_max = conf->pool_together,
        .wait = conf->pool_wait,
        .connect_timeout = conf->connect_timeout,
        .statement_timeout = conf->statement_timeout,
        .idle_timeout = conf->pool_idle,
        .sql = constants->sql,
        .shapes = constants->shapes,
        .shape_count = CS_SHAPES,
    };
    return database;
}

/* What the sites of all servers share while they are worked out. */
typedef struct shared_t {
    const cs_constants_t *constants;
    const cs_zones_t *zones; /* NULL until the first site needs them */
    apr_array_header_t *databases;
    apr_array_header_t *plans;
} shared_t;

/* The zone of the catalogue where it has this one: equal zones are one. */
static const cs_tz_t *base_zone(const cs_zones_t *zones, const cs_zone_t *configured)
{
    const cs_zone_t *known = cs_zones_find(zones, configured->name, strlen(configured->name));

    return known && strcmp(known->name, configured->name) == 0 ? known->tz : configured->tz;
}

static cs_mount_t *mount_from(apr_pool_t *pool, const cs_conf_t *conf, const char *root, shared_t *shared)
{
    cs_mount_t *mount = apr_pcalloc(pool, sizeof(*mount));
    cs_database_t database = database_from(pool, conf, shared->constants);

    shared->zones = shared->zones ? shared->zones : cs_zones_load(pool);

    mount->root = root;
    mount->root_len = strlen(mount->root);
    mount->public_url = conf->public_url;
    mount->cors_origins = conf->cors_origins;
    mount->slow = conf->slow;
    mount->keepalive_wait = conf->keepalive_wait;
    mount->retry_after = (int)apr_time_sec(conf->retry_after);
    mount->login_attempts = conf->login_attempts;
    mount->login_window = (int)apr_time_sec(conf->login_window);
    mount->site = (cs_site_t){
        .limits = {.body = (apr_size_t)conf->max_body, .depth = conf->max_depth, .values = conf->max_values},
        .locale = {.base_zone = base_zone(shared->zones, conf->time_zone),
                   .strings = cs_strings_join(pool, conf->strings)},
        .zones = cs_zones_add(pool, shared->zones, conf->zone_codes),
        .base_zone_name = conf->time_zone->name,
        .db_index = database_index(shared->databases, &database),
        .timeout = conf->timeout,
        .patience = conf->pool_wait,
        .idempotency_ttl = conf->idempotency_ttl,
        .page_size = conf->page_size,
        .rows_max = conf->max_rows,
        .strict = conf->references == CS_REFERENCES_STRICT,
        .auto_enroll = conf->auto_enroll,
        .root = mount->root,
        .with_username = conf->with_username,
        .with_ticket = conf->with_ticket,
        .with_implicit = conf->with_implicit,
        .ticket_ttl = (int)apr_time_sec(conf->ticket_ttl),
        .ticket_max = conf->ticket_max,
        .app_tokens = conf->app_tokens,
        .parts = shared->constants->parts[conf->properties],
    };
    return mount;
}

static int complain(server_rec *s, const char *path, const char *wrong)
{
    ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, s, "CS%04d: <Location \"%s\"> of %s: %s", CSNO(1),
                 path, s->server_hostname ? s->server_hostname : "the main server", wrong);
    return 0;
}

static cs_mount_t *find_root(const cs_mounts_t *mounts, const char *root)
{
    for (int i = 0; i < mounts->mounts->nelts; i++) {
        cs_mount_t *mount = APR_ARRAY_IDX(mounts->mounts, i, cs_mount_t *);

        if (strcasecmp(mount->root, root) == 0) {
            return mount;
        }
    }
    return NULL;
}

/* What a <Location> inside the API says would be lost: one place has one set of settings. */
static const char *lost_settings(apr_pool_t *pool, const cs_mounts_t *mounts, const char *path)
{
    for (int i = 0; i < mounts->mounts->nelts; i++) {
        const cs_mount_t *mount = APR_ARRAY_IDX(mounts->mounts, i, cs_mount_t *);

        if (lies_on(mount->root, path) && strlen(path) > mount->root_len + 1) {
            return apr_psprintf(
                pool,
                "this is a part of the API at %s, which has one set of settings: put ChatSession "
                "directives into <Location \"%s\">",
                mount->root, mount->root);
        }
    }
    return NULL;
}

static const char *plan_work(apr_pool_t *pool, const cs_conf_t *conf, const cs_mount_t *mount,
                             const shared_t *shared)
{
    const cs_database_t *database =
        &APR_ARRAY_IDX(shared->databases, mount->site.db_index, const cs_database_t);

    return cs_watchdog_plan(pool, shared->plans, database->key, &database->options, conf);
}

/* The mount that a <Location> asks for, unless another one switches it off. */
static int resolve_section(apr_pool_t *pool, server_rec *s, const char *path, shared_t *shared)
{
    cs_mounts_t *mounts = ap_get_module_config(s->module_config, &chatsession_module);
    const char *root = root_of(pool, path);
    const char *above = apr_pstrmemdup(pool, root, strlen(root) - (sizeof("/v1") - 1));
    cs_conf_t *conf = settings_for(pool, s, root);
    cs_mount_t *mount;
    const char *wrong;

    if (conf->enabled != 1 || find_root(mounts, root)) {
        return 1;
    }
    wrong = cs_conf_complete(pool, conf);
    wrong = wrong ? wrong : cs_conf_cross_check(pool, conf);
    wrong = wrong ? wrong : disagreement(pool, shared->databases, conf);
    if (wrong) {
        return complain(s, path, wrong);
    }
    mount = mount_from(pool, conf, root, shared);
    wrong = plan_work(pool, conf, mount, shared);
    if (wrong) {
        return complain(s, path, wrong);
    }
    mount->above = lies_on(path, above) ? above : NULL;
    APR_ARRAY_PUSH(mounts->mounts, cs_mount_t *) = mount;
    return 1;
}

static int resolve_server(apr_pool_t *pool, server_rec *s, shared_t *shared)
{
    const core_server_config *core = ap_get_core_module_config(s->module_config);
    ap_conf_vector_t **sections = (ap_conf_vector_t **)core->sec_url->elts;
    const cs_mounts_t *mounts = ap_get_module_config(s->module_config, &chatsession_module);
    int fine = 1;

    for (int i = 0; i < core->sec_url->nelts; i++) {
        const cs_conf_t *section = ap_get_module_config(sections[i], &chatsession_module);
        const char *path = plain_path(sections[i]);

        if (section && path && section->enabled == 1) {
            fine &= resolve_section(pool, s, path, shared);
        }
    }
    for (int i = 0; i < core->sec_url->nelts; i++) {
        const cs_conf_t *section = ap_get_module_config(sections[i], &chatsession_module);
        const char *path = plain_path(sections[i]);
        const char *lost =
            section && path && section->enabled != 1 ? lost_settings(pool, mounts, path) : NULL;

        if (lost) {
            fine = complain(s, path, lost);
        }
    }
    return fine;
}

void *cs_mounts_create(apr_pool_t *pool, server_rec *s)
{
    cs_mounts_t *mounts = apr_pcalloc(pool, sizeof(*mounts));

    (void)s;
    mounts->mounts = apr_array_make(pool, 2, sizeof(cs_mount_t *));
    mounts->databases = apr_array_make(pool, 2, sizeof(cs_database_t));
    mounts->plans = apr_array_make(pool, 2, sizeof(cs_plan_t));
    return mounts;
}

apr_array_header_t *cs_mounts_databases(server_rec *main_server)
{
    const cs_mounts_t *mounts = ap_get_module_config(main_server->module_config, &chatsession_module);

    return mounts->databases;
}

const apr_array_header_t *cs_mounts_plans(server_rec *main_server)
{
    const cs_mounts_t *mounts = ap_get_module_config(main_server->module_config, &chatsession_module);

    return mounts->plans;
}

/* A virtual host that says nothing of ours has the main server's mounts. */
static int shares_record(const server_rec *s, const server_rec *main_server)
{
    return s != main_server && ap_get_module_config(s->module_config, &chatsession_module) ==
                                   ap_get_module_config(main_server->module_config, &chatsession_module);
}

int cs_mounts_resolve(apr_pool_t *pool, server_rec *main_server)
{
    const cs_mounts_t *all = ap_get_module_config(main_server->module_config, &chatsession_module);
    shared_t shared = {.databases = all->databases, .plans = all->plans};
    cs_error_t *error = cs_constants_make(pool, &shared.constants);
    int fine = 1;

    if (error) {
        return complain(main_server, "/", error->message);
    }
    for (server_rec *s = main_server; s; s = s->next) {
        fine &= shares_record(s, main_server) || resolve_server(pool, s, &shared);
    }
    return fine;
}

void cs_mounts_tell(const server_rec *main_server)
{
    for (const server_rec *s = main_server; s; s = s->next) {
        const cs_mounts_t *mounts = ap_get_module_config(s->module_config, &chatsession_module);

        for (int i = 0; i < mounts->mounts->nelts && !shares_record(s, main_server); i++) {
            ap_log_error(APLOG_MARK, APLOG_INFO, 0, s, "CS%04d: serves %s/ChatSession on %s", CSNO(5),
                         APR_ARRAY_IDX(mounts->mounts, i, const cs_mount_t *)->root,
                         s->server_hostname ? s->server_hostname : "the main server");
        }
    }
}

/* ---------------- per request */

/* The fixed words match in any case; what an administrator put before them, as it is. */
static int begins_with(const char *path, const char *root, apr_size_t len, apr_size_t fixed)
{
    return strncmp(path, root, len - fixed) == 0 && strncasecmp(path, root, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

/* "/crm/api" itself, with or without slashes at its end. */
static int is_above(const cs_mount_t *mount, const char *path)
{
    apr_size_t len = mount->above ? strlen(mount->above) : 0;

    return len && begins_with(path, mount->above, len, sizeof("/api") - 1) &&
           path[len + strspn(path + len, "/")] == '\0';
}

const cs_mount_t *cs_mount_find(server_rec *s, const char *path, const char **rest_out)
{
    const cs_mounts_t *mounts = ap_get_module_config(s->module_config, &chatsession_module);
    const cs_mount_t *best = NULL;

    for (int i = 0; i < mounts->mounts->nelts; i++) {
        const cs_mount_t *mount = APR_ARRAY_IDX(mounts->mounts, i, cs_mount_t *);

        if (is_above(mount, path)) {
            *rest_out = "";
            return mount;
        }
        if ((!best || mount->root_len > best->root_len) &&
            begins_with(path, mount->root, mount->root_len, sizeof(API_PATH) - 1)) {
            best = mount;
        }
    }
    if (best) {
        *rest_out = path[best->root_len] ? path + best->root_len : "/";
    }
    return best;
}
