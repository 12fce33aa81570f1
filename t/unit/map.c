/* t/unit/map.c -- records to documents: values, references, $select at every level. */
#include "base/lang.h"
#include "base/tz.h"
#include "base/wall.h"
#include "model/map.h"
#include "rows.h"
#include "support.h"
#include "tap.h"
#include "wire/json_write.h"

#define ENTITY (&cs_session_entity)

static cs_parts_t parts;

/* Short texts in the place of the rights, so that a whole answer can be read: "r1 p10" is right 1, carrier 0.
 */
static void prepare_parts(apr_pool_t *pool)
{
    for (int right = 0; right < CS_RIGHT_COUNT; right++) {
        const char *text = apr_psprintf(pool, "\"r%d\"", right);

        parts.table_right[right] = (cs_part_t){text, strlen(text)};
        for (int carrier = 0; carrier < CS_CARRIER_COUNT; carrier++) {
            text = apr_psprintf(pool, "\"p%d%d\"", right, carrier);
            parts.properties[right][carrier] = (cs_part_t){text, strlen(text)};
        }
    }
}

/* ---------------- the answer */

static const char *mapped(apr_pool_t *pool, const rows_t *rows, const cs_view_t *view)
{
    cs_writer_t w = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, 1024 * 1024)};

    cs_map_entity(&w, ENTITY, rows ? rows->records : NULL, view);
    return cs_buf_text(w.buf, pool);
}

static const cs_doc_t *mapped_doc(apr_pool_t *pool, const rows_t *rows, const char *select)
{
    cs_view_t view = {.parts = &parts, .right = CS_RIGHT_FULL, .collection = "http://host/ChatSession"};

    view.select = select ? cs_select_parse(pool, ENTITY, select) : NULL;
    return test_doc(test_ctx(pool), mapped(pool, rows, &view));
}

/* A member of the answer as text, "Contact/Name" for one of a carrier. */
static const char *member(apr_pool_t *pool, const cs_doc_t *doc, const char *path)
{
    char *rest = apr_pstrdup(pool, path), *state = NULL;

    for (char *name = apr_strtok(rest, "/", &state); name && doc; name = apr_strtok(NULL, "/", &state)) {
        doc = doc->kind == CS_DOC_OBJECT ? cs_doc_find(doc, name, NULL) : NULL;
    }
    return doc ? test_described(pool, doc) : "not there";
}

/* ---------------- whole answers */

#define UNSET_FROM_ALIAS                                                                                \
    "\"CustomerAlias\":\"\",\"CustomerHost\":\"\",\"CustomerName\":\"\",\"CustomerEmail\":\"\","        \
    "\"CustomerPhone\":\"\",\"CustomerConsented\":false,\"CustomerCompanyName\":\"\",\"Status\":"       \
    "\"Invalid\","                                                                                      \
    "\"FirstMessage\":\"\",\"LastMessage\":\"\",\"WhenRequested\":\"0001-01-01T00:00:00\","             \
    "\"WhenStarted\":\"0001-01-01T00:00:00\",\"WhenEnded\":\"0001-01-01T00:00:00\","                    \
    "\"WhenIdle\":\"0001-01-01T00:00:00\",\"WhenFetched\":\"0001-01-01T00:00:00\",\"SessionKey\":\"\"," \
    "\"InitialQueuePos\":0,\"AlertLevel\":0,\"Rank\":0,\"Flags\":\"CustomerIsTyping\","
#define UNSET_FROM_CONTACT \
    "\"Contact\":null,\"Project\":null,\"Sale\":null,\"Ticket\":null,\"TransferTo\":null,"
#define UNSET_FROM_BOT "\"ChatbotIsActive\":false,\"Rating\":0,"
#define UNSET          UNSET_FROM_ALIAS UNSET_FROM_CONTACT UNSET_FROM_BOT

