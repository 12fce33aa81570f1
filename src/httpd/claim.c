#include "httpd/claim.h"

#include "httpd/child.h"
#include "httpd/cors.h"
#include "httpd/keepalive.h"
#include "httpd/log.h"
#include "httpd/module.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <string.h>

cs_claim_t *cs_claim_get(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &chatsession_module);
}

/* Where links begin: as the client sees this server. */
static const char *root_url(request_rec *r, const cs_mount_t *mount)
{
    return mount->public_url ? apr_pstrcat(r->pool, mount->public_url, mount->root, NULL)
                             : ap_construct_url(r->pool, mount->root, r);
}

/* 127.0.0.0/8, ::1, or the former as IPv6 writes it. */
static int is_loopback(const apr_sockaddr_t *address)
{
    const unsigned char *bytes = address->ipaddr_ptr;

    if (address->ipaddr_len == 16) {
        return memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16) == 0 ||
               memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x7F", 13) == 0;
    }
    return address->ipaddr_len == 4 && bytes[0] == 127;
}

/* Cookies may go without TLS where nobody can listen: to a client on this very host. */
static int is_insecure(const request_rec *r, const char *url)
{
    return strncmp(url, "http:", 5) == 0 && is_loopback(r->connection->client_addr);
}

static int kind_of(const cs_call_t *call)
{
    int flags = call->match.route ? call->match.route->flags : 0;

    return (flags & CS_R_PAGE ? CS_MEDIA_PAGE : 0) | (flags & CS_R_LIST ? CS_MEDIA_LIST : 0);
}

/* The reply's format is chosen here, so that every error has one. */
static void fill_call(request_rec *r, cs_claim_t *claim, const char *path)
{
    cs_call_t *call = &claim->call;

    claim->cx = (cs_ctx_t){.pool = r->pool,
                           .log = cs_log_for_request(r),
                           .limits = &claim->mount->site.limits,
                           .locale = &claim->mount->site.locale};
    call->cx = &claim->cx;
    call->site = &claim->mount->site;
    call->query = r->args;
    call->client = r->useragent_ip;
    call->content_type = apr_table_get(r->headers_in, "Content-Type");
    call->accept = apr_table_get(r->headers_in, "Accept");
    call->conditions = (cs_conditions_t){apr_table_get(r->headers_in, "If-Match"),
                                         apr_table_get(r->headers_in, "If-None-Match"),
                                         apr_table_get(r->headers_in, "If-Modified-Since"),
                                         apr_table_get(r->headers_in, "If-Unmodified-Since")};
    call->idempotency_key = apr_table_get(r->headers_in, "Idempotency-Key");
    call->locale_headers = (cs_locale_headers_t){
        .accept_language = apr_table_get(r->headers_in, "Accept-Language"),
        .so_language = apr_table_get(r->headers_in, "SO-Language"),
        .so_culture = apr_table_get(r->headers_in, "SO-Culture"),
        .so_time_zone = apr_table_get(r->headers_in, "SO-TimeZone"),
    };
    cs_route_find(r->pool, cs_method_of(r->method), path, &call->match);
    call->media = cs_media_for_answer(call->accept, call->content_type, kind_of(call), &call->problem);
}

/* An ErrorDocument that points into the API: its request failed, and must not be served as if it had not. */
static int is_error_page(const request_rec *r)
{
    return r->prev && ap_is_HTTP_ERROR(r->prev->status);
}

/* httpd would cut pieces out of any answer, a change's as well. */
static void ignore_ranges(request_rec *r)
{
    apr_table_unset(r->headers_in, "Range");
    apr_table_unset(r->headers_in, "Request-Range");
    apr_table_unset(r->headers_in, "If-Range");
}

int cs_claim_translate(request_rec *r)
{
    const char *rest;
    const cs_mount_t *mount = r->proxyreq ? NULL : cs_mount_find(r->server, r->uri, &rest);
    cs_claim_t *claim;

    if (!mount || is_error_page(r)) {
        return DECLINED;
    }
    claim = apr_pcalloc(r->pool, sizeof(*claim));
    claim->mount = mount;
    claim->retry_after = mount->retry_after;
    claim->arrived = r->request_time;
    claim->id = r->log_id ? r->log_id : cs_child_request_id(r->pool);
    r->log_id = claim->id;
    fill_call(r, claim, rest);
    ap_set_module_config(r->request_config, &chatsession_module, claim);
    cs_keepalive_begin(r);

    /* One spelling from here on, so that a <Location> around part of the API holds for every spelling of it.
     */
    r->uri = apr_pstrcat(r->pool, *rest ? mount->root : mount->above,
                         claim->call.match.canonical ? claim->call.match.canonical : rest, NULL);
    r->filename = apr_pstrcat(r->pool, "chatsession:", r->uri, NULL);
    r->handler = "chatsession";
    claim->call.root_url = root_url(r, mount);
    claim->call.insecure = is_insecure(r, claim->call.root_url);

    ignore_ranges(r);

    /* For whatever answers, httpd's own errors included. */
    apr_table_setn(r->err_headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->err_headers_out, "X-Content-Type-Options", "nosniff");
    cs_cors_allow(r, claim);
    return OK;
}

int cs_claim_map(request_rec *r)
{
    return cs_claim_get(r) ? OK : DECLINED;
}
