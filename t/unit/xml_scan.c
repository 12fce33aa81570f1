/* t/unit/xml_scan.c -- which XML may go to the parser. */
#include "wire/xml_scan.h"

#include "support.h"
#include "tap.h"

static const char *const passed[] = {
    "<a/>",
    "<a></a>",
    "<a ></a >",
    " \r\n\t<a/>\n",
    "<?xml version=\"1.0\"?><a/>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a/>",
    "<?xml version='1.0' encoding = 'UTF-8' standalone='yes' ?><a/>",
    "<!-- a --><a><!-- <!DOCTYPE x> & \" --></a><!-- -->",
    "<?p <!DOCTYPE x> & ?><a><?p?></a><?p?>",
    "<a><![CDATA[<!DOCTYPE x> & <b> ]] ]]></a>",
    "<a><![CDATA[]]></a>",
    "<a><![CDATA[ ]]]]><![CDATA[> ]]></a>",
    "<a>text &amp; &lt;&gt;&quot;&apos; &#65;&#x41;&#x1F600;&#10;</a>",
    "<a b='1' c=\"2\"/>",
    "<a b = '1'\n c=\"a'b>c/&amp;\" ></a>",
    "<a b=''/>",
    "<x:a xmlns:x='urn:x'><x:b/></x:a>",
    "<a>bl\xC3\xA5</a>",
    "<bl\xC3\xA5/>",
    "<a>\"'=></a>",
    "<a>"
    "]]"
    "></a>", /* for the parser to refuse */
    "<1/>",  /* so is this */
};

static void test_passed(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(passed); i++) {
        cs_error_t *error = cs_xml_scan(test_ctx(pool), passed[i], strlen(passed[i]));

        is(error ? error->message : "", "", "%s passes", passed[i]);
    }
}

#define SYNTAX "xml.syntax"
#define DTD    "xml.dtd"

