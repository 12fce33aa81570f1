#include "api/route.h"

#include "api/about.h"
#include "api/agent.h"
#include "api/archive.h"
#include "api/credential.h"
#include "api/list.h"
#include "api/message.h"
#include "api/presence.h"
#include "api/principal.h"
#include "api/queue.h"
#include "api/rpc.h"
#include "api/session.h"
#include "api/topic.h"
#include "api/user_agent.h"
#include "base/num.h"
#include "base/text.h"
#include "model/entity.h"

#include <apr_strings.h>
#include <string.h>

#define SESSION "/ChatSession"
#define TOPIC   "/ChatTopic"
#define AGENT   TOPIC "/{id}/UserAgent"

#define CHOOSING(entity) .select = &cs_##entity##_entity

/* A word stands before {id} in the same place. */
static const cs_route_t routes[] = {
    {CS_GET, "", "api_about", "Api", CS_R_OPEN | CS_R_PAGE, cs_about_api, "Tells where the API is"},
    {CS_GET, "/", "api_operations", "Api", CS_R_PAGE, cs_about_operations, "Lists the operations"},
    {CS_GET, SESSION "/default", "session_default", "ChatSession", 0, cs_session_default,
     "A new chat session with its defaults, not stored", CHOOSING(session)},
    {CS_GET, SESSION, "session_list", "ChatSession", CS_R_LIST, cs_session_list, "Lists chat sessions"},
    {CS_GET, SESSION "/ForCurrentUser", "session_list_mine", "ChatSession", 0, cs_queue_list,
     "The chat sessions that go on in the caller's topics", CHOOSING(session)},
    {CS_POST, SESSION "/Pickup", "session_pickup_first", "ChatSession", CS_R_KEYED, cs_queue_pickup_first,
     "Picks up the chat session that waits longest", CHOOSING(session)},
    {CS_POST, SESSION "/{id}/Pickup", "session_pickup", "ChatSession", CS_R_KEYED, cs_queue_pickup,
     "Picks up a waiting chat session", CHOOSING(session)},
    {CS_POST, SESSION "/{id}/TransferTo/{associate}", "session_transfer", "ChatSession", CS_R_KEYED,
     cs_queue_transfer, "Offers a chat session to another agent, by login name or id", CHOOSING(session)},
    {CS_POST, SESSION "/{id}/AcceptTransfer", "session_accept", "ChatSession", CS_R_KEYED, cs_queue_accept,
     "Takes over a chat session that was offered", CHOOSING(session)},
    {CS_POST, SESSION "/{id}/RejectTransfer", "session_reject", "ChatSession", CS_R_KEYED, cs_queue_reject,
     "Refuses a chat session that was offered", CHOOSING(session)},
    {CS_POST, SESSION "/{id}/Reset", "session_reset", "ChatSession", CS_R_KEYED, cs_queue_reset,
     "Puts a chat session back to its start", CHOOSING(session)},
    {CS_GET, SESSION "/{id}/Messages", "message_list", "ChatSession", 0, cs_message_list,
     "What was said in a chat session, after a message where one is named", CHOOSING(message)},
    {CS_POST, SESSION "/{id}/Messages", "message_add", "ChatSession", CS_R_BODY | CS_R_KEYED, cs_message_add,
     "Says something in a chat session", CHOOSING(message)},
    {CS_GET, SESSION "/{id}/Transcript", "message_transcript", "ChatSession", 0, cs_message_transcript,
     "All that was said in a chat session, as text or HTML"},
    {CS_POST, SESSION "/{id}/Transcript", "message_transcript", "ChatSession", CS_R_READS,
     cs_message_transcript, "The same"},
    {CS_POST, SESSION, "session_create", "ChatSession", CS_R_BODY | CS_R_KEYED, cs_session_create,
     "Creates a chat session", CHOOSING(session)},
    {CS_GET, SESSION "/{id}", "session_get", "ChatSession", 0, cs_session_get, "Reads a chat session",
     CHOOSING(session)},
    {CS_PUT, SESSION "/{id}", "session_replace", "ChatSession", CS_R_BODY, cs_session_replace,
     "Replaces the whole of a chat session", CHOOSING(session)},
    {CS_PATCH, SESSION "/{id}", "session_patch", "ChatSession", CS_R_PATCH | CS_R_KEYED, cs_session_patch,
     "Changes parts of a chat session, by a JSON Patch or a merge patch", CHOOSING(session)},
    {CS_DELETE, SESSION "/{id}", "session_delete", "ChatSession", 0, cs_session_delete,
     "Deletes a chat session and its messages"},
    {CS_GET, TOPIC "/default", "topic_default", "ChatTopic", 0, cs_topic_default,
     "A new chat topic with its defaults, not stored", CHOOSING(topic)},
    {CS_GET, TOPIC "/ForCurrentUser", "topic_list_mine", "ChatTopic", 0, cs_topic_list_mine,
     "The chat topics in which the caller has a role", CHOOSING(topic)},
    {CS_GET, TOPIC "/UserAgents", "user_agent_list", "ChatTopic", 0, cs_user_agent_list,
     "The users of the chat, one by one or by groups", CHOOSING(list_item)},
    {CS_POST, TOPIC, "topic_create", "ChatTopic", CS_R_BODY | CS_R_KEYED, cs_topic_create,
     "Creates a chat topic", CHOOSING(topic)},
    {CS_GET, TOPIC "/{id}", "topic_get", "ChatTopic", 0, cs_topic_get, "Reads a chat topic", CHOOSING(topic)},
    {CS_PUT, TOPIC "/{id}", "topic_replace", "ChatTopic", CS_R_BODY, cs_topic_replace,
     "Replaces the whole of a chat topic", CHOOSING(topic)},
    {CS_PATCH, TOPIC "/{id}", "topic_patch", "ChatTopic", CS_R_PATCH | CS_R_KEYED, cs_topic_patch,
     "Changes parts of a chat topic, by a JSON Patch or a merge patch", CHOOSING(topic)},
    {CS_DELETE, TOPIC "/{id}", "topic_delete", "ChatTopic", 0, cs_topic_delete,
     "Deletes a chat topic; its sessions stay"},
    {CS_GET, TOPIC "/{id}/IsOpen", "topic_is_open", "ChatTopic", 0, cs_topic_is_open,
     "Whether a chat topic is open at this moment"},
    {CS_POST, TOPIC "/{id}/Sessions", "session_start", "ChatTopic", CS_R_KEYED, cs_topic_start_session,
     "Starts a chat session in a chat topic", CHOOSING(session)},
    {CS_GET, AGENT, "agent_list", "ChatTopic", 0, cs_agent_list, "Who serves a chat topic, in which roles",
     CHOOSING(topic_agent)},
    {CS_PUT, AGENT, "agent_replace_all", "ChatTopic", CS_R_BODY | CS_R_SEVERAL, cs_agent_replace_all,
     "Says who serves a chat topic, instead of all who did", CHOOSING(topic_agent)},
    {CS_POST, AGENT, "agent_add", "ChatTopic", CS_R_BODY | CS_R_KEYED, cs_agent_add,
     "Adds an agent to a chat topic, or changes his roles", CHOOSING(topic_agent)},
    {CS_GET, AGENT "/{associate}", "agent_get", "ChatTopic", 0, cs_agent_get,
     "The roles of an agent, by login name or id", CHOOSING(topic_agent)},
    {CS_PUT, AGENT "/{associate}", "agent_replace", "ChatTopic", CS_R_BODY, cs_agent_replace,
     "Changes the roles of an agent", CHOOSING(topic_agent)},
    {CS_DELETE, AGENT "/{associate}", "agent_remove", "ChatTopic", 0, cs_agent_remove,
     "Removes an agent from a chat topic"},
    {CS_GET, "/Presence/GetAll", "presence_list", "Presence", 0, cs_presence_list,
     "Who of the users of the chat is there", CHOOSING(presence)},
    {CS_POST, "/Presence/SaveAll", "presence_save", "Presence", CS_R_BODY | CS_R_SEVERAL | CS_R_KEYED,
     cs_presence_save, "Says who is there"},
    {CS_GET, SESSION "/$metadata", "session_columns", "ChatSession", 0, cs_archive_columns,
     "Tells the columns of the list of chat sessions"},
    {CS_GET, "/ChatTopic/{id}/Sessions", "topic_sessions", "ChatTopic", CS_R_LIST, cs_topic_sessions,
     "Lists the chat sessions of a topic"},
    {CS_GET, "/ChatTopic/{id}/Sessions/$metadata", "topic_columns", "ChatTopic", 0, cs_archive_columns,
     "Tells the columns of that list"},
    {CS_GET, "/Archive", "archive_names", "Archive", 0, cs_archive_names, "Lists what can be listed"},
    {CS_GET, "/Archive/$metadata", "archive_columns", "Archive", 0, cs_archive_columns,
     "Tells the columns of all archives"},
    {CS_GET, "/Archive/ChatSession", "archive_list", "Archive", CS_R_LIST, cs_archive_list,
     "Lists chat sessions, counted if asked for"},
    {CS_POST, "/Archive/ChatSession", "archive_query", "Archive", CS_R_LIST | CS_R_FORM, cs_archive_list,
     "The same, with the parameters as a form"},
    {CS_GET, "/Archive/ChatSession/$metadata", "archive_columns", "Archive", 0, cs_archive_columns,
     "Tells the columns of chat sessions"},
    {CS_GET, "/Archive/ChatSession$metadata", "archive_columns", "Archive", 0, cs_archive_columns,
     "The same"},
    {CS_POST, "/Ticket", "ticket_issue", "Ticket", 0, cs_ticket_issue, "Issues a ticket to the caller"},
    {CS_DELETE, "/Ticket", "ticket_end", "Ticket", 0, cs_ticket_end,
     "Ends the ticket that the call was made with"},
    {CS_POST, "/Session", "login_issue", "Session", 0, cs_login_issue, "Logs a browser in, by a cookie"},
    {CS_DELETE, "/Session", "login_end", "Session", 0, cs_login_end, "Logs the browser out"},
    {CS_GET, "/User/currentPrincipal", "principal_get", "User", 0, cs_principal_get,
     "Tells the caller who he is"},
};
#define ROUTES ((int)(sizeof(routes) / sizeof(routes[0])))

