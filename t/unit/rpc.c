/* t/unit/rpc.c -- the methods of the RPC style: what each takes, and how that gets to where REST's operations
 * look for it. */
#define CALLS_METHODS
#include "api/body.h"
#include "api/route.h"
#include "api/rpc.h"
#include "handlers.h"
#include "support.h"
#include "tap.h"

/* ---------------- the table, as it is published */

#define CHANGES "changes"
#define READS   "reads"

static const struct {
    const char *name;
    const char *parameters; /* of the body; "?name" of the query; "entity": the body is one */
    const char *kind;
    const char *select; /* what $select chooses from */
    int nothing;        /* it answers nothing */
    int null;           /* for what is not there */
} published[] = {
    {"GetChatPresence", "", READS, "ChatPresence", 0, 0},
    {"SaveChatPresence", "ChatPresence[]", CHANGES, "", 1, 0},
    {"CreateDefaultChatSessionEntity", "", READS, "", 0, 0},
    {"SaveChatSessionEntity", "entity", CHANGES, "", 0, 0},
    {"DeleteChatSessionEntity", "?chatSessionEntityId", CHANGES, "", 1, 0},
    {"GetChatSessionEntity", "?chatSessionEntityId", READS, "ChatSessionEntity", 0, 1},
    {"ChatSessionsForUser", "", READS, "ChatSessionEntity", 0, 0},
    {"TransferChatSession", "ChatSessionId, ToAssociate", CHANGES, "ChatSessionEntity", 0, 1},
    {"AcceptChatSessionTransfer", "ChatSessionId", CHANGES, "ChatSessionEntity", 0, 1},
    {"RejectChatSessionTransfer", "ChatSessionId", CHANGES, "ChatSessionEntity", 0, 1},
    {"PickUpChatSession", "ChatSessionId", CHANGES, "ChatSessionEntity", 0, 1},
    {"PickUpFirstChatSession", "", CHANGES, "ChatSessionEntity", 0, 0},
    {"ResetChatSession", "ChatSessionId", CHANGES, "ChatSessionEntity", 0, 1},
    {"GetChatTranscript", "ChatSessionId, Html", READS, "", 0, 1},
    {"GetChatMessages", "ChatSessionId, After", READS, "ChatMessage", 0, 1},
    {"AddChatMessage", "ChatSessionId, Message", CHANGES, "ChatMessage", 0, 1},
    {"CreateDefaultChatTopicAgent", "", READS, "", 0, 0},
    {"CreateDefaultChatTopicEntity", "", READS, "", 0, 0},
    {"SaveChatTopicEntity", "entity", CHANGES, "", 0, 0},
    {"DeleteChatTopicEntity", "?chatTopicEntityId", CHANGES, "", 1, 0},
    {"GetChatTopicEntity", "?chatTopicEntityId", READS, "ChatTopicEntity", 0, 1},
    {"IsWithinOpeningHours", "ChatTopicId", READS, "", 0, 1},
    {"ChatTopicsForUser", "", READS, "ChatTopicEntity", 0, 0},
    {"GetUserAgentList", "Flat, OnlyPresent", READS, "MDOListItem", 0, 0},
    {"GetChatTopicUserAgentList", "ChatTopicId", READS, "ChatTopicAgent", 0, 1},
    {"GetChatTopicUserAgent", "ChatTopicId, Username", READS, "ChatTopicAgent", 0, 1},
    {"AddChatTopicUserAgent", "ChatTopicId, Useragent", CHANGES, "ChatTopicAgent", 0, 1},
    {"UpdateChatTopicUserAgent", "ChatTopicId, Username, Useragent", CHANGES, "ChatTopicAgent", 0, 1},
    {"UpdateChatTopicUserAgents", "ChatTopicId, Useragents[]", CHANGES, "ChatTopicAgent", 0, 1},
    {"DeleteChatTopicUserAgent", "ChatTopicId, Username", CHANGES, "", 1, 0},
    {"CreateChatSessionForTopic", "ChatTopicId", CHANGES, "ChatSessionEntity", 0, 1},
};

