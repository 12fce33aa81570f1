/* t/unit/form.c -- a form's bytes to a document: what is read, what is refused, how long it takes. */
#include "wire/form.h"

#include "support.h"
#include "tap.h"

#include <apr_time.h>

/* ---------------- what is read */

static const struct {
    const char *form;
    const char *doc;
} decoded[] = {
    {"TopicId=12", "{TopicId='12'}"},
    {"TopicId=12&CustomerName=Kari+Vik&CustomerConsented=true&Status=InQueue&Contact.ContactId=77",
     "{TopicId='12' CustomerName='Kari Vik' CustomerConsented='true' Status='InQueue' "
     "Contact={ContactId='77'}}"},
    {"", "{}"},
    {"&", "{}"},
    {"&&&a=1&&", "{a='1'}"},
    {"a", "{a=''}"},
    {"a=", "{a=''}"},
    {"a&b=2", "{a='' b='2'}"},
    {"a==", "{a='='}"},
    {"a=b=c", "{a='b=c'}"},
    {"a=%26%3D%25", "{a='&=%'}"},
    {"a=1;b=2", "{a='1;b=2'}"},
    /* escapes */
    {"a=%61%62+c%20d%2B", "{a='ab c d+'}"},
    {"%61=1", "{a='1'}"},
    {"a=bl%C3%A5", "{a='bl\xC3\xA5'}"},
    {"a=bl\xC3\xA5", "{a='bl\xC3\xA5'}"},
    {"a=%F0%9F%98%80", "{a='\xF0\x9F\x98\x80'}"},
    {"a=%0D%0A%09", "{a='\r\n\t'}"},
    {"a=%2541", "{a='%41'}"},
    /* of several the last, in any case and spelling */
    {"a=1&a=2", "{a='2'}"},
    {"a=1&A=2", "{a='2'}"},
    {"a=1&b=3&A=2", "{a='2' b='3'}"},
    {"a=1&a=", "{a=''}"},
    {"Contact.ContactId=1&contact[contactid]=2", "{Contact={ContactId='2'}}"},
    {"Contact%5BContactId%5D=1&CONTACT%2ECONTACTID=2", "{Contact={ContactId='2'}}"},
    /* members */
    {"a.b=1", "{a={b='1'}}"},
    {"a[b]=1", "{a={b='1'}}"},
    {"a.b=1&a.c=2", "{a={b='1' c='2'}}"},
    {"a.b=1&x=5&a[c]=2", "{a={b='1' c='2'} x='5'}"},
    {"a[b][c]=1&a.b.d=2&a[b].e=3&a.b[f]=4", "{a={b={c='1' d='2' e='3' f='4'}}}"},
    {"a.b=1&ab=2", "{a={b='1'} ab='2'}"},
    /* keys that are no path */
    {"=1", "{}"},
    {"a.=1", "{}"},
    {".a=1", "{}"},
    {"a..b=1", "{}"},
    {"a[=1", "{}"},
    {"a[]=1", "{}"},
    {"a[b=1", "{}"},
    {"a]=1", "{}"},
    {"[a]=1", "{}"},
    {"a[b]c=1", "{}"},
    {"a[b.c]=1", "{}"},
    {"a[[b]]=1", "{}"},
    {"a[b]]=1", "{}"},
    {"a.[b]=1", "{}"},
    {"null", "{null=''}"},
};

static void test_decoded(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(decoded); i++) {
        cs_doc_t *doc = NULL;
        cs_error_t *error = cs_form_decode(test_ctx(pool), decoded[i].form, strlen(decoded[i].form), &doc);

        is(error ? error->message : test_described(pool, doc), decoded[i].doc, "FORM-1: %s", decoded[i].form);
    }
}

/* ---------------- what is refused */

