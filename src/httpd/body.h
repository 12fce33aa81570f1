/* httpd/body.h -- the request's body into memory, never more of it than the limit. */
#ifndef CS_HTTPD_BODY_H
#define CS_HTTPD_BODY_H

#include "api/call.h"

#include <httpd.h>

/* Reads the whole body into call->body.  BODY_TOO_LARGE as soon as it is known, BODY_INCOMPLETE,
 * BODY_TIMEOUT, BODY_ENCODING; after these the connection is not used again.  *filter_out is AP_FILTER_ERROR
 * when a filter has answered already. */
cs_error_t *cs_httpd_body_read(request_rec *r, cs_call_t *call, int *filter_out) CS_CHECKED;

#endif
