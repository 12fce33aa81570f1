/* t/unit/rights.c -- TableRight and FieldProperties: what is prepared for each right, setting and carrier. */
#include "model/rights.h"
#include "support.h"
#include "tap.h"
#include "wire/json_write.h"

static const cs_parts_t *prepared(apr_pool_t *pool, cs_properties_t wanted)
{
    cs_parts_t *parts = apr_pcalloc(pool, sizeof(*parts));

    cs_rights_prepare(pool, wanted, &cs_json_writer, parts);
    return parts;
}

static const cs_doc_t *doc_of(apr_pool_t *pool, const cs_part_t *part)
{
    const cs_limits_t large = {.depth = 32, .values = 100000};
    cs_ctx_t *cx = test_ctx(pool);

    cx->limits = &large;
    return test_doc(cx, apr_pstrmemdup(pool, part->text, part->len));
}

/* ---------------- TableRight */

static void test_table_rights(apr_pool_t *pool)
{
    static const char *const texts[CS_RIGHT_COUNT] = {
        [CS_RIGHT_FULL] = "{\"Mask\":\"Select, Update, Insert, Delete\",\"Reason\":\"\"}",
        [CS_RIGHT_SAVE] = "{\"Mask\":\"Select, Update, Insert\",\"Reason\":\"\"}",
        [CS_RIGHT_READ] = "{\"Mask\":\"Select\",\"Reason\":\"\"}",
        [CS_RIGHT_CHANGE] = "{\"Mask\":\"Select, Update\",\"Reason\":\"\"}",
    };

    for (int wanted = 0; wanted < CS_PROPERTIES_COUNT; wanted++) {
        const cs_parts_t *parts = prepared(pool, (cs_properties_t)wanted);

        for (int right = 0; right < CS_RIGHT_COUNT; right++) {
            is(parts->table_right[right].text, texts[right],
               "TableRight of right %d, whatever is sent else (%d)", right, wanted);
            is_int((long long)parts->table_right[right].len, (long long)strlen(texts[right]),
                   "its length, right %d (%d)", right, wanted);
        }
    }
}

/* ---------------- how much is sent */

static const struct {
    cs_properties_t wanted;
    int entries[CS_CARRIER_COUNT];
} sent[] = {
    {CS_PROPERTIES_FULL,
     {[CS_CARRIER_SESSION] = 31,
      [CS_CARRIER_ASSOCIATE] = 0, /* a nested Associate's are always empty */
      [CS_CARRIER_PERSON] = 41,
      [CS_CARRIER_CONTACT] = 24,
      [CS_CARRIER_ADDRESS] = 6,
      [CS_CARRIER_PROJECT] = 20,
      [CS_CARRIER_SALE] = 25,
      [CS_CARRIER_TICKET] = 67,
      [CS_CARRIER_TOPIC] = 31 + 25 + 33 + 5, /* with those of what is embedded */
      [CS_CARRIER_PRESENCE] = 5}},
    {CS_PROPERTIES_OWN, {[CS_CARRIER_SESSION] = 31, [CS_CARRIER_TOPIC] = 94, [CS_CARRIER_PRESENCE] = 5}},
    {CS_PROPERTIES_NONE, {0}},
};

static void test_entries(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(sent); i++) {
        const cs_parts_t *parts = prepared(pool, sent[i].wanted);

        for (int right = 0; right < CS_RIGHT_COUNT; right++) {
            for (int carrier = 0; carrier < CS_CARRIER_COUNT; carrier++) {
                const cs_part_t *part = &parts->properties[right][carrier];
                const cs_doc_t *doc = doc_of(pool, part);

                is_int((long long)strlen(part->text), (long long)part->len,
                       "setting %d, right %d, carrier %d: the length", (int)i, right, carrier);
                is_int(doc->kind == CS_DOC_OBJECT ? doc->count : -1, sent[i].entries[carrier],
                       "setting %d, right %d, carrier %d: so many entries", (int)i, right, carrier);
            }
        }
    }
}

