/* httpd/authn.h -- credentials that are ours to judge, before httpd's own modules see the request. */
#ifndef CS_HTTPD_AUTHN_H
#define CS_HTTPD_AUTHN_H

#include <httpd.h>

/* check_authn, first: tickets and web sessions become a user; everything else is left to whom AuthType names.
 */
int cs_authn_check(request_rec *r);

#endif
