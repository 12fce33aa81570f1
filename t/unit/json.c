/* t/unit/json.c -- JSON to the neutral document, and looking into that. */
#include "doc/doc.h"
#include "support.h"
#include "tap.h"
#include "wire/json.h"

static const struct {
    const char *json;
    const char *line;
} decoded[] = {
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {" null ", "null"},
    {"0", "#0"},
    {"12", "#12"},
    {" 12 ", "#12"},
    {"\"\"", "''"},
    {"\"text\"", "'text'"},
    {"\"bl\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80\"", "'bl\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80'"},
    {"\"bl\\u00e5 \\u20AC \\uD83D\\uDE00\"", "'bl\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80'"},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "'\"\\/\b\f\n\r\t'"},
    {"\"\\uFFFF\\uFEFF\"", "'\xEF\xBF\xBF\xEF\xBB\xBF'"},
    {"\"\\uDBFF\\uDFFF\"", "'\xF4\x8F\xBF\xBF'"},
    {"\"\x7F\"", "'\x7F'"},
    {"[]", "[]"},
    {"[null]", "[null]"},
    {"[1,\"1\",true,null,[],{}]", "[#1 '1' true null [] {}]"},
    {"{}", "{}"},
    {"{\"a\":null}", "{a=null}"},
    {"{\"b\":1,\"a\":2,\"B\":3}", "{b=#1 a=#2 B=#3}"},
    {"{\"\":1}", "{=#1}"},
    {"{\"\\u00e5\":{\"b\":[{\"c\":false}]}}", "{\xC3\xA5={b=[{c=false}]}}"},
    {"\xEF\xBB\xBF{\"a\":1}", "{a=#1}"},
    {"\xEF\xBB\xBF 5", "#5"},
};

static void test_decoded(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(decoded); i++) {
        cs_doc_t *doc = NULL;
        cs_error_t *error = cs_json_decode(test_ctx(pool), decoded[i].json, strlen(decoded[i].json), &doc);

        is(error ? error->message : test_described(pool, doc), decoded[i].line, "%s is decoded",
           decoded[i].json);
    }
}

/* ---------------- numbers keep the text they were written with */

static const char *const numbers[] = {
    "0",
    "7",
    "-1",
    "10",
    "2147483647",
    "-2147483648",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "0.5",
    "1.0",
    "1.50",
    "-0.0",
    "0.10",
    "1e3",
    "1E3",
    "1e+3",
    "1E-3",
    "1.5e3",
    "1e400",
    "-1e400",
    "1e-400",
    "0.1000000000000000055511151231257827021181583404541015625",
    "26635.865999999998",
    /* integers that 64 bits do not hold */
    "-0",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "123456789012345678901234567890",
    "-123456789012345678901234567890",
};

static void test_numbers(apr_pool_t *pool, const char *where)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const char *in_array = apr_pstrcat(pool, "[", numbers[i], "]", NULL);
        cs_doc_t *doc = NULL;

        is(code_of(cs_json_decode(test_ctx(pool), in_array, strlen(in_array), &doc)), "", "%s is decoded%s",
           in_array, where);
        ok(doc && doc->count == 1 && doc->items[0]->kind == CS_DOC_NUMBER, "%s is a number%s", numbers[i],
           where);
        if (doc && doc->count == 1) {
            is(doc->items[0]->text, numbers[i], "%s keeps its text%s", numbers[i], where);
            is_int((long long)doc->items[0]->len, (long long)strlen(doc->items[0]->text),
                   "%s: the length is that of the text%s", numbers[i], where);
        }
    }
}

static void test_numbers_elsewhere(apr_pool_t *pool)
{
    const char *name = test_numeric_locale(",");

    if (!name) {
        skip("no locale with a decimal comma is installed");
        return;
    }
    test_numbers(pool, apr_psprintf(pool, " under %s", name));
    setlocale(LC_NUMERIC, "C");
}

/* ---------------- faults */

static const struct {
    const char *bytes;
    apr_size_t len;
    const char *code;
    const char *at; /* how the message ends, or NULL */
} refused[] = {
    {BYTES(""), "json.syntax", "at byte 0"},
    {BYTES("\xEF\xBB\xBF"), "json.syntax", "at byte 0"},
    {BYTES("\xEF\xBB\xBF{"), "json.syntax", "at byte 1"},
    {BYTES("\xEF\xBB\xBF\xEF\xBB\xBF{}"), "json.syntax", "at byte 0"},
    {BYTES("\xEF\xBB{}"), "json.syntax", "at byte 0"},
    {BYTES("\xFE\xFF\0{\0}"), "json.syntax", "at byte 0"},
    {BYTES("\xFF\xFE{\0}\0"), "json.syntax", "at byte 0"},
    {BYTES("{}\0"), "json.syntax", "at byte 2"},
    {BYTES("[1,]"), "json.syntax", "at byte 3"},
    {BYTES("{'a':1}"), "json.syntax", "at byte 1"},
    {BYTES("[NaN]"), "json.syntax", "at byte 1"},
    {BYTES("\"\xFF\""), "json.encoding", "at byte 1"},
    {BYTES("\xEF\xBB\xBF\"\\ud800\""), "json.encoding", "at byte 1"},
    {BYTES("[\"\\u0000\"]"), "text.nul", "at byte 2"},
    {BYTES("{\"a\":1,\"\\u0061\":1}"), "json.duplicate", "at byte 7"},
};

