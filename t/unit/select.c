/* t/unit/select.c -- $select: which properties keep their values. */
#include "model/select.h"
#include "support.h"
#include "tap.h"

/* "TopicId Contact(Name Address(Street(City)))": what was chosen, in the order of the rows. */
static const char *chosen(apr_pool_t *pool, const cs_entity_t *entity, const cs_select_t *select)
{
    const char *list = "";

    if (!select) {
        return "everything";
    }
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];
        const char *between = *list ? " " : "";

        if (select->chosen[i] == CS_SELECT_WHOLE) {
            list = apr_pstrcat(pool, list, between, field->name, NULL);
        }
        else if (select->chosen[i] == CS_SELECT_PART) {
            list = apr_pstrcat(pool, list, between, field->name, "(",
                               chosen(pool, field->entity, select->parts[i]), ")", NULL);
        }
    }
    return list;
}

static const struct {
    const char *text, *chosen;
} cases[] = {
    /* everything */
    {"", "everything"},
    {"*", "everything"},
    {" * ", "everything"},
    {"TopicId,*", "everything"},
    {"*,TopicId", "everything"},
    /* properties */
    {"TopicId", "TopicId"},
    {"topicid", "TopicId"},
    {"TOPICID", "TopicId"},
    {"TopicId,Status", "TopicId Status"},
    {"Status,TopicId", "TopicId Status"},
    {"TopicId, Status", "TopicId Status"},
    {" TopicId ,\tStatus ", "TopicId Status"},
    {"TopicId,TopicId", "TopicId"},
    {"TopicId,,Status", "TopicId Status"},
    {",TopicId,", "TopicId"},
    {"ChatSessionId,TableRight,FieldProperties,_Links", "ChatSessionId TableRight FieldProperties _Links"},
    {"_links", "_Links"},
    /* carriers, whole and in part */
    {"Contact", "Contact"},
    {"contact/name", "Contact(Name)"},
    {"Contact/Name,Contact/City", "Contact(Name City)"},
    {"Contact/Name, User/Name", "User(Name) Contact(Name)"},
    {"User/Name,TransferTo/FullName", "User(Name) TransferTo(FullName)"},
    {"Contact/Address", "Contact(Address)"},
    {"contact/address/street", "Contact(Address(Street))"},
    {"contact/address/street/city,contact/address/postal/zipcode,contact/name",
     "Contact(Name Address(Street(City) Postal(Zipcode)))"},
    {"Contact,Contact/Name", "Contact"},
    {"Contact/Name,Contact", "Contact"},
    {"Contact/Address/Street/City,Contact/Address", "Contact(Address)"},
    {"Contact/Address,Contact/Address/Street/City", "Contact(Address)"},
    {"Contact/TableRight", "Contact(TableRight)"},
    {"Contact/Address/LocalizedAddress", "Contact(Address(LocalizedAddress))"},
    /* a path into what is no carrier is the whole of it */
    {"TopicId/ChatTopicId", "TopicId"},
    {"Status/Name", "Status"},
    {"TableRight/Mask", "TableRight"},
    {"_Links/Self", "_Links"},
    {"Contact/Name/First", "Contact(Name)"},
    {"Contact/Address/LocalizedAddress/0", "Contact(Address(LocalizedAddress))"},
    /* what there is not is passed over */
    {"nonsense", ""},
    {"TopicId,nonsense", "TopicId"},
    {"name,department,category/id", ""},
    {"Topic Id", ""},
    {"TopicIds", ""},
    {"topic_id", ""},
    {"/", ""},
    {"/TopicId", ""},
    {"//", ""},
    {"TopicId;Status", ""},
    {"'TopicId'", ""},
    {"**", ""},
    {"Contact/nonsense", "Contact()"},
    {"Contact/nonsense,Contact/Name", "Contact(Name)"},
    {"Contact/", "Contact()"},
    {"Contact//Name", "Contact()"},
    {"Contact/*", "Contact()"},
    {"Contact / Name", ""},
    {"T\xC3\xB6picId", ""},
};

static void test_cases(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        is(chosen(pool, &cs_session_entity, cs_select_parse(pool, &cs_session_entity, cases[i].text)),
           cases[i].chosen, "$select=%s", cases[i].text);
    }
}

/* Nothing but separators says no more than an empty text. */
static void test_blank(apr_pool_t *pool)
{
    static const char *const blanks[] = {" ", "\t", ",", " , ", ",,,"};

    for (size_t i = 0; i < COUNT(blanks); i++) {
        is(chosen(pool, &cs_session_entity, cs_select_parse(pool, &cs_session_entity, blanks[i])),
           "everything", "$select='%s'", blanks[i]);
    }
}

/* Every property can be chosen alone, and nothing else comes with it. */
static void test_each(apr_pool_t *pool, const cs_entity_t *entity)
{
    int wrong = 0;

    for (int i = 0; i < entity->count; i++) {
        const char *name = entity->fields[i].name;

        wrong += strcmp(chosen(pool, entity, cs_select_parse(pool, entity, name)), name) != 0;
    }
    is_int(wrong, 0, "each property of a %s can be chosen alone", entity->name);
}

static void test_long(apr_pool_t *pool)
{
    const char *text = "TopicId";

    for (int i = 0; i < 11; i++) {
        text = apr_pstrcat(pool, text, ",Contact/Address/Street/City,", text, NULL);
    }
    is(chosen(pool, &cs_session_entity, cs_select_parse(pool, &cs_session_entity, text)),
       "TopicId Contact(Address(Street(City)))", "thousands of names are read like two");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_cases(pool);
    test_blank(pool);
    test_each(pool, &cs_session_entity);
    test_each(pool, &cs_contact_entity);
    test_each(pool, &cs_ticket_entity);
    test_long(pool);
    return done();
}