static const char *parameters_of(apr_pool_t *pool, const cs_rpc_t *rpc)
{
    const char *list = "";

    if (rpc->query_id) {
        return apr_pstrcat(pool, "?", rpc->query_id, NULL);
    }
    if (!rpc->wrapper) {
        return rpc->entity ? "entity" : "";
    }
    for (int i = 0; i < rpc->wrapper->count; i++) {
        list = apr_pstrcat(pool, list, *list ? ", " : "", rpc->wrapper->fields[i].name, NULL);
    }
    return rpc->part ? apr_pstrcat(pool, list, *list ? ", " : "", rpc->part, rpc->many ? "[]" : "", NULL)
                     : list;
}

static void test_table(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(published); i++) {
        const char *name = published[i].name;
        const cs_route_t *row;
        cs_match_t match;

        cs_route_find(pool, CS_POST, apr_pstrcat(pool, "/Agents/Chat/", name, NULL), &match);
        row = match.route;
        if (!ok(row && row->rpc, "%s is there", name)) {
            continue;
        }
        is(parameters_of(pool, row->rpc), published[i].parameters, "%s: its parameters", name);
        is(row->flags & CS_R_READS ? READS : CHANGES, published[i].kind, "%s %s", name, published[i].kind);
        ok(!(row->flags & CS_R_READS) == !!(row->flags & CS_R_KEYED),
           "R-18: %s: an Idempotency-Key counts for changes alone", name);
        ok(!(row->flags & CS_R_BODY) == !(row->rpc->wrapper || (row->rpc->entity && !row->rpc->query_id)),
           "%s: a body comes with parameters", name);
        is(row->rpc->select ? row->rpc->select->name : "", published[i].select, "%s: $select", name);
        ok(!(row->flags & CS_R_SILENT) == !published[i].nothing, "%s: whether it answers anything", name);
        is_int(row->rpc->null_where_missing, published[i].null, "R-26: %s: null, or 404", name);
        ok(row->rpc->operation && row->handle == cs_rpc_run, "%s: leads to an operation", name);
        ok(row->rpc->entity == NULL || row->rpc->entity->carrier != CS_CARRIER_COUNT || row->rpc->part,
           "%s: what it saves is an entity", name);
    }
    is_int(COUNT(published), 31, "31 methods are published");
    ok(cs_rpc_row(31) == NULL && cs_rpc_row(30) && cs_rpc_row(-1) == NULL, "and there is no other");
}

/* ---------------- calls */

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"
#define XML  "application/xml"

