#include "httpd/conf.h"

#include "db/conninfo.h"
#include "db/db.h"
#include "httpd/app_tokens.h"
#include "httpd/auth_provider.h"
#include "httpd/conf_set.h"
#include "httpd/module.h"
#include "httpd/sections.h"
#include "model/rights.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---------------- numbers and intervals, as rows */

/* A directive with one number or interval: where it goes and what it may be. */
typedef struct range_t {
    const char *name;
    size_t member;
    enum { NUMBER, BYTES, INTERVAL } kind;
    apr_int64_t low, high, preset; /* intervals in milliseconds */
    const char *low_text, *high_text;
} range_t;

#define MEMBER(name) offsetof(cs_conf_t, name)

enum {
    POOL_MAX,
    POOL_QUEUE,
    POOL_TOGETHER,
    HOST_MAX,
    MAX_BODY,
    MAX_DEPTH,
    MAX_VALUES,
    PAGE_SIZE,
    MAX_ROWS,
    LIST_MEMORY,
    POOL_WAIT,
    POOL_IDLE,
    CONNECT_TIMEOUT,
    STATEMENT_TIMEOUT,
    TIMEOUT,
    SLOW,
    KEEPALIVE_WAIT,
    RETRY_AFTER,
    IDEMPOTENCY_TTL,
    TICKET_TTL,
    TICKET_MAX,
    LOGIN_ATTEMPTS,
    LOGIN_WINDOW,
    AUTH_CACHE_TTL,
    RUNNER_INTERVAL,
    DEAD_AFTER,
    IDLE_AFTER,
    PURGE_AFTER,
    EVENT_KEEP,
    WEBHOOK_GIVE_UP,
    WEBHOOK_TIMEOUT,
    RANGES
};