static const struct {
    const char *xml;
    apr_size_t len;
    const char *code;
    const char *message; /* a part of it */
} refused[] = {
    {BYTES(""), SYNTAX, "ends where an element should be at byte 0"},
    {BYTES("  "), SYNTAX, "at byte 2"},
    {BYTES("<?xml version=\"1.0\"?>"), SYNTAX, "ends where an element"},
    {BYTES("<!-- -->"), SYNTAX, "ends where an element"},
    {BYTES("a"), SYNTAX, "'a' stands where an element should be at byte 0"},
    {BYTES("{}"), SYNTAX, "'{'"},
    {BYTES("<a/>x"), SYNTAX, "'x' stands where the end should be at byte 4"},
    {BYTES("<a/>&amp;"), SYNTAX, "'&' stands"},
    {BYTES("<a/><b/>"), SYNTAX, "a second root element stands at byte 5"},
    {BYTES("<a></a><a></a>"), SYNTAX, "a second root"},
    /* tags */
    {BYTES("<"), SYNTAX, "ends where a name"},
    {BYTES("<a"), SYNTAX, "ends where '>'"},
    {BYTES("<a "), SYNTAX, "ends where '>'"},
    {BYTES("<a/"), SYNTAX, "'/' stands where a name should be at byte 2"},
    {BYTES("<a/ >"), SYNTAX, ""},
    {BYTES("<a>"), SYNTAX, "ends where the end of an element should be at byte 3"},
    {BYTES("<a><b></a>"), SYNTAX, "not the last one begun, at byte 8"},
    {BYTES("<a><b></a></b>"), SYNTAX, "not the last one begun"},
    {BYTES("<a></A>"), SYNTAX, "not the last one begun"},
    {BYTES("<a></ab>"), SYNTAX, "not the last one begun"},
    {BYTES("</a>"), SYNTAX, "not the last one begun"},
    {BYTES("<a></a></a>"), SYNTAX, "not the last one begun"},
    {BYTES("<a></>"), SYNTAX, "a name"},
    {BYTES("<a></a"), SYNTAX, "'>'"},
    {BYTES("<a></a b>"), SYNTAX, "'b'"},
    {BYTES("< a/>"), SYNTAX, "a name"},
    {BYTES("<>"), SYNTAX, "a name"},
    {BYTES("<a<b/>"), SYNTAX, ""},
    {BYTES("<a b>"), SYNTAX, "'='"},
    {BYTES("<a b=>"), SYNTAX, ""},
    {BYTES("<a b=c>"), SYNTAX, "'c' stands"},
    {BYTES("<a b='c>"), SYNTAX, "ends where the end of an attribute"},
    {BYTES("<a b='<'/>"), SYNTAX, "'<' stands where the end of an attribute"},
    {BYTES("<a b="), SYNTAX, ""},
    {BYTES("<a ='1'/>"), SYNTAX, "a name"},
    {BYTES("<a 'b'/>"), SYNTAX, "a name"},
    {BYTES("<:/>"), SYNTAX, "a colon out of place stands at byte 1"},
    {BYTES("<:a/>"), SYNTAX, "a colon"},
    {BYTES("<a:/>"), SYNTAX, "a colon"},
    {BYTES("<a:b:c/>"), SYNTAX, "a colon"},
    {BYTES("<a::b/>"), SYNTAX, "a colon"},
    {BYTES("<a:1/>"), SYNTAX, "a colon"},
    {BYTES("<a :b='1'/>"), SYNTAX, "a colon"},
    {BYTES("<a xmlns:=''/>"), SYNTAX, "a colon"},
    /* references */
    {BYTES("<a>&</a>"), SYNTAX, "'&' begins none of"},
    {BYTES("<a>&e;</a>"), SYNTAX, "'&' begins none of"},
    {BYTES("<a>&amp</a>"), SYNTAX, ""},
    {BYTES("<a b='&e;'/>"), SYNTAX, "at byte 6"},
    {BYTES("<a>&#;</a>"), SYNTAX, "a digit"},
    {BYTES("<a>&#x;</a>"), SYNTAX, "a digit"},
    {BYTES("<a>&#x41</a>"), SYNTAX, "';'"},
    {BYTES("<a>&#A;</a>"), SYNTAX, "a digit"},
    {BYTES("<a>&#X41;</a>"), SYNTAX, "a digit"},
    {BYTES("<a>&#-1;</a>"), SYNTAX, "a digit"},
    {BYTES("<a>&#1;</a>"), SYNTAX, "does not have"},
    {BYTES("<a>&#xD800;</a>"), SYNTAX, "does not have"},
    {BYTES("<a>&#xFFFF;</a>"), SYNTAX, "does not have"},
    {BYTES("<a>&#x110000;</a>"), SYNTAX, "does not have"},
    {BYTES("<a>&#99999999999999999999999999;</a>"), SYNTAX, "does not have"},
    {BYTES("<a>&#4294967361;</a>"), SYNTAX, "does not have"}, /* 2^32 + 65 */
    {BYTES("<a>&#0;</a>"), "text.nul", "at byte 3"},
    {BYTES("<a>&#x000;</a>"), "text.nul", "at byte 3"},
    {BYTES("<a b='&#0;'/>"), "text.nul", "at byte 6"},
    /* characters */
    {BYTES("<a>\0</a>"), "text.nul", "at byte 3"},
    {BYTES("<a\0/>"), "text.nul", "at byte 2"},
    {BYTES("<a b='\0'/>"), "text.nul", ""},
    {BYTES("<a b\0='1'/>"), "text.nul", ""},
    {BYTES("<!--\0--><a/>"), "text.nul", ""},
    {BYTES("\0<a/>"), "text.nul", "at byte 0"},
    {BYTES("<a/>\0"), "text.nul", "at byte 4"},
    {BYTES("<a>\x01</a>"), SYNTAX, "byte 0x01 stands"},
    {BYTES("<a>\x1B</a>"), SYNTAX, "byte 0x1B stands"},
    {BYTES("<a>\xEF\xBF\xBF</a>"), SYNTAX, "U+FFFE or U+FFFF"},
    {BYTES("<a>\xFF</a>"), "xml.encoding", "no UTF-8 stands at byte 3"},
    {BYTES("<a>\xC3</a>"), "xml.encoding", ""},
    {BYTES("<a>\xED\xA0\x80</a>"), "xml.encoding", ""},
    {BYTES("<a b='\xC0\x80'/>"), "xml.encoding", ""},
    {BYTES("<a\xFF/>"), "xml.encoding", ""},
    {BYTES("<!--\xFF--><a/>"), "xml.encoding", ""},
    {BYTES("<a><![CDATA[\xFF]]></a>"), "xml.encoding", ""},
    {BYTES("\xFF\xFE<\0a\0/\0>\0"), SYNTAX, ""}, /* UTF-16 */
    {BYTES("\0<\0a\0/\0>"), "text.nul", ""},
    /* declarations */
    {BYTES("<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>"), "xml.encoding", "'UTF-7'"},
    {BYTES("<?xml version='1.0' encoding='iso-8859-1'?><a/>"), "xml.encoding", "'iso-8859-1'"},
    {BYTES("<?xml version='1.0' encoding\n=\n'utf-16'?><a/>"), "xml.encoding", "'utf-16'"},
    {BYTES("<?xml version=\"1.0\""), SYNTAX, "ends where ?>"},
    {BYTES("<?p"), SYNTAX, "ends where ?>"},
    {BYTES("<!--"), SYNTAX, "ends where -->"},
    {BYTES("<!-- --"), SYNTAX, ""},
    {BYTES("<a><![CDATA["), SYNTAX, "ends where ]]>"},
    {BYTES("<a><![CDATA[ ]]</a>"), SYNTAX, ""},
    {BYTES("<![CDATA[]]><a/>"), SYNTAX, ""},
    {BYTES("<a><![INCLUDE[]]></a>"), SYNTAX, ""},
    {BYTES("<a><!></a>"), SYNTAX, ""},
    {BYTES("<!"), SYNTAX, ""},
    {BYTES("<!-"), SYNTAX, ""},
    {BYTES("<!DOCTYPE a><a/>"), DTD, "at byte 0"},
    {BYTES("<!doctype a><a/>"), DTD, ""},
    {BYTES("<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"x.dtd\"><a/>"), DTD, "at byte 22"},
    {BYTES("<!-- --><!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), DTD, "at byte 8"},
    {BYTES("<a><!DOCTYPE a></a>"), DTD, ""},
    {BYTES("<a/><!DOCTYPE a>"), DTD, ""},
    {BYTES("<!ENTITY e 'x'><a/>"), DTD, ""},
    {BYTES("<!ELEMENT a ANY><a/>"), DTD, ""},
    {BYTES("<!ATTLIST a b CDATA ''><a/>"), DTD, ""},
    {BYTES("<!NOTATION a SYSTEM ''><a/>"), DTD, ""},
    {BYTES("<!--><!DOCTYPE a>--><!DOCTYPE a><a/>"), DTD, "at byte 20"}, /* "<!-->" ends nothing */
};

static void test_refused(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        cs_error_t *error = cs_xml_scan(test_ctx(pool), refused[i].xml, refused[i].len);

        is(code_of(error), refused[i].code, "IN-8, XML-13: '%s' (%d) is refused", refused[i].xml, (int)i);
        ok(error && strstr(error->message, refused[i].message), "'%s' (%d): the message says where and why",
           refused[i].xml, (int)i);
    }
}

/* ---------------- limits */

static const char *wrapped(apr_pool_t *pool, const char *head, const char *unit, int count, const char *tail)
{
    apr_size_t len = strlen(unit);
    char *text = apr_palloc(pool, strlen(head) + len * (apr_size_t)count + strlen(tail) + 1);
    char *to = apr_cpystrn(text, head, strlen(head) + 1);

    for (int i = 0; i < count; i++, to += len) {
        memcpy(to, unit, len);
    }
    strcpy(to, tail);
    return text;
}

static const struct {
    const char *head, *unit;
    int count;
    const char *tail;
    const char *code;
    const char *what;
} limits[] = {
    {"<a>", "<b/>", 19999, "</a>", "", "so many elements as may be"},
    {"<a>", "<b/>", 20000, "</a>", "xml.limit", "one element more"},
    {"<a>", "<b c='1'/>", 10000, "</a>", "xml.limit", "attributes count"},
    {"<a>", "\n", 20000, "</a>", "", "so many line ends as may be"},
    {"<a>", "\n", 20001, "</a>", "xml.limit", "one line end more"},
    {"<a>", "\r\n", 20000, "</a>", "", "two characters are one line end"},
    {"<a>", "\r", 20001, "</a>", "xml.limit", "carriage returns count"},
    {"<a>", "&amp;", 20001, "</a>", "xml.limit", "references count"},
    {"<a>", "&#65;", 20001, "</a>", "xml.limit", "numeric ones too"},
    {"<a>", "]", 20001, "</a>", "xml.limit", "brackets count"},
    {"<a>", "<!---->", 20001, "</a>", "xml.limit", "comments count"},
    {"<a>", "<?p?>", 20001, "</a>", "xml.limit", "instructions count"},
    {"<a>", "<![CDATA[]]>", 20001, "</a>", "xml.limit", "CDATA counts"},
    {"<", "a", 512, "/>", "", "a long name"},
    {"<", "a", 513, "/>", "xml.limit", "a longer name"},
    {"<a ", "b", 513, "=''/>", "xml.limit", "a longer name of an attribute"},
    {"<a b='", "c", 4096, "'/>", "", "a long attribute"},
    {"<a b='", "c", 4097, "'/>", "xml.limit", "a longer attribute"},
    {"<a ", "b='1' ", 100, "/>", "", "many attributes, whose names are the parser's business"},
    {"<a ", "b='1' ", 101, "/>", "xml.limit", "one attribute more"},
    {"<a ", "xmlns:b='1' ", 32, "/>", "", "many namespaces"},
    {"<a ", "xmlns:b='1' ", 33, "/>", "xml.limit", "one namespace more"},
    {"<a>", "<b xmlns='1'/>", 33, "</a>", "xml.limit", "namespaces of all elements count"},
    {"", "<a>", 33, "", "xml.depth", "deep nesting"},
};

static void test_limits(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(limits); i++) {
        const char *xml = wrapped(pool, limits[i].head, limits[i].unit, limits[i].count, limits[i].tail);

        is(code_of(cs_xml_scan(test_ctx(pool), xml, strlen(xml))), limits[i].code, "%s", limits[i].what);
    }
}

