/* t/unit/topic.c -- what is embedded in a topic: checked, stored, shown and patched as a part of it. */
#include "base/span.h"
#include "model/check.h"
#include "model/map.h"
#include "model/patch.h"
#include "support.h"
#include "tap.h"

#define ENTITY (&cs_topic_entity)
#define MOST   128

static const char *told(apr_pool_t *pool, const cs_error_t *error)
{
    const char *list = "";

    for (error = error->next ? error->next : error; error; error = error->next) {
        list = apr_pstrcat(pool, list, *list ? ", " : "", code_of(error), " ",
                           error->field ? error->field : "-", NULL);
    }
    return list;
}

/* "Widget/Color='red' OpeningHours/MonStart=32400000000": the values that are not what nothing said gives. */
static const char *shown(apr_pool_t *pool, const cs_val_t *base, const cs_val_t *values)
{
    const apr_array_header_t *leaves = cs_entity_leaves(pool, ENTITY);
    const char *line = "";

    for (int i = 0, next = 0; i < leaves->nelts; i++) {
        const cs_leaf_t *leaf = &APR_ARRAY_IDX(leaves, i, cs_leaf_t);
        const cs_val_t *a = &base[next], *b = &values[next];
        const char *value;

        if (!leaf->writable) {
            continue;
        }
        next++;
        if (a->set == b->set &&
            (!a->set || (a->kind == CS_K_TEXT ? a->len == b->len && memcmp(a->u.s, b->u.s, a->len) == 0
                                              : a->u.i == b->u.i))) {
            continue;
        }
        value = !b->set                ? "none"
                : b->kind == CS_K_TEXT ? apr_psprintf(pool, "'%.*s'", (int)b->len, b->u.s)
                : b->kind == CS_K_SPAN ? apr_psprintf(pool, "%ds", (int)(b->u.i / CS_SPAN_SECOND))
                                       : apr_psprintf(pool, "%d", (int)b->u.i);
        line = apr_pstrcat(pool, line, *line ? " " : "", leaf->path, "=", value, NULL);
    }
    return line;
}

static void nothing(apr_pool_t *pool, cs_val_t *values)
{
    if (cs_check_entity(test_ctx(pool), ENTITY, test_doc(test_ctx(pool), "{}"), values)) {
        printf("Bail out! an empty topic is refused\n");
        exit(1);
    }
}

static const char *checked(apr_pool_t *pool, const char *json)
{
    cs_val_t base[MOST], values[MOST];
    cs_error_t *error = cs_check_entity(test_ctx(pool), ENTITY, test_doc(test_ctx(pool), json), values);

    nothing(pool, base);
    return error ? told(pool, error) : shown(pool, base, values);
}

static const struct {
    const char *json, *result;
} bodies[] = {
    {"{}", ""},
    {"{\"OpeningHours\":null,\"Widget\":null,\"BotSettings\":null}", ""},
    {"{\"OpeningHours\":{},\"Widget\":{}}", ""},
    {"{\"openinghours\":{\"monstart\":\"08:00\"}}", "OpeningHours/MonStart=28800s"},
    {"{\"OpeningHours\":{\"MonStart\":\"08:00\",\"SunStop\":\"PT24H\"}}",
     "OpeningHours/MonStart=28800s OpeningHours/SunStop=86400s"},
    {"{\"OpeningHours\":{\"MonStart\":null,\"MonStop\":\"\"}}", ""},
    {"{\"OpeningHours\":{\"TzLocation\":{\"TZLocationID\":261,\"Name\":\"ignored\"}}}",
     "OpeningHours/TzLocation=261"},
    {"{\"OpeningHours\":{\"TzLocation\":{}}}", ""},
    {"{\"Widget\":{\"RequiredFields\":\"Name, Email\",\"OfflineFields\":18}}",
     "Widget/RequiredFields=3 Widget/OfflineFields=18"},
    {"{\"Widget\":{\"Size\":\"large\",\"Theme\":1,\"LogoName\":\"not stored\"}}",
     "Widget/Size=1 Widget/Theme=1"},
    {"{\"Name\":\"x\",\"BotSettings\":{\"BotName\":\"y\"},\"UseQueueOfflineForm\":true}",
     "Name='x' BotSettings/BotName='y' UseQueueOfflineForm=1"},
    {"{\"LastAccept\":\"2024-01-01\",\"SecondsPrAccept\":7}", ""},
    /* refused */
    {"[]", "body.shape -"},
    {"{\"OpeningHours\":[]}", "value.type OpeningHours"},
    {"{\"OpeningHours\":\"08:00\"}", "value.type OpeningHours"},
    {"{\"OpeningHours\":{\"MonStart\":8}}", "value.type OpeningHours/MonStart"},
    {"{\"OpeningHours\":{\"MonStart\":{}}}", "value.type OpeningHours/MonStart"},
    {"{\"OpeningHours\":{\"MonStart\":\"24:01\"}}", "value.time OpeningHours/MonStart"},
    {"{\"OpeningHours\":{\"TzLocation\":261}}", "value.type OpeningHours/TzLocation"},
    {"{\"OpeningHours\":{\"TzLocation\":{\"TZLocationID\":\"x\"}}}",
     "value.type OpeningHours/TzLocation/TZLocationID"},
    {"{\"Widget\":{\"Color\":\"a\",\"COLOR\":\"b\"}}", "value.twice Widget/Color"},
    {"{\"Widget\":{},\"widget\":{}}", "value.twice Widget"},
    {"{\"Widget\":{\"Size\":2},\"Name\":1,\"OpeningHours\":{\"MonEnabled\":2,\"TueStart\":\"x\"}}",
     "value.type Name, value.type OpeningHours/MonEnabled, value.time OpeningHours/TueStart, value.name "
     "Widget/Size"},
};

