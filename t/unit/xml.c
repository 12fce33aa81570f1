/* t/unit/xml.c -- XML's bytes to a document: what is read, what is refused, what it costs. */
#include "wire/xml.h"

#include "support.h"
#include "tap.h"

#include <apr_time.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define NIL "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"

/* ---------------- what is read */

static const struct {
    const char *xml;
    const char *root; /* the name that the document bears */
    const char *doc;
} decoded[] = {
    {"<E/>", "E", "{}"},
    {"<E></E>", "E", "{}"},
    {"<E> \r\n\t</E>", "E", "{}"},
    {"\xEF\xBB\xBF<E/>", "E", "{}"},
    {"\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><E/>", "E", "{}"},
    {"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<E><A>1</A></E>\n", "E", "{A='1'}"},
    {"<E><A/></E>", "E", "{A=''}"},
    {"<E><A></A><B> </B></E>", "E", "{A='' B=' '}"},
    {"<E>\n  <A>1</A>\n  <B>x</B>\n</E>", "E", "{A='1' B='x'}"},
    {"<E><A>\n 12 \n</A></E>", "E", "{A='\n 12 \n'}"},
    {"<E><A>a\r\nb\rc&#13;</A></E>", "E", "{A='a\nb\nc\r'}"},
    {"<E><A>&lt;&amp;&gt;&quot;&apos;</A></E>", "E", "{A='<&>\"''}"},
    {"<E><A>bl&#229; bl&#xE5; bl\xC3\xA5 &#x1F600;</A></E>", "E",
     "{A='bl\xC3\xA5 bl\xC3\xA5 bl\xC3\xA5 \xF0\x9F\x98\x80'}"},
    {"<E><A><![CDATA[<B>&amp;</B>]]></A></E>", "E", "{A='<B>&amp;</B>'}"},
    {"<E><A>a<![CDATA[b]]>c<!-- no --><?no?>d</A></E>", "E", "{A='abcd'}"},
    {"<E><!-- --><A>1</A><?p?></E>", "E", "{A='1'}"},
    {"<E><A><B>1</B></A></E>", "E", "{A={B='1'}}"},
    {"<E><A><B/></A></E>", "E", "{A={B=''}}"},
    /* names */
    {"<E xmlns='http://www.superoffice.net/ws/crm/NetServer/Services88'><A>1</A></E>", "E", "{A='1'}"},
    {"<x:E xmlns:x='urn:x'><x:A>1</x:A></x:E>", "E", "{A='1'}"},
    {"<x:E xmlns:x='urn:x' xmlns:y='urn:y'><y:A>1</y:A><B xmlns='urn:z'>2</B></x:E>", "E", "{A='1' B='2'}"},
    {"<E><xml:A xml:lang='no'>1</xml:A></E>", "E", "{A='1'}"},
    {"<E><bl\xC3\xA5>1</bl\xC3\xA5></E>", "E", "{bl\xC3\xA5='1'}"},
    {"<E><A>1</A><a>2</a></E>", "E", "{A='1' a='2'}"},
    /* attributes */
    {"<E a='1'><A b='2' c='x'>1</A></E>", "E", "{A='1'}"},
    {"<E " NIL "><A xsi:nil='true'/></E>", "E", "{A=null}"},
    {"<E " NIL "><A xsi:nil='1'></A></E>", "E", "{A=null}"},
    {"<E " NIL "><A xsi:nil='true'> </A></E>", "E", "{A=null}"},
    {"<E " NIL "><A xsi:nil='false'>1</A></E>", "E", "{A='1'}"},
    {"<E " NIL "><A xsi:nil='0'/></E>", "E", "{A=''}"},
    {"<E><A i:nil='true' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'/></E>", "E", "{A=null}"},
    {"<E><A nil='true'>1</A></E>", "E", "{A='1'}"},
    {"<E xmlns:xsi='urn:other'><A xsi:nil='true'>1</A></E>", "E", "{A='1'}"},
    {"<E " NIL " xsi:type='x'><A xsi:type='y'>1</A></E>", "E", "{A='1'}"},
    {"<E " NIL " xsi:nil='true'/>", NULL, "null"},
    /* several of one name */
    {"<E><A><B>1</B><B>2</B></A></E>", "E", "{A=['1' '2']}"},
    {"<E><A><B/><B><C>1</C></B></A></E>", "E", "{A=['' {C='1'}]}"},
    {"<E><A><B><C/><C/></B><B><C/></B></A></E>", "E", "{A=[['' ''] {C=''}]}"},
    {"<ChatSessionEntityWithLinks><_Links><StringKeyValuePair><Key>Self</Key><Value>x</Value></"
     "StringKeyValuePair>"
     "<StringKeyValuePair><Key>Archive</Key><Value>y</Value></StringKeyValuePair></_Links>"
     "</ChatSessionEntityWithLinks>",
     "ChatSessionEntityWithLinks", "{_Links=[{Key='Self' Value='x'} {Key='Archive' Value='y'}]}"},
};