static const range_t ranges[RANGES] = {
    [POOL_MAX] = {"ChatSessionPoolMax", MEMBER(pool_max), NUMBER, 1, 256, 4, "1", "256"},
    [POOL_QUEUE] = {"ChatSessionPoolQueue", MEMBER(pool_queue), NUMBER, 0, 10000, 0, "0 (all threads)",
                    "10000"},
    [POOL_TOGETHER] = {"ChatSessionPoolTogether", MEMBER(pool_together), NUMBER, 1, CS_TOGETHER_MAX, 16,
                       "1 (each by itself)", "64"},
    [HOST_MAX] = {"ChatSessionHostMax", MEMBER(host_max), NUMBER, 1, 1000, 32, "1", "1000"},
    [MAX_BODY] = {"ChatSessionMaxBody", MEMBER(max_body), BYTES, 1024, 67108864, 1048576, "1024",
                  "67108864 bytes"},
    [MAX_DEPTH] = {"ChatSessionMaxDepth", MEMBER(max_depth), NUMBER, 4, 500, 32, "4", "500"},
    [MAX_VALUES] = {"ChatSessionMaxValues", MEMBER(max_values), NUMBER, 100, 1000000, 20000, "100",
                    "1000000"},
    [PAGE_SIZE] = {"ChatSessionPageSize", MEMBER(page_size), NUMBER, 1, 100000, 1000, "1", "100000"},
    [MAX_ROWS] = {"ChatSessionMaxRows", MEMBER(max_rows), NUMBER, 1, 100000, 10000, "1", "100000"},
    [LIST_MEMORY] = {"ChatSessionListMemory", MEMBER(list_memory), BYTES, 0, 16777216, 65536,
                     "0 (nothing is remembered)", "16777216 bytes"},
    [POOL_WAIT] = {"ChatSessionPoolWait", MEMBER(pool_wait), INTERVAL, 1, 60000, 1000, "1ms", "60s"},
    [POOL_IDLE] = {"ChatSessionPoolIdle", MEMBER(pool_idle), INTERVAL, 1000, 86400000, 60000, "1s", "24h"},
    [CONNECT_TIMEOUT] = {"ChatSessionConnectTimeout", MEMBER(connect_timeout), INTERVAL, 10, 60000, 2000,
                         "10ms", "60s"},
    [STATEMENT_TIMEOUT] = {"ChatSessionStatementTimeout", MEMBER(statement_timeout), INTERVAL, 10, 600000,
                           5000, "10ms", "10min"},
    [TIMEOUT] = {"ChatSessionTimeout", MEMBER(timeout), INTERVAL, 20, 900000, 10000, "20ms", "15min"},
    [SLOW] = {"ChatSessionSlow", MEMBER(slow), INTERVAL, 1, 3600000, 5000, "1ms", "1h"},
    [KEEPALIVE_WAIT] = {"ChatSessionKeepAliveWait", MEMBER(keepalive_wait), INTERVAL, 0, 10, 1,
                        "0 (not at all)", "10ms"},
    [RETRY_AFTER] = {"ChatSessionRetryAfter", MEMBER(retry_after), INTERVAL, 1000, 3600000, 2000, "1s", "1h"},
    [IDEMPOTENCY_TTL] = {"ChatSessionIdempotencyTTL", MEMBER(idempotency_ttl), INTERVAL, 1000, 2592000000,
                         86400000, "1s", "720h"},
    [TICKET_TTL] = {"ChatSessionTicketTTL", MEMBER(ticket_ttl), INTERVAL, 60000, 2592000000, 21600000, "1min",
                    "720h"},
    [TICKET_MAX] = {"ChatSessionTicketMax", MEMBER(ticket_max), NUMBER, 1, 10000, 100, "1", "10000"},
    [LOGIN_ATTEMPTS] = {"ChatSessionLoginAttempts", MEMBER(login_attempts), NUMBER, 0, 100, 10,
                        "0 (no limit)", "100"},
    [LOGIN_WINDOW] = {"ChatSessionLoginWindow", MEMBER(login_window), INTERVAL, 1000, 86400000, 60000, "1s",
                      "24h"},
    [AUTH_CACHE_TTL] = {"ChatSessionAuthCacheTTL", MEMBER(auth_cache_ttl), INTERVAL, 0, 3600000, 60000,
                        "0 (off)", "1h"},
    [RUNNER_INTERVAL] = {"ChatSessionRunnerInterval", MEMBER(runner_interval), INTERVAL, 100, 3600000, 10000,
                         "100ms", "1h"},
    [DEAD_AFTER] = {"ChatSessionDeadAfter", MEMBER(dead_after), INTERVAL, 0, 2592000000, 300000, "0 (never)",
                    "720h"},
    [IDLE_AFTER] = {"ChatSessionIdleAfter", MEMBER(idle_after), INTERVAL, 0, 31536000000, 86400000,
                    "0 (never)", "8760h"},
    [PURGE_AFTER] = {"ChatSessionPurgeAfter", MEMBER(purge_after), INTERVAL, 0, 31536000000, 86400000,
                     "0 (never)", "8760h"},
    [EVENT_KEEP] = {"ChatSessionEventKeep", MEMBER(event_keep), INTERVAL, 0, 315360000000, 604800000,
                    "0 (for ever)", "87600h"},
    [WEBHOOK_GIVE_UP] = {"ChatSessionWebhookGiveUp", MEMBER(webhook_give_up), INTERVAL, 60000, 2592000000,
                         259200000, "1min", "720h"},
    [WEBHOOK_TIMEOUT] = {"ChatSessionWebhookTimeout", MEMBER(webhook_timeout), INTERVAL, 100, 60000, 10000,
                         "100ms", "60s"},
};

static void *member_of(void *conf, size_t member)
{
    return (char *)conf + member;
}

static void store_range(cs_conf_t *conf, const range_t *range, apr_int64_t value)
{
    void *member = member_of(conf, range->member);

    switch (range->kind) {
    case NUMBER:
        *(int *)member = (int)value;
        break;
    case BYTES:
        *(apr_int64_t *)member = value;
        break;
    case INTERVAL:
        *(apr_interval_time_t *)member = apr_time_from_msec(value);
        break;
    }
}

/* The member as it is stored, an interval in microseconds. */
static apr_int64_t stored_range(const cs_conf_t *conf, const range_t *range)
{
    const void *member = (const char *)conf + range->member;

    return range->kind == NUMBER ? *(const int *)member : *(const apr_int64_t *)member;
}

