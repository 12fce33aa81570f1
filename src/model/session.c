/* model/session.c -- the chat session: 31 properties of its own, rights, links. */
#include "model/entity.h"

#include <stddef.h>

static const cs_word_t status_words[] = {
    {0, "Invalid"},        {1, "PreChatForm"},      {2, "Faq"},      {3, "OfflineForm"}, {4, "InQueue"},
    {5, "CustomerLast"},   {6, "UserLast"},         {7, "Finished"}, {8, "Deleted"},     {9, "Closed"},
    {10, "RequestPosted"}, {11, "ClosedFromQueue"}, {0, NULL},
};
const cs_enum_t cs_session_status = {"ChatSessionStatus", status_words, NULL};

/* The original numbers its two flags 0 and 1, so 0 has a name and both bits together have none. */
static const cs_word_t flag_words[] = {{0, "CustomerIsTyping"}, {1, "UserIsTyping"}, {0, NULL}};
static const cs_enum_t flags = {"ChatSessionFlags", flag_words, NULL};

#define NO_ONE .unset = -1 /* the column takes no NULL: -1 is nobody */

static const cs_field_t fields[] = {
    CS_FIELD("ChatSessionId", "id", INT, CS_F_KEY),
    CS_FIELD("TopicId", "topic_id", INT, CS_F_WRITE, .entity = &cs_topic_reference),
    CS_FIELD("User", "user_id", REFERENCE, CS_F_WRITE, .entity = &cs_associate_entity, NO_ONE),
    CS_FIELD("Person", "customer_id", REFERENCE, CS_F_WRITE, .entity = &cs_person_entity, NO_ONE),
    CS_FIELD("CustomerAlias", "customer_alias", STRING, CS_F_WRITE, .max = 64),
    CS_FIELD("CustomerHost", "customer_host", STRING, CS_F_WRITE, .max = 255),
    CS_FIELD("CustomerName", "name", STRING, CS_F_WRITE, .max = 255),
    CS_FIELD("CustomerEmail", "email", STRING, CS_F_WRITE, .max = 255),
    CS_FIELD("CustomerPhone", "phone", STRING, CS_F_WRITE, .max = 32),
    CS_FIELD("CustomerConsented", "consented", BOOL, CS_F_WRITE),
    CS_FIELD("CustomerCompanyName", "company_name", STRING, CS_F_WRITE, .max = 255),
    CS_FIELD("Status", "status", ENUM, CS_F_WRITE, .words = &cs_session_status),
    CS_FIELD("FirstMessage", "first_message", STRING, CS_F_WRITE, .max = 1024),
    CS_FIELD("LastMessage", "last_message", STRING, CS_F_WRITE, .max = 1024),
    CS_FIELD("WhenRequested", "when_requested", TIME, CS_F_WRITE),
    CS_FIELD("WhenStarted", "when_started", TIME, CS_F_WRITE),
    CS_FIELD("WhenEnded", "when_ended", TIME, CS_F_WRITE),
    CS_FIELD("WhenIdle", "idle", TIME, CS_F_WRITE),
    CS_FIELD("WhenFetched", "customer_fetch", TIME, CS_F_WRITE),
    CS_FIELD("SessionKey", "session_key", STRING, CS_F_WRITE | CS_F_SECRET, .max = 255),
    CS_FIELD("InitialQueuePos", "initial_queue_pos", INT, CS_F_WRITE),
    CS_FIELD("AlertLevel", "alert_level", INT, CS_F_WRITE),
    CS_FIELD("Rank", "rank", INT, CS_F_WRITE),
    CS_FIELD("Flags", "flags", FLAGS, CS_F_WRITE, .words = &flags),
    CS_FIELD("Contact", "contact_id", REFERENCE, CS_F_WRITE, .entity = &cs_contact_entity),
    CS_FIELD("Project", "project_id", REFERENCE, CS_F_WRITE, .entity = &cs_project_entity),
    CS_FIELD("Sale", "sale_id", REFERENCE, CS_F_WRITE, .entity = &cs_sale_entity),
    CS_FIELD("Ticket", "ticket_id", REFERENCE, CS_F_WRITE, .entity = &cs_ticket_entity),
    CS_FIELD("TransferTo", "transfer_to", REFERENCE, CS_F_WRITE, .entity = &cs_associate_entity),
    CS_FIELD("ChatbotIsActive", "chatbot_isactive", BOOL, CS_F_WRITE),
    CS_FIELD("Rating", "rating", INT, CS_F_WRITE),
    CS_TAIL,
    CS_FIELD("_Links", NULL, LINKS, 0),
};

const cs_entity_t cs_session_entity = {.name = "ChatSessionEntity",
                                       .label = "ChatSession",
                                       .table = "chat_session",
                                       .carrier = CS_CARRIER_SESSION,
                                       CS_ENTITY(fields)};

static const cs_field_t topic_fields[] = {CS_FIELD("ChatTopicId", "id", INT, CS_F_KEY)};

const cs_entity_t cs_topic_reference = {.name = "ChatTopicEntity",
                                        .label = "ChatTopic",
                                        .table = "chat_topic",
                                        .carrier = CS_CARRIER_PLAIN,
                                        CS_ENTITY(topic_fields)};
