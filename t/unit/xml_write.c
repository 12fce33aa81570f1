/* t/unit/xml_write.c -- the XML writer, call by call. */
#include "wire/xml_write.h"

#include "support.h"
#include "tap.h"

#include <math.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define XSI  " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""

static cs_writer_t writer(apr_pool_t *pool, int document)
{
    cs_writer_t w = {.ops = &cs_xml_writer, .buf = cs_buf_make(pool, 1024 * 1024)};

    if (document) {
        w.ops->begin(&w);
    }
    return w;
}

static const char *text_of(cs_writer_t *w, apr_pool_t *pool)
{
    return cs_buf_text(w->buf, pool);
}

static void put_name(cs_writer_t *w, const char *name)
{
    w->ops->name(w, name, strlen(name));
}

static void put_text(cs_writer_t *w, const char *name, const char *text)
{
    put_name(w, name);
    w->ops->text(w, text, strlen(text));
}

/* ---------------- structure */

static void test_object(apr_pool_t *pool)
{
    cs_writer_t w = writer(pool, 1);

    w.ops->open(&w, "ChatSessionEntity");
    put_name(&w, "ChatSessionId");
    w.ops->integer(&w, -41);
    put_name(&w, "User");
    w.ops->null(&w);
    put_name(&w, "CustomerConsented");
    w.ops->boolean(&w, 1);
    put_name(&w, "ChatbotIsActive");
    w.ops->boolean(&w, 0);
    put_text(&w, "CustomerName", "");
    put_name(&w, "WhenEnded");
    w.ops->plain(&w, "0001-01-01T00:00:00", 19);
    put_name(&w, "Contact");
    w.ops->open(&w, "Contact");
    put_text(&w, "Name", "Vik");
    w.ops->close(&w);
    put_name(&w, "Amount");
    w.ops->real(&w, 1500.0);
    w.ops->close(&w);
    is(text_of(&w, pool),
       HEAD "<ChatSessionEntity" XSI "><ChatSessionId>-41</ChatSessionId><User xsi:nil=\"true\"/>"
            "<CustomerConsented>true</CustomerConsented><ChatbotIsActive>false</ChatbotIsActive>"
            "<CustomerName></CustomerName><WhenEnded>0001-01-01T00:00:00</WhenEnded>"
            "<Contact><Name>Vik</Name></Contact><Amount>1500.0</Amount></ChatSessionEntity>",
       "XML-2, XML-3, XML-4, XML-5, XML-6, XML-7, XML-14: an entity, an element per property");
}

static void test_empty(apr_pool_t *pool)
{
    cs_writer_t w = writer(pool, 1);

    w.ops->open(&w, "E");
    w.ops->close(&w);
    is(text_of(&w, pool), HEAD "<E" XSI "></E>", "an object without members");
}

static void test_arrays(apr_pool_t *pool)
{
    cs_writer_t w = writer(pool, 1);

    w.ops->open(&w, "E");
    put_name(&w, "LocalizedAddress");
    w.ops->array_open(&w, "ArrayOfLocalizedField");
    w.ops->array_open(&w, "LocalizedField");
    w.ops->open(&w, "LocalizedField");
    put_text(&w, "Name", "x");
    w.ops->close(&w);
    w.ops->open(&w, "LocalizedField");
    w.ops->close(&w);
    w.ops->array_close(&w);
    w.ops->array_open(&w, "LocalizedField");
    w.ops->array_close(&w);
    w.ops->array_close(&w);
    put_name(&w, "Names");
    w.ops->array_open(&w, "string");
    w.ops->text(&w, "a", 1);
    w.ops->null(&w);
    w.ops->array_close(&w);
    put_name(&w, "Numbers");
    w.ops->array_open(&w, "int");
    w.ops->integer(&w, 1);
    w.ops->integer(&w, 2);
    w.ops->array_close(&w);
    w.ops->close(&w);
    is(text_of(&w, pool),
       HEAD "<E" XSI
            "><LocalizedAddress><ArrayOfLocalizedField><LocalizedField><Name>x</Name></LocalizedField>"
            "<LocalizedField></LocalizedField></ArrayOfLocalizedField>"
            "<ArrayOfLocalizedField></ArrayOfLocalizedField></LocalizedAddress>"
            "<Names><string>a</string><string xsi:nil=\"true\"/></Names>"
            "<Numbers><int>1</int><int>2</int></Numbers></E>",
       "XML-9: arrays, of arrays and of plain values");
    w = writer(pool, 1);
    w.ops->array_open(&w, "ChatMessage");
    w.ops->open(&w, "ChatMessage");
    w.ops->close(&w);
    w.ops->array_close(&w);
    is(text_of(&w, pool), HEAD "<ArrayOfChatMessage" XSI "><ChatMessage></ChatMessage></ArrayOfChatMessage>",
       "XML-9: an array alone is named like one inside an array");
}

static void test_maps(apr_pool_t *pool)
{
    cs_writer_t w = writer(pool, 1);

    w.ops->open(&w, "E");
    put_name(&w, "FieldProperties");
    w.ops->map_open(&w, "FieldPropertyDictionary");
    put_name(&w, "TopicId");
    w.ops->open(&w, "FieldProperty");
    put_text(&w, "FieldType", "System.Int32");
    w.ops->close(&w);
    put_name(&w, "<&>");
    w.ops->null(&w);
    w.ops->map_close(&w);
    put_name(&w, "_Links");
    w.ops->map_open(&w, "String");
    put_text(&w, "Self", "https://x/?a&b");
    w.ops->map_close(&w);
    put_name(&w, "Empty");
    w.ops->map_open(&w, "String");
    w.ops->map_close(&w);
    w.ops->close(&w);
    is(text_of(&w, pool),
       HEAD
       "<E" XSI "><FieldProperties>"
       "<FieldPropertyDictionaryKeyValuePair><Key>TopicId</Key><Value><FieldType>System.Int32</FieldType>"
       "</Value></FieldPropertyDictionaryKeyValuePair>"
       "<FieldPropertyDictionaryKeyValuePair><Key>&lt;&amp;&gt;</Key><Value xsi:nil=\"true\"/>"
       "</FieldPropertyDictionaryKeyValuePair></FieldProperties>"
       "<_Links><StringKeyValuePair><Key>Self</Key><Value>https://x/?a&amp;b</Value></StringKeyValuePair>"
       "</_Links><Empty></Empty></E>",
       "XML-10, XML-11: dictionaries");
}

