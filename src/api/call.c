#include "api/call.h"

#include "api/query_string.h"
#include "base/tz.h"
#include "base/wall.h"
#include "model/select.h"

#include <apr_strings.h>
#include <string.h>

cs_writer_t cs_call_writer_in(cs_call_t *call, const cs_media_t *media)
{
    cs_writer_t writer = {.ops = media->writer};

    call->reply = writer.buf = cs_buf_make(call->cx->pool, CS_REPLY_CEILING);
    if (writer.ops->begin) {
        writer.ops->begin(&writer);
    }
    return writer;
}

cs_writer_t cs_call_writer(cs_call_t *call)
{
    return cs_call_writer_in(call, call->media);
}

void cs_call_header(cs_call_t *call, const char *name, const char *value)
{
    if (!call->headers) {
        call->headers = apr_table_make(call->cx->pool, 2);
    }
    apr_table_addn(call->headers, name, value);
}

cs_val_t cs_call_clock(const cs_call_t *call)
{
    cs_wall_t now = cs_tz_wall(call->cx->locale->base_zone, cs_wall_of_time(apr_time_now()));

    return (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = now};
}

cs_error_t *cs_call_parameter(const cs_call_t *call, const char *name, const char **value_out)
{
    if (call->parameters) {
        *value_out = apr_table_get(call->parameters, name);
        return NULL;
    }
    return cs_query_get(call->cx->pool, call->query, name, value_out);
}

cs_error_t *cs_call_choose(cs_call_t *call, const cs_entity_t *entity)
{
    const char *text;

    if (!entity) {
        return NULL;
    }
    CS_TRY(cs_query_get(call->cx->pool, call->query, "$select", &text));
    if (text) {
        call->select = cs_select_parse(call->cx->pool, entity, text);
    }
    return NULL;
}

const char *cs_call_collection(const cs_call_t *call, const char *path)
{
    return call->match.route->rpc ? NULL : apr_pstrcat(call->cx->pool, call->root_url, path, NULL);
}

void cs_call_form(const cs_call_t *call, const char *texts_out[CS_FORM_TEXTS])
{
    const cs_locale_headers_t *headers = &call->locale_headers;
    const char *const texts[CS_FORM_TEXTS] = {call->root_url,           call->query,
                                              headers->accept_language, headers->so_language,
                                              headers->so_culture,      headers->so_time_zone};

    memcpy(texts_out, texts, sizeof(texts));
}

int cs_call_lacks_marks(const cs_call_t *call, const cs_error_t *error)
{
    if (!error || (error->code != CS_E_DB_SCHEMA && error->code != CS_E_DB_REFUSED)) {
        return 0;
    }
    cs_db_lacks_marks(call->db);
    return 1;
}

/* What changes something may have done so already. */
static cs_error_t *too_long(const cs_call_t *call)
{
    const cs_route_t *route = call->match.route;
    int reads = route && (route->method == CS_GET || route->flags & CS_R_READS);

    return cs_error_make(call->cx->pool, reads ? CS_E_ANSWER_LONG : CS_E_INTERNAL, NULL,
                         "the answer is longer than %d bytes", CS_REPLY_CEILING);
}

cs_error_t *cs_call_finish(cs_call_t *call, int status)
{
    if (call->reply && call->reply->full) {
        return too_long(call);
    }
    call->status = status;
    return NULL;
}
