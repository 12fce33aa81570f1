#include "httpd/body.h"

#include "httpd/brigade.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <util_filter.h>

#define CHUNK \
    (16 * 1024) /* bytes asked of the filters at a time; no more than that is read beyond the limit */

static cs_error_t *too_large(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_BODY_TOO_LARGE, NULL,
                         "the body is longer than %" APR_SIZE_T_FMT " bytes", call->site->limits.body);
}

static cs_error_t *broken(const cs_call_t *call, apr_status_t status)
{
    if (APR_STATUS_IS_TIMEUP(status)) {
        return cs_error_make(call->cx->pool, CS_E_BODY_TIMEOUT, NULL, "the body did not arrive in time");
    }
    if (status == APR_ENOSPC) {
        return too_large(call); /* httpd's own LimitRequestBody */
    }
    return cs_error_make(call->cx->pool, CS_E_BODY_INCOMPLETE, NULL,
                         "the body ended before its announced length");
}

/* Appends the brigade's data; *end_out when the body is complete. */
static apr_status_t take_brigade(apr_bucket_brigade *brigade, cs_buf_t *buf, int *end_out)
{
    for (apr_bucket *e = APR_BRIGADE_FIRST(brigade); !cs_brigade_ends_at(brigade, e);
         e = APR_BUCKET_NEXT(e)) {
        const char *data;
        apr_size_t len;
        apr_status_t status;

        if (APR_BUCKET_IS_EOS(e)) {
            *end_out = 1;
            return APR_SUCCESS;
        }
        if (APR_BUCKET_IS_METADATA(e)) {
            continue;
        }
        status = apr_bucket_read(e, &data, &len, APR_BLOCK_READ);
        if (status != APR_SUCCESS) {
            return status;
        }
        cs_buf_put(buf, data, len);
    }
    return APR_SUCCESS;
}

static cs_error_t *read_all(request_rec *r, cs_call_t *call, cs_buf_t *buf, int *filter_out)
{
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    int end = 0;

    while (!end) {
        apr_status_t status =
            ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES, APR_BLOCK_READ, CHUNK);

        if (status == APR_SUCCESS) {
            status = take_brigade(brigade, buf, &end);
        }
        apr_brigade_cleanup(brigade);
        if (status == AP_FILTER_ERROR) {
            *filter_out = AP_FILTER_ERROR;
        }
        if (status != APR_SUCCESS) {
            return broken(call, status);
        }
        if (buf->full) {
            return too_large(call);
        }
    }
    apr_brigade_destroy(brigade);
    return NULL;
}

static int announced_too_large(const request_rec *r, const cs_call_t *call)
{
    const char *text = apr_table_get(r->headers_in, "Content-Length");
    apr_off_t length;

    return text && !apr_table_get(r->headers_in, "Transfer-Encoding") &&
           (!ap_parse_strict_length(&length, text) || (apr_uint64_t)length > call->site->limits.body);
}

cs_error_t *cs_httpd_body_read(request_rec *r, cs_call_t *call, int *filter_out)
{
    cs_buf_t *buf = cs_buf_make(r->pool, call->site->limits.body);
    cs_error_t *error = announced_too_large(r, call) ? too_large(call) : read_all(r, call, buf, filter_out);
    const char *encoding;

    if (error) {
        r->connection->keepalive = AP_CONN_CLOSE;
        return error;
    }
    call->body = cs_buf_bytes(buf, r->pool);
    call->body_len = buf->length;
    encoding =
        apr_table_get(r->headers_in, "Content-Encoding"); /* gone when a filter has unpacked the body */
    if (encoding && strcasecmp(encoding, "identity") != 0 && call->body_len) {
        return cs_error_make(r->pool, CS_E_BODY_ENCODING, NULL,
                             "the body's Content-Encoding must be identity");
    }
    return NULL;
}
