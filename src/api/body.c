#include "api/body.h"

#include <string.h>

static int is_blank(const char *bytes, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        if (!strchr(" \t\r\n", bytes[i]) || !bytes[i]) {
            return 0;
        }
    }
    return 1;
}

static cs_error_t *empty(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_BODY_EMPTY, NULL, "Entity to save is not in request body");
}

cs_error_t *cs_body_decode(cs_call_t *call)
{
    const cs_media_t *media;

    if (is_blank(call->body, call->body_len)) {
        return empty(call);
    }
    CS_TRY(cs_media_of_body(call->cx, call->content_type, &media));
    CS_TRY(media->decode(call->cx, call->body, call->body_len, &call->doc));
    if (call->doc->kind == CS_DOC_NULL || (call->doc->kind == CS_DOC_ARRAY && call->doc->count == 0)) {
        return empty(call);
    }
    return NULL;
}
