/* httpd/log.h -- the rooms' messages into httpd's error log. */
#ifndef CS_HTTPD_LOG_H
#define CS_HTTPD_LOG_H

#include "base/log.h"

#include <httpd.h>

/* A sink that lives in the request's or the given pool, and logs with the request's or the server's LogLevel.
 */
const cs_log_t *cs_log_for_request(request_rec *r);
const cs_log_t *cs_log_for_server(apr_pool_t *pool, server_rec *s);

#endif