static void test_decoded(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(decoded); i++) {
        cs_doc_t *doc = NULL;
        cs_error_t *error = cs_xml_decode(test_ctx(pool), decoded[i].xml, strlen(decoded[i].xml), &doc);

        is(error ? error->message : test_described(pool, doc), decoded[i].doc, "XML-6, XML-12: %s",
           decoded[i].xml);
        is(error ? NULL : doc->text, decoded[i].root, "XML-12: %s: the root's name", decoded[i].xml);
    }
}

static void test_untyped(apr_pool_t *pool)
{
    static const char xml[] = "<E><A>1</A></E>";
    cs_doc_t *doc = NULL;

    ok(!cs_xml_decode(test_ctx(pool), xml, strlen(xml), &doc) && doc->members[0].value->untyped,
       "a text may mean something else");
    is_int((long long)doc->members[0].value->len, 1, "its length is known");
}

/* ---------------- what is refused */

static const struct {
    const char *xml;
    const char *code;
    const char *message; /* a part of it */
} refused[] = {
    {"", "xml.syntax", "at byte 0"},
    {"<E>", "xml.syntax", "at byte 3"},
    {"\xEF\xBB\xBF<E>", "xml.syntax", "at byte 3"},
    {"{\"a\":1}", "xml.syntax", "'{'"},
    {"TopicId=1", "xml.syntax", "'T'"},
    /* what the parser finds */
    {"<1/>", "xml.syntax", "cannot be read"},
    {"<E a='1' a='2'/>", "xml.syntax", "duplicate attribute"},
    {"<E a='1'b='2'/>", "xml.syntax", "cannot be read"},
    {"<E>]]></E>", "xml.syntax", "cannot be read"},
    {"<E><!-- -- --></E>", "xml.syntax", "cannot be read"},
    {"<E><?xml version='1.0'?></E>", "xml.syntax", "cannot be read"},
    {"<?xml?><E/>", "xml.syntax", "cannot be read"},
    {"<?xml encoding='utf-8'?><E/>", "xml.syntax", "cannot be read"},
    {"<x:E/>", "xml.syntax", "namespace"},
    {"<E><xml:A/><B/><A/></E>", "xml.duplicate", "'A' stands twice in 'E'"},
    {"<E xsi:nil='true'/>", "xml.syntax", "namespace"},
    {"<E><x:A/></E>", "xml.syntax", "namespace"},
    /* what nobody needs */
    {"<!DOCTYPE E><E/>", "xml.dtd", ""},
    {"<!DOCTYPE E [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><E><A>&e;</A></E>", "xml.dtd", ""},
    {"<?xml version='1.0' encoding='utf-16'?><E/>", "xml.encoding", ""},
    {"<E><A>&#0;</A></E>", "text.nul", ""},
    /* content */
    {"<E>x</E>", "xml.content", "'E' holds text where elements should be"},
    {"<E>x<A/></E>", "xml.content", "'E' holds text beside elements"},
    {"<E><A/>x</E>", "xml.content", "'E' holds text beside elements"},
    {"<E><A/><B/>&#65;<C/></E>", "xml.content", ""},
    {"<E><A>1<B>2</B></A></E>", "xml.content", "'A' holds text beside elements"},
    {"<E><A/><![CDATA[x]]></E>", "xml.content", ""},
    {"<E " NIL "><A xsi:nil='true'>1</A></E>", "xml.content", "'A' is nil and has content"},
    {"<E " NIL "><A xsi:nil='true'><B/></A></E>", "xml.content", "'A' is nil and has content"},
    /* twice */
    {"<E><A>1</A><A>2</A></E>", "xml.duplicate", "'A' stands twice in 'E'"},
    {"<E><A/><B/><A/></E>", "xml.duplicate", "'A' stands twice in 'E'"},
    {"<E><X><A/><B/><B/></X></E>", "xml.duplicate", "'B' stands twice in 'X'"},
    {"<E xmlns:x='urn:x'><A/><B/><x:A/></E>", "xml.duplicate", "'A' stands twice"},
};

static void test_refused(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        cs_doc_t *doc = NULL;
        cs_error_t *error = cs_xml_decode(test_ctx(pool), refused[i].xml, strlen(refused[i].xml), &doc);

        is(code_of(error), refused[i].code, "IN-8, XML-13, R-2, R-3: '%s' is refused", refused[i].xml);
        ok(error && strstr(error->message, refused[i].message), "'%s': the message says why", refused[i].xml);
    }
}