static const struct {
    cs_method_t method;
    const char *name;
} method_names[] = {
    {CS_GET, "GET"},     {CS_GET, "HEAD"},      {CS_POST, "POST"},       {CS_PUT, "PUT"},
    {CS_PATCH, "PATCH"}, {CS_DELETE, "DELETE"}, {CS_OPTIONS, "OPTIONS"},
};
#define METHOD_NAMES (sizeof(method_names) / sizeof(method_names[0]))

cs_method_t cs_method_of(const char *name)
{
    for (apr_size_t i = 0; i < METHOD_NAMES; i++) {
        if (strcmp(name, method_names[i].name) == 0) {
            return method_names[i].method;
        }
    }
    return CS_OTHER;
}

const char *cs_method_name(cs_method_t method)
{
    for (apr_size_t i = 0; i < METHOD_NAMES; i++) {
        if (method_names[i].method == method) {
            return method_names[i].name;
        }
    }
    return "";
}

const cs_route_t *cs_route_row(int number)
{
    if (number < 0) {
        return NULL;
    }
    return number < ROUTES ? &routes[number] : cs_rpc_row(number - ROUTES);
}

const char *cs_route_allow(apr_pool_t *pool, int methods)
{
    const char *list = "";

    for (apr_size_t i = 0; i < METHOD_NAMES; i++) {
        if (methods & (int)method_names[i].method) {
            list = apr_pstrcat(pool, list, *list ? ", " : "", method_names[i].name, NULL);
        }
    }
    return list;
}