static void test_ready(apr_pool_t *pool)
{
    cs_writer_t part = writer(pool, 0), empty = writer(pool, 0), w = writer(pool, 1);

    part.ops->open(&part, "TableRight");
    put_name(&part, "Mask");
    part.ops->flags(&part, "Select, Update, Insert", 22);
    put_text(&part, "Reason", "");
    part.ops->close(&part);
    is(text_of(&part, pool), "<Mask>Select Update Insert</Mask><Reason></Reason>",
       "XML-8: what is prepared is the content of an element");
    empty.ops->map_open(&empty, "FieldPropertyDictionary");
    empty.ops->map_close(&empty);
    is(text_of(&empty, pool), "", "that of an empty dictionary is nothing");
    w.ops->open(&w, "E");
    put_name(&w, "TableRight");
    w.ops->ready(&w, text_of(&part, pool), part.buf->length);
    put_name(&w, "FieldProperties");
    w.ops->ready(&w, "", 0);
    w.ops->close(&w);
    is(text_of(&w, pool),
       HEAD "<E" XSI "><TableRight><Mask>Select Update Insert</Mask><Reason></Reason></TableRight>"
            "<FieldProperties></FieldProperties></E>",
       "and comes into its element as it is");
}

/* ---------------- values */

static const struct {
    const char *names, *xml;
} flags[] = {
    {"", "<A></A>"},
    {"None", "<A>None</A>"},
    {"Select, Update", "<A>Select Update</A>"},
    {"Update, UIHintMandatory, X", "<A>Update UIHintMandatory X</A>"},
};

static const struct {
    const char *text;
    apr_size_t len;
    const char *xml;
} texts[] = {
    {BYTES(""), "<A></A>"},
    {BYTES("a"), "<A>a</A>"},
    {BYTES(" a "), "<A> a </A>"},
    {BYTES("<b>&amp;</b>"), "<A>&lt;b&gt;&amp;amp;&lt;/b&gt;</A>"},
    {BYTES("]]>"), "<A>]]&gt;</A>"},
    {BYTES("\"'"), "<A>\"'</A>"},
    {BYTES("a\tb\nc"), "<A>a\tb\nc</A>"},
    {BYTES("a\r\nb\r"), "<A>a&#13;\nb&#13;</A>"}, /* a parser would make one line end of them */
    {BYTES("a\0b"), "<A>ab</A>"},
    {BYTES("\x01\x08\x0B\x0C\x0E\x1F"), "<A></A>"},
    {BYTES("a\x1B[0m"), "<A>a[0m</A>"},
    {BYTES("\x7F"), "<A>\x7F</A>"},
    {BYTES("bl\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80"), "<A>bl\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80</A>"},
    {BYTES("a\xEF\xBF\xBE"
           "b\xEF\xBF\xBF"
           "c"),
     "<A>abc</A>"},
    {BYTES("\xEF\xBF\xBD\xEF\xBB\xBF\xEF\xBF"), "<A>\xEF\xBF\xBD\xEF\xBB\xBF\xEF\xBF</A>"},
};

static const char *in_element(apr_pool_t *pool, cs_writer_t *w)
{
    const char *text = text_of(w, pool);

    return text + 3; /* after "<A>" of the object around it */
}

static void test_values(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        cs_writer_t w = writer(pool, 0);

        w.ops->array_open(&w, "A");
        w.ops->text(&w, texts[i].text, texts[i].len);
        is(text_of(&w, pool), texts[i].xml, "XML-14: text %d", (int)i);
    }
    for (size_t i = 0; i < COUNT(flags); i++) {
        cs_writer_t w = writer(pool, 0);

        w.ops->array_open(&w, "A");
        w.ops->flags(&w, flags[i].names, strlen(flags[i].names));
        is(text_of(&w, pool), flags[i].xml, "XML-8: flags '%s'", flags[i].names);
    }
    for (int i = 0; i < 3; i++) {
        static const double numbers[] = {NAN, INFINITY, -INFINITY};
        cs_writer_t w = writer(pool, 0);

        w.ops->array_open(&w, "A");
        w.ops->integer(&w, 0);
        w.ops->real(&w, numbers[i]);
        is(in_element(pool, &w), "0</A><A xsi:nil=\"true\"/>", "a number that is none is nil");
    }
}

/* Far deeper than any answer. */
static void test_deep(apr_pool_t *pool)
{
    cs_writer_t w = writer(pool, 1);
    const char *text;

    w.ops->open(&w, "E");
    for (int i = 0; i < 1000; i++) {
        put_name(&w, "A");
        w.ops->open(&w, "A");
    }
    for (int i = 0; i <= 1000; i++) {
        w.ops->close(&w);
    }
    text = text_of(&w, pool);
    is_int((long long)strlen(text), (long long)strlen(HEAD XSI "<E></E>") + 7000, "deep objects are closed");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_object(pool);
    test_empty(pool);
    test_arrays(pool);
    test_maps(pool);
    test_ready(pool);
    test_values(pool);
    test_deep(pool);
    return done();
}
