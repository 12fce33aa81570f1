/* api/credential.h -- tickets and web sessions: who comes with one, issuing and ending them.
 *
 * A ticket stands for the user in any number of connections; a session is a cookie that counts only beside
 * its XSRF value.  Both live so long after each use, and in the database alone: any site on it takes them. */
#ifndef CS_API_CREDENTIAL_H
#define CS_API_CREDENTIAL_H

#include "api/authorization.h"
#include "api/call.h"

#define CS_SESSION_COOKIE "chatsession"
#define CS_XSRF_COOKIE    "XSRF-TOKEN"

/* What a request brought; NULL: the header was not sent. */
typedef struct cs_presented_t {
    cs_authorization_t authorization;
    const char *cookies;
    const char *xsrf;
    const char *app_token;
} cs_presented_t;

/* Judges the credentials that are ours: sets call->user and call->credential.  Leaves call->user NULL when
 * they are not ours to judge, or there are none.  SCHEME_OFF, CREDENTIAL_INVALID, APP_TOKEN, XSRF; DB_...
 * when nobody can tell: that is never a 401. */
cs_error_t *cs_credential_admit(cs_call_t *call, const cs_presented_t *presented) CS_CHECKED;

/* POST /Ticket: a new ticket for the caller. */
cs_error_t *cs_ticket_issue(cs_call_t *call) CS_CHECKED;

/* DELETE /Ticket: the ticket that this call was made with is valid no more. */
cs_error_t *cs_ticket_end(cs_call_t *call) CS_CHECKED;

/* POST /Session: a web session for the caller, in cookies. */
cs_error_t *cs_login_issue(cs_call_t *call) CS_CHECKED;

/* DELETE /Session: the session that this call was made in is over. */
cs_error_t *cs_login_end(cs_call_t *call) CS_CHECKED;

#endif