#define ASSOCIATE_5                                                                                          \
    "{\"AssociateId\":5,\"Name\":\"kari\",\"PersonId\":70,\"Rank\":3,\"Tooltip\":\"\","                      \
    "\"Type\":\"ResourceAssociate\",\"GroupIdx\":0,\"FullName\":\"Kari \\\"K\\\" Vik\",\"FormalName\":\"\"," \
    "\"Deleted\":true,\"EjUserId\":0,\"UserName\":\"\",\"ExtraFields\":{},\"CustomFields\":{},"              \
    "\"TableRight\":\"r2\",\"FieldProperties\":\"p21\"}"
#define ASSOCIATE_6_GONE                                                                                  \
    "{\"AssociateId\":6,\"Name\":\"\",\"PersonId\":0,\"Rank\":0,\"Tooltip\":\"\",\"Type\":\"Unknown\","   \
    "\"GroupIdx\":0,\"FullName\":\"\",\"FormalName\":\"\",\"Deleted\":false,\"EjUserId\":0,\"UserName\":" \
    "\"\","                                                                                               \
    "\"ExtraFields\":{},\"CustomFields\":{},\"TableRight\":\"r2\",\"FieldProperties\":\"p21\"}"

static void test_whole(apr_pool_t *pool)
{
    cs_view_t new_view = {.parts = &parts, .right = CS_RIGHT_SAVE};
    cs_view_t stored_view = {.parts = &parts, .right = CS_RIGHT_FULL, .collection = "http://h/ChatSession"};
    rows_t *rows = rows_make(pool);

    is(mapped(pool, NULL, &new_view),
       "{\"ChatSessionId\":0,\"TopicId\":0,\"User\":null,\"Person\":null," UNSET
       "\"TableRight\":\"r1\",\"FieldProperties\":\"p10\"}",
       "JSON-7: a new session has everything unset, its own rights and no links");

    set_own(rows, "ChatSessionId", cs_val_int(41));
    is(mapped(pool, rows, &stored_view),
       "{\"ChatSessionId\":41,\"TopicId\":0,\"User\":null,\"Person\":null," UNSET
       "\"TableRight\":\"r0\",\"FieldProperties\":\"p00\",\"_Links\":{"
       "\"Self\":\"http://h/ChatSession/41\",\"Archive\":\"http://h/ChatSession\"}}",
       "a stored session with nothing but an id");

    set_own(rows, "User", cs_val_int(5));
    set_in(rows, "User", "AssociateId", cs_val_int(5));
    set_in(rows, "User", "Name", text_cell("kari"));
    set_in(rows, "User", "PersonId", cs_val_int(70));
    set_in(rows, "User", "Rank", cs_val_int(3));
    set_in(rows, "User", "Type", cs_val_int(1));
    set_in(rows, "User", "FullName", text_cell("Kari \"K\" Vik"));
    set_in(rows, "User", "Deleted", (cs_val_t){.kind = CS_K_BOOL, .set = 1, .u.i = 1});
    set_own(rows, "TransferTo", cs_val_int(6));
    is(mapped(pool, rows, &stored_view),
       "{\"ChatSessionId\":41,\"TopicId\":0,\"User\":" ASSOCIATE_5 ",\"Person\":null," UNSET_FROM_ALIAS
       "\"Contact\":null,\"Project\":null,\"Sale\":null,\"Ticket\":null,\"TransferTo\":" ASSOCIATE_6_GONE
       "," UNSET_FROM_BOT "\"TableRight\":\"r0\",\"FieldProperties\":\"p00\",\"_Links\":{"
       "\"Self\":\"http://h/ChatSession/41\",\"Archive\":\"http://h/ChatSession\"}}",
       "a reference to what is there is filled, one to what is gone shows its id");
}

/* ---------------- single values */

