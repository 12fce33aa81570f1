/* t/unit/entity.c -- the entities' tables: against the API's own list of properties, and against mistakes. */
#include "entities.h"

/* The first of those that can be written, as the session can. */
static int is_written(size_t i)
{
    return i == 0 || entities[i].properties == topic_properties ||
           entities[i].properties == hours_properties || entities[i].properties == widget_properties ||
           entities[i].properties == bot_properties || entities[i].properties == agent_properties ||
           entities[i].properties == presence_properties;
}

/* The customer's name as older clients know it. */
static const char *const older_names[][2] = {
    {"CustFirstname", "PersonFirstname"},
    {"CustMiddleName", "PersonMiddleName"},
    {"CustLastname", "PersonLastname"},
    {"CustFullname", "PersonFullname"},
};

static int is_older_name(const cs_entity_t *entity, const cs_field_t *field)
{
    for (size_t i = 0; entity == &cs_ticket_entity && i < COUNT(older_names); i++) {
        if (strcmp(field->name, older_names[i][0]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A row's type in the words of the list. */
static const char *type_of(apr_pool_t *pool, const cs_field_t *field)
{
    switch (field->type) {
    case CS_T_INT:
        return "int32";
    case CS_T_SHORT:
        return "int16";
    case CS_T_BOOL:
        return "bool";
    case CS_T_REAL:
        return "double";
    case CS_T_STRING:
        return "string";
    case CS_T_TIME:
        return "date-time";
    case CS_T_ENUM:
        return apr_pstrcat(pool, "enum ", field->words->name, NULL);
    case CS_T_FLAGS:
        return apr_pstrcat(pool, "flags ", field->words->name, NULL);
    case CS_T_REFERENCE:
    case CS_T_EMBEDDED:
        return apr_pstrcat(pool, "object ", field->entity->name, NULL);
    case CS_T_LINES:
        return "array of array of LocalizedField";
    case CS_T_SPAN:
        return "time-span";
    case CS_T_NUMBERS:
        return "array of int32";
    case CS_T_ITEMS:
        return "array of MDOListItem";
    case CS_T_NONE:
        return "object TableRight";
    case CS_T_MAP:
        return strcmp(field->name, "FieldProperties") == 0 ? "map of FieldProperty"
               : strncmp(field->name, "TimeZone", 8) == 0  ? "map of TimeZoneRule"
                                                           : "map of string";
    case CS_T_LINKS:
        return "map of string";
    case CS_T_RIGHT:
        return "object TableRight";
    case CS_T_PROPERTIES:
        return "map of FieldProperty";
    case CS_T_COUNT:
        break;
    }
    return "a type that there is not";
}

static void test_properties(apr_pool_t *pool, size_t which)
{
    const cs_entity_t *entity = entity_of(which);
    int next = 0;

    is(entity->name, entities[which].name, "%s is called so", entities[which].name);
    is_int(entity->count, entities[which].count, "%s has as many rows as it should", entity->name);
    for (int i = 0; entities[which].properties && i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        if (is_older_name(entity, field)) {
            continue;
        }
        if (next == entities[which].documented) {
            is(field->name, NULL, "%s: the API has no more properties", entity->name);
            return;
        }
        is(field->name, entities[which].properties[next].name, "%s: property %d", entity->name, next + 1);
        is(type_of(pool, field), entities[which].properties[next].type, "%s.%s: its type", entity->name,
           field->name);
        next++;
    }
    is_int(next, entities[which].documented, "%s: every property of the API has its row", entity->name);
    is_int(cs_entity_cells(entity), entities[which].cells, "%s: the cells of a record", entity->name);
    is_int(cs_entity_references(entity), entities[which].references, "%s: the references", entity->name);
}

/* ---------------- mistakes that a table can hold */

static int is_sql_name(const char *name)
{
    return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static const char *duplicate_property(const cs_entity_t *entity)
{
    for (int i = 0; i < entity->count; i++) {
        if (cs_entity_find(entity, entity->fields[i].name, entity->fields[i].name_len) !=
            &entity->fields[i]) {
            return entity->fields[i].name;
        }
    }
    return NULL;
}

/* Two writable rows of one column would overwrite each other. */
static const char *duplicate_column(const cs_entity_t *entity)
{
    for (int i = 0; i < entity->count; i++) {
        for (int j = 0; j < i; j++) {
            const cs_field_t *a = &entity->fields[i], *b = &entity->fields[j];

            if (a->flags & b->flags & CS_F_WRITE && a->column && *a->column && b->column &&
                strcmp(a->column, b->column) == 0) {
                return a->name;
            }
        }
    }
    return NULL;
}

/* What every row must be whatever it is; NULL, or what is wrong. */
static const char *fault_of(const cs_entity_t *entity, const cs_field_t *field)
{
    int stored = field->type < CS_T_EMBEDDED || field->type == CS_T_LINES || field->type == CS_T_NUMBERS;
    int named = field->type == CS_T_ENUM || field->type == CS_T_FLAGS;
    int carrying = field->type == CS_T_REFERENCE || field->type == CS_T_EMBEDDED;

    if (strlen(field->name) != field->name_len) {
        return "name_len is not the name's length";
    }
    if (stored && !field->column && !field->again && !(named && entity->table == NULL)) {
        return "it has no column";
    }
    if (field->again && (field->type != CS_T_STRING || field->column || field->again < 0)) {
        return "it shows another's cell, but is no text or has a column";
    }
    if (!stored && field->type != CS_T_EMBEDDED && field->column) {
        return "it has a column";
    }
    if (field->column && *field->column && !is_sql_name(field->column)) {
        return "its column is no plain SQL name";
    }
    if (named != (field->words != NULL)) {
        return "it has words and is no enumeration, or the other way round";
    }
    if (carrying && !field->entity) {
        return "it has no entity";
    }
    if (field->type == CS_T_REFERENCE && (!field->entity->table || !cs_entity_key(field->entity))) {
        return "it refers to what has no table or no key";
    }
    if (field->type == CS_T_STRING && !(field->flags & CS_F_COMPUTED) && field->max <= 0) {
        return "it is a text without a width";
    }
    if (field->flags & CS_F_WRITE && (field->flags & (CS_F_KEY | CS_F_COMPUTED) || !field->column)) {
        return "it can be written, but is the key, computed or not stored";
    }
    if (field->flags & CS_F_KEY && field->type != CS_T_INT) {
        return "it is the key and no integer";
    }
    if (field->flags & CS_F_SECRET && field->flags & (CS_F_KEY | CS_F_COMPUTED)) {
        return "it is secret, but the key or computed";
    }
    return NULL;
}

/* Types that a client's value is checked for (model/check.c). */
static int can_be_written(cs_type_t type)
{
    return type == CS_T_INT || type == CS_T_BOOL || type == CS_T_STRING || type == CS_T_TIME ||
           type == CS_T_ENUM || type == CS_T_FLAGS || type == CS_T_REFERENCE || type == CS_T_SPAN ||
           type == CS_T_EMBEDDED;
}

/* An agent is named by his topic and his user; items and presences come from statements of their own. */
static int has_key(const cs_entity_t *entity)
{
    return entity == &cs_list_item_entity || entity == &cs_presence_entity ||
           (entity->table && entity != &cs_topic_agent_entity);
}

static void test_rows(size_t which)
{
    const cs_entity_t *entity = entity_of(which);
    int keys = 0, faults = 0, unchecked = 0;

    is(duplicate_property(entity), NULL, "%s: no property stands twice", entity->name);
    is(duplicate_column(entity), NULL, "%s: no column is written twice", entity->name);
    for (int i = 0; i < entity->count; i++) {
        const char *fault = fault_of(entity, &entity->fields[i]);

        if (fault) {
            is(fault, NULL, "%s.%s is a sound row", entity->name, entity->fields[i].name);
            faults++;
        }
        keys += (entity->fields[i].flags & CS_F_KEY) != 0;
        unchecked += entity->fields[i].flags & CS_F_WRITE && !can_be_written(entity->fields[i].type);
    }
    is_int(faults, 0, "%s: every row is sound", entity->name);
    is_int(unchecked, 0, "%s: what can be written can be checked", entity->name);
    is_int(keys, has_key(entity), "%s: a record has one key, a part of another's none", entity->name);
    ok(!entity->table || is_sql_name(entity->table), "%s: the table is a plain SQL name", entity->name);
    ok(!keys || cs_entity_key(entity)->flags & CS_F_KEY, "%s: the key is found", entity->name);
}

/* What has rights of its own shows them; what has not does not. */
static void test_carriers(void)
{
    unsigned seen = 0;

    for (size_t i = 0; i < COUNT(entities); i++) {
        const cs_entity_t *entity = entity_of(i);
        int plain = entity->carrier == CS_CARRIER_PLAIN;

        if (plain && field_of(entity, "TableRight")) {
            ok(field_of(entity, "TableRight")->type == CS_T_NONE &&
                   field_of(entity, "FieldProperties")->type == CS_T_MAP,
               "%s has rights that are never filled", entity->name);
            continue;
        }
        is_int(field_of(entity, "TableRight") == NULL, plain, "%s %s TableRight", entity->name,
               plain ? "has no" : "has");
        is_int(field_of(entity, "FieldProperties") == NULL, plain, "%s %s FieldProperties", entity->name,
               plain ? "has no" : "has");
        if (!plain) {
            ok(!(seen & 1U << entity->carrier), "%s: its prepared texts are its own", entity->name);
            seen |= 1U << entity->carrier;
        }
    }
    is_int(seen, (1U << CS_CARRIER_COUNT) - 1, "every carrier is an entity's");
}

/* ---------------- the session's own */

static void test_session(void)
{
    static const struct {
        const char *name;
        int max;
    } widths[] = {
        {"CustomerAlias", 64},  {"CustomerHost", 255}, {"CustomerName", 255},
        {"CustomerEmail", 255}, {"CustomerPhone", 32}, {"CustomerCompanyName", 255},
        {"FirstMessage", 1024}, {"LastMessage", 1024}, {"SessionKey", 255},
    };
    static const struct {
        const char *name;
        int unset;
    } nobodies[] = {
        {"User", -1}, {"Person", -1}, {"Contact", 0},    {"Project", 0},
        {"Sale", 0},  {"Ticket", 0},  {"TransferTo", 0},
    };
    int writable = 0, secret = 0;

    for (size_t i = 0; i < COUNT(widths); i++) {
        is_int(field_of(&cs_session_entity, widths[i].name)->max, widths[i].max, "%s: its width",
               widths[i].name);
    }
    for (size_t i = 0; i < COUNT(nobodies); i++) {
        is_int(field_of(&cs_session_entity, nobodies[i].name)->unset, nobodies[i].unset,
               "%s: what is stored for nobody", nobodies[i].name);
    }
    for (int i = 0; i < cs_session_entity.count; i++) {
        writable += (cs_session_entity.fields[i].flags & CS_F_WRITE) != 0;
        secret += (cs_session_entity.fields[i].flags & CS_F_SECRET) != 0;
    }
    is_int(writable, 30, "a client may set every property of the session's own but its id");
    is_int(secret, 1, "one property is secret");
    ok(field_of(&cs_session_entity, "SessionKey")->flags & CS_F_SECRET, "it is SessionKey");
    ok(field_of(&cs_session_entity, "TopicId")->entity == &cs_topic_reference, "TopicId refers to a topic");
    is(cs_topic_reference.table, "chat_topic", "which is a table of its own");
}

static void test_nested_are_read_only(void)
{
    for (size_t i = 1; i < COUNT(entities); i++) {
        const cs_entity_t *entity = entity_of(i);
        int writable = 0;

        for (int j = 0; j < entity->count; j++) {
            writable += (entity->fields[j].flags & CS_F_WRITE) != 0;
        }
        is_int(is_written(i) ? 0 : writable, 0, "nothing of a nested %s can be written", entity->name);
    }
}

static int cells_before(const cs_entity_t *entity, const cs_field_t *field)
{
    int cells = 0;

    for (const cs_field_t *before = entity->fields; before < field; before++) {
        cells += before->column != NULL;
    }
    return cells;
}

static void test_older_names(void)
{
    for (size_t i = 0; i < COUNT(older_names); i++) {
        const cs_field_t *older = field_of(&cs_ticket_entity, older_names[i][0]);
        const cs_field_t *newer = field_of(&cs_ticket_entity, older_names[i][1]);

        if (ok(older && newer, "%s has an older name", older_names[i][1])) {
            is_int(cells_before(&cs_ticket_entity, older) - older->again,
                   cells_before(&cs_ticket_entity, newer), "%s shows the cell of %s", older_names[i][0],
                   older_names[i][1]);
            ok(older->type == newer->type && older->flags == newer->flags && older->max == newer->max,
               "%s is described like %s", older_names[i][0], older_names[i][1]);
        }
    }
}

/* ---------------- columns: what a record is read from */

static const struct {
    const cs_entity_t *entity;
    const char *columns; /* the first, with their kinds */
} first_columns[] = {
    {&cs_session_entity, "id int, topic_id int, user_id int, customer_id int, customer_alias text, "},
    {&cs_associate_entity, "associate_id int, name text, person_id int, rank int, tooltip text, type int, "},
    {&cs_person_entity, "position_name text, person_id int, mrmrs text, "},
    {&cs_contact_entity,
     "contact_id int, name text, orgnr text, department text, url text, city text, direct_phone text, "
     "associate_id int, country_id int, email_address text, kananame text, email_address_name text, url_name "
     "text, "
     "associate_full_name text, business_name text, category_name text, country_name text, wgs84latitude "
     "real, "
     "wgs84longitude real, address_layout int, street_address1 text, street_address2 text, street_address3 "
     "text, "
     "street_city text, street_county text, street_state text, street_zipcode text, street_formatted text, "
     "postal_address1 text, postal_address2 text, postal_address3 text, postal_city text, postal_county "
     "text, "
     "postal_state text, postal_zipcode text, postal_formatted text, address_formatted text, "
     "formatted_address text, full_name text, is_owner_contact bool, "},
    {&cs_project_entity, "project_id int, name text, description text, url text, type_name text, "},
    {&cs_sale_entity,
     "contact_name text, saledate time, sale_id int, probability int, heading text, amount real, "},
    {&cs_ticket_entity, "id int, title text, created_at time, "},
};

static void test_columns(apr_pool_t *pool)
{
    static const char *const kinds[CS_K_COUNT] = {"int", "bool", "real", "text", "time", "span", "other"};

    for (size_t i = 0; i < COUNT(first_columns); i++) {
        const cs_entity_t *entity = first_columns[i].entity;
        const cs_column_t *columns = cs_entity_columns(pool, entity);
        const char *list = "";
        int twice = 0, unnamed = 0;

        for (int j = 0; j < cs_entity_cells(entity); j++) {
            list = apr_pstrcat(pool, list, columns[j].name, " ", kinds[columns[j].kind], ", ", NULL);
            unnamed += !is_sql_name(columns[j].name);
            for (int before = 0; before < j; before++) {
                twice += strcmp(columns[before].name, columns[j].name) == 0;
            }
        }
        is(apr_pstrndup(pool, list, strlen(first_columns[i].columns)), first_columns[i].columns,
           "%s: the columns in the order of the cells", entity->name);
        is_int(twice, 0, "%s: no column is read into two cells", entity->name);
        is_int(unnamed, 0, "%s: every column is a plain SQL name", entity->name);
        ok(!strstr(list, "other"), "%s: every column has a kind", entity->name);
    }
}

/* ---------------- looking up */

static const struct {
    const char *name;
    const char *found;
} lookups[] = {
    {"TopicId", "TopicId"},
    {"topicId", "TopicId"},
    {"TOPICID", "TopicId"},
    {"topicid", "TopicId"},
    {"_links", "_Links"},
    {"tableright", "TableRight"},
    {"", NULL},
    {"Topic", NULL},
    {"TopicIds", NULL},
    {"topic_id", NULL},
    {"TopicId ", NULL},
    {"AssociateId", NULL},
    {"id", NULL},
};

static void test_lookups(void)
{
    for (size_t i = 0; i < COUNT(lookups); i++) {
        const cs_field_t *field = field_of(&cs_session_entity, lookups[i].name);

        is(field ? field->name : NULL, lookups[i].found, "'%s' is looked up", lookups[i].name);
    }
    is(cs_entity_find(&cs_session_entity, "TopicIdAndMore", 7)->name, "TopicId",
       "only the given length is looked up");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    for (size_t i = 0; i < COUNT(entities); i++) {
        test_properties(pool, i);
        test_rows(i);
    }
    test_carriers();
    test_session();
    test_nested_are_read_only();
    test_older_names();
    test_columns(pool);
    test_lookups();
    return done();
}
