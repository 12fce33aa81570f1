#include "httpd/reply.h"

#include "api/fault.h"
#include "base/lang.h"
#include "base/monotonic.h"
#include "base/log.h"
#include "base/num.h"
#include "base/text.h"
#include "httpd/authn.h"
#include "httpd/brigade.h"
#include "httpd/child.h"
#include "httpd/keepalive.h"
#include "httpd/login_limit.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#define KEPT_BY_HTTPD 4096 /* bytes below which httpd waits for more, head included */
#define FILTER_NAME   "CHATSESSION_ERROR"

static const char *milliseconds(apr_pool_t *pool, apr_interval_time_t interval)
{
    apr_int64_t tenths = (interval + 50) / 100;
    char *text = apr_palloc(pool, CS_NUM_MAX + 3), *to = text + cs_num_print_int(text, tenths / 10);

    to[0] = '.';
    to[1] = (char)('0' + tenths % 10);
    to[2] = '\0';
    return text;
}

static const char *operation_name(const cs_call_t *call)
{
    return call->match.route ? call->match.route->operation : "none";
}

/* ---------------- headers and body */

static const char *http_date(apr_pool_t *pool, apr_time_t time)
{
    char *text = apr_palloc(pool, APR_RFC822_DATE_LEN);

    apr_rfc822_date(text, time);
    return text;
}

static void set_headers(request_rec *r, const cs_claim_t *claim, const cs_media_t *media)
{
    const cs_call_t *call = &claim->call;

    if (call->reply) {
        ap_set_content_type(r,
                            call->content_text ? call->content_text : cs_media_content_type(r->pool, media));
        ap_set_content_length(r, (apr_off_t)call->reply->length);
    }
    if (call->status == 405 || (call->status == 204 && !call->match.route)) {
        apr_table_setn(r->headers_out, "Allow", cs_route_allow(r->pool, call->match.methods));
    }
    if (call->headers) {
        r->headers_out = apr_table_overlay(r->pool, r->headers_out, call->headers);
    }
    if (call->etag) {
        apr_table_setn(r->headers_out, "ETag", call->etag);
    }
    if (call->modified) {
        apr_table_setn(r->headers_out, "Last-Modified", http_date(r->pool, call->modified));
    }
    if (call->retry) {
        apr_table_setn(r->headers_out, "Retry-After", apr_itoa(r->pool, claim->retry_after));
    }
}

/* Of an answer that holds texts and times. */
static void set_locale_headers(request_rec *r, const cs_locale_t *locale)
{
    if (locale->zone_answer) {
        apr_table_setn(r->headers_out, "SO-TimeZone", locale->zone_answer);
    }
    if (locale->languages) {
        apr_table_setn(r->headers_out, "Content-Language", cs_languages_first(locale->languages));
    }
}

/* Pieces go out where they stand: ours live as long as the request, constant ones as long as the server. */
static apr_bucket_brigade *brigade_from(request_rec *r, const cs_buf_t *reply)
{
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, alloc);

    for (const cs_piece_t *piece = reply ? reply->first : NULL; piece; piece = piece->next) {
        if (piece->len) {
            cs_brigade_append(brigade, piece->constant
                                           ? apr_bucket_immortal_create(piece->data, piece->len, alloc)
                                           : apr_bucket_pool_create(piece->data, piece->len, r->pool, alloc));
        }
    }
    cs_brigade_append(brigade, apr_bucket_eos_create(alloc));
    return brigade;
}

/* httpd reads what we did not, for the sake of the connection's next request; not what is longer than we
 * take. */
static void drop_unread_body(request_rec *r, const cs_claim_t *claim)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    apr_off_t announced = 0;

    if (claim->body_taken) {
        return;
    }
    if (apr_table_get(r->headers_in, "Transfer-Encoding") ||
        (length && (!ap_parse_strict_length(&announced, length) ||
                    announced > (apr_off_t)claim->mount->site.limits.body))) {
        r->connection->keepalive = AP_CONN_CLOSE;
    }
}

/* ---------------- logging */

/* A 4xx is the caller's business, but for what an administrator has to settle. */
static cs_level_t level_of(const cs_error_t *error)
{
    int status = cs_code_row(error->code)->status;

    return error->code == CS_E_USER_UNKNOWN ? CS_LOG_NOTICE
           : status == 500                  ? CS_LOG_ERR
           : status == 503                  ? CS_LOG_WARNING
                                            : CS_LOG_DEBUG;
}

static const char *shown_user(const cs_claim_t *claim)
{
    const char *user = claim->call.user;

    return user ? cs_text_clean(claim->cx.pool, user, strlen(user), 80) : "-";
}