/* ---------------- matching */

static int is_number(const char *s, apr_size_t len)
{
    apr_size_t sign = len > 0 && *s == '-' ? 1 : 0;

    for (apr_size_t i = sign; i < len; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return 0;
        }
    }
    return len > sign;
}

static void take_id(const char *s, apr_size_t len, cs_match_t *match)
{
    match->id_fits = cs_text_integer(s, len, &match->id) && match->id >= -APR_INT64_C(2147483648) &&
                     match->id <= APR_INT64_C(2147483647);
}

static apr_size_t copy(char *to, const char *from, apr_size_t len)
{
    memcpy(to, from, len);
    return len;
}

static apr_size_t segment_length(const char *s)
{
    return strcspn(s, "/");
}

static int is_pattern(const char *pattern, apr_size_t len, const char *word)
{
    return len == strlen(word) && memcmp(pattern, word, len) == 0;
}

/* Segment by segment; what was found goes into *match, the spelling of the pattern into *canonical. */
static int fits(const char *pattern, const char *path, apr_size_t path_len, cs_match_t *match,
                char *canonical)
{
    const char *path_end = path + path_len;

    match->name = NULL;
    while (*pattern == '/' && path < path_end && *path == '/') {
        apr_size_t want = segment_length(++pattern);
        apr_size_t have = segment_length(++path);

        have = have < (apr_size_t)(path_end - path) ? have : (apr_size_t)(path_end - path);
        *canonical++ = '/';
        if (is_pattern(pattern, want, "{associate}")) {
            if (have == 0) {
                return 0;
            }
            match->name = canonical; /* cut when the pattern fits */
            canonical += copy(canonical, path, have);
        }
        else if (*pattern == '{') {
            if (!is_number(path, have)) {
                return 0;
            }
            take_id(path, have, match);
            canonical +=
                match->id_fits ? cs_num_print_int(canonical, match->id) : copy(canonical, path, have);
        }
        else {
            if (!cs_text_same(pattern, want, path, have)) {
                return 0;
            }
            canonical += copy(canonical, pattern, want);
        }
        pattern += want;
        path += have;
    }
    *canonical = '\0';
    return *pattern == '\0' && path == path_end;
}

