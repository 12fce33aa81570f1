/* t/unit/pointer.c -- JSON Pointer: RFC 6901 with its own examples, and the API's lenient reading. */
#include "doc/pointer.h"
#include "support.h"
#include "tap.h"

#define MOST 4

static const char *segments_of(apr_pool_t *pool, const cs_pointer_t *pointer)
{
    const char *line = "";

    for (int i = 0; i < pointer->count; i++) {
        line = apr_pstrcat(pool, line, "<", pointer->segments[i].text, ">", NULL);
    }
    return line;
}

static const struct {
    const char *text, *strict, *lenient; /* segments, or what is wrong */
} parsed[] = {
    {"", "", ""},
    {"/", "<>", "<>"},
    {"//", "<><>", "<><>"},
    {"/foo", "<foo>", "<foo>"},
    {"/foo/0", "<foo><0>", "<foo><0>"},
    {"/a~1b", "<a/b>", "<a/b>"},
    {"/m~0n", "<m~n>", "<m~n>"},
    {"/~01", "<~1>", "<~1>"},
    {"/~0~1~0", "<~/~>", "<~/~>"},
    {"/c%d", "<c%d>", "<c%d>"},
    {"/ ", "< >", "< >"},
    {"/a/", "<a><>", "<a><>"},
    {"/a/b/c/d", "<a><b><c><d>", "<a><b><c><d>"},
    {"foo", "it does not begin with a slash", "<foo>"},
    {"Contact/ContactId", "it does not begin with a slash", "<Contact><ContactId>"},
    {"~1a", "it does not begin with a slash", "</a>"},
    {"/a/b/c/d/e", "it has too many segments", "it has too many segments"},
    {"a/b/c/d/e", "it does not begin with a slash", "it has too many segments"},
    {"/~", "a '~' in it is followed by neither 0 nor 1", "a '~' in it is followed by neither 0 nor 1"},
    {"/~2", "a '~' in it is followed by neither 0 nor 1", "a '~' in it is followed by neither 0 nor 1"},
    {"/a~/0", "a '~' in it is followed by neither 0 nor 1", "a '~' in it is followed by neither 0 nor 1"},
    {"/a/~~0", "a '~' in it is followed by neither 0 nor 1", "a '~' in it is followed by neither 0 nor 1"},
};

static void test_parsed(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(parsed); i++) {
        const char *expected[] = {parsed[i].strict, parsed[i].lenient};
        static const char *const names[] = {"strict", "lenient"};
        static const cs_pointer_reading_t readings[] = {CS_POINTER_STRICT, CS_POINTER_LENIENT};

        for (int r = 0; r < 2; r++) {
            cs_pointer_t pointer;
            const char *wrong =
                cs_pointer_parse(pool, parsed[i].text, strlen(parsed[i].text), readings[r], MOST, &pointer);

            is(wrong ? wrong : segments_of(pool, &pointer), expected[r], "PATCH-3: '%s', %s", parsed[i].text,
               names[r]);
        }
    }
}

static void test_text(apr_pool_t *pool)
{
    static const char *const texts[] = {"", "/", "/a", "/a/b", "/a~1b/~0~1", "//", "/a//b"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        cs_pointer_t pointer;
        const char *wrong =
            cs_pointer_parse(pool, texts[i], strlen(texts[i]), CS_POINTER_STRICT, MOST, &pointer);

        is(wrong ? wrong : cs_pointer_text(pool, &pointer), *texts[i] ? texts[i] + 1 : "",
           "'%s' is written again, without the first slash", texts[i]);
    }
}

static const struct {
    const char *text;
    int index;
} indexes[] = {
    {"0", 0},
    {"1", 1},
    {"9", 9},
    {"10", 10},
    {"11", 11},
    {"12", 11},
    {"99999999999999999999999999", 11},
    {"00", -1},
    {"01", -1},
    {"-1", -1},
    {"+1", -1},
    {"1e0", -1},
    {"", -1},
    {" 1", -1},
    {"1 ", -1},
    {"-", -1},
    {"a", -1},
    {"1.0", -1},
    {"\xD9\xA1", -1},
};

static void test_indexes(void)
{
    for (size_t i = 0; i < COUNT(indexes); i++) {
        cs_segment_t segment = {indexes[i].text, strlen(indexes[i].text)};

        is_int(cs_pointer_index(&segment, 10), indexes[i].index, "'%s' as an index", indexes[i].text);
    }
}

static const char document[] =
    "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,"
    "\" \":7,\"m~n\":8,\"Contact\":{\"ContactId\":77},\"1\":null}";

static const struct {
    const char *path, *strict, *lenient;
} found[] = {
    {"/foo", "['bar' 'baz']", "['bar' 'baz']"},
    {"/foo/0", "'bar'", "'bar'"},
    {"/", "#0", "#0"},
    {"/a~1b", "#1", "#1"},
    {"/c%d", "#2", "#2"},
    {"/e^f", "#3", "#3"},
    {"/g|h", "#4", "#4"},
    {"/i\\j", "#5", "#5"},
    {"/k\"l", "#6", "#6"},
    {"/ ", "#7", "#7"},
    {"/m~0n", "#8", "#8"},
    {"/1", "null", "null"},
    {"/contact/CONTACTID", NULL, "#77"},
    {"contact/contactId", NULL, "#77"},
    {"/foo/2", NULL, NULL},
    {"/foo/-", NULL, NULL},
    {"/foo/00", NULL, NULL},
    {"/foo/0/x", NULL, NULL},
    {"/1/x", NULL, NULL},
    {"/nothing", NULL, NULL},
    {"/fo", NULL, NULL},
};

static const char *find(apr_pool_t *pool, const cs_doc_t *doc, const char *path, cs_pointer_reading_t reading)
{
    cs_pointer_t pointer;
    const cs_doc_t *at;

    if (cs_pointer_parse(pool, path, strlen(path), reading, MOST, &pointer)) {
        return NULL;
    }
    at = cs_pointer_find(doc, &pointer, reading);
    return at ? test_described(pool, at) : NULL;
}

static void test_found(apr_pool_t *pool)
{
    const cs_doc_t *doc = test_doc(test_ctx(pool), document);

    for (size_t i = 0; i < COUNT(found); i++) {
        is(find(pool, doc, found[i].path, CS_POINTER_STRICT), found[i].strict, "'%s' in the RFC's document",
           found[i].path);
        is(find(pool, doc, found[i].path, CS_POINTER_LENIENT), found[i].lenient,
           "PATCH-3: '%s' leniently in the RFC's document", found[i].path);
    }
    is(find(pool, doc, "", CS_POINTER_STRICT), test_described(pool, doc), "the empty pointer is the whole");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_parsed(pool);
    test_text(pool);
    test_indexes();
    test_found(pool);
    return done();
}
