/* httpd/reply.h -- the reply to the client; the only place that renders and logs an error. */
#ifndef CS_HTTPD_REPLY_H
#define CS_HTTPD_REPLY_H

#include "httpd/claim.h"

/* Sends call->reply, or the error instead of it; writes the request's log line and the notes for the access
 * log. Returns what the handler returns. */
int cs_reply_send(request_rec *r, cs_claim_t *claim, const cs_error_t *error);

/* insert_error_filter: an error that httpd itself answers on our paths (a 401 before all) gets our body. */
void cs_reply_insert_filter(request_rec *r);
void cs_reply_register_filter(void);

/* post_perdir_config: keeps ErrorDocument away from our answers. */
int cs_reply_keep_errors(request_rec *r);

#endif
