#include "httpd/log.h"

#include "httpd/module.h"

#include <http_log.h>

APLOG_USE_MODULE(chatsession);

/* Messages bear a number; the line of this file would say nothing. */
#define NO_FILE NULL, 0, APLOG_MODULE_INDEX

static const int levels[] = {
    [CS_LOG_ERR] = APLOG_ERR,       [CS_LOG_WARNING] = APLOG_WARNING, [CS_LOG_NOTICE] = APLOG_NOTICE,
    [CS_LOG_INFO] = APLOG_INFO,     [CS_LOG_DEBUG] = APLOG_DEBUG,     [CS_LOG_TRACE1] = APLOG_TRACE1,
    [CS_LOG_TRACE4] = APLOG_TRACE4,
};

static int request_wants(const cs_log_t *log, cs_level_t level)
{
    const request_rec *r = log->sink;

    return APLOG_R_IS_LEVEL(r, levels[level]);
}

static void request_write(const cs_log_t *log, cs_level_t level, const char *line)
{
    const request_rec *r = log->sink;

    ap_log_rerror(NO_FILE, levels[level], 0, r, "%s", line);
}

static int server_wants(const cs_log_t *log, cs_level_t level)
{
    const server_rec *s = log->sink;

    return APLOG_IS_LEVEL(s, levels[level]);
}

static void server_write(const cs_log_t *log, cs_level_t level, const char *line)
{
    const server_rec *s = log->sink;

    ap_log_error(NO_FILE, levels[level], 0, s, "%s", line);
}

const cs_log_t *cs_log_for_request(request_rec *r)
{
    cs_log_t *log = apr_palloc(r->pool, sizeof(*log));

    *log = (cs_log_t){request_wants, request_write, r};
    return log;
}

const cs_log_t *cs_log_for_server(apr_pool_t *pool, server_rec *s)
{
    cs_log_t *log = apr_palloc(pool, sizeof(*log));

    *log = (cs_log_t){server_wants, server_write, s};
    return log;
}