/* ---------------- patches */

/* A stored topic: red, open on Mondays from nine, in zone 261, with folder 5; a theme that has no name. */
static const cs_record_t *stored(apr_pool_t *pool, cs_val_t *values)
{
    const apr_array_header_t *leaves = cs_entity_leaves(pool, ENTITY);
    cs_record_t *records =
        apr_pcalloc(pool, sizeof(*records) * (apr_size_t)(1 + cs_entity_references(ENTITY)));
    cs_val_t *cells = apr_pcalloc(pool, sizeof(*cells) * (apr_size_t)leaves->nelts);
    const char *json = "{\"Name\":\"one\",\"OpeningHours\":{\"MonEnabled\":true,\"MonStart\":\"09:00\","
                       "\"TzLocation\":{\"TZLocationID\":261}},\"Widget\":{\"Color\":\"red\","
                       "\"AutoFaqCategory\":{\"KbCategoryId\":5},\"RequiredFields\":3}}";

    ok(!cs_check_entity(test_ctx(pool), ENTITY, test_doc(test_ctx(pool), json), values), "there is a topic");
    for (int i = 0, next = 0; i < leaves->nelts; i++) {
        const cs_leaf_t *leaf = &APR_ARRAY_IDX(leaves, i, cs_leaf_t);

        if (strcmp(leaf->path, "Widget/Theme") == 0) {
            values[next] = cs_val_int(7);
        }
        if (leaf->writable) {
            cells[i] = values[next++];
        }
    }
    cells[0] = cs_val_int(7);
    records[0] = (cs_record_t){.cells = cells, .count = leaves->nelts};
    for (int i = 1; i <= cs_entity_references(ENTITY); i++) {
        records[i].cells = apr_pcalloc(pool, sizeof(*cells) * MOST);
    }
    return records;
}

#define SET(path, value)  "{\"op\":\"replace\",\"path\":\"" path "\",\"value\":" value "}"
#define TEST(path, value) "{\"op\":\"test\",\"path\":\"" path "\",\"value\":" value "}"
#define COPY(from, path)  "{\"op\":\"copy\",\"from\":\"" from "\",\"path\":\"" path "\"}"
#define REMOVE(path)      "{\"op\":\"remove\",\"path\":\"" path "\"}"

