/* model/person.c -- the customer's person. */
#include "model/entity.h"

#include <stddef.h>

static const cs_field_t fields[] = {
    CS_FIELD("Position", "position_name", STRING, 0, .max = 239),
    CS_FIELD("PersonId", "person_id", INT, CS_F_KEY),
    CS_FIELD("Mrmrs", "mrmrs", STRING, 0, .max = 239),
    CS_FIELD("Firstname", "firstname", STRING, 0, .max = 99),
    CS_FIELD("Lastname", "lastname", STRING, 0, .max = 99),
    CS_FIELD("MiddleName", "middlename", STRING, 0, .max = 99),
    CS_FIELD("Title", "title", STRING, 0, .max = 239),
    CS_FIELD("Description", "description", STRING, 0, .max = 4000),
    CS_FIELD("Email", "email", STRING, 0, .max = 239),
    CS_FIELD("FullName", "full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("DirectPhone", "direct_phone", STRING, 0, .max = 239),
    CS_FIELD("FormalName", "formal_name", STRING, CS_F_COMPUTED),
    CS_FIELD("CountryId", "country_id", INT, 0),
    CS_FIELD("ContactId", "contact_id", INT, 0),
    CS_FIELD("ContactName", "contact_name", STRING, 0, .max = 219),
    CS_FIELD("Retired", "retired", SHORT, 0),
    CS_FIELD("Rank", "rank", SHORT, 0),
    CS_FIELD("ActiveInterests", "activeinterests", SHORT, 0),
    CS_FIELD("ContactDepartment", "contact_department", STRING, 0, .max = 219),
    CS_FIELD("ContactCountryId", "contact_country_id", INT, 0),
    CS_FIELD("ContactOrgNr", "contact_orgnr", STRING, 0, .max = 49),
    CS_FIELD("FaxPhone", "fax_phone", STRING, 0, .max = 239),
    CS_FIELD("MobilePhone", "mobile_phone", STRING, 0, .max = 239),
    CS_FIELD("ContactPhone", "contact_phone", STRING, 0, .max = 239),
    CS_FIELD("AssociateName", "associate_name", STRING, 0, .max = 239),
    CS_FIELD("AssociateId", "associate_id", INT, 0),
    CS_FIELD("UsePersonAddress", "usepersonaddress", BOOL, 0),
    CS_FIELD("ContactFax", "contact_fax", STRING, 0, .max = 239),
    CS_FIELD("Kanafname", "kanafname", STRING, 0, .max = 99),
    CS_FIELD("Kanalname", "kanalname", STRING, 0, .max = 99),
    CS_FIELD("Post1", "post1", STRING, 0, .max = 99),
    CS_FIELD("Post2", "post2", STRING, 0, .max = 99),
    CS_FIELD("Post3", "post3", STRING, 0, .max = 99),
    CS_FIELD("EmailName", "email_name", STRING, 0, .max = 254),
    CS_FIELD("ContactFullName", "contact_full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("ActiveErpLinks", "activeerplinks", INT, 0),
    CS_FIELD("TicketPriorityId", "ticketpriorityid", INT, 0),
    CS_FIELD("SupportLanguageId", "supportlanguageid", INT, 0),
    CS_FIELD("SupportAssociateId", "supportassociateid", INT, 0),
    CS_FIELD("CategoryName", "category_name", STRING, 0, .max = 239),
    CS_FIELD("PersonNumber", "person_number", STRING, 0, .max = 49),
    CS_TAIL,
};

const cs_entity_t cs_person_entity = {
    .name = "Person", .label = "Person", .table = "person", .carrier = CS_CARRIER_PERSON, CS_ENTITY(fields)};
