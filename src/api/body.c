#include "api/body.h"

#include <string.h>

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Nothing, null or an empty array, with white space around and a byte-order mark before it: no entity in any
 * format. */
static int is_no_entity(const char *bytes, apr_size_t len)
{
    const char *end = bytes + len;

    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
    }
    while (bytes < end && is_space(*bytes)) {
        bytes++;
    }
    while (bytes < end && is_space(end[-1])) {
        end--;
    }
    if (end - bytes >= 2 && *bytes == '[' && end[-1] == ']') {
        for (bytes++; bytes < end - 1 && is_space(*bytes); bytes++) {
        }
        return bytes == end - 1;
    }
    return bytes == end || (end - bytes == 4 && memcmp(bytes, "null", 4) == 0);
}

static cs_error_t *empty(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_BODY_EMPTY, NULL, "Entity to save is not in request body");
}

cs_error_t *cs_body_decode(cs_call_t *call)
{
    const cs_media_t *media;

    if (is_no_entity(call->body, call->body_len)) {
        return empty(call);
    }
    CS_TRY(cs_media_of_body(call->cx, call->content_type, &media));
    return media->decode(call->cx, call->body, call->body_len, &call->doc);
}