static void test_depth(apr_pool_t *pool)
{
    const char *xml = wrapped(pool, "", "<a>", 32, wrapped(pool, "", "</a>", 32, ""));

    is(code_of(cs_xml_scan(test_ctx(pool), xml, strlen(xml))), "", "so deep as may be");
    xml = wrapped(pool, "", "<a>", 32, wrapped(pool, "<b/>", "</a>", 32, ""));
    is(code_of(cs_xml_scan(test_ctx(pool), xml, strlen(xml))), "xml.depth",
       "an empty element is a level, too");
}

/* Whatever the bytes end with, none behind them is read: for the sanitizers. */
static void test_every_prefix(apr_pool_t *pool)
{
    static const char xml[] =
        "<?xml version='1.0' encoding='utf-8'?><!-- c --><a b='1&amp;'>x&#65;\xC3\xA5\r\n"
        "<![CDATA[y]]><c/><?p q?></a>\n";
    int bad = 0;

    for (apr_size_t len = 0; len < sizeof(xml) - 1; len++) {
        char *copy = malloc(len ? len : 1);

        memcpy(copy, xml, len);
        bad += !cs_xml_scan(test_ctx(pool), copy, len);
        free(copy);
    }
    is_int(bad, 1, "each part of a document is refused but that without its last line end");
    is(code_of(cs_xml_scan(test_ctx(pool), xml, sizeof(xml) - 1)), "", "the whole is not");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_passed(pool);
    test_refused(pool);
    test_limits(pool);
    test_depth(pool);
    test_every_prefix(pool);
    return done();
}