static int range_is_unset(const cs_conf_t *conf, const range_t *range)
{
    return stored_range(conf, range) == CS_UNSET;
}

static void copy_range(cs_conf_t *to, const cs_conf_t *from, const range_t *range)
{
    size_t size = range->kind == NUMBER ? sizeof(int) : sizeof(apr_int64_t);

    memcpy((char *)to + range->member, (const char *)from + range->member, size);
}

/* ---------------- setters */

static const char *set_range(cmd_parms *cmd, void *conf, const char *value)
{
    const range_t *range = cmd->info;
    const char *wrong = cs_conf_misplaced(cmd);
    apr_interval_time_t interval;
    apr_int64_t number;
    char *end;

    if (wrong) {
        return wrong;
    }
    if (range->kind == INTERVAL) {
        /* httpd's parser takes a unit alone for 0 of them */
        number = apr_isdigit(*value) && ap_timeout_parameter_parse(value, &interval, "s") == APR_SUCCESS
                     ? apr_time_as_msec(interval)
                     : -1;
    }
    else {
        number = apr_strtoi64(value, &end, 10);
        number = end == value || *end ? -1 : number;
    }
    if (number < range->low || number > range->high) {
        return apr_psprintf(cmd->pool, "%s takes %s to %s, not '%s'", range->name, range->low_text,
                            range->high_text, value);
    }
    store_range(conf, range, number);
    return NULL;
}

/* A setting of the whole server, not of a site. */
static const char *set_server_range(cmd_parms *cmd, void *conf, const char *value)
{
    const char *wrong = ap_check_cmd_context(cmd, GLOBAL_ONLY);

    return wrong ? wrong : set_range(cmd, conf, value);
}

/* Words and the numbers they stand for; the names stand in the order of the numbers. */
typedef struct choice_t {
    const char *name;
    size_t member;
    const char *words[4];
} choice_t;

static const choice_t references_choice = {"ChatSessionReferences", MEMBER(references), {"loose", "strict"}};
static const choice_t properties_choice = {
    "ChatSessionFieldProperties", MEMBER(properties), {"full", "own", "none"}};

static const char *set_choice(cmd_parms *cmd, void *conf, const char *value)
{
    const choice_t *choice = cmd->info;
    const char *wrong = cs_conf_misplaced(cmd);
    const char *list = "";

    for (int i = 0; !wrong && choice->words[i]; i++) {
        if (strcasecmp(value, choice->words[i]) == 0) {
            *(int *)member_of(conf, choice->member) = i;
            return NULL;
        }
        list = apr_pstrcat(cmd->pool, list, i ? ", " : "", choice->words[i], NULL);
    }
    return wrong ? wrong : apr_psprintf(cmd->pool, "%s takes one of %s, not '%s'", choice->name, list, value);
}

/* ".../ChatSession": what lies in the API, not where it is. */
static int is_resource(const char *path)
{
    static const char name[] = "/ChatSession";
    apr_size_t len = strlen(path);

    while (len && path[len - 1] == '/') {
        len--;
    }
    return len >= sizeof(name) - 1 &&
           strncasecmp(path + len - (sizeof(name) - 1), name, sizeof(name) - 1) == 0;
}

static const char *set_enabled(cmd_parms *cmd, void *conf, int on)
{
    if (cs_conf_misplaced(cmd) || !cmd->path) {
        return "ChatSession belongs into the <Location \"/path\"> where the API is to be served, without a "
               "pattern, for example <Location \"/api\">";
    }
    if (on && is_resource(cmd->path)) {
        return "ChatSession On belongs into the <Location> around the whole API, for example <Location "
               "\"/api\">: "
               "/ChatSession is added to it";
    }
    ((cs_conf_t *)conf)->enabled = on;
    return NULL;
}

static const char *set_switch(cmd_parms *cmd, void *conf, int on)
{
    *(int *)member_of(conf, (size_t)(apr_uintptr_t)cmd->info) = on;
    return cs_conf_misplaced(cmd);
}

static const char *set_app_tokens(cmd_parms *cmd, void *conf, const char *name)
{
    const char *wrong = cs_conf_misplaced(cmd);

    return wrong ? wrong : cs_app_tokens_read(cmd->pool, name, &((cs_conf_t *)conf)->app_tokens);
}

