/* t/unit/fault.c -- a body on its way in, and an error as the client sees it. */
#include "api/body.h"
#include "api/fault.h"
#include "support.h"
#include "tap.h"

static cs_call_t *call_make(apr_pool_t *pool, const char *accept)
{
    cs_call_t *call = apr_pcalloc(pool, sizeof(*call));

    call->cx = test_ctx(pool);
    call->media = cs_media_for_answer(accept, NULL, 0, &call->problem);
    return call;
}

/* ---------------- bodies */

static const struct {
    const char *body; /* NULL: none */
    apr_size_t len;
    const char *type;
    const char *code;
} bodies[] = {
    {BYTES("{}"), "application/json", ""},
    {BYTES(" {\"TopicId\":1} "), "text/json; charset=utf-8", ""},
    {BYTES("\xEF\xBB\xBF{}"), "application/json", ""},
    {BYTES("[1]"), "application/json", ""}, /* no entity either, but that is judged later */
    {BYTES("12"), "application/json", ""},
    {BYTES("\"\""), "application/merge-patch+json", ""},
    {BYTES("[null]"), "application/json-patch+json", ""},
    /* no entity, whatever type it is said to have */
    {NULL, 0, NULL, "body.empty"},
    {NULL, 0, "application/json", "body.empty"},
    {NULL, 0, "image/png", "body.empty"},
    {BYTES(""), "application/json", "body.empty"},
    {BYTES(" "), "application/json", "body.empty"},
    {BYTES(" \t\r\n "), "image/png", "body.empty"},
    {BYTES("\n"), NULL, "body.empty"},
    {BYTES("null"), "application/json", "body.empty"},
    {BYTES(" null "), "text/json", "body.empty"},
    {BYTES("[]"), "application/json", "body.empty"},
    {BYTES(" [ ] "), "application/json", "body.empty"},
    {BYTES("null"), "text/plain", "body.empty"},
    {BYTES("[]"), NULL, "body.empty"},
    {BYTES("\xEF\xBB\xBFnull"), "application/json", "body.empty"},
    {BYTES("\xEF\xBB\xBF []"), "application/json", "body.empty"},
    /* the type is judged before the text */
    {BYTES("{}"), NULL, "body.media-type"},
    {BYTES("{}"), "", "body.media-type"},
    {BYTES("{}"), "text/plain", "body.media-type"},
    {BYTES("nonsense"), "text/plain", "body.media-type"},
    {BYTES("{}"), "application/json; charset=latin1", "body.media-type"},
    {BYTES("{}"), "application/problem+json", "body.media-type"},
    /* what the decoder finds */
    {BYTES("{"), "application/json", "json.syntax"},
    {BYTES("nul"), "application/json", "json.syntax"},
    {BYTES("nu ll"), "application/json", "json.syntax"},
    {BYTES("nullnull"), "application/json", "json.syntax"},
    {BYTES("[][]"), "application/json", "json.syntax"},
    {BYTES("]["), "application/json", "json.syntax"},
    {BYTES("\0"), "application/json", "json.syntax"},
    {BYTES(" \0 "), "application/json", "json.syntax"},
    {BYTES("\x0B"), "application/json", "json.syntax"},
    {BYTES("\xEF\xBB\xBF"), "application/json", "body.empty"},
    {BYTES("TopicId=1"), "application/json", "json.syntax"},
    {BYTES("{\"a\":1,\"a\":2}"), "application/json", "json.duplicate"},
    {BYTES("\"\xFF\""), "application/json", "json.encoding"},
    {BYTES("\"\\u0000\""), "application/json", "text.nul"},
};

static void test_bodies(apr_pool_t *pool)
{
    static const cs_route_t saves = {.flags = CS_R_BODY};

    for (size_t i = 0; i < COUNT(bodies); i++) {
        cs_call_t *call = call_make(pool, NULL);
        const char *shown = bodies[i].body ? bodies[i].body : "no body";
        cs_error_t *error;

        call->match.route = &saves;
        call->body = bodies[i].body;
        call->body_len = bodies[i].len;
        call->content_type = bodies[i].type;
        error = cs_body_decode(call);
        is(code_of(error), bodies[i].code, "'%s' as %s", shown, bodies[i].type ? bodies[i].type : "no type");
        ok(error || call->doc, "'%s' becomes a document, or it is told why not", shown);
        if (error && error->code == CS_E_BODY_EMPTY) {
            is(error->message, "Entity to save is not in request body", "'%s': the message of the original",
               shown);
        }
    }
}

/* ---------------- errors */