static const struct {
    const char *patch, *result;
} patches[] = {
    {"[]", ""},
    {"{}", ""},
    {"[" SET("/Widget/Color", "\"blue\"") "]", "Widget/Color='blue'"},
    {"[" SET("widget/color", "\"red\"") "]", ""},
    {"{\"Widget\":{\"Color\":null}}", "Widget/Color=''"},
    {"{\"OpeningHours\":{\"MonStop\":\"PT17H\"}}", "OpeningHours/MonStop=61200s"},
    {"[" SET("/OpeningHours/TzLocation/TZLocationID", "1") "]", "OpeningHours/TzLocation=1"},
    {"[" SET("/OpeningHours/TzLocation", "{\"TZLocationID\":1}") "]", "OpeningHours/TzLocation=1"},
    {"[" REMOVE("/OpeningHours/TzLocation") "]", "OpeningHours/TzLocation=none"},
    {"{\"OpeningHours\":{\"TzLocation\":null}}", "OpeningHours/TzLocation=none"},
    {"[" SET("/OpeningHours", "{\"MonStop\":\"10:00\"}") "]",
     "OpeningHours/TzLocation=none OpeningHours/MonEnabled=0 OpeningHours/MonStart=0s "
     "OpeningHours/MonStop=36000s"},
    {"[" REMOVE("/Widget") "]",
     "Widget/AutoFaqCategory=none Widget/RequiredFields=0 Widget/Theme=0 Widget/Color=''"},
    {"{\"OpeningHours\":null}",
     "OpeningHours/TzLocation=none OpeningHours/MonEnabled=0 OpeningHours/MonStart=0s"},
    {"[" COPY("/Widget/Color", "/Widget/BadgeColor") "]", "Widget/BadgeColor='red'"},
    {"[" COPY("/Name", "/Widget/WelcomeTitle") "]", "Widget/WelcomeTitle='one'"},
    {"[" COPY("/OpeningHours/MonStart", "/OpeningHours/TueStart") "]", "OpeningHours/TueStart=32400s"},
    {"[" TEST("/OpeningHours/MonStart", "\"PT9H\"") "," SET("/Name", "\"x\"") "]", "Name='x'"},
    {"[" TEST("/OpeningHours/MonStart", "\"9:00\"") "]", ""},
    {"[" TEST("/OpeningHours/TueStart", "null") "]", ""},
    {"[" TEST("/Widget", "{\"Color\":\"red\",\"RequiredFields\":\"Name,Email\"}") "]", ""},
    {"[" TEST("/Widget/AutoFaqCategory/KbCategoryId", "5") "]", ""},
    {"[" SET("/Widget/AutoFaqCategory/KbCategoryId", "6") "," TEST("/Widget/AutoFaqCategory/KbCategoryId",
                                                                   "6") "]",
     "Widget/AutoFaqCategory=6"},
    /* what was read comes back */
    {"{\"ChatTopicId\":7,\"OpeningHours\":{\"TzLocation\":{\"TZLocationID\":261,\"Name\":\"\"}},"
     "\"Widget\":{\"LogoName\":\"\",\"AutoFaqCategory\":{\"ParentId\":-1}}}",
     ""},
    /* refused */
    {"[" TEST("/OpeningHours/MonStart", "\"09:01\"") "]", "patch.test 0/path"},
    {"[" TEST("/OpeningHours/MonStart", "9") "]", "value.type 0/value"},
    {"[" TEST("/Widget", "{\"Color\":\"blue\"}") "]", "patch.test 0/path"},
    {"[" TEST("/Widget", "5") "]", "value.type 0/value"},
    {"[" COPY("/OpeningHours", "/Widget") "]", "patch.path 0/path"},
    {"[" COPY("/OpeningHours/TzLocation", "/Language") "]", "patch.path 0/path"},
    {"[" COPY("/TicketCategory", "/TicketPriority") "]", "patch.path 0/path"},
    {"[" COPY("/Widget/Color", "/Widget") "]", "patch.path 0/path"},
    {"[" SET("/OpeningHours/TzLocation/Name", "\"x\"") "]", "patch.path 0/path"},
    {"[" SET("/Widget/LogoName", "\"x\"") "]", "patch.path 0/path"},
    {"[" SET("/Widget/Nonsense", "1") "]", "patch.path 0/path"},
    {"[" SET("/Widget/Color/0", "1") "]", "patch.path 0/path"},
    {"[" SET("/SecondsPrAccept", "1") "]", "patch.path 0/path"},
    {"[" SET("/OpeningHours", "5") "]", "value.type 0/value"},
    {"[" SET("/OpeningHours", "{\"MonStart\":1,\"TueStart\":\"x\"}") "]",
     "value.type 0/value, value.time 0/value"},
    {"[" SET("/Widget/AutoFaqCategory/KbCategoryId", "6") "," COPY("/Widget/AutoFaqCategory/Name",
                                                                   "/Name") "]",
     "patch.path 1/from"},
    {"{\"OpeningHours\":{\"MonStart\":1,\"Nonsense\":2},\"Widget\":{\"Size\":\"Huge\"}}",
     "value.type OpeningHours/MonStart, patch.path OpeningHours/Nonsense, value.name Widget/Size"},
};

static const char *patched(apr_pool_t *pool, const char *patch)
{
    cs_val_t before[MOST], after[MOST];
    const cs_record_t *records = stored(pool, before);
    int changed = -1;
    cs_error_t *error =
        cs_patch_entity(test_ctx(pool), ENTITY, records, test_doc(test_ctx(pool), patch), after, &changed);

    return error ? told(pool, error) : shown(pool, before, after);
}

/* ---------------- names */

static void test_leaves(apr_pool_t *pool)
{
    const apr_array_header_t *leaves = cs_entity_leaves(pool, ENTITY);
    int writable = 0, twice = 0;

    for (int i = 0; i < leaves->nelts; i++) {
        writable += APR_ARRAY_IDX(leaves, i, cs_leaf_t).writable;
        for (int j = 0; j < i; j++) {
            twice += strcmp(APR_ARRAY_IDX(leaves, i, cs_leaf_t).column,
                            APR_ARRAY_IDX(leaves, j, cs_leaf_t).column) == 0;
        }
    }
    is_int(leaves->nelts, cs_entity_cells(ENTITY), "a leaf for each cell");
    is_int(writable, cs_check_count(ENTITY), "as many can be written as values are stored");
    is_int(twice, 0, "no column stands twice, wherever it is");
    leaves = cs_entity_leaves(pool, &cs_contact_entity);
    writable = 0;
    for (int i = 0; i < leaves->nelts; i++) {
        writable += APR_ARRAY_IDX(leaves, i, cs_leaf_t).writable;
    }
    is_int(writable, 0, "nothing of another's record can be written");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_leaves(pool);
    for (size_t i = 0; i < COUNT(bodies); i++) {
        is(checked(pool, bodies[i].json), bodies[i].result, "%s", bodies[i].json);
    }
    for (size_t i = 0; i < COUNT(patches); i++) {
        is(patched(pool, patches[i].patch), patches[i].result, "%s", patches[i].patch);
    }
    return done();
}