/* The names of one directive, as AuthBasicProvider's: the list of an inner section replaces that of an outer
 * one. */
static const char *add_auth_provider(cmd_parms *cmd, void *conf, const char *name)
{
    apr_array_header_t **providers = &((cs_conf_t *)conf)->auth_providers;
    const char *wrong = cs_conf_misplaced(cmd);

    if (wrong) {
        return wrong;
    }
    *providers = *providers ? *providers : cs_auth_providers_make(cmd->pool);
    wrong = cs_auth_provider_add(cmd->pool, *providers, name);
    return wrong ? apr_psprintf(
                       cmd->pool,
                       "ChatSessionAuthProvider takes providers that AuthBasicProvider knows, like file, "
                       "not '%s': %s",
                       name, wrong)
                 : NULL;
}

static const char *set_database(cmd_parms *cmd, void *conf, const char *value)
{
    const char *wrong = cs_conf_misplaced(cmd);

    if (wrong) {
        return wrong;
    }
    wrong = cs_conninfo_check(cmd->temp_pool, value);
    if (wrong) {
        return apr_pstrcat(cmd->pool, "ChatSessionDatabase ", wrong, NULL);
    }
    ((cs_conf_t *)conf)->database = value;
    return NULL;
}

static const char *set_time_zone(cmd_parms *cmd, void *conf, const char *value)
{
    const char *wrong = cs_conf_misplaced(cmd);
    cs_zone_t zone = {value, wrong ? NULL : cs_tz_load(cmd->pool, value, &wrong)};

    if (!zone.tz) {
        return apr_psprintf(cmd->pool, "ChatSessionTimeZone takes a zone like Europe/Oslo, not '%s': %s",
                            value, wrong);
    }
    ((cs_conf_t *)conf)->time_zone = apr_pmemdup(cmd->pool, &zone, sizeof(zone));
    return NULL;
}

#define EVERYWHERE (RSRC_CONF | ACCESS_CONF)
#define RANGE_DIRECTIVE(name, row, what) \
    AP_INIT_TAKE1(name, set_range, (void *)(apr_uintptr_t)(const void *)&ranges[row], EVERYWHERE, what)
#define CHOICE_DIRECTIVE(name, row, what) \
    AP_INIT_TAKE1(name, set_choice, (void *)(apr_uintptr_t)(const void *)&(row), EVERYWHERE, what)

#define SWITCH_DIRECTIVE(name, member, what) \
    AP_INIT_FLAG(name, set_switch, (void *)(apr_uintptr_t)MEMBER(member), EVERYWHERE, what)

