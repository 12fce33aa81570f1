/* model/associate.c -- a user: the session's agent, the target of a transfer. */
#include "model/entity.h"

#include <stddef.h>

/* The column holds the kind of account, the API shows the kind of user. */
static const cs_word_t type_words[] = {
    {0, "InternalAssociate"},  {1, "ResourceAssociate"}, {4, "ExternalAssociate"},
    {7, "AnonymousAssociate"}, {13, "SystemAssociate"},  {0, NULL},
};
const cs_enum_t cs_user_type = {"UserType", type_words, "Unknown"};

static const cs_field_t fields[] = {
    CS_FIELD("AssociateId", "associate_id", INT, CS_F_KEY),
    CS_FIELD("Name", "name", STRING, 0, .max = 239),
    CS_FIELD("PersonId", "person_id", INT, 0),
    CS_FIELD("Rank", "rank", SHORT, 0),
    CS_FIELD("Tooltip", "tooltip", STRING, 0, .max = 254),
    CS_FIELD("Type", "type", ENUM, 0, .words = &cs_user_type, .unset = -1),
    CS_FIELD("GroupIdx", "group_idx", INT, 0),
    CS_FIELD("FullName", "full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("FormalName", "formal_name", STRING, CS_F_COMPUTED),
    CS_FIELD("Deleted", "deleted", BOOL, 0),
    CS_FIELD("EjUserId", "ejuserid", INT, 0),
    CS_FIELD("UserName", "username", STRING, 0, .max = 254),
    CS_FIELD("ExtraFields", NULL, MAP, 0),
    CS_FIELD("CustomFields", NULL, MAP, 0),
    CS_TAIL,
};

const cs_entity_t cs_associate_entity = {.name = "Associate",
                                         .label = "Associate",
                                         .table = "associate",
                                         .carrier = CS_CARRIER_ASSOCIATE,
                                         CS_ENTITY(fields)};
