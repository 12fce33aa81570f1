/* httpd/claim.h -- a request that is ours: recognised by its path before httpd walks any directory. */
#ifndef CS_HTTPD_CLAIM_H
#define CS_HTTPD_CLAIM_H

#include "api/authorization.h"
#include "api/call.h"
#include "httpd/mount.h"

#include <httpd.h>

typedef struct cs_claim_t {
    const cs_mount_t *mount;
    cs_call_t call; /* filled as far as is known before the body */
    cs_ctx_t cx;
    const char *id;     /* names the request in the log and in errors */
    apr_time_t arrived; /* when all of it was there; base/monotonic.h */
    int body_taken;     /* the handler has read the body, or found out why it cannot */
    int answered;       /* by us: httpd's own error pages are left alone */
    cs_authorization_t authorization;
    apr_uint64_t client_key, login_key; /* httpd/login_limit.h */
    int authenticated;                  /* httpd knows who it is, whatever comes next */
    int counted;                        /* what comes of the log-in is counted under them */
    int retry_after;                    /* seconds */
    const cs_error_t *fault;            /* what a hook before the handler has found; NULL: nothing */
} cs_claim_t;

/* The claim that cs_claim_translate made, or NULL. */
cs_claim_t *cs_claim_get(const request_rec *r);

/* Hooks. */
int cs_claim_translate(
    request_rec *r);              /* translate_name: claims, and spells r->uri as the route table does */
int cs_claim_map(request_rec *r); /* map_to_storage: there is no file, so no directory is walked */

#endif
