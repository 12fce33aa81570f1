/* model/contact.c -- the customer's company, with its addresses. */
#include "model/entity.h"

#include <stddef.h>

static const cs_word_t address_words[] = {
    {0, "Unknown"},
    {1, "ContactPostalAddress"},
    {2, "ContactStreetAddress"},
    {16387, "PersonPrivateAddress"},
    {8196, "QuoteBillingAddress"},
    {8197, "QuoteShippingAddress"},
    {0, NULL},
};
static const cs_enum_t address_type = {"AddressType", address_words, NULL};

#define STRUCTURED(kind)                                                            \
    {                                                                               \
        CS_FIELD("AtypeIdx", NULL, ENUM, 0, .words = &address_type, .unset = kind), \
            CS_FIELD("Address1", "address1", STRING, 0, .max = 79),                 \
            CS_FIELD("Address2", "address2", STRING, 0, .max = 79),                 \
            CS_FIELD("Address3", "address3", STRING, 0, .max = 79),                 \
            CS_FIELD("City", "city", STRING, 0, .max = 79),                         \
            CS_FIELD("County", "county", STRING, 0, .max = 29),                     \
            CS_FIELD("State", "state", STRING, 0, .max = 5),                        \
            CS_FIELD("Zipcode", "zipcode", STRING, 0, .max = 11),                   \
            CS_FIELD("Formatted", "formatted", STRING, CS_F_COMPUTED),              \
    }

static const cs_field_t street_fields[] = STRUCTURED(2);
static const cs_field_t postal_fields[] = STRUCTURED(1);

static const cs_entity_t street_entity = {.name = "StructuredAddress",
                                          .label = "StructuredAddress",
                                          .carrier = CS_CARRIER_PLAIN,
                                          CS_ENTITY(street_fields)};
static const cs_entity_t postal_entity = {.name = "StructuredAddress",
                                          .label = "StructuredAddress",
                                          .carrier = CS_CARRIER_PLAIN,
                                          CS_ENTITY(postal_fields)};

/* LocalizedAddress is laid out (model/address.c) from the cells of Street and Postal, which follow its own.
 */
static const cs_field_t address_fields[] = {
    CS_FIELD("Wgs84Latitude", "wgs84latitude", REAL, 0),
    CS_FIELD("Wgs84Longitude", "wgs84longitude", REAL, 0),
    CS_FIELD("LocalizedAddress", "address_layout", LINES, 0),
    CS_FIELD("Street", "street_", EMBEDDED, 0, .entity = &street_entity),
    CS_FIELD("Postal", "postal_", EMBEDDED, 0, .entity = &postal_entity),
    CS_FIELD("Formatted", "address_formatted", STRING, CS_F_COMPUTED),
    CS_TAIL,
};

static const cs_entity_t address_entity = {
    .name = "Address", .label = "Address", .carrier = CS_CARRIER_ADDRESS, CS_ENTITY(address_fields)};

static const cs_field_t fields[] = {
    CS_FIELD("ContactId", "contact_id", INT, CS_F_KEY),
    CS_FIELD("Name", "name", STRING, 0, .max = 219),
    CS_FIELD("OrgNr", "orgnr", STRING, 0, .max = 49),
    CS_FIELD("Department", "department", STRING, 0, .max = 219),
    CS_FIELD("URL", "url", STRING, 0, .max = 1023),
    CS_FIELD("City", "city", STRING, CS_F_COMPUTED),
    CS_FIELD("DirectPhone", "direct_phone", STRING, 0, .max = 239),
    CS_FIELD("AssociateId", "associate_id", INT, 0),
    CS_FIELD("CountryId", "country_id", INT, 0),
    CS_FIELD("EmailAddress", "email_address", STRING, 0, .max = 239),
    CS_FIELD("Kananame", "kananame", STRING, 0, .max = 219),
    CS_FIELD("EmailAddressName", "email_address_name", STRING, 0, .max = 254),
    CS_FIELD("URLName", "url_name", STRING, 0, .max = 254),
    CS_FIELD("AssociateFullName", "associate_full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("BusinessName", "business_name", STRING, 0, .max = 239),
    CS_FIELD("CategoryName", "category_name", STRING, 0, .max = 239),
    CS_FIELD("CountryName", "country_name", STRING, 0, .max = 239),
    CS_FIELD("Address", "", EMBEDDED, 0, .entity = &address_entity),
    CS_FIELD("FormattedAddress", "formatted_address", STRING, CS_F_COMPUTED),
    CS_FIELD("FullName", "full_name", STRING, CS_F_COMPUTED),
    CS_FIELD("IsOwnerContact", "is_owner_contact", BOOL, CS_F_COMPUTED),
    CS_FIELD("ActiveErpLinks", "activeerplinks", INT, 0),
    CS_FIELD("Number1", "number1", STRING, 0, .max = 49),
    CS_FIELD("Number2", "number2", STRING, 0, .max = 49),
    CS_TAIL,
};

const cs_entity_t cs_contact_entity = {.name = "Contact",
                                       .label = "Contact",
                                       .table = "contact",
                                       .carrier = CS_CARRIER_CONTACT,
                                       CS_ENTITY(fields)};
