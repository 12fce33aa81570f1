/* query/skip.c -- continuations: where a page ended, as text.
 *
 *      text = base64url of *( ( "n" number / "t" length ":" bytes ) ";" )
 *
 * A number is an integer, a time, a boolean, or the bits of a real. */
#include "query/list.h"

#include "base/text.h"

#include <apr_base64.h>
#include <apr_strings.h>
#include <string.h>

static const char *encode_value(apr_pool_t *pool, const cs_val_t *value)
{
    return value->kind == CS_K_TEXT
               ? apr_psprintf(pool, "t%" APR_SIZE_T_FMT ":%.*s;", value->len, (int)value->len, value->u.s)
               : apr_psprintf(pool, "n%" APR_INT64_T_FMT ";", value->u.i);
}

const char *cs_skip_encode(apr_pool_t *pool, const apr_array_header_t *orders, const cs_val_t *values)
{
    const char *text = "";
    char *out;

    for (int i = 0; i < orders->nelts; i++) {
        text = apr_pstrcat(pool, text, encode_value(pool, &values[i]), NULL);
    }
    out = apr_palloc(pool, (apr_size_t)apr_base64_encode_len((int)strlen(text)));
    apr_base64_encode(out, text, (int)strlen(text));
    for (char *c = out; *c; c++) {
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    }
    out[strcspn(out, "=")] = '\0';
    return out;
}

/* From behind its letter to behind its ";": 1, or 0. */
static int decode_value(const char **at, const char *end, cs_kind_t kind, cs_val_t *value)
{
    const char *mark = *at < end ? memchr(*at, kind == CS_K_TEXT ? ':' : ';', (apr_size_t)(end - *at)) : NULL;
    apr_int64_t number;

    if (!mark || **at != (kind == CS_K_TEXT ? 't' : 'n') ||
        !cs_text_integer(*at + 1, (apr_size_t)(mark - *at - 1), &number)) {
        return 0;
    }
    *at = mark + 1;
    if (kind != CS_K_TEXT) {
        *value = (cs_val_t){.kind = kind, .set = 1, .u.i = number};
        return kind != CS_K_BOOL || number == 0 || number == 1;
    }
    if (number < 0 || number >= end - *at || (*at)[number] != ';' ||
        !cs_utf8_valid(*at, (apr_size_t)number, NULL) || memchr(*at, '\0', (apr_size_t)number)) {
        return 0;
    }
    *value = cs_val_text(*at, (apr_size_t)number);
    *at += number + 1;
    return 1;
}

/* Bytes of a base64url text, or -1. */
static apr_ssize_t decode_base64(apr_pool_t *pool, const char *text, const char **bytes_out)
{
    apr_size_t len = strlen(text);
    char *copy = apr_pstrdup(pool, text), *bytes = apr_palloc(pool, len + 4);

    for (char *c = copy; *c; c++) {
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    }
    *bytes_out = bytes;
    if (strspn(copy, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") != len ||
        len % 4 == 1 || len > CS_FILTER_LENGTH) {
        return -1;
    }
    return apr_base64_decode_binary((unsigned char *)bytes, copy);
}

cs_error_t *cs_skip_decode(apr_pool_t *pool, const apr_array_header_t *orders, const char *text,
                           const cs_val_t **values_out)
{
    cs_val_t *values = apr_pcalloc(pool, sizeof(*values) * (apr_size_t)orders->nelts);
    const char *at, *end;
    apr_ssize_t len = decode_base64(pool, text, &at);
    int fine = len >= 0;

    end = fine ? at + len : at;
    for (int i = 0; fine && i < orders->nelts; i++) {
        fine = decode_value(&at, end, cs_order_kind(&APR_ARRAY_IDX(orders, i, cs_order_t)), &values[i]);
    }
    if (!fine || at != end) {
        return cs_error_make(pool, CS_E_SKIP_TOKEN, "$skiptoken",
                             "$skiptoken is not one of this list: take odata.nextLink as it stands");
    }
    *values_out = values;
    return NULL;
}