const command_rec cs_conf_directives[] = {
    AP_INIT_FLAG("ChatSession", set_enabled, NULL, ACCESS_CONF, "On: serve the API below this <Location>"),
    AP_INIT_TAKE1("ChatSessionDatabase", set_database, NULL, EVERYWHERE,
                  "libpq connection string of the database, without a password"),
    RANGE_DIRECTIVE("ChatSessionPoolMax", POOL_MAX,
                    "most database connections per child process, 1-256 (default 4)"),
    RANGE_DIRECTIVE("ChatSessionPoolQueue", POOL_QUEUE,
                    "most requests per child that wait for a connection (default 0: all threads)"),
    RANGE_DIRECTIVE("ChatSessionPoolTogether", POOL_TOGETHER,
                    "most waiting reads that are asked for by one statement, 1-64 (default 16)"),
    RANGE_DIRECTIVE("ChatSessionHostMax", HOST_MAX,
                    "most database connections of all child processes, 1-1000 (default 32)"),
    RANGE_DIRECTIVE("ChatSessionPoolWait", POOL_WAIT, "longest wait for a connection (default 1s)"),
    RANGE_DIRECTIVE("ChatSessionPoolIdle", POOL_IDLE,
                    "an unused connection is closed after this time (default 60s)"),
    RANGE_DIRECTIVE("ChatSessionConnectTimeout", CONNECT_TIMEOUT, "longest attempt to connect (default 2s)"),
    RANGE_DIRECTIVE("ChatSessionStatementTimeout", STATEMENT_TIMEOUT,
                    "PostgreSQL breaks a statement off after this time (default 5s)"),
    RANGE_DIRECTIVE("ChatSessionTimeout", TIMEOUT,
                    "longest time a request spends on the database (default 10s)"),
    RANGE_DIRECTIVE("ChatSessionSlow", SLOW, "calls that take longer are logged as slow (default 5s)"),
    RANGE_DIRECTIVE("ChatSessionKeepAliveWait", KEEPALIVE_WAIT,
                    "how long a thread waits for a prompt client's next request (default 1ms)"),
    RANGE_DIRECTIVE("ChatSessionRetryAfter", RETRY_AFTER, "what Retry-After says with a 503 (default 2s)"),
    RANGE_DIRECTIVE("ChatSessionIdempotencyTTL", IDEMPOTENCY_TTL,
                    "how long an Idempotency-Key is remembered (default 24h)"),
    RANGE_DIRECTIVE("ChatSessionMaxBody", MAX_BODY, "longest request body in bytes (default 1048576)"),
    RANGE_DIRECTIVE("ChatSessionMaxDepth", MAX_DEPTH, "deepest nesting of a request body (default 32)"),
    RANGE_DIRECTIVE("ChatSessionMaxValues", MAX_VALUES, "most values in a request body (default 20000)"),
    RANGE_DIRECTIVE("ChatSessionPageSize", PAGE_SIZE, "rows of a list without $top (default 1000)"),
    RANGE_DIRECTIVE("ChatSessionMaxRows", MAX_ROWS, "most rows of a list in one answer (default 10000)"),
    AP_INIT_TAKE1("ChatSessionListMemory", set_server_range,
                  (void *)(apr_uintptr_t)(const void *)&ranges[LIST_MEMORY], RSRC_CONF,
                  "bytes for each thread of a child, for lists that are asked for again (default 65536)"),
    CHOICE_DIRECTIVE("ChatSessionReferences", references_choice,
                     "loose (default): ids of unknown records are kept; strict: they are refused"),
    CHOICE_DIRECTIVE("ChatSessionFieldProperties", properties_choice,
                     "full (default): every carrier's FieldProperties; own: the session's; none: empty"),
    SWITCH_DIRECTIVE("ChatSessionAutoEnroll", auto_enroll,
                     "On: an authenticated user that is not known gets an associate (default Off)"),
    SWITCH_DIRECTIVE("ChatSessionAuthorizeWithUsername", with_username,
                     "Off: user names and passwords (Basic) are answered 401 (default On)"),
    SWITCH_DIRECTIVE("ChatSessionAuthorizeWithTicket", with_ticket,
                     "Off: tickets (SOTicket, or as user of Basic) are answered 401 (default On)"),
    SWITCH_DIRECTIVE("ChatSessionAuthorizeWithImplicit", with_implicit,
                     "Off: Negotiate is answered 401 (default On)"),
    RANGE_DIRECTIVE("ChatSessionTicketTTL", TICKET_TTL,
                    "how long a ticket or session lives after its last use (default 6h)"),
    RANGE_DIRECTIVE("ChatSessionTicketMax", TICKET_MAX,
                    "most live tickets, and most sessions, of one user (default 100)"),
    RANGE_DIRECTIVE("ChatSessionLoginAttempts", LOGIN_ATTEMPTS,
                    "most failed log-ins of a client with a name in a window (default 10)"),
    RANGE_DIRECTIVE("ChatSessionLoginWindow", LOGIN_WINDOW,
                    "how long failed log-ins count, from the first on (default 1min)"),
    AP_INIT_ITERATE("ChatSessionAuthProvider", add_auth_provider, NULL, EVERYWHERE,
                    "whom AuthBasicProvider chatsession asks: file, dbm, ldap, ... (default file)"),
    RANGE_DIRECTIVE("ChatSessionAuthCacheTTL", AUTH_CACHE_TTL,
                    "how long AuthBasicProvider chatsession remembers a right password (default 60s)"),
    AP_INIT_TAKE1("ChatSessionAppTokenFile", set_app_tokens, NULL, EVERYWHERE,
                  "file with the SO-AppTokens that a ticket must come with, one a line"),
    AP_INIT_TAKE1("ChatSessionTimeZone", set_time_zone, NULL, EVERYWHERE,
                  "the zone that stored times are in, like Europe/Oslo (default UTC)"),
    AP_INIT_TAKE3(
        "ChatSessionZoneCode", cs_conf_set_zone_code, NULL, EVERYWHERE,
        "a further code for SO-TimeZone, its id (0: none) and its zone, like AU-WA 0 Australia/Perth"),
    AP_INIT_TAKE1("ChatSessionStrings", cs_conf_set_strings, NULL, EVERYWHERE,
                  "a file of resource strings, lines like SR_YES US:\"Yes\";NO:\"Ja\" (default: none)"),
    AP_INIT_TAKE1("ChatSessionPublicURL", cs_conf_set_public_url, NULL, EVERYWHERE,
                  "scheme, host and port of links, behind a proxy (default: as the request says)"),
    AP_INIT_ITERATE("ChatSessionCORSOrigin", cs_conf_add_cors_origin, NULL, EVERYWHERE,
                    "origins of pages that may use the API in a browser, or * (default: none)"),
    SWITCH_DIRECTIVE("ChatSessionRunner", runner,
                     "Off: no time-driven work and no webhooks from here (default On)"),
    RANGE_DIRECTIVE("ChatSessionRunnerInterval", RUNNER_INTERVAL,
                    "pause between rounds of time-driven work (default 10s)"),
    RANGE_DIRECTIVE("ChatSessionDeadAfter", DEAD_AFTER,
                    "a waiting customer whose client has not fetched for so long is gone (default 5min)"),
    RANGE_DIRECTIVE("ChatSessionIdleAfter", IDLE_AFTER,
                    "a talk ends in which nobody has said anything for so long (default 24h)"),
    RANGE_DIRECTIVE("ChatSessionPurgeAfter", PURGE_AFTER,
                    "when a session that was marked as deleted is removed (default 24h)"),
    RANGE_DIRECTIVE("ChatSessionEventKeep", EVENT_KEEP,
                    "how long events and the log of webhooks are kept (default 168h)"),
    AP_INIT_ITERATE("ChatSessionWebhookAllow", cs_conf_add_receiver, NULL, EVERYWHERE,
                    "hosts and networks that webhooks may be sent to (default: none)"),
    RANGE_DIRECTIVE("ChatSessionWebhookGiveUp", WEBHOOK_GIVE_UP,
                    "how long the delivery of a webhook is tried (default 72h)"),
    RANGE_DIRECTIVE("ChatSessionWebhookTimeout", WEBHOOK_TIMEOUT,
                    "longest try to deliver a webhook (default 10s)"),
    {NULL},
};