static const struct {
    const char *method, *query, *type, *body;
    const char *taken; /* id, name, parameters, REST's body; or what is wrong */
} calls[] = {
    {"PickUpChatSession", NULL, JSON, "{\"ChatSessionId\":5}", "5"},
    {"PickUpChatSession", NULL, JSON, "{\"chatsessionid\":\"5\",\"more\":{}}", "5"},
    {"PickUpChatSession", NULL, JSON, "{\"ChatSessionId\":-2147483648}", "-2147483648"},
    {"PickUpChatSession", NULL, XML,
     "<PickUpChatSession><ChatSessionId>5</ChatSessionId></PickUpChatSession>", "5"},
    {"PickUpChatSession", NULL, XML,
     "<a:PickUpChatSessionRequest "
     "xmlns:a='b'><a:ChatSessionId>5</a:ChatSessionId></a:PickUpChatSessionRequest>",
     "5"},
    {"PickUpChatSession", NULL, FORM, "chatSessionId=5", "5"},
    {"TransferChatSession", NULL, JSON, "{\"ToAssociate\":\"otto\",\"ChatSessionId\":5}", "5 otto"},
    {"TransferChatSession", NULL, FORM, "ToAssociate=%C3%A5se&ChatSessionId=5", "5 \xC3\xA5se"},
    {"GetChatTranscript", NULL, JSON, "{\"ChatSessionId\":5}", "5 Html=false"},
    {"GetChatTranscript", NULL, JSON, "{\"ChatSessionId\":5,\"html\":true}", "5 Html=true"},
    {"GetChatTranscript", "html=true", JSON, "{\"ChatSessionId\":5}", "5 Html=false"},
    {"GetChatMessages", NULL, JSON, "{\"ChatSessionId\":5,\"After\":null}", "5 After=0"},
    {"GetChatMessages", NULL, JSON, "{\"ChatSessionId\":5,\"After\":17}", "5 After=17"},
    {"GetUserAgentList", NULL, JSON, "{}", "0 Flat=false OnlyPresent=false"},
    {"GetUserAgentList", NULL, FORM, "flat=1&onlypresent=TRUE", "0 Flat=true OnlyPresent=true"},
    {"AddChatMessage", NULL, JSON, "{\"ChatSessionId\":5,\"Message\":{\"Message\":\"Hi\"}}",
     "5 {Message='Hi'}"},
    {"AddChatMessage", NULL, FORM, "ChatSessionId=5&Message.Message=Hi", "5 {Message='Hi'}"},
    {"UpdateChatTopicUserAgents", NULL, JSON, "{\"ChatTopicId\":1,\"Useragents\":[]}", "1 []"},
    {"UpdateChatTopicUserAgents", NULL, JSON, "{\"ChatTopicId\":1,\"Useragents\":[{},{}]}", "1 [{} {}]"},
    {"UpdateChatTopicUserAgents", NULL, XML,
     "<UpdateChatTopicUserAgents><ChatTopicId>1</ChatTopicId><Useragents/></UpdateChatTopicUserAgents>",
     "1 []"},
    {"UpdateChatTopicUserAgents", NULL, XML,
     "<UpdateChatTopicUserAgents><ChatTopicId>1</ChatTopicId><Useragents><ChatTopicAgent/></Useragents></"
     "UpdateChatTopicUserAgents>",
     "BODY_INVALID Useragents/0"},
    {"UpdateChatTopicUserAgents", NULL, XML,
     "<UpdateChatTopicUserAgents><ChatTopicId>1</ChatTopicId><Useragents><ChatTopicAgent><CanListen>1</"
     "CanListen></ChatTopicAgent></Useragents></UpdateChatTopicUserAgents>",
     "1 {ChatTopicAgent={CanListen='1'}}"},
    {"GetChatSessionEntity", "chatSessionEntityId=7", NULL, NULL, "7"},
    {"GetChatSessionEntity", "CHATSESSIONENTITYID=7&chatSessionEntityId=8", NULL, NULL, "8"},
    {"GetChatSessionEntity", "chatSessionEntityId=-7", NULL, NULL, "-7"},
    {"SaveChatSessionEntity", NULL, JSON, "{\"ChatSessionId\":9}", "9 {ChatSessionId=#9}"},
    {"SaveChatSessionEntity", NULL, JSON, "{\"chatSessionId\":null}", "0 {chatSessionId=null}"},
    {"SaveChatSessionEntity", NULL, JSON, "{}", "0 {}"},
    {"SaveChatSessionEntity", NULL, XML,
     "<ChatSessionEntity><ChatSessionId> 9 </ChatSessionId></ChatSessionEntity>", "9 {ChatSessionId=' 9 '}"},
    {"PickUpFirstChatSession", NULL, JSON, "nonsense", "0"},
    /* what is wrong */
    {"GetChatSessionEntity", NULL, NULL, NULL, "PARAMETER_MISSING chatSessionEntityId"},
    {"GetChatSessionEntity", "chatSessionEntityId=", NULL, NULL, "PARAMETER_MISSING chatSessionEntityId"},
    {"GetChatSessionEntity", "chatSessionEntityId", NULL, NULL, "PARAMETER_MISSING chatSessionEntityId"},
    {"GetChatSessionEntity", "chatSessionId=7", NULL, NULL, "PARAMETER_MISSING chatSessionEntityId"},
    {"GetChatSessionEntity", "chatSessionEntityId=7x", NULL, NULL, "QUERY_VALUE chatSessionEntityId"},
    {"GetChatSessionEntity", "chatSessionEntityId=2147483648", NULL, NULL, "QUERY_VALUE chatSessionEntityId"},
    {"GetChatSessionEntity", "chatSessionEntityId=-2147483649", NULL, NULL,
     "QUERY_VALUE chatSessionEntityId"},
    {"GetChatSessionEntity", "chatSessionEntityId=%00", NULL, NULL, "QUERY"},
    {"GetChatSessionEntity", "chatSessionEntityId=7&$select=%zz", NULL, NULL, "QUERY"},
    {"PickUpChatSession", NULL, JSON, "{}", "BODY_INVALID ChatSessionId"},
    {"PickUpChatSession", NULL, JSON, "{\"ChatSessionId\":null}", "BODY_INVALID ChatSessionId"},
    {"PickUpChatSession", NULL, XML,
     "<PickUpChatSession><ChatSessionId> </ChatSessionId></PickUpChatSession>", "BODY_INVALID ChatSessionId"},
    {"PickUpChatSession", NULL, JSON, "{\"ChatSessionId\":1,\"chatSessionId\":1}",
     "BODY_INVALID ChatSessionId"},
    {"PickUpChatSession", NULL, JSON, "[{}]", "BODY_SHAPE"},
    {"PickUpChatSession", NULL, XML, "<ResetChatSession><ChatSessionId>5</ChatSessionId></ResetChatSession>",
     "BODY_SHAPE"},
    {"PickUpChatSession", NULL, XML,
     "<PickUpChatSessionWithLinks><ChatSessionId>5</ChatSessionId></PickUpChatSessionWithLinks>",
     "BODY_SHAPE"},
    {"TransferChatSession", NULL, JSON, "{\"ToAssociate\":5}", "BODY_INVALID ChatSessionId ToAssociate"},
    {"AddChatMessage", NULL, JSON, "{\"ChatSessionId\":5}", "BODY_INVALID Message"},
    {"AddChatMessage", NULL, JSON, "{\"ChatSessionId\":5,\"Message\":[]}", "BODY_INVALID Message"},
    {"AddChatMessage", NULL, JSON, "{\"Message\":{\"Type\":\"x\",\"WhenPosted\":\"x\"}}",
     "BODY_INVALID ChatSessionId Message/Type Message/WhenPosted"},
    {"AddChatMessage", NULL, JSON, "{\"ChatSessionId\":5,\"Message\":{},\"message\":{}}",
     "BODY_INVALID Message"},
    {"AddChatMessage", NULL, FORM, "ChatSessionId=5&Message=Hi", "BODY_INVALID Message"},
    {"UpdateChatTopicUserAgents", NULL, JSON, "{\"ChatTopicId\":1,\"Useragents\":{\"ChatTopicAgent\":{}}}",
     "BODY_INVALID Useragents"},
    {"UpdateChatTopicUserAgents", NULL, JSON,
     "{\"ChatTopicId\":1,\"Useragents\":[5,{\"CanListen\":5,\"User\":[]}]}",
     "BODY_INVALID Useragents/0 Useragents/1/User Useragents/1/CanListen"},
    {"UpdateChatTopicUserAgents", NULL, FORM, "ChatTopicId=1&Useragents.ChatTopicAgent.CanListen=1",
     "BODY_INVALID Useragents"},
    {"UpdateChatTopicUserAgents", NULL, XML,
     "<UpdateChatTopicUserAgents><ChatTopicId>1</ChatTopicId><Useragents>x</Useragents></"
     "UpdateChatTopicUserAgents>",
     "BODY_INVALID Useragents"},
    {"SaveChatSessionEntity", NULL, JSON, "{\"ChatSessionId\":\"x\",\"Rating\":[]}",
     "BODY_INVALID ChatSessionId Rating"},
    {"SaveChatSessionEntity", NULL, JSON, "{\"ChatSessionId\":{}}", "BODY_INVALID ChatSessionId"},
    {"SaveChatPresence", NULL, JSON, "{}", "BODY_INVALID ChatPresence"},
    {"SaveChatPresence", NULL, JSON, "{\"ChatPresence\":null}", "BODY_INVALID ChatPresence"},
};