/* Every property has its entry, in the order of the rows; rights and links have none. */
static void test_names(apr_pool_t *pool, const cs_part_t *part, const cs_entity_t *entity)
{
    const cs_doc_t *doc = doc_of(pool, part);
    int next = 0, wrong = 0;

    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        if (field->type == CS_T_RIGHT || field->type == CS_T_PROPERTIES || field->type == CS_T_LINKS) {
            continue;
        }
        wrong += next >= doc->count || strcmp(doc->members[next].name, field->name) != 0;
        next++;
    }
    is_int(wrong, 0, "%s: every property has its entry", entity->name);
}

static void test_every_name(apr_pool_t *pool)
{
    const cs_part_t *parts = prepared(pool, CS_PROPERTIES_FULL)->properties[CS_RIGHT_READ];

    test_names(pool, &parts[CS_CARRIER_SESSION], &cs_session_entity);
    test_names(pool, &parts[CS_CARRIER_PERSON], &cs_person_entity);
    test_names(pool, &parts[CS_CARRIER_CONTACT], &cs_contact_entity);
    test_names(pool, &parts[CS_CARRIER_ADDRESS], cs_entity_find(&cs_contact_entity, "Address", 7)->entity);
    test_names(pool, &parts[CS_CARRIER_PROJECT], &cs_project_entity);
    test_names(pool, &parts[CS_CARRIER_SALE], &cs_sale_entity);
    test_names(pool, &parts[CS_CARRIER_TICKET], &cs_ticket_entity);
}

/* ---------------- single entries */

static const struct {
    cs_right_t right;
    cs_carrier_t carrier;
    const char *property;
    const char *mask, *type;
    int length;
} entries[] = {
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "ChatSessionId", "Read", "System.Int32", 4},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "TopicId", "Update", "System.Int32", 4},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "User", "Update", "SuperOffice.CRM.Services.Associate", 4},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "Person", "Update", "SuperOffice.CRM.Services.Person", 4},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "Contact", "Update", "SuperOffice.CRM.Services.Contact", 4},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "Ticket", "Update", "SuperOffice.CRM.Services.Ticket", 4},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "CustomerAlias", "Update", "System.String", 64},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "CustomerPhone", "Update", "System.String", 32},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "FirstMessage", "Update", "System.String", 1024},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "SessionKey", "Update", "System.String", 255},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "CustomerConsented", "Update", "System.Boolean", 2},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "Status", "Update", "SuperOffice.Data.ChatSessionStatus", 2},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "Flags", "Update", "SuperOffice.Data.ChatSessionFlags", 2},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "WhenEnded", "Update", "System.DateTime", 16},
    {CS_RIGHT_FULL, CS_CARRIER_SESSION, "Rating", "Update", "System.Int32", 4},
    {CS_RIGHT_SAVE, CS_CARRIER_SESSION, "ChatSessionId", "Read", "System.Int32", 4},
    {CS_RIGHT_SAVE, CS_CARRIER_SESSION, "TopicId", "Update", "System.Int32", 4},
    {CS_RIGHT_READ, CS_CARRIER_SESSION, "TopicId", "Read", "System.Int32", 4},
    {CS_RIGHT_READ, CS_CARRIER_SESSION, "CustomerName", "Read", "System.String", 255},
    {CS_RIGHT_READ, CS_CARRIER_PERSON, "Retired", "Read", "System.Int16", 2},
    {CS_RIGHT_READ, CS_CARRIER_PERSON, "Firstname", "Read", "System.String", 99},
    {CS_RIGHT_READ, CS_CARRIER_PERSON, "Mrmrs", "Read", "System.String", 239},
    {CS_RIGHT_READ, CS_CARRIER_PERSON, "Description", "Read", "System.String", 4000},
    {CS_RIGHT_READ, CS_CARRIER_PERSON, "FullName", "Read", "System.String", 0}, /* computed */
    {CS_RIGHT_FULL, CS_CARRIER_PERSON, "Firstname", "Read", "System.String", 99},
    {CS_RIGHT_READ, CS_CARRIER_CONTACT, "Name", "Read", "System.String", 219},
    {CS_RIGHT_READ, CS_CARRIER_CONTACT, "URL", "Read", "System.String", 1023},
    {CS_RIGHT_READ, CS_CARRIER_CONTACT, "Address", "Read", "SuperOffice.CRM.Services.Address", 4},
    {CS_RIGHT_READ, CS_CARRIER_CONTACT, "IsOwnerContact", "Read", "System.Boolean", 0},
    {CS_RIGHT_READ, CS_CARRIER_ADDRESS, "Wgs84Latitude", "Read", "System.Double", 8},
    {CS_RIGHT_READ, CS_CARRIER_ADDRESS, "LocalizedAddress", "Read",
     "SuperOffice.CRM.Services.LocalizedField[][]", 0},
    {CS_RIGHT_READ, CS_CARRIER_ADDRESS, "Street", "Read", "SuperOffice.CRM.Services.StructuredAddress", 4},
    {CS_RIGHT_READ, CS_CARRIER_PROJECT, "ProjectNumber", "Read", "System.String", 49},
    {CS_RIGHT_READ, CS_CARRIER_PROJECT, "URLName", "Read", "System.String", 254},
    {CS_RIGHT_READ, CS_CARRIER_SALE, "Amount", "Read", "System.Double", 8},
    {CS_RIGHT_READ, CS_CARRIER_SALE, "WeightedAmount", "Read", "System.Double", 0},
    {CS_RIGHT_READ, CS_CARRIER_SALE, "Completed", "Read", "SuperOffice.Data.ActivityStatus", 2},
    {CS_RIGHT_READ, CS_CARRIER_TICKET, "BaseStatus", "Read", "SuperOffice.Data.TicketBaseStatus", 2},
    {CS_RIGHT_READ, CS_CARRIER_TICKET, "HasAttachment", "Read", "System.Boolean", 2},
    {CS_RIGHT_READ, CS_CARRIER_TICKET, "CustFullname", "Read", "System.String", 0},
};

