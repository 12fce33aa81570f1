#include "query/archive.h"

#include "base/text.h"

#include <string.h>

#define NOTING 1

const cs_archive_join_t cs_archive_joins[CS_JOIN_COUNT] = {
    [CS_JOIN_SESSION] = {"session", "chat_session", NULL, CS_JOIN_SESSION, 0},
    [CS_JOIN_TOPIC] = {"topic", "chat_topic", "topic.id = session.topic_id", CS_JOIN_SESSION, 0},
    [CS_JOIN_AGENT] = {"agent", "associate", "agent.associate_id = session.user_id", CS_JOIN_SESSION, NOTING},
    [CS_JOIN_AGENT_PERSON] = {"agent_person", "person", "agent_person.person_id = agent.person_id",
                              CS_JOIN_AGENT, NOTING},
    [CS_JOIN_PERSON] = {"person", "person", "person.person_id = session.customer_id", CS_JOIN_SESSION,
                        NOTING},
    [CS_JOIN_PERSON_USER] = {"person_user", "associate",
                             "person_user.associate_id = (SELECT min(twin.associate_id)"
                             " FROM associate AS twin WHERE twin.person_id = person.person_id)",
                             CS_JOIN_PERSON, NOTING},
    [CS_JOIN_PERSON_OWNER] = {"person_owner", "associate", "person_owner.associate_id = person.associate_id",
                              CS_JOIN_PERSON, NOTING},
    [CS_JOIN_PERSON_OWNER_PERSON] = {"person_owner_person", "person",
                                     "person_owner_person.person_id = person_owner.person_id",
                                     CS_JOIN_PERSON_OWNER, NOTING},
    [CS_JOIN_CONTACT] = {"contact", "contact", "contact.contact_id = coalesce(session.contact_id, 0)",
                         CS_JOIN_SESSION, NOTING},
    [CS_JOIN_CONTACT_OWNER] = {"contact_owner", "associate",
                               "contact_owner.associate_id = contact.associate_id", CS_JOIN_CONTACT, NOTING},
    [CS_JOIN_CONTACT_OWNER_PERSON] = {"contact_owner_person", "person",
                                      "contact_owner_person.person_id = contact_owner.person_id",
                                      CS_JOIN_CONTACT_OWNER, NOTING},
};

static const cs_archive_family_t families[] = {
    {"", CS_JOIN_SESSION, CS_JOIN_AGENT, cs_session_columns},
    {"chatTopic/", CS_JOIN_TOPIC, CS_JOIN_SESSION, cs_topic_columns},
    {"associate/", CS_JOIN_AGENT, CS_JOIN_AGENT_PERSON, cs_associate_columns},
    {"person/", CS_JOIN_PERSON, CS_JOIN_PERSON_OWNER, cs_person_columns},
    {"person/correspondingAssociate/", CS_JOIN_PERSON_USER, CS_JOIN_PERSON, cs_associate_columns},
    {"person/personAssociate/", CS_JOIN_PERSON_OWNER, CS_JOIN_PERSON_OWNER_PERSON, cs_associate_columns},
    {"contact/", CS_JOIN_CONTACT, CS_JOIN_CONTACT_OWNER, cs_contact_columns},
    {"contact/contactAssociate/", CS_JOIN_CONTACT_OWNER, CS_JOIN_CONTACT_OWNER_PERSON, cs_associate_columns},
};
#define FAMILIES (int)(sizeof(families) / sizeof(families[0]))

const cs_archive_family_t *cs_archive_family(int number)
{
    return number >= 0 && number < FAMILIES ? &families[number] : NULL;
}

int cs_archive_find(const char *name, apr_size_t len, cs_listed_t *listed_out)
{
    for (int i = 0; i < FAMILIES; i++) {
        const cs_archive_family_t *family = &families[i];
        apr_size_t prefix = strlen(family->prefix);

        if (len <= prefix || !cs_text_same(family->prefix, prefix, name, prefix)) {
            continue;
        }
        for (const cs_archive_column_t *column = family->columns; column->name; column++) {
            if (cs_text_same(column->name, strlen(column->name), name + prefix, len - prefix)) {
                *listed_out = (cs_listed_t){column, family};
                return 1;
            }
        }
    }
    return 0;
}

cs_listed_t cs_archive_key(void)
{
    return (cs_listed_t){&cs_session_columns[CS_SESSION_KEY], &families[0]};
}

const char *cs_by_name(cs_by_t by)
{
    static const char *const names[CS_BY_COUNT] = {
        [CS_BY_NOTHING] = "a column that cannot be filtered",
        [CS_BY_SWITCH] = "a switch",
        [CS_BY_BOOL] = "a boolean",
        [CS_BY_INT] = "an integer",
        [CS_BY_DECIMAL] = "a decimal number",
        [CS_BY_SPAN] = "a time span",
        [CS_BY_STRING] = "a text",
        [CS_BY_POSITIVE] = "a text without negative operators",
        [CS_BY_STRING_OR_KEY] = "a text",
        [CS_BY_LIST] = "a list",
        [CS_BY_USER] = "a user",
        [CS_BY_GROUP] = "a user group",
        [CS_BY_ASSOCIATE] = "an associate",
        [CS_BY_DATE] = "a date",
        [CS_BY_DATETIME] = "a date and time",
    };

    return names[by];
}

int cs_archive_nullable(const cs_listed_t *listed)
{
    return listed->column->by == CS_BY_SPAN || listed->family->record != CS_JOIN_SESSION;
}