/* The name of the code, and the fields at fault. */
static const char *fault_of(apr_pool_t *pool, const cs_error_t *error)
{
    const char *line = cs_code_row(error->code)->name;

    for (const cs_error_t *each = error->next ? error->next : error; each; each = each->next) {
        line = each->field ? apr_pstrcat(pool, line, " ", each->field, NULL) : line;
    }
    return line;
}

static const char *taken_of(apr_pool_t *pool, const cs_call_t *call)
{
    const char *line = apr_psprintf(pool, "%" APR_INT64_T_FMT, call->match.id);
    const cs_rpc_t *rpc = call->match.route->rpc;

    if (call->match.name) {
        line = apr_pstrcat(pool, line, " ", call->match.name, NULL);
    }
    for (int i = 0; call->parameters && i < rpc->wrapper->count; i++) {
        const char *value = apr_table_get(call->parameters, rpc->wrapper->fields[i].name);

        line = value ? apr_pstrcat(pool, line, " ", rpc->wrapper->fields[i].name, "=", value, NULL) : line;
    }
    return rpc->entity && call->doc ? apr_pstrcat(pool, line, " ", test_described(pool, call->doc), NULL)
                                    : line;
}

static void test_calls(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(calls); i++) {
        cs_call_t *call = apr_pcalloc(pool, sizeof(*call));
        cs_error_t *error = NULL;

        call->cx = test_ctx(pool);
        call->query = calls[i].query;
        call->content_type = calls[i].type;
        call->body = calls[i].body;
        call->body_len = calls[i].body ? strlen(calls[i].body) : 0;
        cs_route_find(pool, CS_POST, apr_pstrcat(pool, CS_RPC_ROOT, calls[i].method, NULL), &call->match);
        if (call->match.route->flags & CS_R_BODY) {
            error = cs_body_decode(call);
        }
        error = error ? error : cs_rpc_run(call);
        is(error ? fault_of(pool, error) : taken_of(pool, call), calls[i].taken, "%s?%s %s", calls[i].method,
           calls[i].query ? calls[i].query : "", calls[i].body ? calls[i].body : "");
    }
}