/* ---------------- what it costs */

#define MEGABYTE 1048576

typedef struct cost_t {
    long kilobytes;
    int milliseconds;
    int refused;
} cost_t;

/* In a process of its own, whose memory nothing else has touched. */
static cost_t cost_of(apr_pool_t *pool, const char *xml, apr_size_t len)
{
    cost_t cost = {0};
    int ends[2];

    if (pipe(ends) != 0) {
        return cost;
    }
    if (fork() == 0) {
        struct rusage before, after;
        apr_time_t start = apr_time_now();
        cs_doc_t *doc;

        getrusage(RUSAGE_SELF, &before);
        cost.refused = cs_xml_decode(test_ctx(pool), xml, len, &doc) != NULL;
        getrusage(RUSAGE_SELF, &after);
        cost.milliseconds = (int)((apr_time_now() - start) / 1000);
        cost.kilobytes = after.ru_maxrss - before.ru_maxrss;
        _exit(write(ends[1], &cost, sizeof(cost)) != sizeof(cost));
    }
    wait(NULL);
    if (read(ends[0], &cost, sizeof(cost)) != sizeof(cost)) {
        cost.milliseconds = 1000000;
    }
    close(ends[0]);
    close(ends[1]);
    return cost;
}

static const struct {
    const char *name, *head, *unit, *tail;
} bodies[] = {
    {"entities", "<!DOCTYPE E [<!ENTITY a 'aaaaaaaaaaaa'>", "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>",
     "]><E>&b;</E>"},
    {"one long entity", "<!DOCTYPE E [<!ENTITY a '", "a", "'>]><E>&a;</E>"},
    {"nesting", "", "<a>", ""},
    {"elements", "<E>", "<a/>", "</E>"},
    {"elements within elements", "<E>", "<a><b/></a>", "</E>"},
    {"equal attributes", "<E ", "a='' ", "/>"},
    {"namespaces", "<E>", "<a xmlns:a='b'/>", "</E>"},
    {"a name", "<", "a", "/>"},
    {"a name of an attribute", "<E ", "a", "='1'/>"},
    {"an attribute", "<E a='", "a", "'/>"},
    {"references", "<E><A>", "&#65;", "</A></E>"},
    {"references in an attribute", "<E a='", "&lt;", "'/>"},
    {"line ends", "<E><A>", "\n", "</A></E>"},
    {"carriage returns", "<E><A>", "\r", "</A></E>"},
    {"comments", "<E>", "<!---->", "</E>"},
    {"one comment", "<!--", "-", "--><E/>"},
    {"one instruction", "<?p ", "?", "?><E/>"},
    {"instructions", "", "<?p?>", "<E/>"},
    {"CDATA", "<E><A>", "<![CDATA[]]>", "</A></E>"},
    {"openings of CDATA", "<E><A><![CDATA[", "]]", "]]></A></E>"},
    {"brackets", "<E><A>", "]", "</A></E>"},
    {"brackets apart", "<E><A>", "] ", "</A></E>"},
    {"openings of references", "<E><A>", "&", "</A></E>"},
    {"angle brackets", "<E>", "<", ""},
    {"quotes", "<E ", "'", "/>"},
    {"blanks in a tag", "<E", " ", "/>"},
    {"blanks", "<E>", " ", "</E>"},
    {"text", "<E><A>", "a", "</A></E>"},
    {"text beside elements", "<E><A/>", "a", "</E>"},
};

static void test_cost(apr_pool_t *pool)
{
    if (getenv("CS_WRAP")) {
        return; /* what valgrind costs is not ours */
    }
    for (size_t i = 0; i < COUNT(bodies); i++) {
        apr_size_t head = strlen(bodies[i].head), unit = strlen(bodies[i].unit),
                   tail = strlen(bodies[i].tail);
        char *xml = apr_palloc(pool, MEGABYTE + 1), *to = apr_cpystrn(xml, bodies[i].head, head + 1);
        cost_t cost;

        for (; (apr_size_t)(to - xml) + unit + tail <= MEGABYTE; to += unit) {
            memcpy(to, bodies[i].unit, unit);
        }
        memcpy(to, bodies[i].tail, tail + 1);
        cost = cost_of(pool, xml, strlen(xml));
        ok(cost.milliseconds <= 500, "XML-13: a megabyte of %s is judged at once (%d ms)", bodies[i].name,
           cost.milliseconds);
#ifndef __SANITIZE_ADDRESS__
        ok(cost.kilobytes <= 3072, "XML-13: %s %s takes little memory (%ld KB)", bodies[i].name,
           cost.refused ? "refused" : "read", cost.kilobytes);
#endif
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_decoded(pool);
    test_untyped(pool);
    test_refused(pool);
    test_cost(pool);
    return done();
}
