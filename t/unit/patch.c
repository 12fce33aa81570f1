/* t/unit/patch.c -- PATCH of a session: what may be set and tested, what is stored, and every fault at once.
 */
#include "checked.h"
#include "model/patch.h"
#include "rows.h"

static const cs_tz_t *oslo;

static cs_wall_t wall_of(const char *text)
{
    cs_stamp_t stamp;

    return cs_wall_parse(text, strlen(text), &stamp) ? 0 : stamp.wall;
}

/* Session 41: in queue, of customer Kari, with a company and an agent, and values that no request could set.
 */
static rows_t *session_41(apr_pool_t *pool)
{
    static const char fraction[] = "2024-07-01T12:00:00.123456";
    rows_t *rows = rows_make(pool);

    set_own(rows, "ChatSessionId", cs_val_int(41));
    set_own(rows, "TopicId", cs_val_int(12));
    set_own(rows, "User", cs_val_int(5));
    set_own(rows, "CustomerName", text_cell("Kari Vik"));
    set_own(rows, "CustomerHost", cs_val_text("a\x01\xFF", 3));
    set_own(rows, "Status", cs_val_int(4));
    set_own(rows, "WhenRequested", (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = wall_of(fraction)});
    set_own(rows, "CustomerConsented", (cs_val_t){.kind = CS_K_BOOL, .set = 1, .u.i = 1});
    set_own(rows, "Rank", cs_val_int(3));
    set_own(rows, "Flags", cs_val_int(-7));
    set_own(rows, "Contact", cs_val_int(77));
    set_in(rows, "User", "AssociateId", cs_val_int(5));
    set_in(rows, "User", "Name", text_cell("ola"));
    set_in(rows, "Contact", "ContactId", cs_val_int(77));
    set_in(rows, "Contact", "Name", text_cell("Acme"));
    set_in(rows, "Contact", "Address/Street/City", text_cell("Oslo"));
    return rows;
}

/* ---------------- values as text */

/* "CustomerName='x' TopicId=5": what is not stored already; it must be as many as was said. */
static const char *changes(apr_pool_t *pool, const rows_t *rows, const cs_val_t *values, int changed)
{
    const char *line = "";

    for (int i = 0, place = 0; i < ROWS_OF->count; i++) {
        const cs_field_t *field = &ROWS_OF->fields[i];
        const cs_val_t *cell;

        if (!(field->flags & CS_F_WRITE)) {
            continue;
        }
        cell = cell_of(ROWS_OF, rows->cells[0], field->name);
        if (cell->set != values[place].set ||
            (cell->set && strcmp(shown(pool, cell), shown(pool, &values[place])) != 0)) {
            line = apr_pstrcat(pool, line, *line ? " " : "", field->name, "=", shown(pool, &values[place]),
                               NULL);
            changed--;
        }
        place++;
    }
    return changed == 0 ? line : "the number of changes is wrong";
}

static const char *told(apr_pool_t *pool, const cs_error_t *error)
{
    const char *list = "";

    for (error = error->next ? error->next : error; error; error = error->next) {
        list = apr_pstrcat(pool, list, *list ? ", " : "", code_of(error), " ",
                           error->field ? error->field : "-", NULL);
    }
    return list;
}

static const char *patched(apr_pool_t *pool, const rows_t *rows, const char *patch)
{
    cs_ctx_t *cx = ctx_in(pool, oslo);
    cs_val_t values[MOST];
    int changed = -1;
    cs_error_t *error = cs_patch_entity(cx, ROWS_OF, rows->records, test_doc(cx, patch), values, &changed);

    return error ? told(pool, error) : changes(pool, rows, values, changed);
}

/* ---------------- session 41 */

