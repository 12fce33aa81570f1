#include "httpd/authn.h"

#include "api/credential.h"
#include "base/monotonic.h"
#include "httpd/child.h"
#include "httpd/claim.h"
#include "httpd/login_limit.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

#define AUTH_TYPE "SOTicket" /* what r->ap_auth_type says of a user that we found */

void cs_authn_challenge(request_rec *r, apr_table_t *headers)
{
    const cs_claim_t *claim = cs_claim_get(r);
    const char *name = ap_auth_name(r);

    if (!apr_table_get(headers, "WWW-Authenticate")) {
        apr_table_setn(headers, "WWW-Authenticate",
                       apr_pstrcat(r->pool, claim->call.site->with_ticket ? AUTH_TYPE : "Bearer", " realm=\"",
                                   name ? name : "chatsession", "\"", NULL));
    }
}

/* Basic is httpd's to ask for, unless names are switched off. */
static void challenge(request_rec *r, const cs_site_t *site)
{
    const char *type = ap_auth_type(r);

    if (type && (site->with_username || ap_cstr_casecmp(type, "Basic") != 0)) {
        ap_note_auth_failure(r);
    }
    cs_authn_challenge(r, r->err_headers_out);
}

/* The error waits in the claim until httpd asks for a body (httpd/reply.c). */
static int refuse(request_rec *r, cs_claim_t *claim, cs_error_t *fault)
{
    int status = cs_code_row(fault->code)->status;

    claim->fault = fault;
    if (status == HTTP_UNAUTHORIZED) {
        challenge(r, claim->call.site);
    }
    return status;
}

/* Without credentials httpd would ask for a name and password that it must not take. */
static int asks_in_vain(request_rec *r, const cs_claim_t *claim)
{
    const char *type = ap_auth_type(r);

    return claim->authorization.scheme == CS_SCHEME_NONE && !claim->call.site->with_username && type &&
           ap_cstr_casecmp(type, "Basic") == 0;
}

static cs_error_t *admit(request_rec *r, cs_claim_t *claim)
{
    const cs_presented_t presented = {
        .authorization = claim->authorization,
        .cookies = apr_table_get(r->headers_in, "Cookie"),
        .xsrf = apr_table_get(r->headers_in, "X-XSRF-TOKEN"),
        .app_token = apr_table_get(r->headers_in, "SO-AppToken"),
    };

    claim->call.db = cs_child_db(claim->call.site->db_index);
    claim->cx.deadline = cs_monotonic_now() + claim->call.site->timeout;
    CS_TRY(cs_login_limit_check(r, claim));
    CS_TRY(cs_credential_admit(&claim->call, &presented));
    if (!claim->call.user && asks_in_vain(r, claim)) {
        return cs_error_make(r->pool, CS_E_NO_USER, NULL, "this API is for authenticated users");
    }
    return NULL;
}

int cs_authn_check(request_rec *r)
{
    cs_claim_t *claim = cs_claim_get(r);
    cs_error_t *fault;

    if (!claim) {
        return DECLINED;
    }
    cs_authorization_read(r->pool, apr_table_get(r->headers_in, "Authorization"), &claim->authorization);
    fault = admit(r, claim);
    if (fault) {
        return refuse(r, claim, fault);
    }
    if (!claim->call.user) {
        return DECLINED;
    }
    r->user = apr_pstrdup(r->pool, claim->call.user);
    r->ap_auth_type = apr_pstrdup(r->pool, AUTH_TYPE);
    return OK;
}

int cs_authn_done(request_rec *r)
{
    cs_claim_t *claim = cs_claim_get(r);

    if (claim) {
        claim->authenticated = 1;
    }
    return DECLINED;
}
