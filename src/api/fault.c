#include "api/fault.h"

#include <apr_strings.h>
#include <string.h>

#define WRITE_NAME(w, literal) (w)->ops->name((w), literal, sizeof(literal) - 1)

static void write_member(cs_writer_t *w, const char *name, const char *text)
{
    w->ops->name(w, name, strlen(name));
    w->ops->text(w, text, strlen(text));
}

/* Whether a change may have been made although it failed: no answer came to it, or it could not be told. */
static int may_be_done(const cs_call_t *call, cs_code_t code)
{
    const cs_route_t *route = call->match.route;

    return route && route->method != CS_GET && !(route->flags & CS_R_READS) &&
           (code == CS_E_DB_LOST || code == CS_E_DB_SILENT || code == CS_E_INTERNAL);
}

static const char *outcome(const cs_call_t *call, const cs_code_row_t *row, cs_code_t code)
{
    if (may_be_done(call, code)) {
        return call->idempotency_key
                   ? "it is not known whether the change was made; sent again with its Idempotency-Key it is "
                     "made once"
                   : "it is not known whether the change was made";
    }
    return row->status == 503 ? "nothing is wrong with the request, try again later"
                              : "the request was not carried out";
}

/* What may be shown: messages about the request as they are, about the server only that it is the server. */
static const char *shown_message(const cs_call_t *call, const cs_error_t *error, const char *request_id)
{
    const cs_code_row_t *row = cs_code_row(error->code);

    if (row->status < 500) {
        return error->message;
    }
    return apr_psprintf(call->cx->pool, "%s; %s. The server's log names the cause under request %s.",
                        row->title, outcome(call, row, error->code), request_id);
}

/* One entry per faulty property, or nothing at all. */
static void write_fields(cs_writer_t *w, const cs_error_t *error, const char *name)
{
    const cs_error_t *first = error->next ? error->next : error->field ? error : NULL;

    if (!first || cs_code_row(error->code)->status >= 500) {
        return;
    }
    w->ops->name(w, name, strlen(name));
    w->ops->array_open(w, "Field");
    for (const cs_error_t *fault = first; fault; fault = fault->next) {
        w->ops->open(w, "Field");
        write_member(w, "Field", fault->field ? fault->field : "");
        write_member(w, "Code", cs_code_row(fault->code)->wire);
        write_member(w, "Message", fault->message);
        w->ops->close(w);
    }
    w->ops->array_close(w);
}

/* The API's own error object, with every spelling of the message that a client may look for. */
static void write_error(cs_writer_t *w, const cs_call_t *call, const cs_error_t *error,
                        const char *request_id)
{
    const cs_code_row_t *row = cs_code_row(error->code);
    const char *message = shown_message(call, error, request_id);

    w->ops->open(w, "Error");
    WRITE_NAME(w, "Error");
    w->ops->boolean(w, 1);
    write_member(w, "ErrorType", row->type);
    write_member(w, "ErrorMessage", message);
    write_member(w, "ErrorSource", call->match.route ? call->match.route->source : "mod_chatsession");
    write_member(w, "Message", message);
    write_member(w, "Code", row->wire);
    write_member(w, "RequestId", request_id);
    write_fields(w, error, "Fields");
    w->ops->close(w);
}

/* The title of a problem without a type of its own is HTTP's phrase for the status. */
static const char *status_phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };

    for (apr_size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        if (phrases[i].status == status) {
            return phrases[i].phrase;
        }
    }
    return "Error";
}

/* RFC 9457. */
static void write_problem(cs_writer_t *w, const cs_call_t *call, const cs_error_t *error,
                          const char *request_id)
{
    const cs_code_row_t *row = cs_code_row(error->code);

    w->ops->open(w, "problem");
    write_member(w, "type", "about:blank");
    write_member(w, "title", status_phrase(call->status));
    WRITE_NAME(w, "status");
    w->ops->integer(w, call->status);
    write_member(w, "detail", shown_message(call, error, request_id));
    write_member(w, "code", row->wire);
    write_member(w, "requestId", request_id);
    write_fields(w, error, "errors");
    w->ops->close(w);
}

const cs_media_t *cs_fault_media(const cs_call_t *call)
{
    const cs_media_t *none;

    if (call->problem) {
        return call->problem;
    }
    return call->media->only_for & CS_MEDIA_LIST ? cs_media_for_answer("application/xml", NULL, 0, &none)
                                                 : call->media;
}

void cs_fault_write(cs_call_t *call, const cs_error_t *error, const char *request_id, int status)
{
    cs_writer_t writer = cs_call_writer_in(call, cs_fault_media(call));

    call->status = status ? status : cs_code_row(error->code)->status;
    (call->problem ? write_problem : write_error)(&writer, call, error, request_id);
    call->retry = call->status == 503 || call->status == 429 || error->code == CS_E_KEY_RUNNING;
    call->etag = call->content_text = NULL; /* of the answer that it might have been */
    call->modified = 0;
}