static void test_refused(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        cs_doc_t *doc = NULL;
        cs_error_t *error = cs_json_decode(test_ctx(pool), refused[i].bytes, refused[i].len, &doc);
        size_t end = strlen(refused[i].at);

        is(code_of(error), refused[i].code, "'%s' is refused", refused[i].bytes);
        if (error) {
            size_t len = strlen(error->message);

            is(error->message + (len > end ? len - end : 0), refused[i].at,
               "'%s': the byte-order mark is not counted", refused[i].bytes);
        }
    }
}

/* ---------------- limits */

static const char *nested(apr_pool_t *pool, int depth)
{
    char *text = apr_palloc(pool, (size_t)depth * 2 + 2);

    memset(text, '[', (size_t)depth);
    text[depth] = '7';
    memset(text + depth + 1, ']', (size_t)depth);
    text[2 * depth + 1] = '\0';
    return text;
}

static void test_depth(apr_pool_t *pool)
{
    static const int limits[] = {1, 4, 32, 500};

    for (size_t i = 0; i < COUNT(limits); i++) {
        const cs_limits_t here = {.depth = limits[i], .values = 1000};
        const char *text = nested(pool, limits[i]);
        const cs_doc_t *inner;
        cs_ctx_t *cx = test_ctx(pool);
        cs_doc_t *doc = NULL;
        int depth = 0;

        cx->limits = &here;
        is(code_of(cs_json_decode(cx, text, strlen(text), &doc)), "",
           "what is nested %d deep is decoded where that is the limit", limits[i]);
        for (inner = doc; inner && inner->kind == CS_DOC_ARRAY; inner = inner->items[0]) {
            depth++;
        }
        is_int(depth, limits[i], "all %d levels are there", limits[i]);
        text = nested(pool, limits[i] + 1);
        is(code_of(cs_json_decode(cx, text, strlen(text), &doc)), "json.depth", "one level more is refused");
    }
}

static void test_many(apr_pool_t *pool)
{
    const char *text = "[";
    cs_doc_t *doc = NULL;
    int wrong = 0;

    for (int i = 0; i < 3000; i++) {
        text = apr_psprintf(pool, "%s%s{\"n%d\":%d}", i ? text : "[", i ? "," : "", i, i);
    }
    text = apr_pstrcat(pool, text, "]", NULL);
    is(code_of(cs_json_decode(test_ctx(pool), text, strlen(text), &doc)), "", "many values are decoded");
    for (int i = 0; doc && i < doc->count; i++) {
        const cs_doc_t *item = doc->items[i];

        wrong += item->count != 1 || strcmp(item->members[0].name, apr_psprintf(pool, "n%d", i)) != 0 ||
                 atoi(item->members[0].value->text) != i;
    }
    is_int(doc ? doc->count : 0, 3000, "none is lost");
    is_int(wrong, 0, "each is in its place");
}

/* The document is the pool's own: the bytes it came from may go. */
static void test_own(apr_pool_t *pool)
{
    char bytes[] = "{\"name\":[\"text\",1.50,12]}";
    cs_doc_t *doc = NULL;

    is(code_of(cs_json_decode(test_ctx(pool), bytes, sizeof(bytes) - 1, &doc)), "", "a document is decoded");
    memset(bytes, '?', sizeof(bytes));
    is(doc ? test_described(pool, doc) : "", "{name=['text' #1.50 #12]}",
       "it does not need the bytes any more");
    is_int(doc ? (long long)doc->members[0].len : 0, 4, "a name has its length");
    is_int(doc ? (long long)doc->members[0].value->items[0]->len : 0, 4, "a text has its length");
}

/* ---------------- looking into it */

static void test_find(apr_pool_t *pool)
{
    const cs_doc_t *doc =
        test_doc(test_ctx(pool), "{\"a\":1,\"Name\":2,\"NAME\":3,\"\":4,\"n\":{\"inner\":5}}");
    static const struct {
        const char *name, *line;
    } cases[] = {
        {"a", "#1"}, {"A", "#1"},     {"name", "#2"}, {"NAME", "#2"},  {"", "#4"},
        {"b", NULL}, {"inner", NULL}, {"nam", NULL},  {"names", NULL}, {"n", "{inner=#5}"},
    };
    int twice;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const cs_doc_t *found = cs_doc_find(doc, cases[i].name, NULL);

        is(found ? test_described(pool, found) : NULL, cases[i].line,
           "'%s' is looked up without regard to case", cases[i].name);
    }
    ok(!cs_doc_find(test_doc(test_ctx(pool), "{}"), "a", NULL), "an empty object has no member");
    ok(cs_doc_find(doc, "NAME", &twice) && twice, "a name in two spellings is told");
    ok(cs_doc_find(doc, "a", &twice) && !twice, "a name in one is not");
    ok(!cs_doc_find(doc, "b", &twice) && !twice, "nor is one that is not there");
}

static void test_kind_names(apr_pool_t *pool)
{
    static const struct {
        const char *json, *name;
    } cases[] = {
        {"null", "null"},     {"true", "a boolean"}, {"1", "a number"},
        {"\"\"", "a string"}, {"[]", "an array"},    {"{}", "an object"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        is(cs_doc_kind_name(test_doc(test_ctx(pool), cases[i].json)->kind), cases[i].name, "%s is called",
           cases[i].json);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_decoded(pool);
    test_numbers(pool, "");
    test_numbers_elsewhere(pool);
    test_refused(pool);
    test_depth(pool);
    test_many(pool);
    test_own(pool);
    test_find(pool);
    test_kind_names(pool);
    return done();
}