static const struct {
    const char *property;
    cs_val_t cell;
    const char *shown;
} values[] = {
    {"TopicId", {CS_K_INT, 1, 0, {.i = 12}}, "#12"},
    {"TopicId", {CS_K_INT, 1, 0, {.i = -2147483648LL}}, "#-2147483648"},
    {"TopicId", {CS_K_INT, 0, 0, {.i = 99}}, "#0"},
    {"CustomerConsented", {CS_K_BOOL, 1, 0, {.i = 1}}, "true"},
    {"CustomerConsented", {CS_K_BOOL, 1, 0, {.i = 0}}, "false"},
    {"CustomerConsented", {CS_K_BOOL, 0, 0, {.i = 1}}, "false"},
    {"CustomerName", {CS_K_TEXT, 1, 8, {.s = "Kari Vik and what follows"}}, "'Kari Vik'"},
    {"CustomerName", {CS_K_TEXT, 1, 4, {.s = "\"\\\n\t"}}, "'\"\\\n\t'"},
    {"CustomerName", {CS_K_TEXT, 1, 0, {.s = ""}}, "''"},
    {"CustomerName", {CS_K_TEXT, 0, 0, {.s = NULL}}, "''"},
    {"WhenStarted", {CS_K_TIME, 1, 0, {.i = 0}}, "'2000-01-01T00:00:00'"},
    {"WhenStarted", {CS_K_TIME, 1, 0, {.i = 1500000}}, "'2000-01-01T00:00:01.5'"},
    {"WhenStarted", {CS_K_TIME, 0, 0, {.i = 1500000}}, "'0001-01-01T00:00:00'"},
    {"WhenStarted", {CS_K_TIME, 1, 0, {.i = CS_WALL_NO_END}}, "'9999-12-31T23:59:59'"},
    {"WhenStarted", {CS_K_TIME, 1, 0, {.i = APR_INT64_MAX}}, "'9999-12-31T23:59:59.999999'"},
    {"WhenStarted", {CS_K_TIME, 1, 0, {.i = APR_INT64_MIN}}, "'0001-01-01T00:00:00'"},
    {"Status", {CS_K_INT, 1, 0, {.i = 4}}, "'InQueue'"},
    {"Status", {CS_K_INT, 1, 0, {.i = 11}}, "'ClosedFromQueue'"},
    {"Status", {CS_K_INT, 0, 0, {.i = 4}}, "'Invalid'"},
    {"Status", {CS_K_INT, 1, 0, {.i = 12}}, "#12"}, /* a number that has no name */
    {"Status", {CS_K_INT, 1, 0, {.i = -1}}, "#-1"},
    {"Flags", {CS_K_INT, 1, 0, {.i = 0}}, "'CustomerIsTyping'"},
    {"Flags", {CS_K_INT, 1, 0, {.i = 1}}, "'UserIsTyping'"},
    {"Flags", {CS_K_INT, 1, 0, {.i = 2}}, "#2"},
    {"Flags", {CS_K_INT, 1, 0, {.i = 3}}, "#3"},
    {"User", {CS_K_INT, 1, 0, {.i = 0}}, "null"},
    {"User", {CS_K_INT, 1, 0, {.i = -1}}, "null"},
    {"User", {CS_K_INT, 1, 0, {.i = -7}}, "null"},
    {"User", {CS_K_INT, 0, 0, {.i = 7}}, "null"},
    {"Contact", {CS_K_INT, 0, 0, {.i = 7}}, "null"},
    {"Contact", {CS_K_INT, 1, 0, {.i = 0}}, "null"},
};

static void test_values(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        rows_t *rows = rows_make(pool);

        set_own(rows, "ChatSessionId", cs_val_int(41));
        set_own(rows, values[i].property, values[i].cell);
        is(member(pool, mapped_doc(pool, rows, NULL), values[i].property), values[i].shown,
           "JSON-4, JSON-5, JSON-6, JSON-7: %s: case %d", values[i].property, (int)i);
    }
}