static const struct {
    const char *rule, *patch, *result;
} cases[] = {
    /* both forms; nothing to do */
    {"PATCH-19", "[]", ""},
    {"PATCH-19", "{}", ""},
    {"PATCH-1", "null", "body.shape -"},
    {"PATCH-1", "\"x\"", "body.shape -"},
    {"PATCH-1", "7", "body.shape -"},
    /* the samples of the convention */
    {"PATCH-2",
     "[{\"op\":\"test\",\"path\":\"/status\",\"value\":\"InQueue\"},"
     "{\"op\":\"replace\",\"path\":\"customerName\",\"value\":\"Kari Vik-Lund\"},"
     "{\"op\":\"replace\",\"path\":\"/Contact/ContactId\",\"value\":78}]",
     "CustomerName='Kari Vik-Lund' Contact=78"},
    {"PATCH-12", "{\"CustomerName\":\"Kari Vik-Lund\",\"Contact\":{\"ContactId\":78},\"Project\":null}",
     "CustomerName='Kari Vik-Lund' Contact=78"},
    {"PATCH-2", "[{\"op\":\"move\",\"from\":\"/CustomerName\",\"path\":\"/CustomerAlias\"}]",
     "CustomerAlias='Kari Vik' CustomerName=''"},
    {"PATCH-2", "[{\"op\":\"copy\",\"from\":\"/CustomerName\",\"path\":\"/CustomerAlias\"}]",
     "CustomerAlias='Kari Vik'"},
    {"PATCH-2", "[{\"op\":\"copy\",\"from\":\"/Contact\",\"path\":\"/Project\"}]", "patch.path 0/path"},
    {"PATCH-2", "[{\"op\":\"copy\",\"from\":\"/Contact\",\"path\":\"/CustomerName\"}]", "patch.path 0/path"},
    {"PATCH-2", "[{\"op\":\"copy\",\"from\":\"/TableRight\",\"path\":\"/CustomerName\"}]",
     "patch.path 0/from"},
    {"PATCH-2", "[{\"op\":\"move\",\"from\":\"/ChatSessionId\",\"path\":\"/Rank\"}]", "patch.path 0/from"},
    {"PATCH-2", "[{\"op\":\"copy\",\"from\":\"/Rank\",\"path\":\"/ChatSessionId\"}]", "patch.path 0/path"},
    {"PATCH-2", "[{\"op\":\"copy\",\"from\":\"/Nothing\",\"path\":\"/Rank\"}]", "patch.path 0/from"},
    {"PATCH-2",
     "[{\"op\":\"replace\",\"path\":\"/Contact/ContactId\",\"value\":5},"
     "{\"op\":\"copy\",\"from\":\"/Contact/Name\",\"path\":\"/CustomerCompanyName\"}]",
     "patch.path 1/from"},
    {"PATCH-2", "[{\"op\":\"REPLACE\",\"path\":\"Rank\",\"value\":9}]", "Rank=9"},
    /* paths */
    {"PATCH-3", "[{\"op\":\"replace\",\"path\":\"/CUSTOMERNAME\",\"value\":\"x\"}]", "CustomerName='x'"},
    {"PATCH-4", "[{\"op\":\"replace\",\"path\":\"user/associateid\",\"value\":\"6\"}]", "User=6"},
    {"PATCH-5", "[{\"op\":\"replace\",\"path\":\"/Department\",\"value\":\"x\"}]", "patch.path 0/path"},
    {"PATCH-5", "[{\"op\":\"test\",\"path\":\"/Department\",\"value\":\"x\"}]", "patch.path 0/path"},
    {"PATCH-5", "[{\"op\":\"remove\",\"path\":\"/Contact/Nonsense\"}]", "patch.path 0/path"},
    {"PATCH-5", "[{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]", "patch.path 0/path"},
    {"PATCH-5", "[{\"op\":\"replace\",\"path\":\"/\",\"value\":1}]", "patch.path 0/path"},
    {"PATCH-5", "[{\"op\":\"replace\",\"path\":\"/CustomerName/0\",\"value\":\"x\"}]", "patch.path 0/path"},
    {"PATCH-5", "[{\"op\":\"add\",\"path\":\"/Contact/-\",\"value\":1}]", "patch.path 0/path"},
    {"PATCH-5", "{\"\":1}", "patch.path /"},
    {"PATCH-5", "{\"Department\":\"x\",\"contact\":{\"nonsense\":{\"a\":1}}}",
     "patch.path Department, patch.path contact/nonsense"},
    /* setting and removing */
    {"PATCH-6", "[{\"op\":\"add\",\"path\":\"/Rank\",\"value\":7}]", "Rank=7"},
    {"PATCH-7", "[{\"op\":\"remove\",\"path\":\"/CustomerName\"},{\"op\":\"remove\",\"path\":\"/TopicId\"}]",
     "TopicId=0 CustomerName=''"},
    {"PATCH-7", "[{\"op\":\"remove\",\"path\":\"/WhenRequested\"},{\"op\":\"remove\",\"path\":\"/Flags\"}]",
     "WhenRequested=no time Flags=0"},
    {"PATCH-7",
     "[{\"op\":\"remove\",\"path\":\"/User\"},{\"op\":\"remove\",\"path\":\"/Contact/ContactId\"}]",
     "User=-1 Contact=no int"},
    {"PATCH-7", "[{\"op\":\"remove\",\"path\":\"/Project/ProjectId\"}]", ""},
    {"PATCH-9",
     "[{\"op\":\"replace\",\"path\":\"/Rank\",\"value\":7},{\"op\":\"test\",\"path\":\"/rank\",\"value\":7},"
     "{\"op\":\"replace\",\"path\":\"/Rank\",\"value\":8}]",
     "Rank=8"},
    {"PATCH-9",
     "[{\"op\":\"replace\",\"path\":\"/Rank\",\"value\":7},{\"op\":\"test\",\"path\":\"/rank\",\"value\":3}]",
     "patch.test 1/path"},
    {"PATCH-9",
     "[{\"op\":\"replace\",\"path\":\"/Rank\",\"value\":7},{\"op\":\"replace\",\"path\":\"/"
     "Rank\",\"value\":3}]",
     ""},
    {"PATCH-20", "[{\"op\":\"replace\",\"path\":\"/WhenStarted\",\"value\":\"2024-07-01T10:00:00Z\"}]",
     "WhenStarted=2024-07-01T12:00:00"},
    {"PATCH-20", "{\"WhenStarted\":\"2024-07-01T10:00:00\"}", "WhenStarted=2024-07-01T10:00:00"},
    /* references as a whole */
    {"PATCH-10", "[{\"op\":\"replace\",\"path\":\"Contact\",\"value\":{\"ContactId\":78,\"Name\":[1]}}]",
     "Contact=78"},
    {"PATCH-10", "[{\"op\":\"replace\",\"path\":\"Contact\",\"value\":null}]", "Contact=no int"},
    {"PATCH-10", "[{\"op\":\"replace\",\"path\":\"Contact\",\"value\":{}}]", "Contact=no int"},
    {"PATCH-10", "[{\"op\":\"replace\",\"path\":\"User\",\"value\":{\"associateId\":0}}]", "User=-1"},
    {"PATCH-10", "[{\"op\":\"add\",\"path\":\"Sale\",\"value\":{\"SaleId\":9}}]", "Sale=9"},
    {"PATCH-10", "[{\"op\":\"replace\",\"path\":\"Contact\",\"value\":78}]", "value.type 0/value"},
    {"PATCH-10", "{\"Contact\":null}", "Contact=no int"},
    {"PATCH-10", "{\"Contact\":78}", "value.type Contact"},
    /* leaves of references */
    {"PATCH-11", "[{\"op\":\"replace\",\"path\":\"/Contact/ContactId\",\"value\":0}]", "Contact=no int"},
    {"PATCH-11", "[{\"op\":\"replace\",\"path\":\"/Contact/ContactId\",\"value\":\"x\"}]",
     "value.type 0/value"},
    {"PATCH-11", "[{\"op\":\"replace\",\"path\":\"/Contact/ContactId\",\"value\":-2}]",
     "value.range 0/value"},
    {"PATCH-11", "[{\"op\":\"replace\",\"path\":\"/Contact/Name\",\"value\":\"Other\"}]",
     "patch.path 0/path"},
    {"PATCH-11", "[{\"op\":\"replace\",\"path\":\"/Contact/Name\",\"value\":\"Acme\"}]", "patch.path 0/path"},
    {"PATCH-11", "[{\"op\":\"remove\",\"path\":\"/Contact/Name\"}]", "patch.path 0/path"},
    {"PATCH-11", "[{\"op\":\"replace\",\"path\":\"/Contact/Address/Street/City\",\"value\":\"x\"}]",
     "patch.path 0/path"},
    {"PATCH-11", "[{\"op\":\"add\",\"path\":\"/Contact/Address/LocalizedAddress/-\",\"value\":[]}]",
     "patch.path 0/path"},
    {"PATCH-11", "[{\"op\":\"replace\",\"path\":\"/User/ExtraFields/x\",\"value\":1}]", "patch.path 0/path"},
    {"PATCH-11", "{\"Contact\":{\"Name\":\"Other\"}}", "patch.path Contact/Name"},
    {"PATCH-11", "{\"contact\":{\"name\":null}}", "patch.path Contact/Name"},
    {"PATCH-11",
     "{\"Contact\":{\"ContactId\":77,\"Name\":\"Acme\",\"Address\":{\"Street\":{\"City\":\"Oslo\"}}}}", ""},
    {"PATCH-14", "{\"Project\":{\"ProjectId\":8}}", "Project=8"},
    {"PATCH-14", "[{\"op\":\"replace\",\"path\":\"/Project/ProjectId\",\"value\":8}]", "Project=8"},
    {"PATCH-13", "{\"customerName\":null,\"User\":null,\"Rank\":null}", "User=-1 CustomerName='' Rank=0"},
    {"PATCH-12", "{\"Contact\":{}}", ""},
    {"PATCH-12", "{\"Rank\":1,\"rank\":2}", "value.twice rank"},
    {"PATCH-12", "{\"CustomerName\":{\"a\":1},\"Rank\":[1]}", "value.type CustomerName, value.type Rank"},
    /* tests */
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"TopicId\",\"value\":12.0}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"TopicId\",\"value\":12.5}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"TopicId\",\"value\":99999999999}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"TopicId\",\"value\":true}]", "value.type 0/value"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"TopicId\",\"value\":null}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Status\",\"value\":\"INQUEUE\"}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Status\",\"value\":4}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Status\",\"value\":\"4\"}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Status\",\"value\":5}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Status\",\"value\":500}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Status\",\"value\":\"Waiting\"}]", "value.name 0/value"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Flags\",\"value\":-7}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"WhenRequested\",\"value\":\"2024-07-01T10:00:00.123456Z\"}]",
     ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"WhenRequested\",\"value\":\"2024-07-01T12:00:00.123456\"}]",
     ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"WhenRequested\",\"value\":\"2024-07-01T12:00:00\"}]",
     "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"WhenRequested\",\"value\":\"yesterday\"}]",
     "value.time 0/value"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"WhenEnded\",\"value\":null}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"WhenEnded\",\"value\":\"\"}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"CustomerName\",\"value\":\"Kari Vik\"}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"CustomerName\",\"value\":\"kari vik\"}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"CustomerAlias\",\"value\":null}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"CustomerConsented\",\"value\":1}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"ChatSessionId\",\"value\":41}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"ChatSessionId\",\"value\":42}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Contact\",\"value\":{\"ContactId\":77}}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Contact\",\"value\":{\"ContactId\":77,\"Name\":\"Other\"}}]",
     "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Contact\",\"value\":77}]", "value.type 0/value"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Contact\",\"value\":null}]", "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Project\",\"value\":null}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Project/ProjectId\",\"value\":0}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"Project/ProjectId\",\"value\":8}]", "patch.test 0/path"},
    {"PATCH-8, PATCH-11", "[{\"op\":\"test\",\"path\":\"Contact/Name\",\"value\":\"Acme\"}]", ""},
    {"PATCH-8, PATCH-11", "[{\"op\":\"test\",\"path\":\"contact/address/street/city\",\"value\":\"Oslo\"}]",
     ""},
    {"PATCH-8, PATCH-11", "[{\"op\":\"test\",\"path\":\"contact/address/street/city\",\"value\":\"Bergen\"}]",
     "patch.test 0/path"},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"User/ExtraFields/x\",\"value\":null}]", ""},
    {"PATCH-8", "[{\"op\":\"test\",\"path\":\"User/ExtraFields/x\",\"value\":1}]", "patch.test 0/path"},
    {"PATCH-8",
     "[{\"op\":\"replace\",\"path\":\"Contact/ContactId\",\"value\":78},"
     "{\"op\":\"test\",\"path\":\"Contact/Name\",\"value\":\"Acme\"}]",
     "patch.path 1/path"},
    {"PATCH-8",
     "[{\"op\":\"replace\",\"path\":\"Contact\",\"value\":{\"ContactId\":78}},"
     "{\"op\":\"test\",\"path\":\"Contact\",\"value\":{\"ContactId\":78,\"Name\":\"\"}}]",
     "patch.path 1/path"},
    {"PATCH-8",
     "[{\"op\":\"replace\",\"path\":\"Contact/ContactId\",\"value\":78},"
     "{\"op\":\"test\",\"path\":\"Contact\",\"value\":{\"contactid\":78}},"
     "{\"op\":\"test\",\"path\":\"Contact/ContactId\",\"value\":78}]",
     "Contact=78"},
    /* what cannot be changed */
    {"PATCH-16", "[{\"op\":\"replace\",\"path\":\"ChatSessionId\",\"value\":41}]", ""},
    {"PATCH-16", "[{\"op\":\"replace\",\"path\":\"ChatSessionId\",\"value\":\"41\"}]", ""},
    {"PATCH-16", "[{\"op\":\"replace\",\"path\":\"ChatSessionId\",\"value\":42}]", "patch.path 0/path"},
    {"PATCH-16", "[{\"op\":\"remove\",\"path\":\"ChatSessionId\"}]", "patch.path 0/path"},
    {"PATCH-16", "{\"chatSessionId\":41,\"Rank\":4}", "Rank=4"},
    {"PATCH-16", "{\"chatSessionId\":42,\"Rank\":4}", "patch.path ChatSessionId"},
    {"PATCH-16", "{\"chatSessionId\":null}", "patch.path ChatSessionId"},
    {"PATCH-16", "{\"TableRight\":{\"Mask\":\"FULL\"},\"FieldProperties\":null,\"_Links\":{\"Self\":\"x\"}}",
     ""},
    {"PATCH-16",
     "[{\"op\":\"remove\",\"path\":\"_links\"},{\"op\":\"add\",\"path\":\"/TableRight/Mask\",\"value\":1},"
     "{\"op\":\"replace\",\"path\":\"Contact/FieldProperties\",\"value\":[]}]",
     ""},
    {"PATCH-16", "[{\"op\":\"test\",\"path\":\"/TableRight/Mask\",\"value\":\"FULL\"}]", "patch.path 0/path"},
    /* all faults at once */
    {"R-6",
     "[{\"op\":\"spin\"},{\"op\":\"replace\",\"path\":\"Nonsense\",\"value\":1},"
     "{\"op\":\"replace\",\"path\":\"Rank\",\"value\":\"x\"},{\"op\":\"test\",\"path\":\"Status\",\"value\":"
     "\"x\"},"
     "{\"op\":\"test\",\"path\":\"Rank\",\"value\":99}]",
     "patch.operation 0/op, patch.operation 0/path, patch.path 1/path, value.type 2/value, value.name "
     "3/value"},
    {"R-6",
     "{\"Nonsense\":1,\"Rank\":\"x\",\"Status\":\"x\",\"Contact\":{\"Name\":\"x\",\"ContactId\":[]},\"rank\":"
     "1}",
     "value.twice rank, patch.path Nonsense, value.type Rank, value.name Status, patch.path Contact/Name, "
     "value.type Contact/ContactId"},
};

