/* t/unit/route.c -- which operation a method and a path ask for. */
#include "api/route.h"
#include "api/rpc.h"
#include "handlers.h"
#include "support.h"
#include "tap.h"

#define UNKNOWN "path.unknown"
#define METHOD  "method.not-allowed"
#define BAD_ID  "path.id"
#define ALL     "/ChatSession"
#define DEFAULT "/ChatSession/default"

/* ---------------- operations: each is reached, and its row says what it should */

static const struct {
    cs_method_t method;
    const char *path;
    const char *operation;
    int flags;
    const char *source;
    cs_error_t *(*handle)(struct cs_call_t *call);
} operations[] = {
    {CS_GET, "/ChatSession/default", "session_default", 0, "ChatSession", cs_session_default},
    {CS_GET, "/ChatSession", "session_list", CS_R_LIST, "ChatSession", cs_session_list},
    {CS_GET, "/ChatSession/$metadata", "session_columns", 0, "ChatSession", cs_archive_columns},
    {CS_GET, "/ChatTopic/5/Sessions", "topic_sessions", CS_R_LIST, "ChatTopic", cs_topic_sessions},
    {CS_GET, "/ChatTopic/5/Sessions/$metadata", "topic_columns", 0, "ChatTopic", cs_archive_columns},
    {CS_GET, "/Archive", "archive_names", 0, "Archive", cs_archive_names},
    {CS_GET, "/Archive/$metadata", "archive_columns", 0, "Archive", cs_archive_columns},
    {CS_GET, "/Archive/ChatSession", "archive_list", CS_R_LIST, "Archive", cs_archive_list},
    {CS_POST, "/Archive/ChatSession", "archive_query", CS_R_LIST | CS_R_FORM, "Archive", cs_archive_list},
    {CS_GET, "/Archive/ChatSession/$metadata", "archive_columns", 0, "Archive", cs_archive_columns},
    {CS_GET, "/Archive/ChatSession$metadata", "archive_columns", 0, "Archive", cs_archive_columns},
    {CS_POST, "/ChatSession", "session_create", CS_R_BODY | CS_R_KEYED, "ChatSession", cs_session_create},
    {CS_GET, "/ChatSession/5", "session_get", 0, "ChatSession", cs_session_get},
    {CS_PUT, "/ChatSession/5", "session_replace", CS_R_BODY, "ChatSession", cs_session_replace},
    {CS_PATCH, "/ChatSession/5", "session_patch", CS_R_PATCH | CS_R_KEYED, "ChatSession", cs_session_patch},
    {CS_GET, ALL "/ForCurrentUser", "session_list_mine", 0, "ChatSession", cs_queue_list},
    {CS_POST, ALL "/Pickup", "session_pickup_first", CS_R_KEYED, "ChatSession", cs_queue_pickup_first},
    {CS_POST, ALL "/5/Pickup", "session_pickup", CS_R_KEYED, "ChatSession", cs_queue_pickup},
    {CS_POST, ALL "/5/TransferTo/otto", "session_transfer", CS_R_KEYED, "ChatSession", cs_queue_transfer},
    {CS_POST, ALL "/5/AcceptTransfer", "session_accept", CS_R_KEYED, "ChatSession", cs_queue_accept},
    {CS_POST, ALL "/5/RejectTransfer", "session_reject", CS_R_KEYED, "ChatSession", cs_queue_reject},
    {CS_POST, ALL "/5/Reset", "session_reset", CS_R_KEYED, "ChatSession", cs_queue_reset},
    {CS_GET, ALL "/5/Messages", "message_list", 0, "ChatSession", cs_message_list},
    {CS_POST, ALL "/5/Messages", "message_add", CS_R_BODY | CS_R_KEYED, "ChatSession", cs_message_add},
    {CS_GET, ALL "/5/Transcript", "message_transcript", 0, "ChatSession", cs_message_transcript},
    {CS_POST, ALL "/5/Transcript", "message_transcript", CS_R_READS, "ChatSession", cs_message_transcript},
    {CS_GET, "", "api_about", CS_R_OPEN | CS_R_PAGE, "Api", cs_about_api},
    {CS_GET, "/", "api_operations", CS_R_PAGE, "Api", cs_about_operations},
    {CS_DELETE, "/ChatSession/5", "session_delete", 0, "ChatSession", cs_session_delete},
    {CS_POST, "/Ticket", "ticket_issue", 0, "Ticket", cs_ticket_issue},
    {CS_DELETE, "/Ticket", "ticket_end", 0, "Ticket", cs_ticket_end},
    {CS_POST, "/Session", "login_issue", 0, "Session", cs_login_issue},
    {CS_DELETE, "/Session", "login_end", 0, "Session", cs_login_end},
    {CS_GET, "/User/currentPrincipal", "principal_get", 0, "User", cs_principal_get},
};