/* What is special about some properties of other records. */
static const struct {
    const char *reference, *path;
    int set;
    apr_int64_t stored;
    const char *shown;
} nested_values[] = {
    {"User", "Type", 1, 0, "'InternalAssociate'"},
    {"User", "Type", 1, 4, "'ExternalAssociate'"},
    {"User", "Type", 1, 7, "'AnonymousAssociate'"},
    {"User", "Type", 1, 13, "'SystemAssociate'"},
    {"User", "Type", 1, 5, "'Unknown'"},
    {"User", "Type", 0, 0, "'Unknown'"},
    {"Sale", "Completed", 1, 0, "'Started'"},
    {"Sale", "Completed", 1, 1, "'Started'"},
    {"Sale", "Completed", 1, 2, "'Completed'"},
    {"Sale", "Completed", 0, 0, "'Unknown'"},
    {"Sale", "Status", 1, 1000, "'SaintAll'"},
    {"Sale", "Status", 1, 77, "#77"},
    {"Sale", "Amount", 0, 0, "#0.0"},
    {"Ticket", "Slevel", 1, 2, "'External'"},
    {"Ticket", "BaseStatus", 1, 1001, "'PostponedSpecific'"},
    {"Ticket", "Origin", 1, 13, "'API'"},
    {"Ticket", "OwnedBy", 0, 0, "#1"},
    {"Ticket", "CustId", 0, 0, "#-1"},
    {"Ticket", "ConnectId", 0, 0, "#-1"},
    {"Ticket", "AlertLevel", 0, 0, "#1"},
    {"Ticket", "ContactId", 0, 0, "#0"},
    {"Ticket", "CustId", 1, 0, "#0"},
    {"Person", "Retired", 1, 1, "#1"},
    {"Person", "UsePersonAddress", 1, 1, "true"},
    {"Contact", "IsOwnerContact", 0, 0, "false"},
};

static void test_nested_values(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(nested_values); i++) {
        const char *path = apr_pstrcat(pool, nested_values[i].reference, "/", nested_values[i].path, NULL);
        rows_t *rows = rows_make(pool);
        cs_val_t cell = cs_val_int(nested_values[i].stored);

        cell.set = nested_values[i].set;
        set_own(rows, "ChatSessionId", cs_val_int(41));
        set_own(rows, nested_values[i].reference, cs_val_int(9));
        set_in(rows, nested_values[i].reference, nested_values[i].path, cell);
        is(member(pool, mapped_doc(pool, rows, NULL), path), nested_values[i].shown, "%s, stored %s", path,
           cell.set ? apr_itoa(pool, (int)nested_values[i].stored) : "as nothing");
    }
}

/* The reals and the two addresses of a company. */
static void test_address(apr_pool_t *pool)
{
    rows_t *rows = rows_make(pool);
    const cs_doc_t *doc;

    set_own(rows, "ChatSessionId", cs_val_int(41));
    set_own(rows, "Contact", cs_val_int(77));
    set_in(rows, "Contact", "Address/Wgs84Latitude", (cs_val_t){CS_K_REAL, 1, 0, {.d = 59.9138688}});
    set_in(rows, "Contact", "Address/LocalizedAddress", cs_val_int(0));
    set_in(rows, "Contact", "Address/Street/City", text_cell("Oslo"));
    set_in(rows, "Contact", "Address/Postal/City", text_cell("Bergen"));
    set_in(rows, "Contact", "Number2", text_cell("after the addresses"));
    doc = mapped_doc(pool, rows, NULL);
    is(member(pool, doc, "Contact/Address/Wgs84Latitude"), "#59.9138688", "a real is written");
    is(member(pool, doc, "Contact/Address/Wgs84Longitude"), "#0.0", "one that is not set is zero");
    is(member(pool, doc, "Contact/Address/Street"),
       "{AtypeIdx='ContactStreetAddress' Address1='' Address2='' Address3='' City='Oslo' County='' State='' "
       "Zipcode='' Formatted=''}",
       "the street address is one");
    is(member(pool, doc, "Contact/Address/Postal"),
       "{AtypeIdx='ContactPostalAddress' Address1='' Address2='' Address3='' City='Bergen' County='' "
       "State='' "
       "Zipcode='' Formatted=''}",
       "the postal address is another");
    is(member(pool, doc, "Contact/Address/TableRight"), "'r2'", "the address has its rights");
    is(member(pool, doc, "Contact/Address/FieldProperties"), apr_psprintf(pool, "'p2%d'", CS_CARRIER_ADDRESS),
       "and its own FieldProperties");
    is(member(pool, doc, "Contact/Number2"), "'after the addresses'",
       "what follows the addresses is in place");
    ok(strstr(member(pool, doc, "Contact/Address/LocalizedAddress"), "Name='StreetCity' Value='Oslo'") &&
           strstr(member(pool, doc, "Contact/Address/LocalizedAddress"), "Name='PostalCity' Value='Bergen'"),
       "the lines take their texts from both addresses");
    set_own(rows, "Contact", cs_val_int(78));
    memset(rows->cells[record_of("Contact", &(const cs_entity_t *){NULL})], 0,
           sizeof(cs_val_t) * (apr_size_t)cs_entity_cells(&cs_contact_entity));
    is(member(pool, mapped_doc(pool, rows, NULL), "Contact/Address/LocalizedAddress"), "[]",
       "a company that is gone has no lines");
}

