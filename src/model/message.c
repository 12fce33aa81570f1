/* model/message.c -- what was said in a chat session: 9 properties, neither rights nor links. */
#include "model/entity.h"

#include <stddef.h>

static const cs_word_t type_words[] = {
    {0, "Invalid"}, {1, "ToCustomer"}, {2, "ToUser"}, {3, "Special"}, {0, NULL}};
static const cs_enum_t type = {"ChatMessageType", type_words, NULL};

static const cs_word_t special_words[] = {
    {0, "None"},
    {1, "Welcome"},
    {2, "Url"},
    {3, "Block"},
    {5, "NewSession"},
    {6, "TransferedSession"},
    {7, "Error"},
    {8, "SessionDeleted"},
    {9, "FaqSuccessQuestion"},
    {10, "ClosedByUser"},
    {11, "ClosedByCustomer"},
    {12, "ClosedByIdle"},
    {13, "TransferRejected"},
    {14, "ReopenedByCustomer"},
    {15, "ClickedOption"},
    {16, "BotMessage"},
    {17, "Options"},
    {18, "IllegalFileType"},
    {0, NULL},
};
static const cs_enum_t special_type = {"ChatMessageSpecialType", special_words, NULL};

static const cs_field_t fields[] = {
    CS_FIELD("ChatMessageId", "id", INT, CS_F_KEY),
    CS_FIELD("ChatSessionId", "session_id", INT, 0),
    CS_FIELD("Type", "type", ENUM, CS_F_WRITE, .words = &type),
    CS_FIELD("Message", "message", STRING, CS_F_WRITE, .max = 65535),
    CS_FIELD("Author", "author", STRING, CS_F_WRITE, .max = 255),
    CS_FIELD("ReadByCustomer", "read_by_customer", SHORT, 0),
    CS_FIELD("SpecialType", "special_type", ENUM, CS_F_WRITE, .words = &special_type),
    CS_FIELD("SpecialParam", "special_param", STRING, CS_F_WRITE, .max = 255),
    CS_FIELD("WhenPosted", "when_posted", TIME, CS_F_WRITE | CS_F_UTC),
};

const cs_entity_t cs_message_entity = {.name = "ChatMessage",
                                       .label = "ChatMessage",
                                       .table = "chat_message",
                                       .carrier = CS_CARRIER_PLAIN,
                                       CS_ENTITY(fields)};
