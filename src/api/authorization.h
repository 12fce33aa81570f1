/* api/authorization.h -- what a request's headers say of who asks: Authorization, and the cookie of a web
 * session.
 *
 *      Authorization = scheme 1*SP credentials          scheme without regard to case
 *      SOTicket        credentials are the ticket
 *      Basic           credentials are base64 of user:password; a user that starts with 7T: is a ticket
 *      ticket        = "7T:" and 40 characters of base64 */
#ifndef CS_API_AUTHORIZATION_H
#define CS_API_AUTHORIZATION_H

#include "base/secret.h"

#define CS_TICKET_PREFIX "7T:"
#define CS_TICKET_CHARS  (3 + CS_SECRET_CHARS)

typedef enum cs_scheme_t {
    CS_SCHEME_NONE, /* no header */
    CS_SCHEME_USERNAME,
    CS_SCHEME_TICKET,
    CS_SCHEME_IMPLICIT,
    CS_SCHEME_OTHER /* Bearer, and what httpd's modules may know */
} cs_scheme_t;

typedef struct cs_authorization_t {
    cs_scheme_t scheme;
    const char *ticket; /* of CS_SCHEME_TICKET; NULL: not the form of a ticket */
    const char
        *name; /* whose credentials these are, as sent: a user, or a ticket of any form; NULL: not told */
} cs_authorization_t;

/* header NULL: there is none.  Never fails. */
void cs_authorization_read(apr_pool_t *pool, const char *header, cs_authorization_t *auth_out);

/* The first cookie of that name when its value has the form of a secret, else NULL; *found_out tells whether
 * there is one of any form.  header NULL: there are no cookies. */
const char *cs_authorization_cookie(apr_pool_t *pool, const char *header, const char *name, int *found_out);

#endif