static const struct {
    const char *form;
    apr_size_t len;
    const char *code;
    const char *message; /* a part of it */
} refused[] = {
    {BYTES("%"), "form.syntax", "at byte 0"},
    {BYTES("a=%"), "form.syntax", "at byte 2"},
    {BYTES("a=1&b=%4"), "form.syntax", "at byte 6"},
    {BYTES("a=%zz"), "form.syntax", ""},
    {BYTES("a=%%41"), "form.syntax", ""},
    {BYTES("a=%u0041"), "form.syntax", ""},
    {BYTES("a=1&%g1=2&c=3"), "form.syntax", "at byte 4"},
    {BYTES("unknown=%"), "form.syntax", ""},
    {BYTES("[=%"), "form.syntax", ""},
    {BYTES("a=%FF"), "form.encoding", "at byte 2"},
    {BYTES("a=\xFF"), "form.encoding", ""},
    {BYTES("%C3=1"), "form.encoding", "at byte 0"},
    {BYTES("a=%C0%80"), "form.encoding", ""},
    {BYTES("a=%ED%A0%80"), "form.encoding", ""},
    {BYTES("a=%C3&b=%A5"), "form.encoding", ""},
    {BYTES("a=x%00y"), "text.nul", "at byte 2"},
    {BYTES("a=x\0y"), "text.nul", ""},
    {BYTES("a%00=1"), "text.nul", "at byte 0"},
    {BYTES("a%00.b=1"), "text.nul", ""},
    {BYTES("Contact=5&Contact.ContactId=6"), "form.conflict", "'Contact' has a value and members"},
    {BYTES("Contact.ContactId=6&Contact=5"), "form.conflict", "'Contact' has a value and members"},
    {BYTES("Contact=&contact[contactid]=6"), "form.conflict", ""},
    {BYTES("a.b.c=1&A.B=2"), "form.conflict", "'A.B'"},
    {BYTES("a.b=1&a.b.c=2"), "form.conflict", "'a.b'"},
};

static void test_refused(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        cs_doc_t *doc = NULL;
        cs_error_t *error = cs_form_decode(test_ctx(pool), refused[i].form, refused[i].len, &doc);

        is(code_of(error), refused[i].code, "IN-8, FORM-1, R-3: '%s' is refused", refused[i].form);
        ok(error && strstr(error->message, refused[i].message), "'%s': the message says where",
           refused[i].form);
    }
}

/* ---------------- limits */

static const char *repeated(apr_pool_t *pool, const char *unit, int count, const char *tail)
{
    apr_size_t len = strlen(unit);
    char *text = apr_palloc(pool, len * (apr_size_t)count + strlen(tail) + 1);

    for (int i = 0; i < count; i++) {
        memcpy(text + len * (apr_size_t)i, unit, len);
    }
    strcpy(text + len * (apr_size_t)count, tail);
    return text;
}

static const char *code_for(apr_pool_t *pool, const char *form)
{
    cs_doc_t *doc = NULL;

    return code_of(cs_form_decode(test_ctx(pool), form, strlen(form), &doc));
}

static const char *keys(apr_pool_t *pool, int count, const char *format)
{
    char *text = apr_palloc(pool, (apr_size_t)count * 40 + 1), *to = text;

    for (int i = 0; i < count; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        to += apr_snprintf(to, 40, format, i, i);
#pragma GCC diagnostic pop
    }
    *to = '\0';
    return text;
}

static void test_limits(apr_pool_t *pool)
{
    is(code_for(pool, repeated(pool, "a.", 31, "a=1")), "", "a key of so many names as may be is read");
    is(code_for(pool, repeated(pool, "a.", 32, "a=1")), "form.depth", "one more is refused");
    is(code_for(pool, repeated(pool, "a", 1024, "=1")), "", "a long key is read");
    is(code_for(pool, repeated(pool, "a", 100000, "=1")), "", "a longer one is passed over");
    is(code_for(pool, keys(pool, 20000, "k%d=1&")), "", "so many keys as may be are read");
    is(code_for(pool, keys(pool, 20001, "k%d=1&")), "form.limit", "one more is refused");
    is(code_for(pool, keys(pool, 10001, "k%d.x%d=1&")), "form.limit", "those within keys count");
    is(code_for(pool, repeated(pool, "a=1&", 250000, "")), "", "a key given often is one");
}

static void test_time(apr_pool_t *pool)
{
    static const struct {
        const char *name, *unit;
    } bodies[] = {
        {"one key over and over", "a=1&"},
        {"empty pairs", "&"},
        {"escapes", "%41"},
        {"no value", "a&"},
        {"brackets", "["},
        {"dots", "a."},
        {"deep keys over and over", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z=1&"},
        {"equals", "="},
    };

    int limit = getenv("CS_WRAP") ? 60000000 : 500000; /* microseconds; valgrind takes its time */

    for (size_t i = 0; i < COUNT(bodies); i++) {
        int count = (int)(1048576 / strlen(bodies[i].unit));
        apr_pool_t *own = NULL;
        apr_time_t start;
        const char *text = repeated(pool, bodies[i].unit, count, "");

        apr_pool_create(&own, pool);
        start = apr_time_now();
        code_for(own, text);
        ok(apr_time_now() - start < limit, "a megabyte of %s takes no long time (%d ms)", bodies[i].name,
           (int)((apr_time_now() - start) / 1000));
        apr_pool_destroy(own);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_decoded(pool);
    test_refused(pool);
    test_limits(pool);
    test_time(pool);
    return done();
}