static void test_cases(apr_pool_t *pool)
{
    const rows_t *rows = session_41(pool);

    for (size_t i = 0; i < COUNT(cases); i++) {
        is(patched(pool, rows, cases[i].patch), cases[i].result, "%s: %s", cases[i].rule, cases[i].patch);
    }
}

/* ---------------- what is not touched */

/* Each stored value is one that no request could bring: it must come through as it is. */
static void test_untouched(apr_pool_t *pool)
{
    cs_ctx_t *cx = ctx_in(pool, oslo);
    rows_t *rows = rows_filled(pool);
    const cs_column_t *columns = cs_entity_columns(pool, ROWS_OF);
    cs_val_t values[MOST];
    int changed = -1, kept = 1;

    set_own(rows, "Status", cs_val_int(7777));
    set_own(rows, "CustomerPhone", cs_val_text("\xFF\0too long for its column, and malformed", 40));
    set_own(rows, "WhenEnded", (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = APR_INT64_MAX});
    for (int i = 0; i < 4; i++) {
        rows->cells[0][5 + i].set = 0;
    }
    ok(!cs_patch_entity(cx, ROWS_OF, rows->records, test_doc(cx, "{\"Rating\":1}"), values, &changed),
       "a session that holds what no request could bring is patched");
    is_int(changed, 1, "one value changes");
    for (int i = 1; i < rows->records[0].count - 1; i++) {
        const cs_val_t *cell = &rows->cells[0][i], *value = &values[i - 1];

        kept = kept && (cell->set ? memcmp(cell, value, sizeof(*cell)) == 0
                                  : !value->set && value->kind == columns[i].kind);
    }
    ok(kept, "and all others are the stored ones, to the bit; those that are NULL have their column's kind");
}