static void test_operations(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(operations); i++) {
        cs_match_t match;

        cs_route_find(pool, operations[i].method, operations[i].path, &match);
        if (!ok(match.route != NULL, "%s has a route", operations[i].operation)) {
            continue;
        }
        is(match.route->operation, operations[i].operation, "%s is not shadowed", operations[i].operation);
        ok(match.route->handle == operations[i].handle, "%s has its handler", operations[i].operation);
        is_int(match.route->flags, operations[i].flags, "%s: what it takes", operations[i].operation);
        ok(match.route->summary && *match.route->summary, "%s is told to people", operations[i].operation);
        is(match.route->source, operations[i].source, "%s: where its errors come from",
           operations[i].operation);
        is(code_of(cs_route_judge(pool, &match)), "", "%s: nothing is wrong with it",
           operations[i].operation);
    }
}

/* ---------------- paths */

static const struct {
    const char *path;
    const char *canonical; /* NULL: there is no such path */
    int methods;
    apr_int64_t id;
    int id_fits;
} paths[] = {
    {"/ChatSession", ALL, CS_GET | CS_POST | CS_OPTIONS, 0, 1},
    {"/ChatSession/", ALL, CS_GET | CS_POST | CS_OPTIONS, 0, 1},
    {"/ChatSession//", ALL, CS_GET | CS_POST | CS_OPTIONS, 0, 1},
    {"/chatsession", ALL, CS_GET | CS_POST | CS_OPTIONS, 0, 1},
    {"/CHATSESSION/", ALL, CS_GET | CS_POST | CS_OPTIONS, 0, 1},
    {"/ChatSession/default", DEFAULT, CS_GET | CS_OPTIONS, 0, 1},
    {"/chatsession/DEFAULT/", DEFAULT, CS_GET | CS_OPTIONS, 0, 1},
    {"/ChatSession/5", "/ChatSession/5", CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 5, 1},
    {"/chatSession/5/", "/ChatSession/5", CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 5, 1},
    {"/ChatSession/0", "/ChatSession/0", CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 0, 1},
    {"/ChatSession/-1", "/ChatSession/-1", CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, -1, 1},
    {"/ChatSession/007", "/ChatSession/7", CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 7, 1},
    {"/ChatSession/2147483647", "/ChatSession/2147483647",
     CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 2147483647, 1},
    {"/ChatSession/-2147483648", "/ChatSession/-2147483648",
     CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, -2147483648LL, 1},
    {"/ChatSession/2147483648", "/ChatSession/2147483648",
     CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 0, 0},
    {"/ChatSession/-2147483649", "/ChatSession/-2147483649",
     CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 0, 0},
    {"/ChatSession/9223372036854775808", "/ChatSession/9223372036854775808",
     CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 0, 0},
    {"/ChatSession/99999999999999999999999999999999999999",
     "/ChatSession/99999999999999999999999999999999999999",
     CS_GET | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS, 0, 0},
    {"/ticket/", "/Ticket", CS_POST | CS_DELETE | CS_OPTIONS, 0, 1},
    {"/SESSION", "/Session", CS_POST | CS_DELETE | CS_OPTIONS, 0, 1},
    {"/Ticket/5", NULL, 0, 0, 0},
    {"/Session/5", NULL, 0, 0, 0},
    {"", "", CS_GET | CS_OPTIONS, 0, 1},
    {"/", "/", CS_GET | CS_OPTIONS, 0, 1},
    {"//", "/", CS_GET | CS_OPTIONS, 0, 1},
    {"///", "/", CS_GET | CS_OPTIONS, 0, 1},
    {"//ChatSession", NULL, 0, 0, 0},
    {"/ChatSession//5", NULL, 0, 0, 0},
    {"/ChatSessions", NULL, 0, 0, 0},
    {"/ChatSessio", NULL, 0, 0, 0},
    {"/Chat", NULL, 0, 0, 0},
    {"/ChatSession ", NULL, 0, 0, 0},
    {"/ChatSession/x", NULL, 0, 0, 0},
    {"/ChatSession/5x", NULL, 0, 0, 0},
    {"/ChatSession/x5", NULL, 0, 0, 0},
    {"/ChatSession/5.0", NULL, 0, 0, 0},
    {"/ChatSession/+5", NULL, 0, 0, 0},
    {"/ChatSession/--5", NULL, 0, 0, 0},
    {"/ChatSession/-", NULL, 0, 0, 0},
    {"/ChatSession/0x5", NULL, 0, 0, 0},
    {"/ChatSession/5 ", NULL, 0, 0, 0},
    {"/ChatSession/ 5", NULL, 0, 0, 0},
    {"/ChatSession/1e3", NULL, 0, 0, 0},
    {"/ChatSession/5,6", NULL, 0, 0, 0},
    {"/ChatSession/\xD9\xA5", NULL, 0, 0, 0},
    {"/ChatSession/{id}", NULL, 0, 0, 0},
    {"/ChatSession/defaults", NULL, 0, 0, 0},
    {"/ChatSession/defaul", NULL, 0, 0, 0},
    {"/ChatSession/default/5", NULL, 0, 0, 0},
    {"/ChatSession/5/default", NULL, 0, 0, 0},
    {"/ChatSession/5/6", NULL, 0, 0, 0},
    {"/ChatSession/5/x", NULL, 0, 0, 0},
    {"/ChatSession/..", NULL, 0, 0, 0},
    {"/ChatSession/../ChatSession", NULL, 0, 0, 0},
    {"/ChatSession;x=1", NULL, 0, 0, 0},
    {"/ChatSession?x", NULL, 0, 0, 0},
    {"/ChatSession%2F5", NULL, 0, 0, 0},
    {"/api/v1/ChatSession", NULL, 0, 0, 0},
    {"/x/ChatSession/5", NULL, 0, 0, 0},
};

