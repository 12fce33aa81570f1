/* model/project.c -- the project that a session is connected to. */
#include "model/entity.h"

#include <stddef.h>

static const cs_field_t fields[] = {
    CS_FIELD("ProjectId", "project_id", INT, CS_F_KEY),
    CS_FIELD("Name", "name", STRING, 0, .max = 219),
    CS_FIELD("Description", "description", STRING, 0, .max = 4000),
    CS_FIELD("URL", "url", STRING, 0, .max = 1023),
    CS_FIELD("Type", "type_name", STRING, 0, .max = 239),
    CS_FIELD("AssociateId", "associate_id", INT, 0),
    CS_FIELD("AssociateFullName", "associate_full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("TypeId", "type_idx", INT, 0),
    CS_FIELD("Updated", "updated", TIME, CS_F_UTC),
    CS_FIELD("StatusId", "status_idx", INT, 0),
    CS_FIELD("Status", "status_name", STRING, 0, .max = 239),
    CS_FIELD("TextId", "text_id", INT, 0),
    CS_FIELD("PublishTo", "publish_to", TIME, 0),
    CS_FIELD("PublishFrom", "publish_from", TIME, 0),
    CS_FIELD("IsPublished", "is_published", BOOL, 0),
    CS_FIELD("URLName", "url_name", STRING, 0, .max = 254),
    CS_FIELD("ProjectNumber", "project_number", STRING, 0, .max = 49),
    CS_FIELD("ActiveErpLinks", "activeerplinks", INT, 0),
    CS_FIELD("EventId", "event_id", INT, 0),
    CS_FIELD("StartDate", "startdate", TIME, 0),
    CS_TAIL,
};

const cs_entity_t cs_project_entity = {.name = "Project",
                                       .label = "Project",
                                       .table = "project",
                                       .carrier = CS_CARRIER_PROJECT,
                                       CS_ENTITY(fields)};