/* What GET answers, sent back as a merge document, changes nothing. */
static void test_sent_back(apr_pool_t *pool)
{
    const char *texts[] = {
        "{\"ChatSessionId\":41,\"TopicId\":12,\"User\":{\"AssociateId\":5,\"Name\":\"ola\",\"PersonId\":0,"
        "\"Rank\":0,"
        "\"ExtraFields\":{},\"TableRight\":{\"Mask\":\"Select\",\"Reason\":\"\"},\"FieldProperties\":{}},"
        "\"CustomerName\":\"Kari "
        "Vik\",\"Status\":\"InQueue\",\"WhenRequested\":\"2024-07-01T12:00:00.123456\","
        "\"WhenEnded\":\"0001-01-01T00:00:00\",\"Rank\":3,\"Contact\":{\"ContactId\":77,\"Name\":\"Acme\","
        "\"Address\":{\"Street\":{\"City\":\"Oslo\"}}},\"CustomerConsented\":true,\"_Links\":{\"Self\":\"x\"}"
        "}",
    };
    const rows_t *rows = session_41(pool);

    for (size_t i = 0; i < COUNT(texts); i++) {
        is(patched(pool, rows, texts[i]), "", "PATCH-12, PATCH-16: what was received changes nothing");
    }
}

/* ---------------- messages */