static void set_notes(request_rec *r, const cs_claim_t *claim)
{
    const cs_meter_t *meter = &claim->cx.meter;

    apr_table_setn(r->notes, "chatsession-request", claim->id);
    apr_table_setn(r->notes, "chatsession-operation", operation_name(&claim->call));
    apr_table_setn(r->notes, "chatsession-user", shown_user(claim));
    if (claim->call.id) {
        char *text = apr_palloc(r->pool, CS_NUM_MAX + 1);

        text[cs_num_print_int(text, claim->call.id)] = '\0';
        apr_table_setn(r->notes, "chatsession-id", text);
    }
    apr_table_setn(r->notes, "chatsession-wait-ms", milliseconds(r->pool, meter->waiting));
    apr_table_setn(r->notes, "chatsession-db-ms", milliseconds(r->pool, meter->database));
}

/* What the log may know of an error.  Messages about a request repeat what was sent: of those only the code
 * and the names of the properties are told. */
static const char *loggable(apr_pool_t *pool, const cs_error_t *error)
{
    const char *text = cs_code_row(error->code)->wire;

    if (cs_code_row(error->code)->status >= 500) {
        return apr_pstrcat(pool, text, ": ", error->message, error->detail ? ": " : "", error->detail, NULL);
    }
    if (error->detail) {
        return apr_pstrcat(pool, text, ": ", error->detail, NULL);
    }
    for (const cs_error_t *fault = error->next ? error->next : error; fault; fault = fault->next) {
        if (fault->field) {
            text = apr_pstrcat(pool, text, ", ", fault->field, " ", cs_code_row(fault->code)->wire, NULL);
        }
    }
    return text;
}

static void log_request(request_rec *r, const cs_claim_t *claim, const cs_error_t *error)
{
    const cs_call_t *call = &claim->call;
    const cs_meter_t *meter = &claim->cx.meter;
    apr_interval_time_t took = cs_monotonic_now() - claim->arrived;
    const cs_log_t *log = claim->cx.log;

    if (error) {
        cs_log(log, level_of(error), CSNO(201), "request %s: %s %s: %d %s", claim->id, r->method,
               operation_name(call), call->status, loggable(r->pool, error));
    }
    if (log->wants(log, CS_LOG_DEBUG)) {
        cs_log(log, CS_LOG_DEBUG, CSNO(202), "request %s: %s %s: %d in %s ms, waiting %s, database %s",
               claim->id, r->method, operation_name(call), call->status, milliseconds(r->pool, took),
               milliseconds(r->pool, meter->waiting), milliseconds(r->pool, meter->database));
    }
    if (took > claim->mount->slow) {
        cs_log(log, CS_LOG_WARNING, CSNO(203),
               "request %s is slow: %s %s by %s took %s ms, waiting %s, database %s", claim->id, r->method,
               r->uri, shown_user(claim), milliseconds(r->pool, took), milliseconds(r->pool, meter->waiting),
               milliseconds(r->pool, meter->database));
    }
}

/* ---------------- sending */

/* Our own 401 means that httpd let somebody through unauthenticated. */
static void challenge(request_rec *r, const cs_claim_t *claim)
{
    if (ap_auth_type(r)) {
        ap_note_auth_failure(r);
    }
    cs_authn_challenge(r, r->err_headers_out);
    cs_log(claim->cx.log, cs_child_is_first_anonymous() ? CS_LOG_ERR : CS_LOG_DEBUG, CSNO(205),
           "request %s came without a user: \"Require valid-user\" and an AuthType are "
           "missing for %s",
           claim->id, claim->mount->root);
}

static int is_short(const request_rec *r, const cs_buf_t *reply)
{
    return r->header_only || AP_STATUS_IS_HEADER_ONLY(r->status) || !reply || reply->length < KEPT_BY_HTTPD;
}

/* httpd keeps a short answer until it has given up the connection to its listener, where the client's next
 * request costs two more wake-ups; when the answer is out at once, that request is mostly there before this
 * thread is done.  Not behind what a client is slow to read.  One that asks without ever reading holds the
 * thread for httpd's Timeout once the kernel takes no more, as it does with long answers. */
static apr_status_t pass(request_rec *r, const cs_buf_t *reply)
{
    int behind = r->connection->data_in_output_filters;
    apr_status_t status = ap_pass_brigade(r->output_filters, brigade_from(r, reply));

    if (status != APR_SUCCESS || behind || !is_short(r, reply)) {
        return status;
    }
    return ap_rflush(r) < 0 ? APR_ECONNABORTED : APR_SUCCESS;
}

