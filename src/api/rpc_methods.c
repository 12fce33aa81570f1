/* api/rpc_methods.c -- the methods of the RPC style: a row each. */
#include "api/agent.h"
#include "api/message.h"
#include "api/presence.h"
#include "api/queue.h"
#include "api/route.h"
#include "api/rpc.h"
#include "api/session.h"
#include "api/topic.h"
#include "api/user_agent.h"
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

static const cs_field_t topic_id[] = {CS_FIELD("ChatTopicId", NULL, INT, NEEDED)};
static const cs_field_t topic_user[] = {
    CS_FIELD("ChatTopicId", NULL, INT, NEEDED),
    CS_FIELD("Username", NULL, STRING, NEEDED, .max = NAME_MAX_CHARS),
};
static const cs_field_t user_list[] = {
    CS_FIELD("Flat", NULL, BOOL, CS_F_WRITE),
    CS_FIELD("OnlyPresent", NULL, BOOL, CS_F_WRITE),
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

#define TOPIC(name, operation, flags, summary, ...) \
    METHOD(name, operation, "ChatTopic", flags, summary, __VA_ARGS__)
#define PRESENCE(name, operation, flags, summary, ...) \
    METHOD(name, operation, "Presence", flags, summary, __VA_ARGS__)

#define PART(member, carrier)  .part = member, .entity = &(carrier)
#define PARTS(member, carrier) PART(member, carrier), .many = 1
#define CHOOSING(carrier)      .select = &(carrier)
#define OR_NULL                .null_where_missing = 1

/* Without parameters a wrapper has only its part. */
static const cs_entity_t nothing_more = {
    .name = "SaveChatPresence", .label = "SaveChatPresence", .carrier = CS_CARRIER_PLAIN};

static const cs_route_t methods[] = {
    PRESENCE("GetChatPresence", "presence_list", READS, "Who of the users of the chat is there",
             cs_presence_list, CHOOSING(cs_presence_entity)),
    PRESENCE("SaveChatPresence", "presence_save", CS_R_BODY | CS_R_SILENT | CHANGES, "Says who is there",
             cs_presence_save, .wrapper = &nothing_more, PARTS("ChatPresence", cs_presence_entity)),
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
            cs_message_add, WRAPPER("AddChatMessage", session_id), PART("Message", cs_message_entity),
            OR_NULL, CHOOSING(cs_message_entity)),
    TOPIC("CreateDefaultChatTopicAgent", "agent_default", READS,
          "An agent of a chat topic with the defaults, not stored", cs_agent_default),
    TOPIC("CreateDefaultChatTopicEntity", "topic_default", READS,
          "A new chat topic with its defaults, not stored", cs_topic_default),
    TOPIC("SaveChatTopicEntity", "topic_save", CS_R_BODY | CHANGES,
          "Saves the chat topic in the body: a new one where its ChatTopicId is 0", cs_topic_replace,
          .create = cs_topic_create, .entity = &cs_topic_entity),
    TOPIC("DeleteChatTopicEntity", "topic_delete", CS_R_SILENT | CHANGES,
          "Deletes the chat topic ?chatTopicEntityId=; its sessions stay", cs_topic_delete,
          .query_id = "chatTopicEntityId"),
    TOPIC("GetChatTopicEntity", "topic_get", READS, "The chat topic ?chatTopicEntityId=, or null",
          cs_topic_get, .query_id = "chatTopicEntityId", OR_NULL, CHOOSING(cs_topic_entity)),
    TOPIC("IsWithinOpeningHours", "topic_is_open", CS_R_BODY | READS,
          "Whether a chat topic is open at this moment", cs_topic_is_open,
          WRAPPER("IsWithinOpeningHours", topic_id), OR_NULL),
    TOPIC("ChatTopicsForUser", "topic_list_mine", READS, "The chat topics in which the caller has a role",
          cs_topic_list_mine, CHOOSING(cs_topic_entity)),
    TOPIC("GetUserAgentList", "user_agent_list", CS_R_BODY | READS,
          "The users of the chat, one by one or by groups", cs_user_agent_list,
          WRAPPER("GetUserAgentList", user_list), CHOOSING(cs_list_item_entity)),
    TOPIC("GetChatTopicUserAgentList", "agent_list", CS_R_BODY | READS,
          "Who serves a chat topic, in which roles", cs_agent_list,
          WRAPPER("GetChatTopicUserAgentList", topic_id), OR_NULL, CHOOSING(cs_topic_agent_entity)),
    TOPIC("GetChatTopicUserAgent", "agent_get", CS_R_BODY | READS,
          "The roles of an agent, by login name or id", cs_agent_get,
          WRAPPER("GetChatTopicUserAgent", topic_user), OR_NULL, CHOOSING(cs_topic_agent_entity)),
    TOPIC("AddChatTopicUserAgent", "agent_add", CS_R_BODY | CHANGES,
          "Adds an agent to a chat topic, or changes his roles", cs_agent_add,
          WRAPPER("AddChatTopicUserAgent", topic_id), PART("Useragent", cs_topic_agent_entity), OR_NULL,
          CHOOSING(cs_topic_agent_entity)),
    TOPIC("UpdateChatTopicUserAgent", "agent_replace", CS_R_BODY | CHANGES, "Changes the roles of an agent",
          cs_agent_replace, WRAPPER("UpdateChatTopicUserAgent", topic_user),
          PART("Useragent", cs_topic_agent_entity), OR_NULL, CHOOSING(cs_topic_agent_entity)),
    TOPIC("UpdateChatTopicUserAgents", "agent_replace_all", CS_R_BODY | CHANGES,
          "Says who serves a chat topic, instead of all who did", cs_agent_replace_all,
          WRAPPER("UpdateChatTopicUserAgents", topic_id), PARTS("Useragents", cs_topic_agent_entity), OR_NULL,
          CHOOSING(cs_topic_agent_entity)),
    TOPIC("DeleteChatTopicUserAgent", "agent_remove", CS_R_BODY | CS_R_SILENT | CHANGES,
          "Removes an agent from a chat topic", cs_agent_remove,
          WRAPPER("DeleteChatTopicUserAgent", topic_user)),
    TOPIC("CreateChatSessionForTopic", "session_start", CS_R_BODY | CHANGES,
          "Starts a chat session in a chat topic", cs_topic_start_session,
          WRAPPER("CreateChatSessionForTopic", topic_id), OR_NULL, CHOOSING(cs_session_entity)),
};
#define METHODS (sizeof(methods) / sizeof(methods[0]))

const cs_route_t *cs_rpc_row(int number)
{
    return number >= 0 && (apr_size_t)number < METHODS ? &methods[number] : NULL;
}

const char *cs_rpc_name(const cs_route_t *route)
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
    return apr_pstrcat(pool, cs_rpc_name(route), " takes an object with ", names, " in the request body",
                       NULL);
}

const char *cs_rpc_names(apr_pool_t *pool)
{
    const char *names = "";

    for (apr_size_t i = 0; i < METHODS; i++) {
        names = apr_pstrcat(pool, names, *names ? ", " : "", cs_rpc_name(&methods[i]), NULL);
    }
    return names;
}
