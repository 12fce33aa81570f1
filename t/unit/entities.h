/* t/unit/entities.h -- the entities' tables, beside the API's own lists of properties. */
#ifndef CS_TEST_ENTITIES_H
#define CS_TEST_ENTITIES_H

#include "model/entity.h"
#include "properties.h"
#include "support.h"
#include "tap.h"

static const struct {
    const char *name;
    const cs_entity_t *entity; /* NULL: found in another, see entity_of */
    const property_t *properties;
    int documented; /* properties in the API's list */
    int count;      /* rows */
    int cells;
    int references;
} entities[] = {
    {"ChatSessionEntity", &cs_session_entity, session_properties, COUNT(session_properties), 34, 31, 7},
    {"Associate", &cs_associate_entity, associate_properties, COUNT(associate_properties), 16, 12, 0},
    {"Person", &cs_person_entity, person_properties, COUNT(person_properties), 43, 41, 0},
    {"Contact", &cs_contact_entity, contact_properties, COUNT(contact_properties), 26, 43, 0},
    {"Address", NULL, address_properties, COUNT(address_properties), 8, 20, 0},
    {"StructuredAddress", NULL, structured_properties, COUNT(structured_properties), 9, 8, 0},
    {"Project", &cs_project_entity, project_properties, COUNT(project_properties), 22, 20, 0},
    {"Sale", &cs_sale_entity, sale_properties, COUNT(sale_properties), 27, 25, 0},
    {"Ticket", &cs_ticket_entity, ticket_properties, COUNT(ticket_properties), 69, 63, 0},
    {"ChatTopicEntity", &cs_topic_reference, NULL, 0, 1, 1, 0},
    {"CustomerLanguage", &cs_language_entity, list_properties, COUNT(list_properties), 5, 3, 0},
    {"TicketCategory", &cs_ticket_category_entity, list_properties, COUNT(list_properties), 5, 3, 0},
    {"TicketPriority", &cs_ticket_priority_entity, list_properties, COUNT(list_properties), 5, 3, 0},
    {"ReplyTemplate", &cs_reply_template_entity, reply_template_properties, COUNT(reply_template_properties),
     4, 4, 0},
    {"KbCategory", &cs_kb_category_entity, kb_category_properties, COUNT(kb_category_properties), 6, 6, 0},
    {"TimeZoneData", &cs_time_zone_entity, time_zone_properties, COUNT(time_zone_properties), 7, 5, 0},
    {"MDOListItem", &cs_list_item_entity, list_item_properties, COUNT(list_item_properties), 14, 11, 0},
    {"ChatTopicEntity", &cs_topic_entity, topic_properties, COUNT(topic_properties), 34, 91, 6},
    {"ChatOpeningHours", &cs_hours_entity, hours_properties, COUNT(hours_properties), 25, 25, 1},
    {"ChatWidgetSettings", NULL, widget_properties, COUNT(widget_properties), 33, 33, 1},
    {"ChatBotSettings", NULL, bot_properties, COUNT(bot_properties), 5, 5, 0},
    {"ChatTopicAgent", &cs_topic_agent_entity, agent_properties, COUNT(agent_properties), 6, 6, 1},
    {"ChatPresence", &cs_presence_entity, presence_properties, COUNT(presence_properties), 7, 5, 0},
};

static inline const cs_field_t *field_of(const cs_entity_t *entity, const char *name)
{
    return cs_entity_find(entity, name, strlen(name));
}

static inline const cs_entity_t *entity_of(size_t i)
{
    const cs_entity_t *address = field_of(&cs_contact_entity, "Address")->entity;

    return entities[i].entity                            ? entities[i].entity
           : entities[i].properties == widget_properties ? field_of(&cs_topic_entity, "Widget")->entity
           : entities[i].properties == bot_properties    ? field_of(&cs_topic_entity, "BotSettings")->entity
           : strcmp(entities[i].name, "Address") == 0    ? address
                                                         : field_of(address, "Street")->entity;
}

#endif