static void test_single_entries(apr_pool_t *pool)
{
    const cs_parts_t *parts = prepared(pool, CS_PROPERTIES_FULL);

    for (size_t i = 0; i < COUNT(entries); i++) {
        const cs_doc_t *doc = doc_of(pool, &parts->properties[entries[i].right][entries[i].carrier]);
        const cs_doc_t *entry = cs_doc_find(doc, entries[i].property, NULL);

        is(entry ? test_described(pool, entry) : NULL,
           apr_psprintf(pool, "{FieldRight={Mask='%s' Reason=''} FieldType='%s' FieldLength=#%d}",
                        entries[i].mask, entries[i].type, entries[i].length),
           "right %d, carrier %d: %s", (int)entries[i].right, (int)entries[i].carrier, entries[i].property);
    }
}

/* Only what a client may set is ever offered to be updated. */
static void test_updates(apr_pool_t *pool)
{
    const cs_parts_t *parts = prepared(pool, CS_PROPERTIES_FULL);
    int wrong = 0;

    for (int right = 0; right < CS_RIGHT_COUNT; right++) {
        for (int carrier = 0; carrier < CS_CARRIER_COUNT; carrier++) {
            const cs_doc_t *doc = doc_of(pool, &parts->properties[right][carrier]);

            for (int i = 0; i < doc->count; i++) {
                int update = strstr(test_described(pool, doc->members[i].value), "Update") != NULL;

                wrong += update && (right == CS_RIGHT_READ ||
                                    (carrier != CS_CARRIER_SESSION && carrier != CS_CARRIER_TOPIC &&
                                     carrier != CS_CARRIER_PRESENCE));
            }
        }
    }
    is_int(wrong, 0, "nothing read-only is offered to be updated");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_table_rights(pool);
    test_entries(pool);
    test_every_name(pool);
    test_single_entries(pool);
    test_updates(pool);
    return done();
}