static const struct {
    const char *patch, *message;
} messages[] = {
    {"[{\"op\":\"replace\",\"path\":\"/Contact/Name\",\"value\":\"x\"}]",
     "Contact/Name belongs to another record, which is not changed with the ChatSession; of Contact only "
     "ContactId can be set"},
    {"[{\"op\":\"replace\",\"path\":\"/Contact/Nonsense\",\"value\":\"x\"}]",
     "Contact has no property 'Nonsense'"},
    {"{\"Nonsense\":1}", "ChatSession has no property 'Nonsense'"},
    {"{\"ChatSessionId\":1}", "ChatSessionId identifies the ChatSession and cannot be changed"},
    {"[{\"op\":\"test\",\"path\":\"status\",\"value\":\"Faq\"}]",
     "operation 0, status: it is not what the test wants"},
    {"[{\"op\":\"replace\",\"path\":\"rank\",\"value\":\"x\"}]",
     "Rank takes an integer from -2147483648 to 2147483647, not 'x'"},
    {"[{\"op\":\"replace\",\"path\":\"rank\"},1]",
     "the patch has 2 faults; the first: operation 0: replace needs a 'value'"},
    {"[{\"op\":\"replace\",\"path\":\"/CustomerName/0\",\"value\":1}]",
     "CustomerName has no members, so there is no '0' in it"},
};

static void test_messages(apr_pool_t *pool)
{
    const rows_t *rows = session_41(pool);

    for (size_t i = 0; i < COUNT(messages); i++) {
        cs_ctx_t *cx = ctx_in(pool, oslo);
        cs_val_t values[MOST];
        int changed;
        cs_error_t *error =
            cs_patch_entity(cx, ROWS_OF, rows->records, test_doc(cx, messages[i].patch), values, &changed);

        is(error ? error->message : "no error", messages[i].message, "%s: the message", messages[i].patch);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();
    const char *reason = NULL;

    oslo = cs_tz_load(pool, "Europe/Oslo", &reason);
    test_cases(pool);
    test_untouched(pool);
    test_sent_back(pool);
    test_messages(pool);
    return done();
}