static const cs_route_t route = {CS_GET, "/ChatSession/{id}", "session_get", "ChatSession", 0, NULL};

static const char *written(apr_pool_t *pool, cs_call_t *call, const cs_error_t *error)
{
    cs_fault_write(call, error, "Xq1", 0);
    return call->reply ? cs_buf_text(call->reply, pool) : "no reply";
}

static cs_error_t *invalid(apr_pool_t *pool)
{
    cs_error_t *whole = cs_error_make(pool, CS_E_BODY_INVALID, NULL, "2 properties cannot be saved");

    cs_error_add(&whole, cs_error_make(pool, CS_E_VALUE_TYPE, "TopicId", "TopicId takes \"x\""));
    cs_error_add(&whole, cs_error_make(pool, CS_E_VALUE_RANGE, "User/AssociateId", "out of range"));
    return whole;
}

static void test_error(apr_pool_t *pool)
{
    cs_call_t *call = call_make(pool, NULL);
    cs_error_t *error = cs_error_make(pool, CS_E_SESSION_UNKNOWN, NULL, "ChatSession 5 does not exist");

    is(written(pool, call, error),
       "{\"Error\":true,\"ErrorType\":\"SoNotFoundException\",\"ErrorMessage\":\"ChatSession 5 does not "
       "exist\","
       "\"ErrorSource\":\"mod_chatsession\",\"Message\":\"ChatSession 5 does not exist\","
       "\"Code\":\"session.unknown\",\"RequestId\":\"Xq1\"}",
       "an error holds every spelling of its message, and no Fields where none is at fault");
    is_int(call->status, 404, "the status is that of the code");
    call->match.route = &route;
    ok(strstr(written(pool, call, error), "\"ErrorSource\":\"ChatSession\""), "the source is the route's");
    is(written(pool, call, invalid(pool)),
       "{\"Error\":true,\"ErrorType\":\"SoValidationException\",\"ErrorMessage\":\"2 properties cannot be "
       "saved\",\"ErrorSource\":\"ChatSession\",\"Message\":\"2 properties cannot be saved\","
       "\"Code\":\"body.invalid\",\"RequestId\":\"Xq1\",\"Fields\":["
       "{\"Field\":\"TopicId\",\"Code\":\"value.type\",\"Message\":\"TopicId takes \\\"x\\\"\"},"
       "{\"Field\":\"User/AssociateId\",\"Code\":\"value.range\",\"Message\":\"out of range\"}]}",
       "each faulty property is listed");
    ok(strstr(written(pool, call, cs_error_make(pool, CS_E_VALUE_TYPE, "TopicId", "m")),
              "\"Fields\":[{\"Field\":\"TopicId\",\"Code\":\"value.type\",\"Message\":\"m\"}]"),
       "one that stands alone, too");
}

static void test_problem(apr_pool_t *pool)
{
    cs_call_t *call = call_make(pool, "application/problem+json");

    is(written(pool, call, invalid(pool)),
       "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
       "\"detail\":\"2 properties cannot be "
       "saved\",\"code\":\"body.invalid\",\"requestId\":\"Xq1\",\"errors\":["
       "{\"Field\":\"TopicId\",\"Code\":\"value.type\",\"Message\":\"TopicId takes \\\"x\\\"\"},"
       "{\"Field\":\"User/AssociateId\",\"Code\":\"value.range\",\"Message\":\"out of range\"}]}",
       "who asks for a problem gets one");
    is_int(call->status, 400, "its status is that of the code");
    ok(cs_fault_media(call) == call->problem, "it is written as a problem");
    call->problem = NULL;
    ok(cs_fault_media(call) == call->media, "who did not ask gets the type of the answer");
}

/* Every status has its phrase. */
static void test_titles(apr_pool_t *pool)
{
    for (int code = 0; code < CS_E_COUNT; code++) {
        cs_call_t *call = call_make(pool, "application/problem+json");
        const char *text = written(pool, call, cs_error_make(pool, (cs_code_t)code, NULL, "m"));
        const cs_doc_t *doc = test_doc(test_ctx(pool), text);
        const cs_doc_t *title = cs_doc_find(doc, "title", NULL);

        ok(title && *title->text && strcmp(title->text, "Error") != 0, "%s: status %d has a phrase",
           cs_code_row((cs_code_t)code)->name, call->status);
        is_int(call->status, cs_code_row((cs_code_t)code)->status, "%s: the status is that of the code",
               cs_code_row((cs_code_t)code)->name);
    }
}

