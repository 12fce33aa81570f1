/* httpd/login_limit.h -- how often a client may fail to log in: ChatSessionLoginAttempts,
 * ChatSessionLoginWindow.
 *
 * Counted are answers 401 to a name or a ticket: for the pair of client and name, which a success forgets,
 * and at ten times the number for the client alone, who may try many names.  A client is an address, of IPv6
 * its first half. Nobody locks another address out. */
#ifndef CS_HTTPD_LOGIN_LIMIT_H
#define CS_HTTPD_LOGIN_LIMIT_H

#include "httpd/claim.h"

/* Before anybody looks at the credentials in claim->authorization: LOGIN_LIMITED, and claim->retry_after. */
cs_error_t *cs_login_limit_check(const request_rec *r, cs_claim_t *claim) CS_CHECKED;

/* log_transaction: counts what came of it. */
int cs_login_limit_count(request_rec *r);

#endif