static void test_paths(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(paths); i++) {
        cs_match_t match;

        cs_route_find(pool, CS_GET, paths[i].path, &match);
        is(match.canonical, paths[i].canonical, "%s: its spelling in the table", paths[i].path);
        is_int(match.methods, paths[i].methods, "%s: its methods", paths[i].path);
        if (paths[i].canonical) {
            is_int(match.id_fits, paths[i].id_fits, "%s: whether the id fits 32 bits", paths[i].path);
        }
        if (paths[i].id_fits) {
            is_int(match.id, paths[i].id, "%s: the id", paths[i].path);
        }
        if (!paths[i].canonical) {
            ok(!match.route, "%s has no operation", paths[i].path);
        }
    }
}

/* ---------------- judging */

static const struct {
    cs_method_t method;
    const char *path;
    const char *code;
    const char *message;
} judged[] = {
    {CS_GET, "/ChatSession/5", "", NULL},
    {CS_PUT, "/ChatSession/-2147483648", "", NULL},
    {CS_GET, "/nonsense", UNKNOWN, "there is no such resource in this API"},
    {CS_OTHER, "/nonsense", UNKNOWN, "there is no such resource in this API"},
    {CS_GET, "/ChatSession/x", UNKNOWN, "there is no such resource in this API"},
    {CS_GET, "/ChatSession/99999999999/x", UNKNOWN, "there is no such resource in this API"},
    {CS_PUT, "/ChatSession", METHOD, "this resource takes GET, HEAD, POST, OPTIONS"},
    {CS_PATCH, "/ChatSession", METHOD, "this resource takes GET, HEAD, POST, OPTIONS"},
    {CS_POST, "/ChatSession/5", METHOD, "this resource takes GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
    {CS_PATCH, "/ChatSession/5", "", NULL},
    {CS_PATCH, "/Ticket", METHOD, "this resource takes POST, DELETE, OPTIONS"},
    {CS_OTHER, "/ChatSession/5", METHOD, "this resource takes GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
    {CS_PUT, "/ChatSession/default", METHOD, "this resource takes GET, HEAD, OPTIONS"},
    {CS_DELETE, "/ChatSession/default", METHOD, "this resource takes GET, HEAD, OPTIONS"},
    {CS_POST, "/ChatSession/2147483648", METHOD,
     "this resource takes GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
    {CS_GET, "/ChatSession/2147483648", BAD_ID, "the id in the path is not from -2147483648 to 2147483647"},
    {CS_PUT, "/ChatSession/-2147483649", BAD_ID, "the id in the path is not from -2147483648 to 2147483647"},
    {CS_DELETE, "/ChatSession/99999999999999999999999", BAD_ID,
     "the id in the path is not from -2147483648 to 2147483647"},
};

static void test_judged(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(judged); i++) {
        cs_match_t match;
        cs_error_t *error;

        cs_route_find(pool, judged[i].method, judged[i].path, &match);
        error = cs_route_judge(pool, &match);
        is(code_of(error), judged[i].code, "%s with method %d is judged", judged[i].path, judged[i].method);
        is(error ? error->message : NULL, judged[i].message, "%s with method %d: the message", judged[i].path,
           judged[i].method);
    }
}

/* ---------------- methods */

static const struct {
    const char *name;
    cs_method_t method;
} methods[] = {
    {"GET", CS_GET},     {"HEAD", CS_GET},       {"POST", CS_POST},       {"PUT", CS_PUT},
    {"PATCH", CS_PATCH}, {"DELETE", CS_DELETE},  {"OPTIONS", CS_OPTIONS}, {"get", CS_OTHER},
    {"Get", CS_OTHER},   {"GETT", CS_OTHER},     {"GE", CS_OTHER},        {"", CS_OTHER},
    {"TRACE", CS_OTHER}, {"PROPFIND", CS_OTHER}, {"*", CS_OTHER},
};

static void test_methods(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(methods); i++) {
        is_int(cs_method_of(methods[i].name), methods[i].method, "'%s' is a method or none", methods[i].name);
    }
    is(cs_route_allow(pool, 0), "", "no methods are an empty list");
    is(cs_route_allow(pool, CS_GET), "GET, HEAD", "HEAD comes with GET");
    is(cs_route_allow(pool, CS_OPTIONS | CS_PUT | CS_GET), "GET, HEAD, PUT, OPTIONS",
       "a set is listed in the order of the table");
    is(cs_route_allow(pool, CS_GET | CS_POST | CS_PUT | CS_PATCH | CS_DELETE | CS_OPTIONS),
       "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", "all of them");
}

/* ---------------- $select */

/* What REST answers can be chosen from like what the method of the RPC style answers; of what a method saves,
 * it cannot. */
static void test_select(void)
{
    const cs_route_t *method, *route;

    for (int i = 0; (method = cs_rpc_row(i)); i++) {
        for (int j = 0; method->rpc->select && (route = cs_route_row(j)) && !route->rpc; j++) {
            if (route->handle == method->rpc->operation && !(route->flags & CS_R_SILENT)) {
                ok(route->select == method->rpc->select, "%s knows $select as %s does", route->operation,
                   method->pattern);
            }
        }
    }
    for (int j = 0; (route = cs_route_row(j)); j++) {
        ok(!route->select || !(route->rpc || route->flags & CS_R_LIST || route->method == CS_DELETE),
           "%s: $select is not read twice", route->pattern);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_operations(pool);
    test_paths(pool);
    test_judged(pool);
    test_methods(pool);
    test_select();
    return done();
}