/* What went wrong inside is nobody's business outside. */
static void test_inner_faults(apr_pool_t *pool)
{
    static const char *const accepts[] = {NULL, "application/problem+json"};
    int shown_with_field = 0;

    for (int code = 0; code < CS_E_COUNT; code++) {
        if (cs_code_row((cs_code_t)code)->status < 500) {
            continue;
        }
        for (size_t i = 0; i < COUNT(accepts); i++) {
            cs_call_t *call = call_make(pool, accepts[i]);
            const char *name = cs_code_row((cs_code_t)code)->name;
            cs_error_t *error = cs_error_make(pool, (cs_code_t)code, NULL, "%s", "table \"hidden\" is gone");
            const char *text;

            cs_error_detail(error, "SQLSTATE hidden");
            text = written(pool, call, error);
            ok(!strstr(text, "hidden"), "%s: the cause is not shown", name);
            ok(strstr(text, "request Xq1"), "%s: the message says where to look", name);
            error->field = "column";
            shown_with_field += strstr(written(pool, call, error), "hidden") != NULL;
        }
    }
    is_int(shown_with_field, 0, "nor is the cause shown where the fault names a field");
}

/* A change that was not answered may have been made. */
static void test_outcomes(apr_pool_t *pool)
{
    static const cs_route_t writing = {CS_PUT, "/ChatSession/{id}", "session_replace", "ChatSession", 0,
                                       NULL};
    static const cs_route_t asking = {CS_POST,       "/Agents/Chat/GetChatMessages", "message_list",
                                      "ChatSession", CS_R_BODY | CS_R_READS,         NULL};
    static const struct {
        cs_code_t code;
        const char *read, *write;
    } outcomes[] = {
        {CS_E_DB_LOST, "try again later", "it is not known whether the change was made"},
        {CS_E_DB_SILENT, "try again later", "it is not known whether the change was made"},
        {CS_E_INTERNAL, "was not carried out", "it is not known whether the change was made"},
        {CS_E_DB_FAILED, "was not carried out", "was not carried out"},
        {CS_E_DB_TIMEOUT, "try again later", "try again later"},
        {CS_E_DB_BUSY, "try again later", "try again later"},
        {CS_E_DB_CONFLICT, "try again later", "try again later"},
    };

    for (size_t i = 0; i < COUNT(outcomes); i++) {
        cs_error_t *error = cs_error_make(pool, outcomes[i].code, NULL, "m");
        cs_call_t *call = call_make(pool, NULL);

        call->match.route = &route;
        ok(strstr(written(pool, call, error), outcomes[i].read), "%s of a read: %s", code_of(error),
           outcomes[i].read);
        call->match.route = &asking;
        ok(strstr(written(pool, call, error), outcomes[i].read), "%s of a read by POST: %s", code_of(error),
           outcomes[i].read);
        call->match.route = &writing;
        ok(strstr(written(pool, call, error), outcomes[i].write), "%s of a write: %s", code_of(error),
           outcomes[i].write);
        call->idempotency_key = "key";
        is_int(strstr(written(pool, call, error), "with its Idempotency-Key it is made once") != NULL,
               strstr(outcomes[i].write, "not known") != NULL, "%s: who may send it again is told",
               code_of(error));
    }
}

static void test_details_are_hidden(apr_pool_t *pool)
{
    cs_error_t *error = cs_error_make(pool, CS_E_VALUE_RANGE, NULL, "a value is outside");

    cs_error_detail(error, "SQLSTATE 23514, constraint hidden");
    ok(!strstr(written(pool, call_make(pool, NULL), error), "hidden"), "a detail is for the log alone");
}

/* ---------------- the reply */

static void test_finish(apr_pool_t *pool)
{
    cs_call_t *call = call_make(pool, NULL);
    cs_writer_t writer = cs_call_writer(call);

    writer.ops->integer(&writer, 12);
    is(code_of(cs_call_finish(call, 200)), "", "a reply is finished");
    is_int(call->status, 200, "its status is kept");
    is(cs_buf_text(call->reply, pool), "12", "its text is what was written");
    call->status = 0;
    call->reply->full = 1;
    is(code_of(cs_call_finish(call, 200)), "server.internal", "one that outgrew its ceiling is an error");
    is_int(call->status, 0, "and has no status yet");
    call->reply = NULL;
    is(code_of(cs_call_finish(call, 204)), "", "there may be no content");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_bodies(pool);
    test_error(pool);
    test_problem(pool);
    test_titles(pool);
    test_inner_faults(pool);
    test_outcomes(pool);
    test_details_are_hidden(pool);
    test_finish(pool);
    return done();
}
