/* api/rpc_methods.c -- the methods of the RPC style: a row each. */
#include "api/message.h"
#include "api/queue.h"
#include "api/route.h"
#include "api/rpc.h"
#include "api/session.h"
#include "model/entity.h"

#include <apr_strings.h>

/* ---------------- parameters in bodies */

#define NEEDED         (CS_F_WRITE | CS_F_NEEDED)
#define NAME_MAX_CHARS 255

static const cs_field_t session_id[] = {CS_FIELD("ChatSessionId", NULL, INT, NEEDED)};
static const cs_field_t transfer[] = {
    CS_FIELD("ChatSessionId", NULL, INT, NEEDED),
    CS_FIELD("ToAssociate", NULL, STRING, NEEDED, .max = NAME_MAX_CHARS),
};
static const cs_field_t transcript[] = {
    CS_FIELD("ChatSessionId", NULL, INT, NEEDED),
    CS_FIELD("Html", NULL, BOOL, CS_F_WRITE),
};
static const cs_field_t messages[] = {
    CS_FIELD("ChatSessionId", NULL, INT, NEEDED),
    CS_FIELD("After", NULL, INT, CS_F_WRITE),
};

#define WRAPPER(method, rows)                                                         \
    .wrapper = &(const cs_entity_t)                                                   \
    {                                                                                 \
        .name = method, .label = method, .carrier = CS_CARRIER_PLAIN, CS_ENTITY(rows) \
    }

/* ---------------- methods */

/* Reading, and changing: of the latter an Idempotency-Key counts. */
#define READS   CS_R_READS
#define CHANGES CS_R_KEYED

#define METHOD(name, operation, source, flags, summary, ...)                                               \
    {                                                                                                      \
        CS_POST, CS_RPC_ROOT name, operation, source, flags, cs_rpc_run, summary, .rpc = &(const cs_rpc_t) \
        {                                                                                                  \
            __VA_ARGS__                                                                                    \
        }                                                                                                  \
    }
#define SESSION(name, operation, flags, summary, ...) \
    METHOD(name, operation, "ChatSession", flags, summary, __VA_ARGS__)

#define CHOOSING(carrier) .select = &(carrier)
#define OR_NULL           .null_where_missing = 1

static const cs_route_t methods[] = {
    SESSION("CreateDefaultChatSessionEntity", "session_default", READS,
            "A new chat session with its defaults, not stored", cs_session_default),
    SESSION("SaveChatSessionEntity", "session_save", CS_R_BODY | CHANGES,
            "Saves the chat session in the body: a new one where its ChatSessionId is 0", cs_session_replace,
            .create = cs_session_create, .entity = &cs_session_entity),
    SESSION("DeleteChatSessionEntity", "session_delete", CS_R_SILENT | CHANGES,
            "Deletes the chat session ?chatSessionEntityId= and its messages", cs_session_delete,
            .query_id = "chatSessionEntityId"),
    SESSION("GetChatSessionEntity", "session_get", READS, "The chat session ?chatSessionEntityId=, or null",
            cs_session_get, .query_id = "chatSessionEntityId", OR_NULL, CHOOSING(cs_session_entity)),
    SESSION("ChatSessionsForUser", "session_list_mine", READS,
            "The chat sessions that go on in the caller's topics", cs_queue_list,
            CHOOSING(cs_session_entity)),
    SESSION("TransferChatSession", "session_transfer", CS_R_BODY | CHANGES,
            "Offers a chat session to another agent, by login name or id", cs_queue_transfer,
            WRAPPER("TransferChatSession", transfer), OR_NULL, CHOOSING(cs_session_entity)),
    SESSION("AcceptChatSessionTransfer", "session_accept", CS_R_BODY | CHANGES,
            "Takes over a chat session that was offered", cs_queue_accept,
            WRAPPER("AcceptChatSessionTransfer", session_id), OR_NULL, CHOOSING(cs_session_entity)),
    SESSION("RejectChatSessionTransfer", "session_reject", CS_R_BODY | CHANGES,
            "Refuses a chat session that was offered", cs_queue_reject,
            WRAPPER("RejectChatSessionTransfer", session_id), OR_NULL, CHOOSING(cs_session_entity)),
    SESSION("PickUpChatSession", "session_pickup", CS_R_BODY | CHANGES,
            "Picks up a waiting chat session, or answers null", cs_queue_pickup,
            WRAPPER("PickUpChatSession", session_id), OR_NULL, CHOOSING(cs_session_entity)),
    SESSION("PickUpFirstChatSession", "session_pickup_first", CHANGES,
            "Picks up the chat session that waits longest, or answers null", cs_queue_pickup_first,
            CHOOSING(cs_session_entity)),
    SESSION("ResetChatSession", "session_reset", CS_R_BODY | CHANGES, "Puts a chat session back to its start",
            cs_queue_reset, WRAPPER("ResetChatSession", session_id), OR_NULL, CHOOSING(cs_session_entity)),
    SESSION("GetChatTranscript", "message_transcript", CS_R_BODY | READS,
            "All that was said in a chat session, as text or HTML", cs_message_transcript,
            WRAPPER("GetChatTranscript", transcript), OR_NULL),
    SESSION("GetChatMessages", "message_list", CS_R_BODY | READS,
            "What was said in a chat session, after a message where one is named", cs_message_list,
            WRAPPER("GetChatMessages", messages), OR_NULL, CHOOSING(cs_message_entity)),
    SESSION("AddChatMessage", "message_add", CS_R_BODY | CHANGES, "Says something in a chat session",
            cs_message_add, WRAPPER("AddChatMessage", session_id), .part = "Message",
            .entity = &cs_message_entity, OR_NULL, CHOOSING(cs_message_entity)),
};
#define METHODS (sizeof(methods) / sizeof(methods[0]))

const cs_route_t *cs_rpc_row(int number)
{
    return number >= 0 && (apr_size_t)number < METHODS ? &methods[number] : NULL;
}

static const char *name_of(const cs_route_t *route)
{
    return route->pattern + sizeof(CS_RPC_ROOT) - 1;
}

const char *cs_rpc_describe(apr_pool_t *pool, const cs_route_t *route)
{
    const cs_rpc_t *rpc = route->rpc;
    const char *names = rpc->part ? rpc->part : "";

    for (int i = rpc->wrapper->count - 1; i >= 0; i--) {
        names = apr_pstrcat(pool, rpc->wrapper->fields[i].name, *names ? ", " : "", names, NULL);
    }
    return apr_pstrcat(pool, name_of(route), " takes an object with ", names, " in the request body", NULL);
}

const char *cs_rpc_names(apr_pool_t *pool)
{
    const char *names = "";

    for (apr_size_t i = 0; i < METHODS; i++) {
        names = apr_pstrcat(pool, names, *names ? ", " : "", name_of(&methods[i]), NULL);
    }
    return names;
}