/* Older clients read the customer's name under its older names. */
static void test_older_names(apr_pool_t *pool)
{
    rows_t *rows = rows_make(pool);
    const cs_doc_t *doc;

    set_own(rows, "ChatSessionId", cs_val_int(41));
    set_own(rows, "Ticket", cs_val_int(9));
    set_in(rows, "Ticket", "PersonFirstname", text_cell("Kari"));
    set_in(rows, "Ticket", "PersonMiddleName", text_cell("K"));
    set_in(rows, "Ticket", "PersonLastname", text_cell("Vik"));
    set_in(rows, "Ticket", "PersonFullname", text_cell("Kari K Vik"));
    set_in(rows, "Ticket", "AlertLevel", cs_val_int(7));
    doc = mapped_doc(pool, rows, NULL);
    is(member(pool, doc, "Ticket/CustFirstname"), "'Kari'", "CustFirstname shows PersonFirstname");
    is(member(pool, doc, "Ticket/CustMiddleName"), "'K'", "CustMiddleName shows PersonMiddleName");
    is(member(pool, doc, "Ticket/CustLastname"), "'Vik'", "CustLastname shows PersonLastname");
    is(member(pool, doc, "Ticket/CustFullname"), "'Kari K Vik'", "CustFullname shows PersonFullname");
    is(member(pool, doc, "Ticket/AlertLevel"), "#7", "what follows them is in place");
    doc = mapped_doc(pool, rows, "Ticket/CustLastname");
    is(member(pool, doc, "Ticket/CustLastname"), "'Vik'", "so it does where the other is not selected");
}

/* ---------------- $select */

/* Whether `part` is `whole` with null in the place of everything that is not on the path. */
static int is_only(apr_pool_t *pool, const cs_doc_t *part, const cs_doc_t *whole, const char *path)
{
    size_t len = strcspn(path, "/");

    if (!*path) {
        return strcmp(test_described(pool, part), test_described(pool, whole)) == 0;
    }
    if (part->kind != CS_DOC_OBJECT || part->count != whole->count) {
        return 0;
    }
    for (int i = 0; i < part->count; i++) {
        const cs_member_t *member_at = &part->members[i];

        if (strcmp(member_at->name, whole->members[i].name) != 0) {
            return 0;
        }
        if (member_at->len == len && memcmp(member_at->name, path, len) == 0) {
            if (!is_only(pool, member_at->value, whole->members[i].value, path + len + (path[len] == '/'))) {
                return 0;
            }
        }
        else if (member_at->value->kind != CS_DOC_NULL) {
            return 0;
        }
    }
    return 1;
}

static void test_each_path(apr_pool_t *pool, const rows_t *rows, const cs_doc_t *whole,
                           const cs_entity_t *entity, const char *before, int *paths)
{
    apr_pool_t *scratch = NULL;

    apr_pool_create(&scratch, pool);
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];
        const char *path = apr_pstrcat(pool, before, field->name, NULL);

        if (!is_only(scratch, mapped_doc(scratch, rows, path), whole, path)) {
            ok(0, "$select=%s", path);
        }
        ++*paths;
        if (field->type == CS_T_REFERENCE || field->type == CS_T_EMBEDDED) {
            test_each_path(pool, rows, whole, field->entity, apr_pstrcat(pool, path, "/", NULL), paths);
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}

