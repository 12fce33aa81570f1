#include "api/idempotency.h"

#include "api/identity.h"
#include "api/transaction.h"
#include "base/wall.h"

#include <apr_sha1.h>
#include <apr_strings.h>
#include <string.h>

#define KEY_MAX 255 /* characters */

/* ---------------- the key and the request
 *
 *      key = 1*255VCHAR / DQUOTE 1*255( %x20-21 / %x23-7E ) DQUOTE
 */
static cs_error_t *check_key(cs_call_t *call)
{
    const char *key = call->idempotency_key;
    apr_size_t len = strlen(key);
    int quoted = len >= 2 && key[0] == '"' && key[len - 1] == '"';

    if (quoted) {
        key = apr_pstrmemdup(call->cx->pool, key + 1, len - 2);
        len -= 2;
    }
    for (apr_size_t i = 0; i < len; i++) {
        if (key[i] < (quoted ? ' ' : '!') || key[i] > '~' || key[i] == '"') {
            len = 0;
        }
    }
    if (len < 1 || len > KEY_MAX) {
        return cs_error_make(call->cx->pool, CS_E_KEY_MALFORMED, "Idempotency-Key",
                             "Idempotency-Key takes 1 to %d printable ASCII characters", KEY_MAX);
    }
    call->idempotency_key = key;
    return NULL;
}

/* With its length, so that no two sequences of texts are digested alike. */
static void digest_text(apr_sha1_ctx_t *sha1, const char *text, apr_size_t len)
{
    apr_uint64_t size = len;

    apr_sha1_update_binary(sha1, (const unsigned char *)&size, sizeof(size));
    apr_sha1_update_binary(sha1, (const unsigned char *)text, (unsigned int)len);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* All that makes the request what it is. */
static cs_val_t digest_of(const cs_call_t *call)
{
    const char *const texts[] = {call->match.route->operation, call->match.canonical, or_empty(call->query),
                                 or_empty(call->content_type), or_empty(call->locale_headers.so_time_zone)};
    unsigned char digest[APR_SHA1_DIGESTSIZE];
    char *hex = apr_palloc(call->cx->pool, 2 * sizeof(digest) + 1);
    apr_sha1_ctx_t sha1;

    apr_sha1_init(&sha1);
    for (apr_size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        digest_text(&sha1, texts[i], strlen(texts[i]));
    }
    digest_text(&sha1, or_empty(call->body), call->body_len);
    apr_sha1_final(digest, &sha1);
    for (apr_size_t i = 0; i < sizeof(digest); i++) {
        apr_snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    return cs_val_text(hex, 2 * sizeof(digest));
}

/* ---------------- claiming and answering */

static cs_val_t text_or_null(const char *text)
{
    return text ? cs_val_text(text, strlen(text)) : cs_val_null(CS_K_TEXT);
}

/* Columns of idempotency_claim. */
enum { VERDICT, STATUS, CONTENT_TYPE, ETAG, CHANGED, BODY };

static int verdict_is(const cs_record_t *row, const char *verdict)
{
    const cs_val_t *cell = &row[VERDICT].cells[0];

    return cell->len == strlen(verdict) && memcmp(cell->u.s, verdict, cell->len) == 0;
}

static const char *text_of(const cs_call_t *call, const cs_record_t *column)
{
    return column->cells[0].set ? apr_pstrmemdup(call->cx->pool, column->cells[0].u.s, column->cells[0].len)
                                : NULL;
}

static cs_error_t *replay(cs_call_t *call, const cs_record_t *row)
{
    const cs_val_t *body = &row[BODY].cells[0];

    call->content_text = text_of(call, &row[CONTENT_TYPE]);
    call->etag = text_of(call, &row[ETAG]);
    call->modified = row[CHANGED].cells[0].set ? cs_wall_to_time(row[CHANGED].cells[0].u.i) : 0;
    if (body->set) {
        call->reply = cs_buf_make(call->cx->pool, body->len);
        cs_buf_put(call->reply, body->u.s, body->len);
    }
    return cs_call_finish(call, (int)row[STATUS].cells[0].u.i);
}

static cs_error_t *remember(cs_call_t *call)
{
    const cs_media_t *media = call->media;
    cs_val_t args[] = {cs_identity_arg(call),
                       text_or_null(call->idempotency_key),
                       cs_val_int(call->status),
                       text_or_null(call->reply ? cs_media_content_type(call->cx->pool, media) : NULL),
                       text_or_null(call->etag),
                       cs_val_null(CS_K_TIME),
                       cs_val_null(CS_K_TEXT)};
    cs_rows_t *none;

    if (call->modified) {
        args[5].set = 1;
        args[5].u.i = cs_wall_of_time(call->modified);
    }
    if (call->reply) {
        args[6] = cs_val_text(cs_buf_bytes(call->reply, call->cx->pool), call->reply->length);
    }
    return cs_db_exec(call->cx, call->transaction, CS_STMT_IDEMPOTENCY_ANSWER, args, 7, &none);
}

static cs_error_t *work_once(cs_call_t *call)
{
    const cs_val_t args[] = {cs_identity_arg(call), text_or_null(call->idempotency_key), digest_of(call),
                             cs_val_int(apr_time_sec(call->site->idempotency_ttl)),
                             cs_val_int(apr_time_as_msec(call->site->patience))};
    const cs_record_t *row;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_IDEMPOTENCY_CLAIM, args, 5, &rows));
    row = cs_rows_get(rows, 0);
    if (verdict_is(row, "replay")) {
        return replay(call, row);
    }
    if (verdict_is(row, "running")) {
        return cs_error_make(call->cx->pool, CS_E_KEY_RUNNING, NULL,
                             "the first request with this Idempotency-Key is still running");
    }
    if (verdict_is(row, "other")) {
        return cs_error_make(call->cx->pool, CS_E_KEY_REUSED, NULL,
                             "this Idempotency-Key was used for another request");
    }
    CS_TRY(call->match.route->handle(call));
    return remember(call);
}

cs_error_t *cs_idempotency_run(cs_call_t *call)
{
    const cs_route_t *route = call->match.route;

    if (!call->idempotency_key || !(route->flags & CS_R_KEYED)) {
        return route->handle(call);
    }
    CS_TRY(check_key(call));
    return cs_transaction_run(call, work_once);
}