/* ---------------- create, merge, complete */

void *cs_conf_create(apr_pool_t *pool, char *path)
{
    cs_conf_t *conf = apr_pcalloc(pool, sizeof(*conf));

    (void)path;
    conf->enabled = CS_UNSET;
    conf->references = CS_UNSET;
    conf->properties = CS_UNSET;
    conf->auto_enroll = CS_UNSET;
    conf->with_username = conf->with_ticket = conf->with_implicit = conf->runner = CS_UNSET;
    for (int i = 0; i < RANGES; i++) {
        if (ranges[i].kind == INTERVAL) {
            *(apr_interval_time_t *)member_of(conf, ranges[i].member) = CS_UNSET;
        }
        else {
            store_range(conf, &ranges[i], CS_UNSET);
        }
    }
    return conf;
}

/* A list adds up: what the inner section says comes behind what the outer one does. */
static apr_array_header_t *joined(apr_pool_t *pool, apr_array_header_t *base, apr_array_header_t *over)
{
    return !base ? over : !over ? base : apr_array_append(pool, base, over);
}

#define JOIN(member)        merged->member = joined(pool, base->member, over->member)
#define MIX(member)         merged->member = cs_sections_mix(base->member, over->member)
#define PICK(member, unset) merged->member = over->member != (unset) ? over->member : base->member