/* What is missing is told with the method, and what it should be. */
static void test_missing(apr_pool_t *pool)
{
    static const struct {
        const char *method, *body, *field, *message;
    } lacks[] = {
        {"PickUpChatSession", "{\"x\":1}", "ChatSessionId",
         "ChatSessionId is missing: PickUpChatSession takes it, an integer, in the request's body"},
        {"TransferChatSession", "{\"ChatSessionId\":1}", "ToAssociate",
         "ToAssociate is missing: TransferChatSession takes it, a string, in the request's body"},
        {"AddChatMessage", "{\"ChatSessionId\":1}", "Message",
         "Message is missing: AddChatMessage takes it, a ChatMessage, in the request's body"},
        {"UpdateChatTopicUserAgents", "{\"ChatTopicId\":1}", "Useragents",
         "Useragents is missing: UpdateChatTopicUserAgents takes it, an array of objects, each a "
         "ChatTopicAgent, in the request's body"},
        {"GetChatSessionEntity", NULL, "chatSessionEntityId",
         "chatSessionEntityId is missing: GetChatSessionEntity takes it, an integer, in the request's query"},
    };

    for (size_t i = 0; i < COUNT(lacks); i++) {
        cs_call_t *call = apr_pcalloc(pool, sizeof(*call));
        cs_error_t *error;

        call->cx = test_ctx(pool);
        call->content_type = JSON;
        call->body = lacks[i].body;
        call->body_len = lacks[i].body ? strlen(lacks[i].body) : 0;
        cs_route_find(pool, CS_POST, apr_pstrcat(pool, CS_RPC_ROOT, lacks[i].method, NULL), &call->match);
        is(lacks[i].body ? code_of(cs_body_decode(call)) : "", "", "%s has a body", lacks[i].method);
        error = cs_rpc_run(call);
        is(error ? error->message : NULL, lacks[i].message, "%s: one that is missing", lacks[i].method);
        error = error && error->next ? error->next : error;
        is(error ? error->field : NULL, lacks[i].field, "%s: the field", lacks[i].method);
        is(error ? error->message : NULL, lacks[i].message, "%s: and its message", lacks[i].method);
    }
}

/* A hundred faults are enough, however many there are. */
static void test_many(apr_pool_t *pool)
{
    cs_call_t *call = apr_pcalloc(pool, sizeof(*call));
    char *body = apr_palloc(pool, 5000 * 2 + 100), *to = body;
    cs_error_t *error;

    to += sprintf(to, "{\"ChatTopicId\":1,\"Useragents\":[5");
    for (int i = 0; i < 4999; i++) {
        to += sprintf(to, ",5");
    }
    strcpy(to, "]}");
    call->cx = test_ctx(pool);
    call->content_type = JSON;
    call->body = body;
    call->body_len = strlen(body);
    cs_route_find(pool, CS_POST, CS_RPC_ROOT "UpdateChatTopicUserAgents", &call->match);
    is(code_of(cs_body_decode(call)), "", "five thousand items");
    error = cs_rpc_run(call);
    is_int(cs_error_count(error->next), 100, "a hundred faults are told");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_table(pool);
    test_calls(pool);
    test_missing(pool);
    test_many(pool);
    return done();
}