static void test_select_one(apr_pool_t *pool)
{
    const rows_t *rows = rows_filled(pool);
    int failed = tap.failed, paths = 0;

    test_each_path(pool, rows, mapped_doc(pool, rows, NULL), ENTITY, "", &paths);
    ok(failed == tap.failed, "each property alone, at every level, is as it is in the whole");
    ok(paths > 250, "these were %d paths", paths);
}

/* What is not null, and in brackets how many members are. */
static const char *kept(apr_pool_t *pool, const cs_doc_t *doc)
{
    const char *line = "";
    int nulls = 0;

    if (doc->kind != CS_DOC_OBJECT) {
        return test_described(pool, doc);
    }
    for (int i = 0; i < doc->count; i++) {
        if (doc->members[i].value->kind == CS_DOC_NULL) {
            nulls++;
            continue;
        }
        line =
            apr_pstrcat(pool, line, doc->members[i].name, "=", kept(pool, doc->members[i].value), " ", NULL);
    }
    return apr_psprintf(pool, "{%s[%d]}", line, nulls);
}

static const struct {
    const char *select, *kept;
} selects[] = {
    {"TopicId", "{TopicId=#12 [33]}"},
    {"ChatSessionId", "{ChatSessionId=#41 [33]}"},
    {"topicid, contact/name", "{TopicId=#12 Contact={Name='Vik Bakeri' [25]} [32]}"},
    {"Contact/Address/Street/City,Rating",
     "{Contact={Address={Street={City='Oslo' [8]} [7]} [25]} Rating=#3 [32]}"},
    {"Contact/ContactId", "{Contact={ContactId=#77 [25]} [33]}"},
    {"Contact/nonsense", "{Contact={[26]} [33]}"},
    {"nonsense", "{[34]}"},
    {"User/Name,TransferTo/Name", "{TransferTo={Name='ola' [15]} [33]}"}, /* nobody is the user */
    {"User/Name,Person", "{[34]}"},
    {"TableRight,User", "{TableRight='r0' [33]}"},
    {"_Links", "{_Links={Self='http://host/ChatSession/41' Archive='http://host/ChatSession' [0]} [33]}"},
    {"TransferTo/TableRight,TransferTo/FieldProperties",
     "{TransferTo={TableRight='r2' FieldProperties='p21' [14]} [33]}"},
};

static void test_select(apr_pool_t *pool)
{
    rows_t *rows = rows_make(pool);

    set_own(rows, "ChatSessionId", cs_val_int(41));
    set_own(rows, "TopicId", cs_val_int(12));
    set_own(rows, "Contact", cs_val_int(77));
    set_own(rows, "Rating", cs_val_int(3));
    set_own(rows, "TransferTo", cs_val_int(6));
    set_in(rows, "Contact", "Name", text_cell("Vik Bakeri"));
    set_in(rows, "Contact", "Address/Street/City", text_cell("Oslo"));
    set_in(rows, "TransferTo", "Name", text_cell("ola"));
    for (size_t i = 0; i < COUNT(selects); i++) {
        is(kept(pool, mapped_doc(pool, rows, selects[i].select)), selects[i].kept, "$select=%s",
           selects[i].select);
    }
}

/* On a session that is not stored. */
static void test_select_new(apr_pool_t *pool)
{
    cs_view_t view = {.parts = &parts, .right = CS_RIGHT_SAVE};
    const cs_doc_t *doc;

    view.select = cs_select_parse(pool, ENTITY, "Status,TableRight,Contact/Name,_Links");
    doc = test_doc(test_ctx(pool), mapped(pool, NULL, &view));
    is(kept(pool, doc), "{Status='Invalid' TableRight='r1' [31]}",
       "a new session can be selected from; it has no links even when they are asked for");
}

/* ---------------- links */

