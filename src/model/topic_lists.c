/* model/topic_lists.c -- the items of lists that a topic refers to: languages, templates, categories, zones.
 */
#include "model/entity.h"

#include <stddef.h>

/* Items of one shape; their rights are not modelled. */
#define ITEM(tip)                                                                                   \
    {                                                                                               \
        CS_FIELD("Id", "id", INT, CS_F_KEY), CS_FIELD("Value", "name", STRING, 0, .max = 255),      \
            CS_FIELD("Tooltip", tip, STRING, 0, .max = 255), CS_FIELD("TableRight", NULL, NONE, 0), \
            CS_FIELD("FieldProperties", NULL, MAP, 0),                                              \
    }

static const cs_field_t language_fields[] = ITEM("tooltip");
const cs_entity_t cs_language_entity = {.name = "CustomerLanguage",
                                        .label = "CustomerLanguage",
                                        .table = "cust_lang",
                                        .carrier = CS_CARRIER_PLAIN,
                                        CS_ENTITY(language_fields)};

static const cs_field_t category_fields[] = ITEM("fullname");
const cs_entity_t cs_ticket_category_entity = {.name = "TicketCategory",
                                               .label = "TicketCategory",
                                               .table = "ej_category",
                                               .carrier = CS_CARRIER_PLAIN,
                                               CS_ENTITY(category_fields)};

static const cs_field_t priority_fields[] = ITEM("tooltip");
const cs_entity_t cs_ticket_priority_entity = {.name = "TicketPriority",
                                               .label = "TicketPriority",
                                               .table = "ticket_priority",
                                               .carrier = CS_CARRIER_PLAIN,
                                               CS_ENTITY(priority_fields)};

static const cs_field_t template_fields[] = {
    CS_FIELD("ReplyTemplateId", "id", INT, CS_F_KEY),
    CS_FIELD("Name", "name", STRING, 0, .max = 255),
    CS_FIELD("Description", "description", STRING, 0, .max = 255),
    CS_FIELD("FolderId", "folder_id", INT, 0, .unset = -1),
};
const cs_entity_t cs_reply_template_entity = {.name = "ReplyTemplate",
                                              .label = "ReplyTemplate",
                                              .table = "reply_template",
                                              .carrier = CS_CARRIER_PLAIN,
                                              CS_ENTITY(template_fields)};

static const cs_field_t kb_fields[] = {
    CS_FIELD("KbCategoryId", "id", INT, CS_F_KEY),
    CS_FIELD("Name", "name", STRING, 0, .max = 64),
    CS_FIELD("Description", "description", STRING, 0, .max = 255),
    CS_FIELD("Fullname", "fullname", STRING, CS_F_COMPUTED),
    CS_FIELD("ParentId", "parent_id", INT, 0, .unset = -1),
    CS_FIELD("SortOrder", "sort_order", INT, 0),
};
const cs_entity_t cs_kb_category_entity = {.name = "KbCategory",
                                           .label = "KbCategory",
                                           .table = "kb_category",
                                           .carrier = CS_CARRIER_PLAIN,
                                           CS_ENTITY(kb_fields)};

/* The rules themselves are the system's (base/zones.h), which no client needs to work out. */
static const cs_field_t zone_fields[] = {
    CS_FIELD("TZLocationID", "tzlocation_id", INT, CS_F_KEY),
    CS_FIELD("Name", "name", STRING, 0, .max = 255),
    CS_FIELD("TZLocationCode", "location_code", STRING, 0, .max = 63),
    CS_FIELD("TZLocationCities", "cities", STRING, 0, .max = 1024),
    CS_FIELD("IsoNumber", "iso_number", INT, 0),
    CS_FIELD("TimeZoneSTDRules", NULL, MAP, 0),
    CS_FIELD("TimeZoneDSTRules", NULL, MAP, 0),
};
const cs_entity_t cs_time_zone_entity = {.name = "TimeZoneData",
                                         .label = "TimeZoneData",
                                         .table = "tzlocation",
                                         .carrier = CS_CARRIER_PLAIN,
                                         CS_ENTITY(zone_fields)};
