/* model/agent.c -- who serves a topic, which users there are, and who of them is there. */
#include "model/entity.h"

#include <stddef.h>

static const cs_field_t agent_fields[] = {
    CS_FIELD("TopicId", "topic_id", INT, 0),
    CS_FIELD("User", "user_id", REFERENCE, CS_F_WRITE, .entity = &cs_associate_entity),
    CS_FIELD("CanListen", "can_listen", BOOL, CS_F_WRITE),
    CS_FIELD("CanRespond", "can_respond", BOOL, CS_F_WRITE),
    CS_FIELD("CanManage", "manager", BOOL, CS_F_WRITE),
    CS_FIELD("CanNotify", "notifications", BOOL, CS_F_WRITE),
};
const cs_entity_t cs_topic_agent_entity = {.name = "ChatTopicAgent",
                                           .label = "ChatTopicAgent",
                                           .table = "chat_topic_user",
                                           .carrier = CS_CARRIER_PLAIN,
                                           CS_ENTITY(agent_fields)};

/* The columns are those of the statement user_agents. */
static const cs_field_t item_fields[] = {
    CS_FIELD("Id", "id", INT, CS_F_KEY),
    CS_FIELD("Name", "name", STRING, 0, .max = 254),
    CS_FIELD("ToolTip", "tooltip", STRING, 0, .max = 254),
    CS_FIELD("Deleted", "deleted", BOOL, 0),
    CS_FIELD("Rank", "rank", INT, 0),
    CS_FIELD("Type", "type", STRING, 0, .max = 20),
    CS_FIELD("ChildItems", NULL, ITEMS, 0),
    CS_FIELD("IconHint", "icon_hint", STRING, 0, .max = 20),
    CS_FIELD("ColorBlock", "color_block", INT, 0),
    CS_FIELD("ExtraInfo", "extra_info", STRING, 0, .max = 254),
    CS_FIELD("StyleHint", "style_hint", STRING, 0, .max = 20),
    CS_FIELD("FullName", "full_name", STRING, 0, .max = 254),
    CS_FIELD("TableRight", NULL, NONE, 0),
    CS_FIELD("FieldProperties", NULL, MAP, 0),
};
const cs_entity_t cs_list_item_entity = {
    .name = "MDOListItem", .label = "MDOListItem", .carrier = CS_CARRIER_PLAIN, CS_ENTITY(item_fields)};

/* The columns are those of the statement presence_list. */
static const cs_field_t presence_fields[] = {
    CS_FIELD("UserId", "user_id", INT, CS_F_KEY),
    CS_FIELD("DisplayName", "display_name", STRING, CS_F_COMPUTED),
    CS_FIELD("OngoingChats", "ongoing_chats", INT, CS_F_COMPUTED),
    CS_FIELD("Present", "present", BOOL, CS_F_WRITE),
    CS_FIELD("ChatTopics", "chat_topics", NUMBERS, CS_F_COMPUTED),
    CS_TAIL,
};
const cs_entity_t cs_presence_entity = {.name = "ChatPresence",
                                        .label = "ChatPresence",
                                        .carrier = CS_CARRIER_PRESENCE,
                                        CS_ENTITY(presence_fields)};
