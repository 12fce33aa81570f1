#include "httpd/cors.h"

#include <string.h>

#define MAX_AGE "600" /* seconds that a browser keeps the answer to a preflight */

/* What a page may send, and what it may read of the answer, beyond what it always may. */
#define REQUEST_HEADERS                                                                            \
    "Authorization, Content-Type, Accept, Accept-Language, SO-Language, SO-Culture, SO-TimeZone, " \
    "SO-AppToken, X-XSRF-TOKEN, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, " \
    "Idempotency-Key"
#define ANSWER_HEADERS "ETag, Last-Modified, Retry-After, SO-TimeZone, Content-Language, Allow"

/* What the answer says to the origin: itself, "*", or NULL. */
static const char *allowed_origin(const cs_mount_t *mount, const char *origin)
{
    const char *answer = NULL;

    for (int i = 0; mount->cors_origins && origin && i < mount->cors_origins->nelts; i++) {
        const char *listed = APR_ARRAY_IDX(mount->cors_origins, i, const char *);

        if (strcmp(listed, origin) == 0) {
            return origin;
        }
        if (strcmp(listed, "*") == 0) {
            answer = "*";
        }
    }
    return answer;
}

void cs_cors_allow(request_rec *r, const cs_claim_t *claim)
{
    const char *allowed;

    if (!claim->mount->cors_origins) {
        return;
    }
    apr_table_mergen(r->err_headers_out, "Vary", "Origin");
    allowed = allowed_origin(claim->mount, apr_table_get(r->headers_in, "Origin"));
    if (!allowed) {
        return;
    }
    apr_table_setn(r->err_headers_out, "Access-Control-Allow-Origin", allowed);
    apr_table_setn(r->err_headers_out, "Access-Control-Expose-Headers", ANSWER_HEADERS);
    if (strcmp(allowed, "*") != 0) {
        apr_table_setn(r->err_headers_out, "Access-Control-Allow-Credentials", "true");
    }
}

void cs_cors_preflight(request_rec *r, const cs_claim_t *claim)
{
    if (apr_table_get(r->err_headers_out, "Access-Control-Allow-Origin") &&
        apr_table_get(r->headers_in, "Access-Control-Request-Method")) {
        apr_table_setn(r->err_headers_out, "Access-Control-Allow-Methods",
                       cs_route_allow(r->pool, claim->call.match.methods));
        apr_table_setn(r->err_headers_out, "Access-Control-Allow-Headers", REQUEST_HEADERS);
        apr_table_setn(r->err_headers_out, "Access-Control-Max-Age", MAX_AGE);
    }
}