static void test_links(apr_pool_t *pool)
{
    cs_view_t view = {.parts = &parts, .collection = "http://h\"\\/crm/ChatSession"};
    rows_t *rows = rows_make(pool);

    set_own(rows, "ChatSessionId", cs_val_int(-5));
    is(member(pool, test_doc(test_ctx(pool), mapped(pool, rows, &view)), "_Links"),
       "{Self='http://h\"\\/crm/ChatSession/-5' Archive='http://h\"\\/crm/ChatSession'}",
       "links are escaped like any other text");
    view.collection = NULL;
    is(member(pool, test_doc(test_ctx(pool), mapped(pool, rows, &view)), "_Links"), "not there",
       "without a collection there are none");
}

/* ---------------- languages and zones */

static const char *localized(apr_pool_t *pool, const rows_t *rows, const cs_locale_t *locale,
                             const char *path)
{
    cs_view_t view = {.parts = &parts, .right = CS_RIGHT_FULL, .locale = locale};

    return member(pool, test_doc(test_ctx(pool), mapped(pool, rows, &view)), path);
}

static void test_locale(apr_pool_t *pool)
{
    const char *reason = NULL;
    const cs_tz_t *oslo = cs_tz_load(pool, "Europe/Oslo", &reason), *utc = cs_tz_load(pool, "UTC", &reason);
    cs_locale_t plain = {.base_zone = oslo}, other = {.base_zone = oslo, .zone = utc, .offsets = 1};
    cs_languages_t languages;
    rows_t *rows = rows_make(pool);

    if (!oslo || !utc) {
        skip("there is no tzdata");
        return;
    }
    cs_languages_parse("nb", &languages);
    other.languages = &languages;
    set_own(rows, "ChatSessionId", cs_val_int(41));
    set_own(rows, "CustomerName", text_cell("US:\"Yes\";NO:\"Ja\""));
    set_own(rows, "WhenRequested", (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = 0});
    set_own(rows, "Project", cs_val_int(7));
    set_in(rows, "Project", "Updated", (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = 0});
    set_in(rows, "Project", "StartDate", (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = 0});
    set_own(rows, "Contact", cs_val_int(77));
    set_in(rows, "Contact", "Address/LocalizedAddress", cs_val_int(0));
    set_in(rows, "Contact", "Address/Street/City", text_cell("NO:\"By\""));
    is(localized(pool, rows, &plain, "CustomerName"), "'US:\"Yes\";NO:\"Ja\"'",
       "LANG-1: no language, no translation");
    is(localized(pool, rows, &other, "CustomerName"), "'Ja'", "ML-6: a text of its own");
    is(localized(pool, rows, &other, "Contact/Address/Street/City"), "'By'", "ML-6: a text of an address");
    ok(strstr(localized(pool, rows, &other, "Contact/Address/LocalizedAddress"), "Value='By'") != NULL,
       "ML-6: the same on a line");
    is(localized(pool, rows, &plain, "WhenRequested"), "'2000-01-01T00:00:00'",
       "TZ-3: no zone, no conversion");
    is(localized(pool, rows, &other, "WhenRequested"), "'1999-12-31T23:00:00Z'", "TZ-6: a time of its own");
    is(localized(pool, rows, &other, "Project/StartDate"), "'1999-12-31T23:00:00Z'",
       "TZ-6: a time of a carrier");
    is(localized(pool, rows, &other, "WhenEnded"), "'0001-01-01T00:00:00Z'", "TZ-8: no date");
    is(localized(pool, rows, &plain, "Project/Updated"), "'2000-01-01T01:00:00'",
       "TZ-9: a UTC stamp without a zone");
    is(localized(pool, rows, &other, "Project/Updated"), "'2000-01-01T00:00:00Z'", "TZ-9: and with one");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    prepare_parts(pool);
    test_whole(pool);
    test_values(pool);
    test_nested_values(pool);
    test_address(pool);
    test_older_names(pool);
    test_select_one(pool);
    test_select(pool);
    test_select_new(pool);
    test_links(pool);
    test_locale(pool);
    return done();
}