int cs_reply_send(request_rec *r, cs_claim_t *claim, const cs_error_t *error)
{
    cs_call_t *call = &claim->call;
    apr_status_t status;

    claim->answered = 1;
    drop_unread_body(r, claim);
    if (error) {
        cs_fault_write(call, error, claim->id, 0);
    }
    r->status = call->status;
    set_headers(r, claim, error ? cs_fault_media(call) : call->media);
    if (!error) {
        set_locale_headers(r, claim->cx.locale);
    }
    if (call->status == 401) {
        challenge(r, claim);
    }
    set_notes(r, claim);
    log_request(r, claim, error);
    cs_login_limit_count(r); /* before the client can try again */
    status = pass(r, call->reply);
    if (status == APR_SUCCESS) {
        cs_keepalive_answered(r, claim->arrived, claim->mount->keepalive_wait);
    }
    else {
        cs_log(claim->cx.log, CS_LOG_DEBUG, CSNO(204), "request %s: the client is gone", claim->id);
    }
    return OK;
}

/* ---------------- httpd's own errors */

/* What httpd answers by itself, before our handler or instead of it. */
static const struct {
    int status;
    cs_code_t code;
    const char *message;
} httpd_errors[] = {
    {HTTP_BAD_REQUEST, CS_E_REQUEST_MALFORMED, "the request is malformed"},
    {HTTP_UNAUTHORIZED, CS_E_NO_USER, "this API is for authenticated users"},
    {HTTP_FORBIDDEN, CS_E_ACCESS_DENIED, "the server's configuration denies access"},
    {HTTP_NOT_FOUND, CS_E_ROUTE_UNKNOWN, "there is no such resource in this API"},
    {HTTP_METHOD_NOT_ALLOWED, CS_E_METHOD, "the server does not take this method"},
    {HTTP_REQUEST_TIME_OUT, CS_E_BODY_TIMEOUT, "the body did not arrive in time"},
    {HTTP_REQUEST_ENTITY_TOO_LARGE, CS_E_BODY_TOO_LARGE, "the body is longer than the server takes"},
    {HTTP_INTERNAL_SERVER_ERROR, CS_E_INTERNAL, "httpd failed"},
};
#define HTTPD_ERRORS (sizeof(httpd_errors) / sizeof(httpd_errors[0]))

/* Every status has an error object, if need be one that says no more than HTTP's phrase for it. */
static cs_error_t *httpd_error(apr_pool_t *pool, int status)
{
    for (apr_size_t i = 0; i < HTTPD_ERRORS; i++) {
        if (httpd_errors[i].status == status) {
            return cs_error_make(pool, httpd_errors[i].code, NULL, "%s", httpd_errors[i].message);
        }
    }
    return cs_error_make(pool, status < 500 ? CS_E_REQUEST_MALFORMED : CS_E_INTERNAL, NULL,
                         "the server answers %s", ap_get_status_line(status));
}

/* The first brigade is replaced by our whole answer, what follows is dropped. */
static apr_status_t error_filter(ap_filter_t *f, apr_bucket_brigade *theirs)
{
    request_rec *r = f->r;
    cs_claim_t *claim = cs_claim_get(r);
    const cs_error_t *error = f->ctx;

    apr_brigade_cleanup(theirs);
    if (claim->answered) {
        return APR_SUCCESS;
    }
    claim->answered = 1;
    cs_fault_write(&claim->call, error, claim->id, r->status);
    set_headers(r, claim, cs_fault_media(&claim->call));
    if (claim->call.status == 401) {
        cs_authn_challenge(r, r->headers_out);
    }
    set_notes(r, claim);
    if (claim->fault) {
        log_request(r, claim, error);
    }
    else if (r->status >= 500) {
        cs_log(claim->cx.log, CS_LOG_ERR, CSNO(206),
               "request %s: httpd answers %d by itself; its own message says why", claim->id, r->status);
    }
    cs_login_limit_count(r);
    return ap_pass_brigade(f->next, brigade_from(r, claim->call.reply));
}

static void answer_with(request_rec *r, const cs_error_t *error)
{
    union {
        const cs_error_t *error;
        void *ctx;
    } kept = {error}; /* a filter's context is not const */

    ap_add_output_filter(FILTER_NAME, kept.ctx, r, r->connection);
}

void cs_reply_insert_filter(request_rec *r)
{
    cs_claim_t *claim = cs_claim_get(r);

    if (claim && !claim->answered && r->status >= 400) {
        drop_unread_body(r, claim);
        answer_with(r, claim->fault ? claim->fault : httpd_error(r->pool, r->status));
    }
}

/* A page of the site's would hide the error object: for what is ours ErrorDocument does not hold. */
int cs_reply_keep_errors(request_rec *r)
{
    const core_dir_config *core = ap_get_core_module_config(r->per_dir_config);

    if (cs_claim_get(r) && core->response_code_exprs) {
        for (int status = 400; status < 512; status++) {
            if (ap_is_HTTP_VALID_RESPONSE(status) && (status < 432 || status >= 500)) {
                ap_custom_response(r, status, " ");
            }
        }
    }
    return DECLINED;
}

void cs_reply_register_filter(void)
{
    ap_register_output_filter(FILTER_NAME, error_filter, NULL, AP_FTYPE_CONTENT_SET);
}