static int is_in_rpc(const char *path, apr_size_t len)
{
    apr_size_t root = sizeof(CS_RPC_ROOT) - 1;

    return len > root && cs_text_same(CS_RPC_ROOT, root, path, root);
}

void cs_route_find(apr_pool_t *pool, cs_method_t method, const char *path, cs_match_t *match_out)
{
    apr_size_t len = strlen(path);
    const char *pattern = NULL;
    const cs_route_t *row;
    char *canonical = apr_palloc(pool, len + CS_NUM_MAX);

    memset(match_out, 0, sizeof(*match_out));
    match_out->id_fits = 1;
    while (len > 1 && path[len - 1] == '/') {
        len--;
    }
    match_out->in_rpc = is_in_rpc(path, len);
    /* The first pattern that fits is the path's; all rows with it are its methods.  The RPC style's rows
     * stand behind all others. */
    for (int i = match_out->in_rpc ? ROUTES : 0;
         (match_out->in_rpc || i < ROUTES) && (row = cs_route_row(i)) != NULL; i++) {
        if (pattern ? strcmp(pattern, row->pattern) != 0
                    : !fits(row->pattern, path, len, match_out, canonical)) {
            continue;
        }
        pattern = row->pattern;
        match_out->other = row;
        match_out->methods |= (int)row->method;
        if (method == row->method) {
            match_out->route = row;
        }
    }
    if (pattern) {
        match_out->methods |= CS_OPTIONS;
        match_out->canonical = canonical;
        match_out->name =
            match_out->name ? apr_pstrmemdup(pool, match_out->name, segment_length(match_out->name)) : NULL;
    }
}

cs_error_t *cs_route_judge(apr_pool_t *pool, const cs_match_t *match)
{
    if (!match->methods) {
        return match->in_rpc
                   ? cs_error_make(pool, CS_E_ROUTE_UNKNOWN, NULL,
                                   "there is no such method in " CS_RPC_ROOT "; there are %s",
                                   cs_rpc_names(pool))
                   : cs_error_make(pool, CS_E_ROUTE_UNKNOWN, NULL, "there is no such resource in this API");
    }
    if (!match->route) {
        return cs_error_make(pool, CS_E_METHOD, NULL, "this resource takes %s%s%s",
                             cs_route_allow(pool, match->methods), match->in_rpc ? ": " : "",
                             match->in_rpc ? match->other->summary : "");
    }
    if (!match->id_fits) {
        return cs_error_make(pool, CS_E_PATH_ID, NULL,
                             "the id in the path is not from -2147483648 to 2147483647");
    }
    return NULL;
}