void *cs_conf_merge(apr_pool_t *pool, void *base_conf, void *over_conf)
{
    const cs_conf_t *base = base_conf, *over = over_conf;
    cs_conf_t *merged = apr_pcalloc(pool, sizeof(*merged));

    for (int i = 0; i < RANGES; i++) {
        copy_range(merged, range_is_unset(over, &ranges[i]) ? base : over, &ranges[i]);
    }
    PICK(enabled, CS_UNSET);
    PICK(database, NULL);
    PICK(references, CS_UNSET);
    PICK(properties, CS_UNSET);
    PICK(auto_enroll, CS_UNSET);
    PICK(with_username, CS_UNSET);
    PICK(with_ticket, CS_UNSET);
    PICK(with_implicit, CS_UNSET);
    PICK(auth_providers, NULL);
    MIX(scope);
    PICK(app_tokens, NULL);
    PICK(public_url, NULL);
    PICK(cors_origins, NULL);
    PICK(time_zone, NULL);
    PICK(runner, CS_UNSET);
    PICK(receivers, NULL);
    JOIN(zone_codes);
    JOIN(strings);
    return merged;
}

const char *cs_conf_complete(apr_pool_t *pool, cs_conf_t *conf)
{
    const char *reason = NULL;

    for (int i = 0; i < RANGES; i++) {
        if (range_is_unset(conf, &ranges[i])) {
            store_range(conf, &ranges[i], ranges[i].preset);
        }
    }
    conf->enabled = conf->enabled == 1;
    conf->auto_enroll = conf->auto_enroll == 1;
    conf->with_username = conf->with_username != 0;
    conf->with_ticket = conf->with_ticket != 0;
    conf->with_implicit = conf->with_implicit != 0;
    conf->runner = conf->runner != 0;
    conf->references = conf->references == CS_UNSET ? CS_REFERENCES_LOOSE : conf->references;
    conf->properties = conf->properties == CS_UNSET ? CS_PROPERTIES_FULL : conf->properties;
    if (!conf->time_zone) {
        cs_zone_t utc = {"UTC", cs_tz_load(pool, "UTC", &reason)};

        conf->time_zone = utc.tz ? apr_pmemdup(pool, &utc, sizeof(utc)) : NULL;
    }
    return conf->time_zone
               ? NULL
               : apr_pstrcat(pool, "the time zone UTC cannot be loaded (is tzdata installed?): ", reason,
                             NULL);
}

apr_interval_time_t cs_conf_auth_cache_ttl(const cs_conf_t *conf)
{
    return conf->auth_cache_ttl != CS_UNSET ? conf->auth_cache_ttl
                                            : apr_time_from_msec(ranges[AUTH_CACHE_TTL].preset);
}

apr_size_t cs_conf_list_memory(const server_rec *main_server)
{
    const cs_conf_t *conf = ap_get_module_config(main_server->lookup_defaults, &chatsession_module);

    return (apr_size_t)(conf->list_memory != CS_UNSET ? conf->list_memory : ranges[LIST_MEMORY].preset);
}

const char *cs_conf_cross_check(apr_pool_t *pool, const cs_conf_t *conf)
{
    apr_interval_time_t least = conf->pool_wait + conf->connect_timeout + conf->statement_timeout;

    if (!conf->database) {
        return "ChatSessionDatabase is missing: say where the database is, for example ChatSessionDatabase "
               "\"service=chat\"";
    }
    if (conf->pool_max > conf->host_max) {
        return apr_psprintf(
            pool,
            "ChatSessionPoolMax %d is more than ChatSessionHostMax %d: one child cannot have more "
            "connections than all of them",
            conf->pool_max, conf->host_max);
    }
    if (conf->page_size > conf->max_rows) {
        return apr_psprintf(pool, "ChatSessionPageSize %d is more than ChatSessionMaxRows %d",
                            conf->page_size, conf->max_rows);
    }
    if (conf->timeout < least) {
        return apr_psprintf(
            pool,
            "ChatSessionTimeout is %" APR_TIME_T_FMT "ms; it must be at least ChatSessionPoolWait + "
            "ChatSessionConnectTimeout + ChatSessionStatementTimeout, which is %" APR_TIME_T_FMT "ms",
            apr_time_as_msec(conf->timeout), apr_time_as_msec(least));
    }
    return NULL;
}
