#include "httpd/door.h"

#include "api/body.h"
#include "api/idempotency.h"
#include "api/identity.h"
#include "base/monotonic.h"
#include "httpd/body.h"
#include "httpd/child.h"
#include "httpd/claim.h"
#include "httpd/cors.h"
#include "httpd/reply.h"

#include <http_protocol.h>

static cs_error_t *enter_database(cs_claim_t *claim)
{
    cs_call_t *call = &claim->call;

    call->db = cs_child_db(call->site->db_index);
    call->tags = cs_child_tags();
    call->answers = cs_child_answers();
    claim->cx.deadline = cs_monotonic_now() + call->site->timeout;
    return call->db ? NULL
                    : cs_error_make(claim->cx.pool, CS_E_DB_UNAVAILABLE, NULL, "this child has no databases");
}

/* An answer without content has no language and no zone. */
static cs_error_t *establish_locale(cs_call_t *call)
{
    const cs_route_t *route = call->match.route;

    return route->method == CS_DELETE || route->flags & CS_R_SILENT
               ? NULL
               : cs_locale_establish(call->cx, call->site, &call->locale_headers);
}

static int is_open(const cs_call_t *call)
{
    return call->match.route && call->match.route->flags & CS_R_OPEN;
}

/* httpd asks who is there before our handler runs; whoever asks what there is need not say.  What keeps out
 * addresses still does, for this hook comes after httpd's own. */
int cs_door_is_open(request_rec *r)
{
    const cs_claim_t *claim = cs_claim_get(r);

    return claim && (is_open(&claim->call) || (r->method_number == M_OPTIONS && claim->call.match.methods))
               ? OK
               : DECLINED;
}

/* The table of contents: what happens to a request, in order. */
static cs_error_t *serve(request_rec *r, cs_claim_t *claim, int *filter_out)
{
    cs_call_t *call = &claim->call;

    if (is_open(call)) {
        return call->match.route->handle(call);
    }
    CS_TRY(cs_identity_check(call));
    CS_TRY(cs_route_judge(r->pool, &call->match));
    CS_TRY(establish_locale(call));
    if (call->match.route->flags & (CS_R_BODY | CS_R_PATCH | CS_R_FORM)) {
        claim->body_taken = 1;
        CS_TRY(cs_httpd_body_read(r, call, filter_out));
        claim->arrived = cs_monotonic_now();
        CS_TRY(cs_body_decode(call));
    }
    CS_TRY(cs_call_choose(call, call->match.route->select));
    CS_TRY(enter_database(claim));
    return cs_idempotency_run(call);
}

int cs_door_handler(request_rec *r)
{
    cs_claim_t *claim = cs_claim_get(r);
    cs_error_t *error = NULL;
    int filter = OK;

    if (!claim) {
        return DECLINED;
    }
    claim->call.user = r->user;
    claim->arrived = cs_monotonic_now() - (apr_time_now() - r->request_time);
    if (r->method_number == M_OPTIONS && claim->call.match.methods) {
        claim->call.status = HTTP_NO_CONTENT;
        cs_cors_preflight(r, claim);
    }
    else {
        error = serve(r, claim, &filter);
    }
    return filter == AP_FILTER_ERROR ? AP_FILTER_ERROR : cs_reply_send(r, claim, error);
}
