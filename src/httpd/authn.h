/* httpd/authn.h -- credentials that are ours to judge, before httpd's own modules see the request. */
#ifndef CS_HTTPD_AUTHN_H
#define CS_HTTPD_AUTHN_H

#include <httpd.h>

/* check_authn, first: tickets and web sessions become a user; everything else is left to whom AuthType names.
 */
int cs_authn_check(request_rec *r);

/* Every 401 names a way to log in that is on: adds one when nobody else has.  Only for requests that are
 * claimed. */
void cs_authn_challenge(request_rec *r, apr_table_t *headers);

/* check_authz: notes that the credentials were good, so that a user who may not is none who failed to log in.
 */
int cs_authn_done(request_rec *r);

#endif
